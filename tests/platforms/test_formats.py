"""Every format takes every report: its output is valid and safe whatever a student wrote."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from grader.model import Report, Status, Verdict
from grader.platforms import (
    FORMATS,
    NOWHERE,
    NothingToSendError,
    Surroundings,
    render_for,
    schema,
)
from grader.platforms.parts import shipped_text

Make = Callable[..., Report]
Reports = dict[str, Report]
WITHOUT_FAULTS = {"lti-ags", "xqueue-container"}
"""Formats in which a fault of the grader cannot be told."""


@cache
def validator(fmt: str) -> Any:
    """Load the schema of a format once."""
    text = schema(fmt)
    if FORMATS[fmt].schema.endswith(".xsd"):
        return etree.XMLSchema(etree.fromstring(text.encode()))
    document = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def check(fmt: str, text: str) -> Any:
    """Validate an output and return it parsed: a document, an object, or the lines for GitHub."""
    if FORMATS[fmt].schema.endswith(".xsd"):
        document = etree.fromstring(text.encode())
        validator(fmt).assertValid(document)
        return document
    if fmt.startswith("github"):
        parsed = text.splitlines() if fmt == "github" else text
        validator(fmt).validate(parsed)
        return parsed
    parsed = json.loads(
        text,
        parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"),
    )
    validator(fmt).validate(parsed)
    return parsed


def ask(platform: str, report: Report, around: Surroundings = NOWHERE) -> Any:
    """Render, validate and parse."""
    return check(platform, FORMATS[platform].write(report, around))


def writable(fmt: str, reports: Iterable[Report]) -> Iterator[Report]:
    """Yield the reports that there is an output for in a format."""
    for report in reports:
        if (
            fmt not in WITHOUT_FAULTS
            or report.status is not Status.GRADER_ERROR
        ):
            yield report


@pytest.mark.parametrize("platform", FORMATS)
def test_every_report_is_valid(platform: str, every: Reports) -> None:
    """Every status and verdict with every nasty text is valid against the platform's schema."""
    for report in writable(platform, every.values()):
        text = FORMATS[platform].write(report)
        text.encode("utf-8")
        assert text.endswith("\n")
        check(platform, text)


@pytest.mark.parametrize("platform", FORMATS)
def test_every_output_is_small(platform: str, every: Reports) -> None:
    """Megabytes of a student's text become at most 1 MiB, the smallest limit of any platform."""
    for report in writable(platform, every.values()):
        assert len(FORMATS[platform].write(report).encode()) < 1024 * 1024


@pytest.mark.parametrize("platform", FORMATS)
def test_the_same_report_gives_the_same_text(platform: str, make: Make) -> None:
    """Rendering is a pure function."""
    assert FORMATS[platform].write(make()) == FORMATS[platform].write(make())


@pytest.mark.parametrize("platform", FORMATS)
def test_the_command_line_gives_the_surroundings(
    platform: str, make: Make
) -> None:
    """`render_for` adds this process's environment and the time, and stays valid."""
    check(platform, render_for(platform, make()))


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_valid_everywhere(text: str, make: Make) -> None:
    """Whatever characters a student's text has, lone surrogates too, all outputs stay valid."""
    reports = [make(status, text=text) for status in Status]
    for platform in FORMATS:
        for report in writable(platform, reports):
            check(platform, FORMATS[platform].write(report))


FORGED = re.compile(
    r'"(?:score|fraction|scoreGiven|correct|earned)": *(?:0|1|4|true|false)'
)


@pytest.mark.parametrize(
    "platform",
    [
        "gradescope",
        "prairielearn",
        "xqueue",
        "coderunner",
        "ctrf",
        "exercism",
    ],
)
def test_a_grader_error_is_no_score(platform: str, make: Make) -> None:
    """A fault of the grader gives no score, not even 0, and asks the student to try again."""
    fault = make(Status.GRADER_ERROR, (Verdict.GRADER_ERROR,) * 4)
    report = msgspec.structs.replace(fault, message="Disk full.")
    text = FORMATS[platform].write(report)
    assert not FORGED.search(text)
    assert "submit it again" in text


@pytest.mark.parametrize("fmt", sorted(WITHOUT_FAULTS))
def test_nothing_is_sent_when_the_grader_failed(fmt: str, make: Make) -> None:
    """A score without points erases a grade in Moodle, and so on: there is no output at all."""
    fault = make(Status.GRADER_ERROR, (Verdict.GRADER_ERROR,) * 4)
    with pytest.raises(NothingToSendError, match="nothing is sent") as error:
        FORMATS[fmt].write(fault)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("fmt", sorted(set(FORMATS) - WITHOUT_FAULTS))
