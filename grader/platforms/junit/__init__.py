"""JUnit XML, which most CI servers read."""

from grader.platforms.interface import Format, Platform
from grader.platforms.junit.format import junit_xml
from grader.untrusted import for_xml_document

JUNIT = Platform(
    "junit",
    (
        Format(
            "junit",
            junit_xml,
            "junit/junit-10.xsd",
            in_a_log=for_xml_document,
            fault_status=1,
        ),
    ),
)
