"""What came back from running a submission."""

from typing import Literal

import msgspec

from grader.model.exercise import Array

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

    state: LoadingState
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

    kind: OutcomeKind
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