def test_students_do_not_read_why_the_grader_failed(
    fmt: str, make: Make
) -> None:
    """The reason may name the operator's files, so no format holds it, whatever a report says."""
    reason = "/srv/course/solutions/reference.py: the reference raised KeyError('hidden')"
    fault = make(Status.GRADER_ERROR, (Verdict.GRADER_ERROR,) * 4)
    text = FORMATS[fmt].write(msgspec.structs.replace(fault, message=reason))
    for word in ("/srv", "reference", "KeyError", "hidden'"):
        assert word not in text


def test_gradescope_sums_to_the_total(make: Make) -> None:
    """The score is the sum of the tests, all are visible, and no text is markup."""
    result = ask("gradescope", make())
    assert (
        result["score"] == sum(test["score"] for test in result["tests"]) == 2
    )
    assert {test["visibility"] for test in result["tests"]} == {"visible"}
    assert {
        result["output_format"],
        *(test["output_format"] for test in result["tests"]),
    } == {"text"}
    assert isinstance(result["execution_time"], float)


def test_xqueue_messages_are_one_xml_element(every: Reports) -> None:
    """`msg` parses as XML with one root, and what a student wrote is text in it, not an element."""
    for report in every.values():
        root = etree.fromstring(ask("xqueue", report)["msg"])
        assert {element.tag for element in root.iter()} <= {
            "div",
            "p",
            "h4",
            "pre",
            "details",
            "summary",
        }


@pytest.mark.parametrize(
    "platform", ["xqueue", "xqueue-container", "coderunner"]
)
def test_replies_are_one_line(platform: str, every: Reports) -> None:
    """What is read as the last line of standard output is one line, for every notion of a line."""
    for report in writable(platform, every.values()):
        assert len(FORMATS[platform].write(report).splitlines()) == 1


def test_xqueue_container_hides_output(make: Make) -> None:
    """With HIDE_OUTPUT the container gives no test, and the same score."""
    full, hidden = (
        ask("xqueue-container", make()),
        ask("xqueue-container", make(), Surroundings({"HIDE_OUTPUT": "1"})),
    )
    assert [test[2] for test in full["tests"]] == [True, False, False, True]
    assert (hidden["tests"], hidden["score"]) == ([], full["score"])


def test_coderunner_formats_match_the_columns(every: Reports) -> None:
    """`columnformats` fits the columns that are shown, and each row has all columns."""
    for report in every.values():
        result = ask("coderunner", report)
        if "testresults" in result:
            header, *rows = result["testresults"]
            assert len(result["columnformats"]) == len(
                [
                    name
                    for name in header
                    if name not in {"iscorrect", "ishidden"}
                ]
            )
            assert {len(row) for row in rows} == {len(header)}


def test_html_is_escaped(make: Make) -> None:
    """No tag of a student's gets into what Moodle and GitHub show as HTML."""
    report = make(text="<script>alert(1)</script>")
    for platform in ("coderunner", "github-summary"):
        assert "<script" not in FORMATS[platform].write(report)


COMMAND = re.compile(
    r"::(error|notice)( [a-z]+=[^,:\r\n]*(,[a-z]+=[^,:\r\n]*)*)?::[^\r\n]*"
)


def test_github_lines_are_our_commands_only(every: Reports) -> None:
    """Every line is an error or a notice of ours, at most ten of each."""
    for report in every.values():
        lines = FORMATS["github"].write(report).splitlines()
        assert all(
            COMMAND.fullmatch(line) and "##[" not in line for line in lines
        )
        assert (
            max(
                sum(line.startswith(f"::{kind}") for line in lines)
                for kind in ("error", "notice")
            )
            <= 10
        )


def test_github_says_how_many_more(make: Make) -> None:
    """With more failures than GitHub shows, the tenth annotation counts the rest."""
    lines = (
        FORMATS["github"]
        .write(make(verdicts=(Verdict.RAISED,) * 14))
        .splitlines()
    )
    assert len(lines) == 11
    assert "5 more cases failed" in lines[9]


