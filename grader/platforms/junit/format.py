"""JUnit XML as Jenkins' xunit plug-in defines it; GitLab, Azure Pipelines and others read it too.

Source: `junit-10.xsd` of jenkinsci/xunit-plugin (MIT), which ships in this folder.
- A case that did not run because the file cannot be graded is a failure: `skipped` would make the
  build green.
- A fault of the grader is an `error` on every case, and there is always a case to carry it.
- `time` of a suite has at most three decimals, and XML cannot hold the characters that `plain`
  removes.
"""

from xml.etree import ElementTree as ET

from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import (
    fraction,
    headline,
    overview,
    passed,
    seconds,
    title,
    told_with_arrays,
)
from grader.untrusted import one_line

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def junit_xml(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the XML document, in UTF-8: one suite, with one test case for each case."""
    del around
    counts = _counts(report)
    root = ET.Element("testsuites", {"name": "grader", **counts})
    name = one_line(report.exercise.name) or "exercise"
    suite = ET.SubElement(
        root, "testsuite", {"name": name, **counts, "skipped": "0"}
    )
    _add_properties(suite, report)
    for case in report.cases:
        _add_case(suite, report, case)
    if not report.cases:
        _add_only_case(suite, report)
    ET.SubElement(suite, "system-out").text = overview(report)
    ET.indent(root)
    return _DECLARATION + ET.tostring(root, encoding="unicode") + "\n"


def _counts(report: Report) -> dict[str, str]:
    tests = len(report.cases) or 1
    failures, errors = 0, 0
    if fraction(report) is None:
        errors = tests
    elif report.cases:
        failures = sum(not passed(case) for case in report.cases)
    else:
        failures = tests
    return {
        "tests": str(tests),
        "failures": str(failures),
        "errors": str(errors),
        "time": f"{seconds(report):.3f}",
    }


def _add_properties(suite: ET.Element, report: Report) -> None:
    properties = {
        "status": report.status.value,
        "submission": one_line(report.submission.name),
    }
    if fraction(report) is not None:
        properties["score"] = f"{report.score:g}"
        properties["max_score"] = f"{report.max_score:g}"
    parent = ET.SubElement(suite, "properties")
    for name, value in properties.items():
        ET.SubElement(parent, "property", {"name": name, "value": value})


def _add_case(suite: ET.Element, report: Report, case: CaseReport) -> None:
    attributes = {
        "name": title(case),
        "classname": f"{one_line(report.exercise.name)}.{one_line(case.name)}",
        "time": f"{case.duration_s:.3f}",
    }
    element = ET.SubElement(suite, "testcase", attributes)
    if fraction(report) is None:
        _add_outcome(element, "error", "grader_error", headline(report))
    elif report.status is Status.NOT_GRADABLE:
        _add_outcome(element, "failure", "not_gradable", headline(report))
    elif not passed(case):
        _add_outcome(
            element, "failure", case.verdict.value, told_with_arrays(case)
        )


def _add_only_case(suite: ET.Element, report: Report) -> None:
    """Add the test case that stands for a report without cases."""
    attributes = {"name": "grading", "classname": "grader", "time": "0.000"}
    element = ET.SubElement(suite, "testcase", attributes)
    tag = "error" if fraction(report) is None else "failure"
    _add_outcome(element, tag, report.status.value, headline(report))


def _add_outcome(element: ET.Element, tag: str, kind: str, text: str) -> None:
    attributes = {"type": kind, "message": one_line(text)}
    ET.SubElement(element, tag, attributes).text = text
