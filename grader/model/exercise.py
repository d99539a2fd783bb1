"""An exercise, public half and hidden half, and the inputs that are drawn from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Limits(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """What a submission may use. Seconds are wall-clock time, measured by the trusted side."""

    load_s: float = 10.0
    """For running the whole file once, before the first call."""
    call_s: float = 2.0
    """For one call of the student's function."""
    total_s: float = 30.0
    """For all calls of one submission together."""
    cell_s: float = 10.0
    """For one cell of a notebook."""
    notebook_s: float = 30.0
    """For all cells of a notebook together."""
    memory_mb: int = 1024
    """Address space beyond that of an idle worker."""
    output_kb: int = 64
    """How much of standard output and error is kept; the rest is read and dropped."""
    scratch_mb: int = 64
    """All files in the scratch folder together."""


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
    """A public, worked case: exercise.toml has its inputs and its result."""

    name: str
    title: str
    args: tuple[Array, ...]
    expected: Array


class Exercise(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The public half of an exercise: everything that a student may see."""

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
    packages: tuple[str, ...] = ()
    """Packages that submissions may import, and that artifacts install."""
    examples: tuple[Example, ...]
    stub: str
    folder: Path
    digest: str
    """`sha256:...` over the files of the folder."""
    grading_digest: str = ""
    """`sha256:...` over what decides a grade: the values of exercise.toml, and the stub."""


class ArgumentRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """How one argument of a trial is drawn."""

    kind: Literal["uniform", "integers", "normal"] = "uniform"
    """`uniform` and `normal` give float64, `integers` gives int64."""
    low: float = 0.0
    high: float = 1.0
    """For `uniform` and `integers`: `low` is reached, and so is `high` if values are rounded."""
    mean: float = 0.0
    std: float = 1.0
    """For `normal`."""
    step: float | None = None
    """Floats are rounded to multiples of this; a power of two keeps sums of products exact."""
    decimals: int | None = None
    """Floats are rounded to this many decimals."""
    sum_between: tuple[float, float] | None = None
    """The argument is drawn again until the sum of its values is between these."""
    same_as: str | None = None
    """The name of an earlier trial of the same case whose argument is used again."""


class TrialRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """How the arguments of one trial are drawn: argument name -> recipe."""

    name: str
    title: str
    inputs: dict[str, ArgumentRecipe]


class CaseRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """One hidden case: its name and the shape of each argument."""

    name: str
    title: str
    shapes: dict[str, tuple[int, ...]]


class ProbeRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """A size that no case has and the statement promises: called once, and never graded."""

    shapes: dict[str, tuple[int, ...]]


class Solutions(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The hidden half of an exercise: the reference solution and how hidden cases are drawn."""

    reference: Callable[..., Array]
    cases: tuple[CaseRecipe, ...]
    trials: tuple[TrialRecipe, ...]
    probe: ProbeRecipe | None = None
    folder: Path
    digest: str
