"""The report: plain data, and the only source of the JSON Schema."""

from enum import StrEnum
from typing import Any, Literal

import msgspec

from grader.model.finding import Cell, Region, Rung, Verdict
from grader.model.outcome import CutOff, Isolation, Missing, Moment, Rebound

Leaf = bool | int | float | str | None
"""One value of a report; `nan`, `inf` and `-inf` stand for the numbers that JSON does not have."""


class Status(StrEnum):
    """What became of a submission. `grader_error` is our fault; then there is no score."""

    GRADED = "graded"
    NOT_GRADABLE = "not_gradable"
    GRADER_ERROR = "grader_error"


class Hint(msgspec.Struct, frozen=True, omit_defaults=True):
    """A misconception that the student's outputs prove, and a sentence about it."""

    misconception: str
    text: str
    question: str = ""
    """What to ask or where to look before the text names the cause; absent without one."""


class ExceptionDetails(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True
):
    """An exception with the student's own line of source."""

    type: str
    message: str
    line: int | None = None
    cell: int | None = None
    source: str | None = None
    """The line as the student wrote it."""
    missing: Missing | None = None
    """The module that is not there, if it is the reason."""
    nearby: str | None = None
    """The name of their own that they may have meant, where one is not defined."""
    moment: tuple[Moment, ...] = ()
    """What the names and slices of that line stood for, as the student's own process says."""
    cut_off: CutOff | None = None
    """The slice of that line that reaches over the edge, if one does."""
    rebound: Rebound | None = None
    """The parameter of that line whose name a loop gives to something else, if there is one."""


class StillDetails(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True
):
    """Where code was when its time was up, with the student's own line of source."""

    line: int
    cell: int | None = None
    source: str | None = None
    """The line as the student wrote it."""
    is_loop: bool = False
    """Whether it is the line of the loop that the code was in."""


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """A rectangle of an argument; it may reach over the argument's edges."""

    over: str
    """The argument."""
    by: str = ""
    """The argument that is laid over it there; empty for what a line asked for when it raised."""
    row: int
    column: int
    height: int
    width: int


class Details(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The facts behind a verdict, of one trial that failed. Only what applies is present."""

    trial: str | None = None
    """The trial that these facts are about."""
    rung: Rung | None = None
    """The step of the comparison that failed."""
    part: str | None = None
    """The part of the result that the following facts are about, in words; absent for all of it."""
    script: tuple[str, ...] = ()
    """The calls that were made, as lines of Python; absent for one plain call."""
    call: str | None = None
    """Which call of the script did not return."""
    expected_type: str | None = None
    """What kind of value was expected; absent for an array."""
    expected_dtype: str | None = None
    """The dtype that was expected, where another one is all that is wrong."""
    expected_length: int | None = None
    actual_length: int | None = None
    missing: tuple[str, ...] = ()
    """Keys that a dict should have and does not."""
    unexpected: tuple[str, ...] = ()
    """Keys that a dict should not have."""
    sentence: str | None = None
    """What the exercise's own check says about the result."""
    allowed: str | None = None
    """How long it may take, such as `20x reference`."""
    expected_shape: tuple[int, ...] | None = None
    actual_shape: tuple[int, ...] | None = None
    actual_type: str | None = None
    """The Python type that came back, `ndarray` for an array."""
    actual_dtype: str | None = None
    differing: int | None = None
    """How many values differ by more than the tolerance."""
    total: int | None = None
    """How many values there are in all."""
    region: Region | None = None
    """Where the values that differ are."""
    first: tuple[int, ...] | None = None
    """Index of the first value that differs, counted from 0."""
    expected_value: Leaf = None
    """What is expected there; of a text, what stands around the first difference."""
    actual_value: Leaf = None
    max_error: Cell | None = None
    """The largest difference between two values."""
    argument: str | None = None
    """The argument that was changed."""
    exception: ExceptionDetails | None = None
    limit_s: float | None = None
    """The limit that the call ran into, in seconds."""
    still: StillDetails | None = None
    """Where the code was then, if its process could say."""
    signal: int | None = None
    """The signal that ended the process."""
    exit_code: int | None = None
    """The exit code of the process."""
    reason: str | None = None
    """Why there is no result, or why it could not be read."""
    covered: Covered | None = None
    """What the first wrong place is computed from, or what a line asked for when it raised."""
    inputs: dict[str, Any] | None = None
    """Argument name -> its value: nested lists for an array or a list, an object for a dict."""
    expected: Any | None = None
    """The value that was expected."""
    actual: Any | None = None
    """The value that came back; absent if too big to show."""
    passed_trials: int | None = None
    """How many trials of this case passed."""
    trials: int | None = None
    """How many trials this case has."""


class CaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """One case of the report."""

    name: str
    title: str
    shapes: dict[str, tuple[int, ...]]
    """Argument name -> shape, such as `{"image": [8, 8], "kernel": [3, 3]}`."""
    verdict: Verdict
    score: float | None
    """Null for a `grader_error`."""
    max_score: float
    message: str
    hints: tuple[Hint, ...]
    """Empty if no misconception explains what came back."""
    details: Details
    duration_s: float
    """Seconds spent in the student's calls; the only field that differs from run to run."""


class ExerciseInfo(msgspec.Struct, frozen=True):
    """The exercise that was graded."""

    name: str
    title: str
    digest: str


class SubmissionInfo(msgspec.Struct, frozen=True):
    """The submission that was graded."""

    name: str
    kind: Literal["python", "notebook"]
    digest: str


class Versions(msgspec.Struct, frozen=True):
    """The Python and the NumPy that graded: what code gives may depend on them."""

    python: str
    numpy: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one submission."""

    schema_version: Literal[2] = 2
    exercise: ExerciseInfo
    submission: SubmissionInfo
    status: Status
    score: float | None
    """Null for a `grader_error`, and only then: never 0, never full marks."""
    max_score: float
    message: str
    cases: tuple[CaseReport, ...]
    notes: tuple[str, ...]
    """Sentences about the submission as a whole."""
    isolation: Isolation
    grader_version: str
    graded_with: Versions | None = None
    """Null in reports of graders that did not say."""
    output: str = ""
    """What the submission printed: lines, the middle left out where there are many."""
