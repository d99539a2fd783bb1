"""What came back from running a submission."""

from typing import Literal

import msgspec

from grader.model.value import Value

LoadingState = Literal[
    "ready",
    "no_function",
    "not_callable",
    "bad_signature",
    "foreign",
    "timed_out",
    "out_of_memory",
    "crashed",
    "invalid_output",
    "grader_error",
]
OutcomeKind = Literal[
    "returned",
    "raised",
    "timed_out",
    "out_of_memory",
    "crashed",
    "invalid_output",
    "not_run",
    "grader_error",
]


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """What a name stood for when an exception was raised, as the student's own process says."""

    name: str
    type: str
    text: str | None = None
    """A number or a short text, as Python writes it."""
    number: int | None = None
    """A whole number that can be the place or the length of something."""
    shape: tuple[int, ...] | None = None
    """The shape of an array; of a list, a tuple and the like, how many elements it has."""
    dtype: str | None = None
    """The dtype of an array."""


class Moment(msgspec.Struct, frozen=True):
    """What a name or an expression of the line stood for when the exception was raised."""

    name: str
    """As it is written there."""
    what: str
    """A value (`6`), the shape of an array (`(2, 3)`), or what kind of thing (`list of 3`)."""
    kind: Literal["value", "shape", "thing"]


class CutOff(msgspec.Struct, frozen=True, kw_only=True):
    """A slice that asks for more than there is, so that it gives less than it asks for."""

    expression: str
    """As it is written, such as `image[i:i + 3, j:j + 3]`."""
    array: str
    axis: int
    axes: int
    """How many axes the array has."""
    first: int
    last: int
    """The indices that it asks for along this axis, both included."""
    length: int
    """How many there are."""


class Patch(msgspec.Struct, frozen=True):
    """What a slice asks for, whether it is there or not: from where to where along each axis."""

    shape: tuple[int, ...]
    """The shape of the array that it is taken from."""
    first: tuple[int, ...]
    end: tuple[int, ...]
    """The indices after the last ones."""


class Rebound(msgspec.Struct, frozen=True):
    """A parameter whose name a loop of the function gives to something else."""

    name: str
    line: int
    cell: int | None = None


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """An exception of the student's code. Its text is bounded and has no control characters."""

    type: str
    """Empty for a cell that timed out or ended its process; `message` then says so."""
    message: str
    line: int | None = None
    cell: int | None = None
    missing: "Missing | None" = None
    """The module that is not there, if it is the reason."""
    nearby: str | None = None
    """The name of their own that they may have meant, where one is not defined."""
    variables: tuple[Variable, ...] = ()
    """What the names of the line stood for."""
    moment: tuple[Moment, ...] = ()
    """What the line's names and slices stood for; made of `variables` and the text."""
    cut_off: CutOff | None = None
    """The slice of that line that reaches over the edge, if one does."""
    rebound: Rebound | None = None
    """The parameter on that line whose name stands for something else by then, if there is one."""
    patch: Patch | None = None
    """What the first slice of that line asks for, or the one that reaches over the edge."""


class Missing(msgspec.Struct, frozen=True):
    """A module that the submission imports and that is not there."""

    module: str
    """As it is written; with a dot in front for a file beside the submission."""
    line: int | None
    """Where it is imported, or needed without an import that failed."""
    cell: int | None


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """A top-level statement, or a notebook's cell, that raised while the submission was loaded."""

    line: int | None
    cell: int | None
    raised: Raised


class Still(msgspec.Struct, frozen=True, kw_only=True):
    """Where code was when its time was up, as its own process says."""

    lines: tuple[int, ...]
    """The lines that it came to while it was watched, of one function; in order."""
    cell: int | None = None
    is_loop: bool = False
    """Whether the only line is that of the loop that holds all of them, which the text shows."""


class Loading(msgspec.Struct, frozen=True, kw_only=True):
    """What came of loading; `state` is `ready` if there is a function that takes the arguments."""

    state: LoadingState
    definitions_only: bool = False
    """True if running everything failed, and only imports, definitions and literals were run."""
    skipped: tuple[Skipped, ...] = ()
    functions: tuple[str, ...] = ()
    """Names of the functions that the submission defines at top level."""
    type_name: str | None = None
    """For `not_callable`: what the name is bound to."""
    required: tuple[str, ...] = ()
    """For `bad_signature`: the parameters without a default."""
    module: str | None = None
    """For `foreign`: the module that the function comes from."""
    reason: str | None = None
    still: Still | None = None
    """`timed_out`: where it was then."""
    replaced: bool = False
    """True if the name was bound to something else at the end, and the last own `def` is called."""
    target: str | None = None
    """Which of the targets all this is about; None where nobody has looked for any."""


class Outcome(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What came of one call; `kind` says which of the other fields are set."""

    kind: OutcomeKind
    duration_s: float = 0.0
    value: Value = None
    """`returned`: the result; None too if its `type_name` is one that no value has."""
    type_name: str | None = None
    """`returned`: the type of the result; `ndarray` for an array of any subclass."""
    call: int = 0
    """Which call of the trial this is about, if it did not return."""
    dtype: str | None = None
    """`returned`: the dtype of an array whose values were not sent, such as `object`; else None."""
    args_after: tuple[Value, ...] | None = None
    """`returned`: the arguments as they were after the calls, if one of these changed any."""
    raised: Raised | None = None
    signal: int | None = None
    exit_code: int | None = None
    limit_s: float | None = None
    reason: str | None = None
    still: Still | None = None
    """`timed_out`: where it was then, if its process could say."""
    allowed_s: float | None = None
    """What was allowed in the end, of a trial that was asked again because it took too long."""


class Isolation(msgspec.Struct, frozen=True):
    """What was really enforced, found by trying."""

    level: Literal["full", "partial", "none"]
    mechanisms: tuple[str, ...]


class Execution(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Everything that came back for one submission, with one outcome per trial, in order."""

    loading: Loading
    outcomes: tuple[Outcome, ...]
    isolation: Isolation
    probe: Outcome | None = None
    """What came of the call that is not graded; None if it was not made."""
    output: str = ""
    """What the submission printed: the first `output_kb`, without control characters."""
    cut_short: bool = False
    """Whether it could have come to more with the exercise's own limits, and a processor of its
    own: only where somebody waits for the answer."""
