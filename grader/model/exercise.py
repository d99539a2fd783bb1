"""An exercise, public half and hidden half, and the inputs that are drawn from it."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from grader.model.value import Call, Earlier, Target, Value

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
    """Relative to what is expected."""
    atol: float = 1e-5
    """Absolute."""


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the student's function must not use, and what it has to."""

    forbidden: tuple[str, ...] = ()
    """Top-level names of libraries, such as `scipy`, and dotted names, such as `numpy.convolve`."""
    loops: bool = True
    """False where no loop of Python's own may do the work, here or in a module beside the file; nor
    may `exec` and `eval`, where none can be seen."""
    required: tuple[str, ...] = ()
    """Dotted names that have to be used, such as `numpy.einsum`."""

    @property
    def libraries(self) -> tuple[str, ...]:
        """The libraries among what is forbidden: no worker has them."""
        return _without_dots(self.forbidden)

    @property
    def dotted(self) -> tuple[str, ...]:
        """The dotted names among what is forbidden."""
        return tuple(name for name in self.forbidden if "." in name)


@functools.lru_cache  # every submission asks for them
def _without_dots(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if "." not in name)


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What counts as the same answer, besides the numbers themselves."""

    lists: bool = False
    """Whether a list or a tuple counts as an array."""
    booleans: bool = False
    """Whether True and False count as the numbers 1 and 0."""
    complex: bool = False
    """Whether complex numbers without an imaginary part count as real ones."""
    whole: bool = False
    """Whether whole numbers have to be of an integer type."""


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a call may take."""

    within: str
    """A ratio to the reference's own time on the same arguments, such as `20x reference`."""

    @property
    def ratio(self) -> float:
        """The number in `within`."""
        return float(self.within.partition("x")[0])


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What pictures show besides the values themselves."""

    window: tuple[str, ...] = ()
    """Two arguments, of which the second is laid over the first at each place of the result: an
    array, or a whole number, which is as many rows and columns."""
    stride: str = ""
    """The argument that says how far it moves from place to place; empty for one row or column."""
    padding: str = ""
    """The argument that says how far outside of the first it begins; empty for not at all."""


class Trial(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What is asked of the student's code at a time: one call, or several that belong together."""

    case: str
    name: str
    args: tuple[Value, ...]
    """The arguments of the call, in order; of several calls, the arguments of all of them."""
    names: tuple[str, ...] = ()
    """The names of `args`; empty if they are the exercise's arguments."""
    calls: tuple[Call, ...] = ()
    """Empty for one call of the exercise's function with `args` by position."""
    result: Value = Earlier(0)
    """What is compared: the result of a call, or a tuple, list or dict with such results."""
    allowed_s: float | None = None
    """A trial that takes longer is asked again, and its least time counts; None: as it comes."""
    allowed_now: Callable[[], float] | None = None
    """Measures again what is allowed, on a machine that may be busier by now."""