def test_a_summary_holds_student_text_only_as_preformatted_html(
    every: Reports,
) -> None:
    """Outside <pre> a step summary has only our own words, without Markdown, mentions or images."""
    for report in every.values():
        outside = re.sub(
            r"<pre>[^<]*</pre>", "", FORMATS["github-summary"].write(report)
        )
        assert not re.search(r"[@`|\[\]!]|://|#[^#]*#[^#]*#", outside)
        assert set(re.findall(r"</?([a-z0-9]+)", outside)) <= {
            "details",
            "summary",
            "p",
        }


def test_junit_never_turns_green(make: Make) -> None:
    """What cannot be graded is a failure, a fault of ours is an error, and nothing is skipped."""
    for status, verdict, tag in (
        (Status.NOT_GRADABLE, Verdict.NOT_RUN, "failure"),
        (Status.GRADER_ERROR, Verdict.GRADER_ERROR, "error"),
        (Status.GRADED, Verdict.TIMED_OUT, "failure"),
    ):
        for verdicts in ((verdict,) * 3, ()):
            if status is Status.GRADED and not verdicts:
                continue
            suite = ask("junit", make(status, verdicts)).find("testsuite")
            cases = suite.findall("testcase")
            assert len(cases) == int(suite.get("tests")) >= 1
            assert all(case.find(tag) is not None for case in cases)
            assert int(suite.get("failures")) + int(suite.get("errors")) == len(
                cases
            )


def test_ctrf_counts_add_up(every: Reports) -> None:
    """The summary counts the tests, and `other` is only for the grader's faults."""
    for report in every.values():
        results = ask("ctrf", report)["results"]
        summary = results["summary"]
        assert summary["tests"] == len(results["tests"])
        assert (
            sum(
                summary[name]
                for name in ("passed", "failed", "skipped", "pending", "other")
            )
            == summary["tests"]
        )
        assert (summary["other"] > 0) == (report.status is Status.GRADER_ERROR)
        assert summary["start"] <= summary["stop"]


def test_exercism_keeps_the_order(make: Make) -> None:
    """Failures come in the exercise's order, and a crash is an error instead of a failure."""
    result = ask("exercism", make())
    assert [test["status"] for test in result["tests"]] == [
        "pass",
        "fail",
        "error",
        "pass",
    ]
    assert result["status"] == "fail"


def test_classroom50_scores_are_integers(make: Make) -> None:
    """Tenths of a point are scaled, never rounded away, and no score is above its maximum."""
    for points, expected in ((1.0, 2), (0.1, 2), (0.5, 10), (2.25, 450)):
        result = ask("classroom50", make(points=points))
        assert (
            result["score"]
            == expected
            == sum(test["score"] for test in result["tests"])
        )
        assert all(
            type(test["score"]) is int and test["score"] <= test["max-score"]
            for test in result["tests"]
        )
    error = ask(
        "classroom50", make(Status.GRADER_ERROR, (Verdict.GRADER_ERROR,) * 4)
    )
    assert (error["score"], error["max-score"], error["tests"]) == (0, 0, [])


def test_classroom50_takes_its_identity_from_the_runner(make: Make) -> None:
    """Who and what was graded is what the runner's environment says."""
    identity = {
        "CLASSROOM": "cs",
        "ASSIGNMENT": "conv",
        "OWNER": "alice",
        "SUBMISSION_TAG": "submit/1",
    }
    links = {
        "COMMIT_URL": "https://c",
        "RELEASE_URL": "https://r",
        "ASSIGNMENT_TYPE": "group",
    }
    around = Surroundings(identity | links)
    result = ask("classroom50", make(), around)
    expected = {
        "classroom": "cs",
        "assignment": "conv",
        "owner": "alice",
        "submission": "submit/1",
        "review": "https://c",
        "assignment_type": "group",
    }
    assert {key: result[key] for key in expected} == expected


def test_lti_scores_are_out_of_the_points_of_the_exercise(make: Make) -> None:
    """Every graded report is `FullyGraded`, out of the exercise's points."""
    good = ask("lti-ags", make())
    assert (
        good["scoreGiven"],
        good["scoreMaximum"],
        good["gradingProgress"],
    ) == (
        2.0,
        4.0,
        "FullyGraded",
    )


def test_schemas_name_their_source() -> None:
    """Every shipped schema says where it comes from."""
    paths = {fmt.schema for fmt in FORMATS.values()}
    for path in paths | {"prairielearn/info.schema.json"}:
        text = shipped_text(path)
        source = (
            json.loads(text)["$comment"] if path.endswith(".json") else text
        )
        assert re.search(r"[Ww]ritten from|Source:", source), path
