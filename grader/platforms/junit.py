"""JUnit XML, as Jenkins' xunit plug-in defines it (and GitLab, Azure Pipelines, CircleCI and others read it).

Source: `junit-10.xsd` of jenkinsci/xunit-plugin (MIT), shipped under `schemas/`.
- A case that did not run because the file cannot be graded is a failure: `skipped` would make the
  build green.
- A grader's fault is an `error` on every case, and there is always at least one case to carry it.
- `time` of a suite has at most three decimals, and no XML may hold the characters that `plain`
  removes.
"""

from xml.etree import ElementTree as ET

from grader.model import CaseReport, Report, Status
from grader.platforms.telling import (
    NOWHERE,
    Surroundings,
    fraction,
    headline,
    line,
    overview,
    passed,
    seconds,
    title,
    told,
)


def render(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the XML document, in UTF-8, one suite with one test case per case."""
    del around
    fault = fraction(report) is None
    failed = 0 if fault else sum(not passed(case) for case in report.cases)
    counts = {
        "tests": str(len(report.cases) or 1),
        "failures": str(failed if report.cases or fault else 1),
        "errors": str(len(report.cases) or 1) if fault else "0",
        "time": f"{seconds(report):.3f}",
    }
    root = ET.Element("testsuites", {"name": "grader", **counts})
    suite = ET.SubElement(
        root,
        "testsuite",
        {"name": line(report.exercise.name) or "exercise", **counts, "skipped": "0"},
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(report).items():
        ET.SubElement(properties, "property", {"name": name, "value": value})
    for case in report.cases:
        _case(suite, report, case, fault=fault)
    if not report.cases:
        element = ET.SubElement(
            suite,
            "testcase",
            {"name": "grading", "classname": "grader", "time": "0.000"},
        )
        _outcome(
            element,
            "error" if fault else "failure",
            report.status.value,
            headline(report),
        )
    ET.SubElement(suite, "system-out").text = overview(report)
    ET.indent(root)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + ET.tostring(root, encoding="unicode")
        + "\n"
    )


def _properties(report: Report) -> dict[str, str]:
    score = (
        {}
        if fraction(report) is None
        else {"score": f"{report.score:g}", "max_score": f"{report.max_score:g}"}
    )
    return {
        "status": report.status.value,
        "submission": line(report.submission.name),
        **score,
    }


def _case(suite: ET.Element, report: Report, case: CaseReport, *, fault: bool) -> None:
    attributes = {
        "name": title(case),
        "classname": f"{line(report.exercise.name)}.{line(case.name)}",
        "time": f"{case.duration_s:.3f}",
    }
    element = ET.SubElement(suite, "testcase", attributes)
    if fault:
        _outcome(element, "error", "grader_error", headline(report))
    elif report.status is Status.NOT_GRADABLE:
        _outcome(element, "failure", "not_gradable", headline(report))
    elif not passed(case):
        _outcome(element, "failure", case.verdict.value, told(case))


def _outcome(element: ET.Element, tag: str, kind: str, text: str) -> None:
    ET.SubElement(element, tag, {"type": kind, "message": line(text)}).text = text
