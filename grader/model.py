"""The records that pass between the rooms of the grader.

All of them are frozen. Those that end in the report are plain data (`Report` and what it holds) and
are the only source of the JSON Schema; those that hold arrays (`Trial`, `Outcome`, `Finding`) never
leave the process.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Verdict(StrEnum):
    """What became of one case: exactly one of these."""

    PASSED = "passed"
    WRONG_TYPE = "wrong_type"
    WRONG_SHAPE = "wrong_shape"
    WRONG_VALUES = "wrong_values"
    MODIFIED_INPUT = "modified_input"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    INVALID_OUTPUT = "invalid_output"
    NOT_RUN = "not_run"
    GRADER_ERROR = "grader_error"


class Status(StrEnum):
    """What became of a submission: `grader_error` is our fault, and then there is no score."""

    GRADED = "graded"
    NOT_GRADABLE = "not_gradable"
    GRADER_ERROR = "grader_error"


# --------------------------------------------------------------------------------------------- exercise and submission


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a submission may use; seconds are wall-clock time, kept by the trusted side."""

    load_s: float = 10.0
    """To run the whole file once, before the first call."""
    call_s: float = 2.0
    """For one call of the student's function."""
    total_s: float = 30.0
    """For all calls of one submission together."""
    cell_s: float = 10.0
    """For one cell of a notebook."""
    notebook_s: float = 30.0
    """For all cells of a notebook together."""
    memory_mb: int = 1024
    """Address space beyond what the idle worker has."""
    output_kb: int = 64
    """Standard output and error that are kept; the rest is read and dropped."""
    scratch_mb: int = 64
    """Files in the scratch folder, all together."""


class Tolerance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two numbers agree when |actual - expected| <= atol + rtol * |expected|."""

    rtol: float = 1e-5
    atol: float = 1e-5


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the student's function must not use."""

    forbidden: tuple[str, ...] = ()
    """Top-level names of libraries, such as `scipy`."""


