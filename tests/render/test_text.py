"""Text is for a terminal, whatever terminal it is."""

import io
import os
import re
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from grader.model import Details, Hint, Report, Verdict
from grader.render import text
from grader.render.beside import Beside
from grader.render.terminal import PLAIN, Terminal, look_at, standard_output
from grader.vocabulary import GRADER_FAULT, VERDICTS

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_each_finding_once_with_its_hint(mixed: Report) -> None:
    """A finding starts with its symbol and case; message and hint stand below, what passed last."""
    shown = text.render(mixed, hints="full")
    right = "✓ 8x8: Right: every value of your 6x6 output is as it should be.\n"
    wrong = "✗ 10x10\n  Your output is 10x10, but it should be 8x8.\n  Hint: Your output is as big"
    assert wrong in shown
    assert shown.index(wrong) < shown.index(right)
    assert shown.endswith("\n")
    assert "\n\n\n" not in shown


def test_a_hint_is_told_once(mixed: Report) -> None:
    """The second case with the same hint points to the first."""
    shown = text.render(mixed, hints="full")
    assert shown.count("laid on the image as it is given") == 1
    assert "Hint: as for 12x10." in shown


def test_hints_that_repeat_share_a_line(kit: SimpleNamespace) -> None:
    """Two hints that one earlier case gave are one reference, with both ids for an instructor."""
    hints = Hint("a", "First."), Hint("b", "Second.")
    wrong = kit.details[Verdict.WRONG_SHAPE]
    report = kit.report(
        kit.case(Verdict.TIMED_OUT, None, "8x8", *hints),
        kit.case(Verdict.WRONG_SHAPE, wrong, "12x8", *hints),
    )
    assert text.render(report).count("Hint: as for 8x8.") == 1
    assert "Hint (a, b): as for 8x8." in text.render(report, "instructor")


def test_a_student_gets_a_question_first_and_an_instructor_the_cause(
    kit: SimpleNamespace,
) -> None:
    """Either may ask for the other; a hint without a question gets one that its verdict allows."""
    asked = Hint("a", "The cause.", "Where do you look?")
    bare = Hint("b", "Another cause.")
    wrong = kit.details[Verdict.WRONG_SHAPE]
    report = kit.report(
        kit.case(Verdict.WRONG_SHAPE, wrong, "8x8", asked, bare)
    )
    steps, full = text.render(report), text.render(report, hints="full")
    assert "Hint: Where do you look?" in steps
    assert "Hint: Which line of yours decides how large" in steps
    assert "cause." not in steps
    assert "To see the cause: --hints full." in steps
    assert "Hint: The cause." in full
    assert "Where do you look?" not in full
    assert "To see the cause" not in full
    assert "The cause." in text.render(report, "instructor")
    assert "Where do you look?" in text.render(
        report, "instructor", hints="steps"
    )
    assert 'check(..., hints="full")' in text.render(report, notebook=True)


def test_the_same_finding_is_told_once(kit: SimpleNamespace) -> None:
    """The cases in which a finding is the same are one line."""
    report = kit.report(
        kit.case(Verdict.RAISED, None, "8x8"),
        kit.case(Verdict.RAISED, None, "12x8"),
    )
    shown = text.render(report)
    assert shown.count("IndexError") == 1
    assert "\n  12x8: the same\n" in shown


def test_a_terminal_says_where_the_other_pictures_are(
    kit: SimpleNamespace,
) -> None:
    """Of a finding that is the same in two cases one is drawn, and the page draws both."""
    details = kit.details[Verdict.WRONG_VALUES]
    several = [
        kit.case(Verdict.WRONG_VALUES, details, name)
        for name in ("8x8", "12x8")
    ]
    more = "\nThe other cases are drawn by --format html.\n"
    assert more in text.render(kit.report(*several))
    assert more not in text.render(kit.report(several[0]))
    assert more not in text.render(kit.report(*several), notebook=True)


def test_what_passed_is_said_once(kit: SimpleNamespace) -> None:
    """A student reads one line about all that passed; an instructor gets a line for each."""
    report = kit.report(
        kit.case(Verdict.PASSED, None, "8x8"),
        kit.case(Verdict.PASSED, None, "12x8"),
    )
    shown = text.render(report)
    assert "✓ Right: 8x8, 12x8\n" in shown
    for name in ("8x8", "12x8"):
        assert f"✓ {name} [passed, " in text.render(report, "instructor")


