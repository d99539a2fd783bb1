"""`check` answers for any object that a student passes, and lets nothing that it does get out."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader import check
from grader.errors import UsageError
from grader.jupyter.calling import Bounded
from grader.model import Status, Verdict

Define = Callable[[str], Any]


@pytest.fixture
def defined() -> Callable[[str], Any]:
    """Return the function `convolve` of a source, as a prompt would have defined it."""

    def define(source: str) -> Any:
        namespace: dict[str, Any] = {"__name__": "__main__", "np": np}
        exec(source, namespace)  # noqa: S102 - the tests' own source
        return namespace["convolve"]

    return define


def verdicts(feedback: Any) -> set[Verdict]:
    """Return the verdicts of all cases."""
    return {case.verdict for case in feedback.report.cases}


def test_a_right_function_passes_every_example(
    defined: Define, solutions: dict[str, str]
) -> None:
    """A right function passes all five examples, and `passed` says so to a program."""
    feedback = check(defined(solutions["right"]))
    assert feedback.passed
    assert verdicts(feedback) == {Verdict.PASSED}
    assert "All 5 cases passed." in repr(feedback)


def test_a_notebook_gets_cards_and_everything_else_text(
    defined: Define, solutions: dict[str, str]
) -> None:
    """A notebook gets cards, a fragment of a page, and everything else text that says the same."""
    feedback = check(defined(solutions["padded"]))
    bundle = feedback._repr_mimebundle_()
    assert not feedback.passed
    for form in ("text/html", "text/plain"):
        assert "Your output is 4x4, but it should be 2x2." in bundle[form]
        assert "--format" not in bundle[form]
        assert "points" not in bundle[form]
    assert "<html" not in bundle["text/html"]


@pytest.mark.parametrize(
    ("source", "verdict", "words"),
    [
        (
            "def convolve(image, kernel): pass",
            Verdict.WRONG_TYPE,
            "returns nothing",
        ),
        (
            "def convolve(image, kernel): return [[1.0]]",
            Verdict.WRONG_TYPE,
            "list",
        ),
        (
            "def convolve(image, kernel): return [[1.0], [2.0, 3.0]]",
            Verdict.WRONG_TYPE,
            "list",
        ),
        ("def convolve(image, kernel): return 'x'", Verdict.WRONG_TYPE, "text"),
        (
            "def convolve(image, kernel): return np.array(['x'])",
            Verdict.WRONG_TYPE,
            "holds text",
        ),
        (
            "def convolve(image, kernel): return np.zeros((2, 2), object)",
            Verdict.WRONG_TYPE,
            "Python objects",
        ),
        (
            "def convolve(image, kernel): return 1 / 0",
            Verdict.RAISED,
            "ZeroDivisionError",
        ),
        (
            "def convolve(image, kernel): image[:] = 0; return image",
            Verdict.MODIFIED_INPUT,
            "argument image",
        ),
        (
            "def convolve(image, kernel): exit(3)",
            Verdict.RAISED,
            "SystemExit: 3",
        ),
        (
            "def convolve(image, kernel): raise MemoryError",
            Verdict.OUT_OF_MEMORY,
            "memory",
        ),
        (
            "def convolve(image, kernel): return convolve(image, kernel)",
            Verdict.RAISED,
            "RecursionError",
        ),
    ],
)
def test_whatever_it_does_is_a_verdict(
    defined: Define, source: str, verdict: Verdict, words: str
) -> None:
    """An exception, an exit and a strange result are answers too, each with its words."""
    feedback = check(defined(source))
    assert verdict in verdicts(feedback)
    assert words in " ".join(repr(feedback).split())
    assert words in feedback._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (42, "a number"),
        (np.zeros((2, 2)), "an array"),
        (np.convolve, "numpy"),
        (lambda image: image, "argument"),
        (lambda image, kernel, padding: image + kernel + padding, "padding"),
    ],
)
def test_what_is_not_their_function_gets_one_line(
    thing: Any, words: str
) -> None:
    """What is not a function of theirs is not gradable: one line says why, and nothing runs."""
    feedback = check(thing)
    assert feedback.report.status is Status.NOT_GRADABLE
    assert words in feedback.report.message
    assert not feedback.passed


def test_another_name_is_tried_and_told(
    defined: Define, solutions: dict[str, str]
) -> None:
    """`check(conv)` shows what conv does, and says that it must be called convolve in the end."""
    function = defined(solutions["right"])
    function.__name__ = "conv"
    feedback = check(function)
    assert feedback.passed
    assert "called conv: before you hand it in, call it convolve" in repr(
        feedback
    )
    assert "before you hand it in" in feedback._repr_mimebundle_()["text/html"]


def test_an_exception_without_readable_text_is_shown(defined: Define) -> None:
    """The text of an exception may fail, be markup, or be endless."""
    source = (
        "class Odd(Exception):\n"
        "    def __str__(self): raise ValueError\n"
        "def convolve(image, kernel): raise Odd\n"
    )
    assert "Odd" in repr(check(defined(source)))
    markup = check(
        defined(
            "def convolve(image, kernel): raise ValueError('<script>\\x1b' + 'x' * 10**6)"
        )
    )
    html = markup._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "\x1b" not in html
    assert len(html) < 200_000


def test_a_flood_of_output_is_cut(
    defined: Define, capsys: pytest.CaptureFixture[str]
) -> None:
    """Output of the function is kept apart; its beginning is shown, and nothing else is printed."""
    feedback = check(
        defined(
            "def convolve(image, kernel):\n    print('<i>hello' * 10**6)\n    return image"
        )
    )
    bundle = feedback._repr_mimebundle_()
    assert "characters more" in feedback.printed
    assert len(feedback.printed) < 5000
    assert "&lt;i&gt;hello" in bundle["text/html"]
    assert "<i>hello" in bundle["text/plain"]
    assert capsys.readouterr() == ("", "")


def test_the_stream_keeps_the_beginning_and_counts_the_rest() -> None:
    """Many small writes cost no memory: the beginning is kept, the rest counted."""
    stream = Bounded()
    for _ in range(10_000):
        assert stream.write("abc") == 3
    assert stream.text().startswith("abcabc")
    assert stream.text().endswith("and 26,000 characters more")


def test_an_unknown_exercise_is_an_error_of_one_line() -> None:
    """An exercise that does not exist is the caller's mistake, and raises UsageError."""
    with pytest.raises(UsageError, match="convolutoin"):
        check(np.add, "convolutoin")
