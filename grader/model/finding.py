"""What comparing one outcome with the expected value found."""

from enum import StrEnum
from typing import Literal

import msgspec

from grader.model.exercise import Trial
from grader.model.outcome import Outcome
from grader.model.value import Value


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


Cell = float | Literal["nan", "inf", "-inf"]
Rung = Literal[
    "type",
    "shape",
    "dtype",
    "nan",
    "inf",
    "values",
    "modified",
    "length",
    "keys",
    "check",
    "speed",
]
Region = Literal[
    "everywhere",
    "border",
    "first_row",
    "last_row",
    "first_column",
    "last_column",
    "last_row_and_column",
    "last_rows_and_columns",
    "one_row",
    "one_column",
    "one_value",
    "inside",
    "scattered",
]


class Finding(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What `compare` found about one trial: facts, no sentences."""

    verdict: Verdict
    trial: Trial
    outcome: Outcome
    expected: Value
    part: tuple[int | str, ...] = ()
    """The way to the part of the result that is wrong: places in sequences, keys of dicts."""
    part_expected: Value = None
    """The part that is wrong, if `part` is not empty; else not set."""
    part_actual: Value = None
    sentence: str | None = None
    """For `check`: what the exercise's own check says."""
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
