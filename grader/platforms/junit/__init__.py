"""JUnit XML, which most CI servers read."""

from grader.platforms.interface import Format, Platform
from grader.platforms.junit.format import junit_xml

JUNIT = Platform(
    "junit", (Format("junit", junit_xml, "junit/junit-10.xsd", fault_status=1),)
)