class Trial(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One call of the student's function: the arguments, in order."""

    case: str
    name: str
    args: tuple[Array, ...]


class Case(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One row of the report: several trials, passed when all of them are."""

    name: str
    title: str
    points: float
    shapes: dict[str, tuple[int, ...]]
    """Argument name -> shape."""
    trials: tuple[Trial, ...]


class Example(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A public, worked case: its inputs and its result are written in exercise.toml."""

    name: str
    title: str
    args: tuple[Array, ...]
    expected: Array


class Exercise(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The public half of an exercise: all that a student may see."""

    name: str
    title: str
    function: str
    arguments: tuple[str, ...]
    points: float
    """Per case."""
    limits: Limits
    tolerance: Tolerance
    rules: Rules
    preload: tuple[str, ...]
    """Modules that notebooks may use and that take long to import."""
    examples: tuple[Example, ...]
    stub: str
    folder: Path
    digest: str
    """`sha256:...` over the files of the folder."""


class ArgumentRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """How one argument of a trial is drawn."""

    kind: Literal["uniform", "integers", "normal"] = "uniform"
    """`uniform` and `normal` give float64, `integers` gives int64."""
    low: float = 0.0
    high: float = 1.0
    """For `uniform` and `integers`, which both reach `low` and, where values are rounded, `high`."""
    mean: float = 0.0
    std: float = 1.0
    """For `normal`."""
    step: float | None = None
    """Floats are rounded to multiples of this. With a power of two, sums of products are exact in float32 too."""
    decimals: int | None = None
    """Floats are rounded to so many decimals."""
    sum_between: tuple[float, float] | None = None
    """The argument is drawn again until the sum of its values lies between these."""
    same_as: str | None = None
    """Name of an earlier trial of the same case, whose argument is used again."""


class TrialRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """How the arguments of one trial are drawn: argument name -> recipe."""

    name: str
    title: str
    inputs: dict[str, ArgumentRecipe]


class CaseRecipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One hidden case: its name and the shape of each argument."""

    name: str
    title: str
    shapes: dict[str, tuple[int, ...]]


class Solutions(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The hidden half of an exercise: the reference solution and how hidden cases are drawn."""

    reference: Callable[..., Array]
    cases: tuple[CaseRecipe, ...]
    trials: tuple[TrialRecipe, ...]
    folder: Path
    digest: str


class Unit(msgspec.Struct, frozen=True):
    """A piece of source: a whole .py file, or one code cell of a notebook."""

    source: str
    cell: int | None = None
    """Number of the code cell, from 1; None for a file."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a submission cannot be graded: one line for a beginner, and the misconception's id where it is one."""

    message: str
    misconception: str | None = None


class NameUse(msgspec.Struct, frozen=True):
    """A name where the student's text uses it."""

    name: str
    line: int
    cell: int | None = None
    suggestion: str | None = None
    """For a name that nothing binds: a line to add (`import numpy as np`), or the name that was probably meant."""


class SourceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the text says about the student's function, and about the functions of theirs that it reaches."""

    line: int | None = None
    """Of the definition; None where the text has none."""
    cell: int | None = None
    parameters: tuple[str, ...] = ()
    unread_parameters: tuple[str, ...] = ()
    """Parameters whose values the function's body never loads."""
    reads_globals: tuple[NameUse, ...] = ()
    """Data of the file or of another cell that it loads: no function, class, module or literal."""
    unbound: tuple[NameUse, ...] = ()
    """Names that it loads, and that nothing binds: `np` without its import, a slip of the pen, data from elsewhere."""


class Submission(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A student's file as text: never imported, never written."""

    name: str
    kind: Literal["python", "notebook"]
    digest: str
    units: tuple[Unit, ...]
    notebook: Any = None
    """The nbformat node of a notebook (outputs dropped), else None."""
    fault: Fault | None = None
    """Set where the text alone shows that it cannot be graded."""
    notes: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------- execution's answers


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """An exception of the student's code. All text is the student's: bounded and without control characters."""

    type: str
    """Empty for a cell that was ended by the clock or ended its process: `message` says so, in the grader's words."""
    message: str
    line: int | None = None
    cell: int | None = None


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """A top-level statement, or a notebook's cell, that raised while the submission was loaded."""

    line: int | None
    cell: int | None
    raised: Raised


class Loading(msgspec.Struct, frozen=True, kw_only=True):
    """What loading gave; `state` is `ready` when there is a function that takes the arguments."""

    state: Literal[
        "ready", "no_function", "not_callable", "bad_signature", "foreign",
        "timed_out", "out_of_memory", "crashed", "invalid_output", "grader_error",
    ]  # fmt: skip
    definitions_only: bool = False
    """True where running everything failed, and imports, definitions and literals alone were loaded."""
    skipped: tuple[Skipped, ...] = ()
    functions: tuple[str, ...] = ()
    """Names of the functions that the submission defines at top level."""
    type_name: str | None = None
    """For `not_callable`: what the name is bound to."""
    required: tuple[str, ...] = ()
    """For `bad_signature`: the parameters without a default."""
    module: str | None = None
    """For `foreign`: the module that the function really comes from."""
    reason: str | None = None


class Outcome(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What one call gave. `kind` tells which of the other fields are set."""

    kind: Literal[
        "returned", "raised", "timed_out", "out_of_memory", "crashed", "invalid_output", "not_run", "grader_error",
    ]  # fmt: skip
    duration_s: float = 0.0
    value: Array | None = None
    """`returned`: the result as an array; None where it could not be one."""
    type_name: str | None = None
    """`returned`: the type of what the student's function gave, `ndarray` for an array of any subclass."""
    dtype: str | None = None
    """`returned`: the dtype of an array whose values are no numbers and were not sent, such as `object`; else None."""
    args_after: tuple[Array, ...] | None = None
    """`returned`: the arguments as they were after the call, if it changed one."""
    raised: Raised | None = None
    signal: int | None = None
    exit_code: int | None = None
    limit_s: float | None = None
    reason: str | None = None


class Isolation(msgspec.Struct, frozen=True):
    """What was really enforced, found by trying."""

    level: Literal["full", "partial", "none"]
    mechanisms: tuple[str, ...]


class Execution(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """All that came back for one submission: one outcome per trial, in order."""

    loading: Loading
    outcomes: tuple[Outcome, ...]
    isolation: Isolation
    output: str = ""
    """What the submission printed while it was loaded and called: the first `output_kb`, without control characters."""


# --------------------------------------------------------------------------------------------------- finding and hint

Cell = float | Literal["nan", "inf", "-inf"]
Rung = Literal["type", "shape", "dtype", "nan", "inf", "values", "modified"]
Region = Literal[
    "everywhere", "border", "first_row", "last_row", "first_column", "last_column", "last_row_and_column",
    "last_rows_and_columns", "one_row", "one_column", "one_value", "inside", "scattered",
]  # fmt: skip


class Finding(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What `compare` found about one trial: facts, no sentences."""

    verdict: Verdict
    trial: Trial
    outcome: Outcome
    expected: Array
    rung: Rung | None = None
    """Which step of the ladder failed, for the verdicts that come from comparing."""
    differing: int | None = None
    region: Region | None = None
    first: tuple[int, ...] | None = None
    max_error: float | None = None
    argument: str | None = None
    """For `modified`: the name of the argument."""
    arguments: tuple[str, ...] = ()
    """The names of the trial's arguments, in order."""


class Hint(msgspec.Struct, frozen=True):
    """A misconception that the student's outputs prove, and a sentence about it."""

    misconception: str
    text: str


# ------------------------------------------------------------------------------------------------------------- report


class ExceptionDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An exception with the student's own line of source."""

    type: str
    message: str
    line: int | None = None
    cell: int | None = None
    source: str | None = None
    """The line as the student wrote it."""


class Details(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The facts behind a verdict: those of the first trial that failed. Only what applies is present."""

    trial: str | None = None
    """Which trial these facts are of."""
    rung: Rung | None = None
    """Which step of comparing failed."""
    expected_shape: tuple[int, ...] | None = None
    actual_shape: tuple[int, ...] | None = None
    actual_type: str | None = None
    """The Python type that came back, `ndarray` for an array."""
    actual_dtype: str | None = None
    differing: int | None = None
    """How many values differ by more than the tolerance."""
    total: int | None = None
    """How many values there are."""
    region: Region | None = None
    """Where those that differ lie."""
    first: tuple[int, ...] | None = None
    """Index of the first value that differs, counted from 0."""
    expected_value: Cell | None = None
    actual_value: Cell | None = None
    max_error: Cell | None = None
    """The largest difference between two values."""
    argument: str | None = None
    """The argument that was changed."""
    exception: ExceptionDetails | None = None
    limit_s: float | None = None
    """The limit that a call ran into, in seconds."""
    signal: int | None = None
    """The signal that ended the process."""
    exit_code: int | None = None
    """The code that the process ended with."""
    reason: str | None = None
    """Why there is no result, or why it could not be read."""
    inputs: dict[str, Any] | None = None
    """Argument name -> nested lists of `Cell`."""
    expected: Any | None = None
    """Nested lists of `Cell`."""
    actual: Any | None = None
    """Nested lists of `Cell`; absent where it is too big to show."""
    passed_trials: int | None = None
    """How many trials of this case passed."""
    trials: int | None = None
    """How many trials this case has."""


class CaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """One case of the report."""

    name: str
    title: str
    image_shape: tuple[int, ...] | None
    """Rows and columns; null where the exercise has no argument named image."""
    kernel_shape: tuple[int, ...] | None
    """Rows and columns; null where the exercise has no argument named kernel."""
    verdict: Verdict
    score: float | None
    """None for a `grader_error`."""
    max_score: float
    message: str
    hints: tuple[Hint, ...]
    """Empty where no misconception explains what came back."""
    details: Details
    duration_s: float
    """Seconds in the student's own calls: the only field that differs from run to run."""


class ExerciseInfo(msgspec.Struct, frozen=True):
    """Which exercise it was."""

    name: str
    title: str
    digest: str


class SubmissionInfo(msgspec.Struct, frozen=True):
    """Which submission it was."""

    name: str
    kind: Literal["python", "notebook"]
    digest: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one submission. `score` is None for a `grader_error`: never 0, never full marks."""

    schema_version: Literal[1] = 1
    exercise: ExerciseInfo
    submission: SubmissionInfo
    status: Status
    score: float | None
    """Null for a grader_error, and only then."""
    max_score: float
    message: str
    cases: tuple[CaseReport, ...]
    notes: tuple[str, ...]
    """Sentences about the submission as a whole."""
    isolation: Isolation
    grader_version: str
