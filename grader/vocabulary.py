"""The words for what the grader tells: verdicts, statuses, levels, places, counts and points.

Everything that shows a report takes its words from here: text, pages, course platforms, the class
page and the command line. JSON and CSV hold the values themselves, such as `wrong_shape`; people
read `Wrong size`. Sentences with the facts of one case are in `render.prose`.
"""

from typing import Final, Literal, NamedTuple

from grader.model import Status, Verdict
from grader.untrusted import one_line

Level = Literal["full", "partial", "none"]
Tone = Literal["good", "bad", "plain"]


class Wording(NamedTuple):
    """What a verdict is called."""

    label: str
    """Two or three words: a heading, or a cell of a table."""
    sentence: str
    """One sentence for a student, where the facts of the case are not at hand."""
    tone: Tone = "bad"
    """`plain`: neither right nor wrong."""
    mark: str = "✗"
    ascii_mark: str = "x"
    """The mark where only ASCII can be shown."""


VERDICTS: Final[dict[Verdict, Wording]] = {
    Verdict.PASSED: Wording(
        "Passed", "Every value is as it should be.", "good", "✓", "+"
    ),
    Verdict.WRONG_TYPE: Wording(
        "Wrong type", "Your function does not return a NumPy array."
    ),
    Verdict.WRONG_SHAPE: Wording(
        "Wrong size", "Your output has the wrong size."
    ),
    Verdict.WRONG_VALUES: Wording(
        "Wrong values", "Some values of your output are wrong."
    ),
    Verdict.MODIFIED_INPUT: Wording(
        "Input changed", "Your function changes its argument."
    ),
    Verdict.RAISED: Wording("Exception", "Your code raised an exception."),
    Verdict.TIMED_OUT: Wording(
        "Too slow", "There was no answer within the time limit."
    ),
    Verdict.OUT_OF_MEMORY: Wording(
        "Out of memory", "Your code needed more memory than it may use."
    ),
    Verdict.CRASHED: Wording(
        "Crashed", "Your code ended the process before it gave an answer."
    ),
    Verdict.INVALID_OUTPUT: Wording(
        "Unreadable output",
        "What came back from your code could not be read as an array.",
    ),
    Verdict.NOT_RUN: Wording(
        "Not run",
        "Not run, because the submission could not be graded.",
        "plain",
        "○",
        "-",
    ),
    Verdict.GRADER_ERROR: Wording(
        "Grader error",
        "The grader itself failed here. That is our fault, not yours, and it costs you no points.",
        "plain",
        "!",
        "!",
    ),
}

STATUSES: Final[dict[Status, str]] = {
    Status.GRADED: "Graded",
    Status.NOT_GRADABLE: "Could not be graded",
    Status.GRADER_ERROR: "Grader error",
}

GRADER_FAULT: Final = (
    "The grader itself failed, so this submission was not graded and has no score. "
    "That is our fault, not yours, and nothing is lost: submit it again later, "
    "and tell the course staff if this happens twice."
)
"""All that a student reads about a fault of ours; the reason is in the operator's log."""

LEVELS: Final[dict[Level, str]] = {
    "full": "everything that a submission must not do was refused",
    "partial": "some of what a submission must not do was refused",
    "none": "submissions run with the rights of whoever runs the grader",
}
"""What each level of isolation means."""


def place(line: int | None, cell: int | None = None) -> str:
    """Return where in a submission something is: `cell 3, line 2`, `line 12`, or nothing."""
    parts = []
    if cell is not None:
        parts.append(f"cell {cell}")
    if line is not None:
        parts.append(f"line {line}")
    return ", ".join(parts)


def place_first(line: int | None, cell: int | None = None) -> str:
    """Return the place as the first words of a sentence: `Cell 3, line 2`, or `The file`."""
    return place(line, cell).capitalize() or "The file"


def count(how_many: int, noun: str, plural: str | None = None) -> str:
    """Return the number with its noun in the right form: `1 case`, `2 cases`."""
    return f"{how_many} {noun if how_many == 1 else plural or noun + 's'}"


def was(how_many: int) -> str:
    """Return the verb for a count: `was` for one, else `were`."""
    return "was" if how_many == 1 else "were"


def number(score: float) -> str:
    """Format a score, dropping a trailing `.0`: `4`, `2.5`."""
    return f"{score:.6g}"


def points(score: float | None, most: float) -> str:
    """Return the points as in `3 of 4 points`, or that there are none to give."""
    if score is None:
        return "no score"
    return f"{number(score)} of {number(most)} {'point' if most == 1 else 'points'}"


def exception(kind: str, message: str) -> str:
    """Return an exception as the last line of a traceback shows it: `ValueError: a message`."""
    kind, message = one_line(kind, 80), one_line(message, 240)
    return f"{kind}: {message}" if message else kind