def test_a_name_for_programs_is_told_in_words(kit: SimpleNamespace) -> None:
    """No line has the slug of a case; a title that is short stands in its place."""
    report = kit.report(
        msgspec.structs.replace(
            kit.case(Verdict.RAISED, None, "8x8"), name="two_rows-of_three"
        ),
        msgspec.structs.replace(
            kit.case(Verdict.PASSED, None, "8x8"), name="by-hand"
        ),
    )
    shown = text.render(report)
    assert "two_rows-of_three" not in shown
    assert "by-hand" not in shown


def test_the_students_line_stands_alone(build: Callable[..., Report]) -> None:
    """The line that raised has a line of its own, below the message."""
    shown = text.render(build(Verdict.RAISED))
    assert (
        "\n  line 12: out[i, j] += image[i + a, j + b] * kernel[a, b]\n"
        in shown
    )
    assert shown.count("line 12") == 1


def test_a_tag_is_not_broken(build: Callable[..., Report]) -> None:
    """Verdict and duration stay together at every width."""
    for width in range(40, 121):
        assert "[wrong_values, 2.1 ms]" in text.render(
            build(Verdict.WRONG_VALUES), "instructor", Terminal(width)
        )


def test_equal_arrays_are_not_drawn(
    build: Callable[..., Report], kit: SimpleNamespace
) -> None:
    """Right values in a list: two equal arrays would say that all is well."""
    right = kit.details[Verdict.WRONG_VALUES]
    facts = msgspec.structs.replace(
        right,
        rung="type",
        actual_type="list",
        actual=right.expected,
        first=None,
    )
    assert "expected (6x6)" not in text.render(build(Verdict.WRONG_TYPE, facts))


def test_only_a_score_that_counts_is_told(build: Callable[..., Report]) -> None:
    """The points of the hidden cases are told; the public examples give none."""
    assert "The case did not pass. (0 of 1 point)" in text.render(
        build(Verdict.TIMED_OUT)
    )
    assert "point" not in text.render(build(Verdict.TIMED_OUT, notes=()))


def test_a_notebook_is_no_command_line(mixed: Report) -> None:
    """In a notebook no option of the command is named; each finding is drawn everywhere."""
    shown = text.render(mixed, notebook=True)
    assert shown.count("expected (") == 3
    assert shown.count("\n\n  expected (") == 3
    assert "--format" not in shown
    assert "--hints" not in shown
    assert "--hints" in text.render(mixed)


def test_arrays_side_by_side_with_stars(build: Callable[..., Report]) -> None:
    """Expected and yours stand side by side in 80 columns, each wrong value marked by a star."""
    shown = text.render(build(Verdict.WRONG_VALUES))
    lines = shown.splitlines()
    at = next(
        number
        for number, line in enumerate(lines)
        if "expected (6x6)" in line and "yours (6x6)" in line
    )
    assert lines[at + 1].split() == [*"012345", *"012345"]
    assert re.search(r"^  0 .*  3\.0    0 .* 0\.0\*$", lines[at + 2])
    assert shown.count("*") == 11
    assert "difference (6x6)" in shown
    assert "Rows and columns are counted from 0" in shown


def test_colour_replaces_the_stars(build: Callable[..., Report]) -> None:
    """With colour, a wrong value is inverted and bold instead of marked by a star."""
    report = build(Verdict.WRONG_VALUES)
    coloured = text.render(report, "student", Terminal(80, colour=True))
    assert coloured.count("\x1b[1;7m") == 11
    plain = text.render(report)
    squeezed = [
        re.sub(r"\s", "", ESCAPE.sub("", coloured)),
        re.sub(r"[\s*]", "", plain),
    ]
    assert squeezed[0] == squeezed[1]


