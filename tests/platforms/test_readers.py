"""What the platforms' readers make of our outputs.

Each reader is written anew from the code that its docstring names.
"""

import json
import math
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from lxml import etree

from grader.model import Report, Status, Verdict
from grader.platforms import FORMATS, Surroundings

Make = Callable[..., Report]
Reports = dict[str, Report]


def draw(_case: object) -> str:
    """Stand in for the drawing of a case: as large as one may be."""
    return f'<svg xmlns="http://www.w3.org/2000/svg"><title>{"x" * 30_000}</title></svg>'


# ---------------------------------------------------------- PrairieLearn


def prairielearn_receives(text: str) -> dict[str, Any]:
    """Return what PrairieLearn stores of results.json: `gradable`, `score`, `format_errors`.

    As `externalGraderLocal.ts`, `externalGraderCommon.ts` and `externalGrader.ts` read it; fails
    where they would discard the results.
    """
    assert len(text.encode()) <= 1024 * 1024, (
        "The grading results were larger than 1MB."
    )
    results = json.loads(text.replace("\0", "�"))
    assert results, "results did not contain 'results' object"
    score = results.get("score")
    gradable = bool(results.get("gradable", True))
    if not results.get("succeeded", True):
        score = 0
    if gradable:
        assert score is not None, "score was not provided"
        assert isinstance(score, (int, float)), "score is not a number"
        assert not isinstance(score, bool)
        assert math.isfinite(score), "score is not a number"
        assert 0 <= score <= 1, "score is out of range"
    errors = results.get("format_errors", [])
    return {
        "gradable": gradable,
        "score": score,
        "format_errors": [errors] if isinstance(errors, str) else errors,
    }


def prairielearn_shows(text: str) -> list[str]:
    """Do what `pl-external-grader-results.py` does that can raise, and return its points line."""
    results = json.loads(text)
    shown = [f"{results.get('score', 0) * 100:.2f}"]
    tests = results.get("tests")
    if tests:
        assert all(
            test.get("points") is not None
            and test.get("max_points") is not None
            for test in tests
        )
        shown.append(
            "/".join(
                f"{sum(test[key] for test in tests):.2f}"
                for key in ("points", "max_points")
            )
        )
    for test in tests or []:
        assert isinstance(test.get("name", ""), str)
        for image in test.get("images", []):
            assert image["url"].startswith("data:image/")
            assert image["label"]
    return shown


def test_prairielearn_stores_every_report(every: Reports) -> None:
    """A graded report is stored with its score; any other costs no attempt, and a line says why."""
    for report in every.values():
        text = FORMATS["prairielearn"].write(report, Surroundings(draw=draw))
        stored = prairielearn_receives(text)
        prairielearn_shows(text)
        assert stored["gradable"] == (report.status is Status.GRADED)
        if not stored["gradable"]:
            assert stored["score"] is None
            assert stored["format_errors"][0]


def test_prairielearn_drops_pictures_before_it_is_refused(make: Make) -> None:
    """With more pictures than fit in 1 MiB the first ones stay, and all tests do."""
    report = make(verdicts=(Verdict.WRONG_VALUES,) * 60)
    text = FORMATS["prairielearn"].write(report, Surroundings(draw=draw))
    prairielearn_receives(text)
    pictures = ["images" in test for test in json.loads(text)["tests"]]
    assert len(pictures) == 60
    assert pictures == sorted(pictures, reverse=True)
    assert 10 < sum(pictures) < 60


# -------------------------------------------------------------- Open edX


def capa_updates(text: str) -> tuple[bool, bool, float]:
    """Read a reply as `CodeResponse._parse_score_msg` does; return if valid, if correct, points."""
    reply = json.loads(text)
    if not isinstance(reply, dict) or not {"correct", "score", "msg"} <= set(
        reply
    ):
        return False, False, 0.0
    etree.fromstring(reply["msg"])
    return True, reply["correct"], max(0, reply["score"])


class _Repeat(Exception):  # noqa: N818 - it is no error to the queue
    """The watcher sends no reply, and the queue offers the submission again."""


