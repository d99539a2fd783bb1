"""The record of `cases.toml`, and the faults that types do not show."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np

from grader.exercise.tables import duplicates, tolerance_faults
from grader.exercise.values import DTYPES
from grader.model import ArgumentRecipe, CaseRecipe, ProbeRecipe, TrialRecipe
from grader.strict import did_you_mean

_MOST_VALUES = 1_000_000
_SIZE = re.compile(r"(\w+)\.(rows|columns|size)( [+-] \d+)?")


class CasesTable(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of cases.toml: how the hidden cases are drawn, where all arguments are arrays."""

    case: tuple[CaseRecipe, ...]
    trial: tuple[TrialRecipe, ...]
    probe: ProbeRecipe | None = None
    """A size that no case has: called once, and never graded."""
    few_inputs: tuple[str, ...] = ()
    """Cases whose inputs come again, because there are no more of them."""


def cases_faults(
    table: CasesTable,
    arguments: Sequence[str],
) -> Iterator[str]:
    """Yield what is wrong with the values of cases.toml, as `key: what is wrong`."""
    yield from duplicates("case", [case.name for case in table.case])
    yield from duplicates("trial", [trial.name for trial in table.trial])
    if not table.case:
        yield "case: give at least one"
    if not table.trial:
        yield "trial: give at least one"
    known = [case.name for case in table.case]
    for name in table.few_inputs:
        if name not in known:
            yield f"few_inputs: there is no case {name!r}{did_you_mean(name, known)}"
    constant = _constants(table, arguments)
    for case in table.case:
        at = f"case {case.name!r}"
        yield from _shape_faults(
            at,
            case.shapes,
            arguments,
            constant,
        )
        yield from tolerance_faults(f"{at}: tolerance", case.tolerance)
        if case.points is not None and not 0 < case.points < math.inf:
            yield f"{at}: points: must be above 0"
    yield from _probe_faults(table, arguments, constant)
    earlier: list[str] = []
    for trial in table.trial:
        yield from _trial_faults(trial, arguments, earlier)
        earlier.append(trial.name)


def _constants(
    table: CasesTable,
    arguments: Sequence[str],
) -> set[str]:
    """Return the arguments that are constant in every trial: these need no shape."""
    kinds: dict[str, set[str]] = {name: set() for name in arguments}
    for trial in table.trial:
        for name, recipe in trial.inputs.items():
            kinds.setdefault(name, set()).add(recipe.kind)
    return {name for name, found in kinds.items() if found == {"constant"}}


def _probe_faults(
    table: CasesTable,
    arguments: Sequence[str],
    constant: set[str],
) -> Iterator[str]:
    if table.probe is None:
        return
    shapes = table.probe.shapes
    yield from _shape_faults(
        "probe",
        shapes,
        arguments,
        constant,
    )
    for case in table.case:
        if case.shapes == shapes:
            yield f"probe: shapes: are those of case {case.name!r}; give a size that is not tested"


def _shape_faults(
    where: str,
    shapes: dict[str, tuple[int, ...]],
    arguments: Sequence[str],
    constant: set[str],
) -> Iterator[str]:
    at = f"{where}: shapes"
    needed = [name for name in arguments if name not in constant]
    yield from _argument_faults(
        at,
        shapes,
        arguments,
        needed,
    )
    for name, shape in shapes.items():
        if min(shape, default=1) < 1 or math.prod(shape) > _MOST_VALUES:
            yield (
                f"{at}.{name}: sizes are above 0, and an array has at most "
                f"{_MOST_VALUES:,} values"
            )


def _trial_faults(
    trial: TrialRecipe,
    arguments: Sequence[str],
    earlier: Sequence[str],
) -> Iterator[str]:
    at = f"trial {trial.name!r}: inputs"
    yield from _argument_faults(
        at,
        trial.inputs,
        arguments,
        arguments,
    )
    for name, recipe in trial.inputs.items():
        faults = (
            *_range_faults(recipe, arguments),
            *_option_faults(recipe, earlier),
            *_type_faults(recipe),
        )
        for fault in faults:
            yield f"{at}.{name}: {fault}"


def _range_faults(
    recipe: ArgumentRecipe,
    arguments: Sequence[str],
) -> Iterator[str]:
    between = recipe.sum_between
    ends = [recipe.low, recipe.high]
    numbers = [end for end in ends if not isinstance(end, str)]
    for end in ends:
        if isinstance(end, str):
            yield from _size_faults(end, arguments)
    several = [*numbers, recipe.mean, recipe.std, *(between or ())]
    if not all(math.isfinite(number) for number in several):
        yield "numbers must be finite"
    if recipe.kind == "normal":
        if not recipe.std > 0:
            yield "std must be above 0"
    elif len(numbers) == len(ends) and not numbers[0] < numbers[1]:
        yield "low must be below high"
    if between is not None and not between[0] < between[1]:
        yield "sum_between is [low, high]"


def _size_faults(
    size: str,
    arguments: Sequence[str],
) -> Iterator[str]:
    found = _SIZE.fullmatch(size)
    if found is None:
        yield f"{size!r} is not a size; write image.rows, image.columns - 1 or image.size"
    elif found[1] not in arguments:
        close = did_you_mean(found[1], tuple(arguments))
        yield f"{size!r}: {found[1]} is not an argument{close}"


def _option_faults(
    recipe: ArgumentRecipe,
    earlier: Sequence[str],
) -> Iterator[str]:
    has_step = recipe.step is not None
    has_decimals = recipe.decimals is not None
    if recipe.same_as is not None and recipe.same_as not in earlier:
        close = did_you_mean(recipe.same_as, tuple(earlier))
        yield f"same_as: {recipe.same_as!r} is not an earlier trial{close}"
    if recipe.kind == "integers" and (has_step or has_decimals):
        yield "integers take no step and no decimals"
    if recipe.step is not None and not 0 < recipe.step < math.inf:
        yield "step must be above 0"
    if has_step and has_decimals:
        yield "give step or decimals, not both"
    if (recipe.kind == "constant") != (recipe.value is not None):
        yield 'a constant has a value: kind = "constant", value = 3'


def _type_faults(recipe: ArgumentRecipe) -> Iterator[str]:
    if recipe.dtype is None:
        return
    if recipe.dtype not in DTYPES:
        close = did_you_mean(recipe.dtype, DTYPES)
        yield f"dtype: {recipe.dtype!r} is not a type of NumPy{close}"
    elif np.dtype(recipe.dtype).kind in "iu":
        ends = (recipe.low, recipe.high)
        numbers = [end for end in ends if not isinstance(end, str)]
        held = np.iinfo(recipe.dtype)
        if recipe.kind == "integers" and not all(
            held.min <= number <= held.max for number in numbers
        ):
            yield f"dtype: {recipe.dtype} holds {held.min} to {held.max} alone"


def _argument_faults(
    at: str,
    given: Iterable[str],
    arguments: Sequence[str],
    needed: Sequence[str],
) -> Iterator[str]:
    if not arguments:
        return  # An exercise without arguments is a fault of its own.
    known = set(given)
    for name in given:
        if name not in arguments:
            close = did_you_mean(name, tuple(arguments))
            yield f"{at}.{name}: unknown argument{close}"
    for name in needed:
        if name not in known:
            yield f"{at}.{name}: missing"