@pytest.mark.parametrize(
    ("verdict", "style"), [(Verdict.GRADER_ERROR, "1"), (Verdict.NOT_RUN, "2")]
)
def test_our_own_fault_stands_out(
    build: Callable[..., Report], verdict: Verdict, style: str
) -> None:
    """It is bold; a case that was not run, which is no judgement either, is faint."""
    shown = text.render(build(verdict), "student", Terminal(80, colour=True))
    assert f"\x1b[{style}m{VERDICTS[verdict].mark}" in shown


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_fits_the_width(mixed: Report, width: int) -> None:
    """No line is longer than the terminal is wide, arrays apart, which are stacked first."""
    for line in text.render(mixed, "student", Terminal(width)).splitlines():
        assert (
            len(line) <= width
            or re.match(r"^ +\d+ ", line)
            or line.strip()[0].isdigit()
        )


def test_wide_arrays_are_stacked(mixed: Report) -> None:
    """In 60 columns the arrays stand below each other."""
    assert not re.search(
        r"expected .*yours ", text.render(mixed, "student", Terminal(60))
    )
    assert re.search(
        r"expected .*yours .*difference ",
        text.render(mixed, "student", Terminal(120)),
    )


def test_ascii_where_the_encoding_has_no_symbols(report: Report) -> None:
    """Without symbols the whole text is ASCII."""
    assert text.render(report, "instructor", Terminal(symbols=False)).isascii()


def test_instructor_sees_ids_and_isolation(mixed: Report) -> None:
    """An instructor gets ids, verdicts, digests, isolation and all notes; a student does not."""
    instructor, student = text.render(mixed, "instructor"), text.render(mixed)
    for detail in (
        "(kernel-flipped)",
        "[wrong_shape, 2.1 ms]",
        "full (landlock, seccomp",
        "sha256:",
        "default secret",
    ):
        assert detail in re.sub(r"\s+", " ", instructor)
        assert detail not in re.sub(r"\s+", " ", student)


def test_no_cases_where_nothing_could_be_scored(report: Report) -> None:
    """A submission that cannot be graded gets one line instead of one for each case."""
    if report.status == "not_gradable":
        assert "Not run" not in text.render(report)


class Stream(io.TextIOWrapper):
    """A stream that says what it is told to."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.terminal = terminal

    def isatty(self) -> bool:
        """Say what it was told to."""
        return self.terminal


@pytest.mark.parametrize(
    ("environ", "platform", "terminal", "colour"),
    [
        ({}, "linux", True, True),
        ({}, "linux", False, False),
        ({"NO_COLOR": "1"}, "linux", True, False),
        ({"NO_COLOR": ""}, "linux", True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "linux", True, False),
        ({"FORCE_COLOR": "1"}, "linux", False, True),
        ({"FORCE_COLOR": "0"}, "linux", True, False),
        ({"TERM": "dumb"}, "linux", True, False),
        ({}, "win32", True, False),
        ({"WT_SESSION": "x"}, "win32", True, True),
        ({"TERM_PROGRAM": "x"}, "win32", True, True),
        ({"ANSICON": "x"}, "win32", True, True),
        ({"ConEmuANSI": "x"}, "win32", True, True),
        ({"TERM": "xterm"}, "win32", True, True),
        ({"FORCE_COLOR": "false"}, "linux", True, False),
    ],
)
def test_colour_only_where_it_is_wanted(
    environ: dict[str, str], platform: str, terminal: bool, colour: bool
) -> None:
    """NO_COLOR, FORCE_COLOR and TERM=dumb are respected, and a pipe gets no escape codes."""
    assert (
        look_at(Stream("utf-8", terminal=terminal), environ, platform).colour
        is colour
    )


@pytest.mark.parametrize(
    ("columns", "width"),
    [
        ("100", 100),
        ("40", 40),
        ("120", 120),
        ("121", 120),
        ("7", 40),
        ("999999999999999999", 120),
        ("²", 80),
        ("-5", 80),
        ("", 80),
    ],
)
def test_width_is_bounded(columns: str, width: int) -> None:
    """COLUMNS is taken where it is a number, within reason."""
    assert (
        look_at(
            Stream("utf-8", terminal=False), {"COLUMNS": columns}, "linux"
        ).width
        == width
    )


def test_symbols_only_where_the_encoding_has_them() -> None:
    """A console of code page 1252 gets ASCII marks."""
    assert not look_at(Stream("cp1252", terminal=True), {}, "win32").symbols
    assert look_at(Stream("utf-8", terminal=True), {}, "linux").symbols
    assert look_at(io.StringIO(), {}, "linux").symbols is False


def test_a_stream_that_cannot_be_asked_gets_the_plainer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A closed one, one without an encoding, one whose width is not known."""
    closed = io.StringIO()
    closed.close()
    plain = Terminal(80, colour=False, symbols=False)
    assert look_at(closed, {}, "linux") == plain
    assert look_at(object(), {}, "linux") == plain  # type: ignore[arg-type] # no stream at all
    stream = Stream("utf-8", terminal=True)
    assert look_at(stream, {}, "linux").width == 80
    sizes = {7: 40, 100: 100, 500: 120, 0: 80}
    for columns, width in sizes.items():
        size = os.terminal_size((columns, 24))
        monkeypatch.setattr(os, "get_terminal_size", lambda _, size=size: size)
        monkeypatch.setattr(stream, "fileno", lambda: 1, raising=False)
        assert look_at(stream, {}, "linux").width == width
        assert look_at(Stream("utf-8", terminal=False), {}, "linux").width == 80
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(os, "environ", {"COLUMNS": "99", "NO_COLOR": "1"})
    assert standard_output() == Terminal(99, colour=False, symbols=True)


