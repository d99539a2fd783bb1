"""What the class misunderstood."""

import random
import statistics
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import msgspec
import pytest

from grader.classbook.exceptions import general
from grader.classbook.facts import Facts, RaisedAt
from grader.classbook.summarise import summarise
from grader.classbook.summary import Summary
from grader.intake.sources import Skipped
from grader.model import Exercise, Status, Verdict

CASES = ["8x8", "12x10", "10x10", "12x8"]


def facts(name: str, score: float | None = 4.0, **more: Any) -> Facts:
    """Make the facts of one submission; the first `score` cases are passed."""
    passed = int(score or 0)
    verdicts = tuple(
        (case, Verdict.PASSED if number < passed else Verdict.WRONG_VALUES)
        for number, case in enumerate(CASES)
    )
    given = {
        "status": Status.GRADED,
        "message": "",
        "verdicts": verdicts,
        "isolation": "full",
    } | more
    return Facts(name=name, kind="python", score=score, max_score=4.0, **given)


def nothing_common() -> NoReturn:
    """Fail: nothing here is unexplained, so that nobody asks for common inputs."""
    raise AssertionError


def summary(
    exercise: Exercise, rows: list[Facts], skipped: tuple[Skipped, ...] = ()
) -> Summary:
    """Summarise, and check the result against the schema of its record."""
    found = summarise(rows, exercise, CASES, skipped, "file", nothing_common)
    plain = msgspec.json.decode(msgspec.json.encode(found))
    jsonschema.validate(plain, msgspec.json.schema(Summary))
    return found


def test_scores_are_counted(exercise: Exercise) -> None:
    """Each possible score has a bar; the ungradable are part of the zeros, our errors of no bar."""
    rows = [
        facts("a", 4.0),
        facts("b", 2.0),
        facts("c", 0.0),
        facts(
            "d", 0.0, status=Status.NOT_GRADABLE, message="The file is empty."
        ),
        facts("e", None, status=Status.GRADER_ERROR, message="ours"),
    ]
    found = summary(exercise, rows)
    assert [(bar.low, bar.count, bar.not_gradable) for bar in found.scores.distribution] == [
        (0, 2, 1), (1, 0, 0), (2, 1, 0), (3, 0, 0), (4, 1, 0),
    ]  # fmt: skip
    assert (found.scores.mean, found.scores.median, found.scores.lowest) == (
        1.5,
        1.0,
        0.0,
    )
    assert found.status == {"graded": 3, "not_gradable": 1, "grader_error": 1}
    assert [case.passed for case in found.cases] == [2, 2, 1, 1]
    assert found.grader_errors[0].students == ("e",)


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_the_median_is_the_median(exercise: Exercise, size: int) -> None:
    """It is what the statistics module computes from the scores one by one."""
    # No secret.
    scores = [float(random.Random(size).choice(range(5))) for _ in range(size)]  # noqa: S311
    found = summary(
        exercise,
        [facts(str(number), score) for number, score in enumerate(scores)],
    )
    assert found.scores.median == statistics.median(scores)
    assert found.scores.mean == pytest.approx(statistics.mean(scores))


def test_misconceptions_come_most_frequent_first_with_who_shows_them(
    exercise: Exercise,
) -> None:
    """A submission counts once, in however many cases it shows the misconception."""
    flipped, padded = (
        ("kernel-flipped", "It was flipped."),
        ("same-padding", "It was padded."),
    )
    rows = [
        facts("a", 0.0, hints=(flipped, padded)),
        facts("b", 0.0, hints=(padded,)),
        facts("c"),
    ]
    found = [
        (each.misconception, each.count, each.students)
        for each in summary(exercise, rows).misconceptions
    ]
    assert found == [
        ("same-padding", 2, ("a", "b")),
        ("kernel-flipped", 1, ("a",)),
    ]


def test_exceptions_are_grouped_by_kind_and_then_by_line(
    exercise: Exercise,
) -> None:
    """One mistake is one kind, and a line is one line, wherever it stands in each file."""
    few = "not enough values to unpack (expected 3, got 2)"
    rows = [
        facts(
            "a",
            0.0,
            exceptions=(
                RaisedAt("ValueError", few, "h, w, c = image.shape", 4),
            ),
        ),
        facts(
            "b",
            0.0,
            exceptions=(RaisedAt("ValueError", few, "n, m, c = a.shape", 9),),
        ),
        facts(
            "c",
            0.0,
            exceptions=(
                RaisedAt("ValueError", few, "h, w, c = image.shape", 9),
            ),
        ),
        facts(
            "d",
            0.0,
            exceptions=(
                RaisedAt("TypeError", few, "h, w, c = image.shape", 9),
            ),
        ),
    ]
    first, second = summary(exercise, rows).exceptions
    assert (first.type, first.message, first.count, first.students) == (
        "ValueError",
        few,
        3,
        ("a", "b", "c"),
    )
    assert [
        (place.source, place.lines, place.students) for place in first.places
    ] == [
        ("h, w, c = image.shape", (4, 9), ("a", "c")),
        ("n, m, c = a.shape", (9,), ("b",)),
    ]
    assert (second.type, second.students) == ("TypeError", ("d",))