def watcher_replies(text: str) -> dict[str, Any]:
    """Read a container's output as `ContainerGrader.grade` and `Grader.process_item` do."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    try:
        results = json.loads(lines[-1])
    except json.JSONDecodeError as error:
        # The watcher logs the line as an error, and sends no reply.
        raise _Repeat from error
    try:
        reply = {"correct": results["correct"], "score": results["score"]}
        tests, errors = results["tests"], results["errors"]
    except KeyError as error:
        raise _Repeat from error
    for short, long, correct, expected, actual in tests:
        assert all(
            isinstance(part, str) for part in (short, long, expected, actual)
        )
        assert isinstance(correct, bool)
    assert all(isinstance(error, str) for error in errors)
    return reply


def test_edx_takes_every_reply(every: Reports) -> None:
    """Every graded report is a valid reply; a fault of ours is none, so no score is written."""
    for report in every.values():
        valid, correct, points = capa_updates(FORMATS["xqueue"].write(report))
        assert valid == (report.status is not Status.GRADER_ERROR)
        assert 0 <= points <= 1
        assert correct == (points == 1)


def test_xqueue_watcher_replies_or_repeats(every: Reports) -> None:
    """A graded report becomes a reply; after a fault of ours the submission stays on the queue."""
    for report in every.values():
        if report.status is Status.GRADER_ERROR:
            with pytest.raises(
                _Repeat
            ):  # what grade.sh prints, see tests/packages
                watcher_replies("not graded: grader: a reason")
        else:
            text = FORMATS["xqueue-container"].write(report)
            assert 0 <= watcher_replies(text)["score"] <= 1


# ----------------------------------------------------- Moodle CodeRunner

_ALLOWED = {
    "fraction",
    "prologuehtml",
    "testresults",
    "epiloguehtml",
    "feedbackhtml",
    "columnformats",
    "showdifferences",
    "showoutputonly",
    "graderstate",
    "instructorhtml",
}


def coderunner_grades(text: str) -> float | None:
    """Return the fraction as `combinator_grader_outcome.php` reads it; None if ungradable."""
    result = json.loads(text)
    if not result.get("showoutputonly"):
        fraction = result.get("fraction")
        if not isinstance(fraction, (int, float)) or not 0 <= fraction <= 1:
            return None
    assert set(result) <= _ALLOWED
    table, formats = result.get("testresults"), result.get("columnformats")
    if table and formats:
        columns = [
            name for name in table[0] if name not in {"iscorrect", "ishidden"}
        ]
        assert len(formats) == len(columns)
        assert set(formats) <= {"%s", "%h"}
    return float(result["fraction"])


class _Tags(HTMLParser):
    """Collect the tags, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Open one; only our own style is ever an attribute."""
        assert {name for name, _ in attrs} <= {"style"}
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close one."""
        assert self.open.pop() == tag


def test_coderunner_takes_every_report(every: Reports) -> None:
    """A graded report has its fraction, a fault of ours none, and all HTML is ours and closed."""
    for report in every.values():
        text = FORMATS["coderunner"].write(report)
        fraction = coderunner_grades(text)
        assert (fraction is None) == (report.status is Status.GRADER_ERROR)
        result = json.loads(text)
        cells = [
            cell
            for row in result.get("testresults", [])[1:]
            for cell in row
            if isinstance(cell, str)
        ]
        for html in (
            *cells,
            result.get("prologuehtml", ""),
            result.get("epiloguehtml", ""),
        ):
            tags = _Tags()
            tags.feed(html)
            tags.close()
            assert tags.open == []
            assert tags.seen <= {"p", "br", "pre", "details", "summary"}


# ---------------------------------------------------------- Classroom 50


def test_classroom50_collects_every_result(every: Reports) -> None:
    """`validate_result` of runner and collector finds integers, bounds, and the right identity."""
    environ = {
        "CLASSROOM": "cs",
        "ASSIGNMENT": "conv",
        "OWNER": "alice",
        "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a",
    }
    for report in every.values():
        result = json.loads(
            FORMATS["classroom50"].write(report, Surroundings(environ))
        )
        assert [
            result[key] for key in ("classroom", "assignment", "owner")
        ] == [
            "cs",
            "conv",
            "alice",
        ]
        for entry in (result, *result["tests"]):
            assert type(entry["score"]) is int
            assert type(entry["max-score"]) is int
            assert 0 <= entry["score"] <= entry["max-score"]
        assert result["score"] == sum(test["score"] for test in result["tests"])
        assert result["submission"].startswith("submit/")


# ---------------------------------------------------------------- GitHub


def runner_commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Return every command that `ActionCommand.TryParseV2` of actions/runner finds in a log."""
    found = []
    for line in text.splitlines():
        trimmed = line.lstrip()
        assert "##[" not in line, (
            "the older form of a command is found anywhere in a line"
        )
        if not trimmed.startswith("::"):
            continue
        head, _, data = trimmed[2:].partition("::")
        name, _, listed = head.partition(" ")
        pairs = dict(pair.split("=", 1) for pair in listed.split(",") if pair)
        found.append((name, pairs, data))
    return found


def test_github_runs_no_command_of_a_student(every: Reports) -> None:
    """The runner finds errors and notices of ours only, with our own properties, on every line."""
    for report in every.values():
        text = FORMATS["github"].write(report)
        commands = runner_commands(text)
        assert len(commands) == len(text.splitlines())
        for name, pairs, _ in commands:
            assert name in {"error", "notice"}
            assert set(pairs) <= {"file", "line", "title"}
