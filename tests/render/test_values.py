"""Values of every kind as people read them: sentences, texts with a mark, strips, planes, calls.

After a change that is meant: `GRADER_UPDATE=1 pytest tests/render/test_values.py`.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.compare import Checks, compare, details, in_time
from grader.exercise import load_exercise
from grader.model import (
    Call,
    Comparison,
    Covered,
    Details,
    Earlier,
    Exercise,
    Outcome,
    Raised,
    Random,
    Report,
    Speed,
    Target,
    Tolerance,
    Trial,
    Unsent,
    Verdict,
)
from grader.render import render
from grader.render.html import cards_html
from grader.render.sentences import case_message
from grader.render.svg import grid_svg
from grader.render.written import quoted
from tests.golden import assert_golden

HERE = Path(__file__).parent / "golden"
EXERCISES = Path(__file__).parents[2] / "exercises"
CUBE = np.arange(12.0).reshape(2, 2, 3)
WRONG_CUBE = CUBE.copy()
WRONG_CUBE[1, 0, 2] = -1
NASTY = "</code><script>x</script>\x1b[31m\u202e`a`\n::error::"
TEXT = (
    "the quick brown fox jumps over the lazy dog and then it sleeps for hours"
)
PAIRS: list[tuple[Any, Any]] = [
    (0.5, 0.25),
    (1.0000001, 1.0001),
    (3, 4),
    (10**30, 4),
    (float("nan"), 1.0),
    (1 + 2j, 1 + 3j),
    (True, 1),
    (1, True),
    (np.float64(2.0), False),
    ("the", "The"),
    (TEXT.replace("dog", "cat"), TEXT),
    (b"ab", b"ac"),
    (None, 1.0),
    (1.0, None),
    ("1", 1),
    ([1, 2], (1, 2)),
    ((1, 2), [1, 2]),
    (np.array([1, 2]), [1, 2]),
    (Unsent("set"), ["a"]),
    (Unsent("generator"), np.zeros(3)),
    ([1, 2, 3], [1, 2]),
    (["a"], ["a", "b"]),
    (["b"], ["a", "b"]),
    (["the", "cat"], ["The", "cat"]),
    ([1, 2, 4, 4], [1, 2, 3, 4]),
    ([[1, 2], [3, 5]], [[1, 2], [3, 4]]),
    ((np.ones(3), 2.0), (np.zeros(3), 2.0)),
    ((np.zeros(3), None), (np.zeros(3), 2.0)),
    ((np.zeros((3, 1)), 2.0), (np.zeros(3), 2.0)),
    ({"w": np.zeros(2), "loss": 0.5}, {"w": np.zeros(2), "loss": 0.25}),
    ({"w": 1, "x": 2}, {"w": 1, "loss": 2}),
    ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}),
    (np.array([1.0, 2.0, 3.5]), np.array([1.0, 2.0, 3.0])),
    (np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0])),
    (WRONG_CUBE, CUBE),
    (np.array([1, 0]), np.array([True, False])),
]


def facts(value: Any, expected: Any, **more: Any) -> tuple[Verdict, Details]:
    """Compare, and return the verdict and the facts."""
    trial = Trial(
        case="a",
        name="t",
        args=("Hello", Random("PCG64", "{}"), 2, np.arange(3.0)),
    )
    outcome = Outcome(
        kind="returned",
        value=None if isinstance(value, Unsent) else value,
        type_name=value.type_name
        if isinstance(value, Unsent)
        else type(value).__name__,
    )
    names = ("text", "rng", "k", "x")
    finding = compare(trial, outcome, expected, Tolerance(), names, **more)
    return finding.verdict, details(finding, (), passed=0, of=1)


@pytest.fixture
def exercise() -> Exercise:
    """Give an exercise, whose targets and limits the tests replace."""
    return load_exercise(EXERCISES / "convolution")


def test_sentences() -> None:
    """Each kind of value has a sentence that names the part, and both values."""
    said = [
        f"{value!r:.60} for {expected!r:.60}\n  {case_message(*facts(value, expected))}\n"
        for value, expected in PAIRS
    ]
    assert_golden(HERE / "values.txt", "".join(said))


@pytest.mark.parametrize("kind", ["list", "tuple", "dict"])
def test_what_has_parts_is_not_one_wrong_value(kind: str) -> None:
    """A report that does not say which part is wrong says no more than that values differ."""
    facts = Details(rung="values", expected_type=kind)
    assert "alues differ" in case_message(Verdict.WRONG_VALUES, facts)


def test_a_text_stands_in_single_quotes() -> None:
    """Quotation marks inside are as the student wrote them, and a line end is written out."""
    assert quoted("""it's "so"\n""") == """'it's "so"\\n'"""


def report_of(kit: SimpleNamespace, pairs: list[tuple[Any, Any]]) -> Report:
    """Return a report with a case for each pair."""
    cases = [
        msgspec.structs.replace(kit.case(*facts(*pair)), name=f"case {number}")
        for number, pair in enumerate(pairs)
    ]
    report: Report = kit.report(*cases)
    return report


SHOWN = [PAIRS[0], PAIRS[10], PAIRS[23], PAIRS[24], PAIRS[29], PAIRS[34]]


def test_pages(kit: SimpleNamespace) -> None:
    """Texts have a mark where they differ, a list is a strip, a cube is a row of planes."""
    report = report_of(kit, SHOWN)
    _, cards = cards_html(report).split("</style>\n")
    assert_golden(HERE / "values.html", cards)
    each = [render(report_of(kit, [pair]), "text") for pair in SHOWN]
    assert_golden(HERE / "values_each.txt", "".join(each))
    picture = grid_svg(kit.case(*facts(*PAIRS[34])))
    assert picture is not None
    assert_golden(HERE / "values.svg", picture.replace("><", ">\n<"))


def several(outcome: Outcome) -> tuple[Verdict, Details]:
    """Return the facts about a class whose methods are called."""
    calls = (
        Call(name="Layer", args=(CUBE,), names=("weights",), is_kept=True),
        Call(name="forward", on=0, args=(CUBE,), names=("x",)),
        Call(name="backward", on=0, kwargs={"rate": 0.5}, names=("rate",)),
        Call(name="gradient", on=0, is_attribute=True),
    )
    trial = Trial(
        case="a",
        name="t",
        args=(CUBE, CUBE, 0.5),
        names=("weights", "forward.x", "rate"),
        calls=calls,
        result=(Earlier(1), Earlier(2), Earlier(3)),
    )
    finding = compare(trial, outcome, (1.0, 2.0, CUBE), Tolerance())
    return finding.verdict, details(finding, ())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            (1.0, 3.0, CUBE),
            "What `layer.backward` returned is 3.0, expected 2.0.",
        ),
        ((1.0, 2.0, WRONG_CUBE), "`layer.gradient`: 1 of 12 values differs."),
        (
            (1.0, 2.0, [1]),
            "`layer.gradient` is a list, but it should be a NumPy array",
        ),
    ],
)
def test_the_call_is_named_that_gave_what_is_wrong(
    value: Any, said: str
) -> None:
    """With several calls, the sentence says which, and the calls are shown as lines of Python."""
    outcome = Outcome(kind="returned", value=value, type_name="tuple")
    verdict, shown = several(outcome)
    assert case_message(verdict, shown).startswith(said)
    assert shown.script == (
        "layer = Layer(weights)",
        "layer.forward(forward_x)",
        "layer.backward(rate=0.5)",
        "layer.gradient",
    )
    assert list(shown.inputs or {}) == ["weights", "forward_x", "rate"]


def test_the_call_is_named_that_raised() -> None:
    """An exception of one of several calls says of which."""
    raised = Raised(type="KeyError", message="'x'")
    outcome = Outcome(kind="raised", raised=raised, call=2)
    said = case_message(*several(outcome))
    assert said.endswith("It was the call of `layer.backward`.")


def test_names_of_parts_are_those_of_the_exercise(exercise: Exercise) -> None:
    """Where the parts of a tuple have names, these are told."""
    target = Target(name="f", parts=("z", "std"))
    known = msgspec.structs.replace(exercise, targets=(target,))
    trial = Trial(case="a", name="t", args=())
    outcome = Outcome(kind="returned", value=(1.0, 2.0), type_name="tuple")
    finding = compare(trial, outcome, (1.0, 3.0), Tolerance())
    shown = details(finding, (), exercise=known)
    assert shown.part == "`std`"
    said = case_message(finding.verdict, shown)
    assert said == "`std`: yours is 2.0, expected 3.0."


def test_what_is_right_and_slow_is_told_without_a_time(
    exercise: Exercise,
) -> None:
    """Two gradings say the same, so the ratio is told and no duration."""
    known = msgspec.structs.replace(exercise, speed=Speed("20x reference"))
    trial = Trial(case="a", name="t", args=())
    outcome = Outcome(
        kind="returned", value=1.0, type_name="float", duration_s=3.0
    )
    finding = compare(trial, outcome, 1.0, Tolerance())
    assert in_time(finding, 4.0) is finding
    slow = in_time(finding, 2.0)
    said = case_message(slow.verdict, details(slow, (), exercise=known))
    assert slow.verdict is Verdict.TIMED_OUT
    assert "20 times as long as the reference" in said
    assert "3" not in said


def nasty(kit: SimpleNamespace) -> Report:
    """Return a report with hostile text in every place that a value has."""
    checks = Checks(functions={"a": lambda answer: answer + NASTY})
    dicts = {NASTY: NASTY}, {NASTY: NASTY + "x", "b": [NASTY]}
    cases = [
        kit.case(*facts(NASTY, NASTY + "x")),
        kit.case(*facts(*dicts)),
        kit.case(*facts([NASTY], ["x", NASTY])),
        kit.case(*facts([NASTY, 1], ["x", 1])),
        kit.case(*facts({NASTY: 1}, {NASTY: 2})),
        kit.case(*facts(Unsent(NASTY), "a")),
        kit.case(*facts("a", "b", checks=checks)),
        kit.case(*facts([1], [2], comparison=Comparison())),
    ]
    cases += [
        msgspec.structs.replace(
            case,
            name=NASTY,
            details=msgspec.structs.replace(
                case.details,
                script=(NASTY,),
                call=NASTY,
                part=NASTY,
                covered=Covered(
                    over=NASTY, by=NASTY, row=0, column=0, height=1, width=1
                ),
                inputs={NASTY: NASTY, "x": [[1.0]]},
                missing=(NASTY,),
                allowed=NASTY,
                expected_dtype=NASTY,
            ),
        )
        for case in cases
    ]
    report: Report = kit.report(*cases)
    return report


def test_text_of_strangers_acts_nowhere(kit: SimpleNamespace) -> None:
    """No value, key, name or sentence is markup, an escape, or a line of its own."""
    report = nasty(kit)
    page = render(report, "html", "instructor")
    assert "<script" not in page
    assert "\x1b" not in page + render(report, "text")
    assert "\u202e" not in page + render(report, "text")
    lines = render(report, "text", "instructor").split("\n")
    assert not [line for line in lines if line.lstrip().startswith("::")]
    for case in report.cases:
        said = case_message(case.verdict, case.details)
        assert "\n" not in said
        assert "\x1b" not in said


@pytest.mark.parametrize("size", [10**4, 10**7])
def test_a_report_stays_small_whatever_came_back(size: int) -> None:
    """Long texts, long lists and many keys are cut."""
    for value in ("a" * size, ["a" * 100] * size, dict.fromkeys(range(size))):
        _, shown = facts(value, "b")
        assert len(msgspec.json.encode(shown)) < 20_000