def test_a_submission_counts_once_for_a_kind_and_once_for_a_line(
    exercise: Exercise,
) -> None:
    """The number of its cases does not matter; the message of most submissions is the example."""
    rows = [
        facts(
            name,
            0.0,
            exceptions=tuple(
                RaisedAt("IndexError", f"index {n} is out of bounds", "x", 4)
                for n in sizes
            ),
        )
        for name, sizes in (("a", (8, 12, 10)), ("b", (8, 12)), ("c", (10,)))
    ]
    (found,) = summary(exercise, rows).exceptions
    assert (found.message, found.example) == (
        "index ... is out of bounds",
        "index 8 is out of bounds",
    )
    assert (found.count, found.places[0].count, found.places[0].students) == (
        3,
        3,
        ("a", "b", "c"),
    )


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("operands could not be broadcast together with shapes (3,2) (3, 3) ",
         "operands could not be broadcast together with shapes (...) (...) "),
        ("could not broadcast input array from shape (3,) into shape (2,)",
         "could not broadcast input array from shape (...) into shape (...)"),
        ("index -9 is out of bounds for axis 0 with size 8",
         "index ... is out of bounds for axis ... with size ..."),
        ("name 'np' is not defined", "name '...' is not defined"),
        ("can't multiply sequence by non-int of type 'float'",
         "can't multiply sequence by non-int of type '...'"),
        ("array is 2-dimensional, but 3 were indexed",
         "array is ...-dimensional, but ... were indexed"),
        ("conv2d got float64, 8x8, 1e-5 and 0.5", "conv2d got float64, ..., ... and ..."),
        ("f() takes 1 positional argument but 2 were given",
         "f() takes ... positional argument but ... were given"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_kind_leaves_out_what_differs_between_submissions(
    message: str, shown: str
) -> None:
    """Numbers, shapes and quoted names are replaced; digits inside a word stay."""
    assert general(message) == shown


def test_a_journal_without_messages_is_graded_again(
    tmp_path: Path, lab: Any
) -> None:
    """A line of an older version counts as not finished; lines that need no message are kept."""
    folder, out = (
        lab.write(tmp_path / "in", {"ada.py": lab.RIGHT, "bob.py": lab.RAISES}),
        tmp_path / "out",
    )
    lab.grader("grade", folder, "--output", out)
    journal = out / ".grader" / "journal"
    lines = [
        msgspec.json.decode(line) for line in journal.read_bytes().splitlines()
    ]
    assert any(
        error.pop("message", None)
        for line in lines
        for error in line["facts"]["exceptions"]
    )
    journal.write_bytes(
        b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    )
    done = lab.grader("grade", folder, "--output", out)
    assert "graded 1, kept 1 from before, of 2" in done.stderr
    (kind,) = msgspec.json.decode((out / "summary.json").read_bytes())[
        "exceptions"
    ]
    assert (kind["message"], kind["students"]) == (
        "index ... is out of bounds for axis ... with size ...",
        ["bob.py"],
    )


def test_reasons_that_differ_in_the_line_alone_are_one(
    exercise: Exercise,
) -> None:
    """A hundred syntax errors are one reason, in files and in the cells of notebooks."""
    rows = [
        facts(
            name,
            0.0,
            status=Status.NOT_GRADABLE,
            message=f"{place}: Python cannot read `{code}`{more}.",
        )
        for name, place, code, more in (
            ("a", "Line 3", "for i", ""),
            ("b", "Cell 2, line 9", "for j", ""),
            ("c", "Line 4", "f", ", as in line 7"),
            ("d", "Cell 5, line 1", "f", ", as in cell 3, line 4"),
            ("e", "Cell 5", "f", ""),
        )
    ]
    found = summary(exercise, rows).not_gradable
    assert [(each.message, each.students) for each in found] == [
        ("Line ...: Python cannot read `...`, as in line ....", ("c", "d")),
        ("Line ...: Python cannot read `...`.", ("a", "b")),
        ("Cell 5: Python cannot read `f`.", ("e",)),
    ]


def test_a_batch_warns_that_the_default_secret_is_public(
    tmp_path: Path, lab: Any
) -> None:
    """Standard error warns of the default secret only; the summary always names the source."""
    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    lab.write(tmp_path, {"secret": "correct horse"})
    for source, options in (
        ("default", ()),
        ("file", ("--secret-file", tmp_path / "secret")),
    ):
        out = tmp_path / source
        done = lab.grader("grade", folder, "--output", out, *options)
        said = [
            line
            for line in done.stderr.splitlines()
            if "the default secret, which everybody can read" in line
        ]
        assert len(said) == (source == "default"), done.stderr
        assert (
            msgspec.json.decode((out / "summary.json").read_bytes())["secret"]
            == source
        )


def test_the_same_code_is_found_on_two_levels(exercise: Exercise) -> None:
    """Same code, and same functions under any names; what could not be graded is left out."""
    rows = [
        facts("a", alike=("code1", "functions1")),
        facts("b", alike=("code1", "functions1")),
        facts("c", alike=("code2", "functions1")),
        facts("d", alike=("code3", "functions2")),
        facts(
            "e", 0.0, alike=("code3", "functions2"), status=Status.NOT_GRADABLE
        ),
    ]
    found = [
        (each.same, each.students) for each in summary(exercise, rows).alike
    ]
    assert found == [("code", ("a", "b")), ("functions", ("a", "b", "c"))]