class Case(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One row of the report: several trials, passed when all of them are."""

    name: str
    title: str
    points: float
    shapes: dict[str, tuple[int, ...]]
    """Argument name -> shape."""
    trials: tuple[Trial, ...]
    tolerance: "Tolerance | None" = None
    """None: that of the exercise."""


class Example(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A public, worked case: exercise.toml has its inputs and its result."""

    name: str
    title: str
    args: tuple[Value, ...]
    expected: Value
    others: tuple[Value, ...] = ()
    """Other right answers, where there are several."""
    names: tuple[str, ...] = ()
    """As those of a `Trial`, and so are the next two."""
    calls: tuple[Call, ...] = ()
    result: Value = Earlier(0)


class Exercise(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The public half of an exercise: everything that a student may see."""

    name: str
    title: str
    function: str
    """The name of the first target."""
    arguments: tuple[str, ...]
    """The names of its parameters that have no default."""
    targets: tuple[Target, ...] = ()
    """What the student writes, in the order of the stub."""
    given: str = ""
    """The definitions of the stub that are given: they are put back before anything is called."""
    points: float
    """Per case."""
    limits: Limits
    tolerance: Tolerance
    comparison: Comparison = Comparison()
    speed: Speed | None = None
    picture: Picture = Picture()
    rules: Rules
    missing: dict[str, str] = {}
    """Library -> the sentence that students read where it is missing."""
    files: tuple[str, ...] = ()
    """Files of the folder that submissions may read."""
    preload: tuple[str, ...]
    """Modules that notebooks may use and that take long to import."""
    packages: tuple[str, ...] = ()
    """Packages that submissions may import, and that artifacts install."""
    hand_in: str = ""
    """How to hand it in, in the course's own words."""
    examples: tuple[Example, ...]
    stub: str
    file: str = ""
    """The name of the stub's file; submissions are usually called the same."""
    folder: Path
    digest: str
    """`sha256:...` over the files of the folder."""
    grading_digest: str = ""
    """`sha256:...` over what decides a grade: the values of exercise.toml, and the stub."""


class ArgumentRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """How one argument of a trial is drawn."""

    kind: Literal["uniform", "integers", "normal", "constant"] = "uniform"
    """`uniform` and `normal` give float64, `integers` gives int64, unless `dtype` is given."""
    dtype: str | None = None
    """The type of the array, such as `float32` or `uint8`."""
    value: bool | int | float | str | None = None
    """For `constant`: the argument itself; an array full of it where the case gives a shape."""
    low: float | str = 0.0
    """For `uniform` and `integers`: the least value."""
    high: float | str = 1.0
    """For `uniform` and `integers`: `low` can occur, and `high` too if values are rounded.

    A text is a size of the case, such as `image.rows`, `image.columns - 1` or `image.size`."""
    mean: float = 0.0
    """For `normal`."""
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
    """Each only once."""
    title: str
    """What it tries."""
    inputs: dict[str, ArgumentRecipe]
    """Name of an argument -> how it is drawn."""


class CaseRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """One hidden case: its name and the shape of each argument."""

    name: str
    """Each only once."""
    title: str
    """The heading of its row in the report."""
    shapes: dict[str, tuple[int, ...]]
    """Name of an argument -> its shape."""
    points: float | None = None
    """None: those of the exercise."""
    tolerance: Tolerance | None = None
    """None: that of the exercise."""


class ProbeRecipe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """A size that no case has and the statement promises: called once, and never graded."""

    shapes: dict[str, tuple[int, ...]]
    """Name of an argument -> its shape."""


class CaseScript(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One case of `cases.py`."""

    name: str
    title: str
    points: float
    tolerance: Tolerance | None = None
    draw: Callable[..., Any]
    """The generator function: `(student, rng)`."""


class Script(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The cases of `cases.py`, in its order."""

    path: Path
    cases: tuple[CaseScript, ...]
    few_inputs: tuple[str, ...] = ()
    """Cases whose inputs come again, because there are no more of them."""


class Solutions(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The hidden half of an exercise: the reference solution and how hidden cases are drawn."""

    reference: Callable[..., Value]
    """The first target's."""
    names: dict[str, Any] = {}
    """All that `reference.py` defines."""
    script: "Script | None" = None
    """What `cases.py` defines; None for `cases.toml`."""
    checks: dict[str, Callable[..., Any]] = {}
    """What `check.py` defines."""
    cases: tuple[CaseRecipe, ...]
    trials: tuple[TrialRecipe, ...]
    probe: ProbeRecipe | None = None
    few_inputs: tuple[str, ...] = ()
    """Cases of `cases.toml` whose inputs come again."""
    folder: Path
    digest: str

    @property
    def rows(self) -> "tuple[CaseRecipe, ...] | tuple[CaseScript, ...]":
        """The cases, whichever file they come from: the rows of the report."""
        return self.cases if self.script is None else self.script.cases