def test_calls_and_values_stand_above_the_arrays(
    build: Callable[..., Report],
) -> None:
    """Calls are faint; a long value goes on below its beginning, and has no mark then."""
    both: dict[str, Any] = {"expected_type": "str", "actual_type": "str"}
    facts = Details(
        expected="ab",
        actual="ax",
        first=(1,),
        script=("f(a=1)", "f(b=2)"),
        **both,
    )
    shown = text.render(
        build(Verdict.WRONG_VALUES, facts), "student", Terminal(colour=True)
    )
    assert (
        "\n\n  \x1b[2mf(a=1)\x1b[0m\n  \x1b[2mf(b=2)\x1b[0m\n"
        "  expected  'ab'\n              ^\n  yours     'ax'\n              ^\n"
    ) in shown
    words = " ".join(["word"] * 12)
    long = Details(expected=words, actual=f"x{words}", first=(0,), **both)
    lines = text.render(
        build(Verdict.WRONG_VALUES, long), "student", Terminal(40)
    ).split("\n")
    at = next(
        n for n, line in enumerate(lines) if line.startswith("  expected")
    )
    assert lines[at + 1].startswith("            word")
    assert not any(line.strip() == "^" for line in lines)


def test_sentences_of_the_moment_follow_the_verdict(mixed: Report) -> None:
    """How this compares with the last attempt is on its line, what to do now below it."""
    beside = Beside(
        progress="One more than before.", next="Next: hand in a.py."
    )
    assert (
        "\n1 of 4 cases passed. One more than before. (1 of 4 points)\n"
        "Next: hand in a.py.\n"
    ) in text.render(mixed, beside=beside)
    assert "\n1 of 4 cases passed. (1 of 4 points)\n\nNotes\n" in text.render(
        mixed
    )


def test_a_verdict_has_the_colour_of_what_it_says(
    build: Callable[..., Report], kit: SimpleNamespace
) -> None:
    """Nothing is lost where a student only checks the stub; our own fault is bad news, too."""
    coloured = Terminal(200, colour=True)
    for report, style, said in (
        (build(Verdict.PASSED), "32", "The case passed."),
        (build(Verdict.TIMED_OUT), "1;31", "The case did not pass."),
        (kit.reports["not_gradable"], "1;31", "There is no function"),
        (
            msgspec.structs.replace(kit.reports["not_gradable"], notes=()),
            "1",
            "There is no function",
        ),
        (kit.reports["grader_error"], "1;31", GRADER_FAULT),
    ):
        shown = text.render(report, "student", coloured)
        assert f"\n\x1b[{style}m{said}" in shown


def test_a_file_gets_plain_text() -> None:
    """Text that does not go to a terminal depends on nothing around it."""
    assert Terminal(80, colour=False, symbols=True) == PLAIN
