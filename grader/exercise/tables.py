"""The records of `exercise.toml` and `cases.toml`, and the faults that types do not show."""

import keyword
import math
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec
import numpy as np

from grader.model import (
    ArgumentRecipe,
    Array,
    CaseRecipe,
    Example,
    Limits,
    ProbeRecipe,
    Rules,
    Tolerance,
    TrialRecipe,
)
from grader.strict import did_you_mean

_MOST_VALUES = 1_000_000


_PACKAGE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


class ExampleTable(msgspec.Struct, frozen=True, kw_only=True):
    """One `[[example]]` of exercise.toml."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    title: str
    inputs: dict[str, Any]
    expected: Any


class ExerciseTable(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of exercise.toml."""

    title: str
    function: str
    arguments: tuple[str, ...]
    points: float = 1.0
    """Per hidden case."""
    limits: Limits = Limits()
    tolerance: Tolerance = Tolerance()
    rules: Rules = Rules()
    preload: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    example: tuple[ExampleTable, ...]


class CasesTable(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of cases.toml."""

    case: tuple[CaseRecipe, ...]
    trial: tuple[TrialRecipe, ...]
    probe: ProbeRecipe | None = None


def exercise_faults(table: ExerciseTable) -> Iterator[str]:
    """Yield what is wrong with an exercise's values, as `key: what is wrong`; examples apart."""
    yield from _name_faults(table)
    yield from _package_faults(table.packages)
    if not table.title.strip():
        yield "title: is empty"
    yield from _number_faults(table)
    for name in table.rules.forbidden:
        if not name.isidentifier():
            yield (
                f"rules.forbidden: {name!r} is not the top-level name of a library, "
                "such as scipy"
            )
    for name in table.preload:
        if not all(part.isidentifier() for part in name.split(".")):
            yield f"preload: {name!r} is not a module's name, such as matplotlib.pyplot"


def _package_faults(packages: tuple[str, ...]) -> Iterator[str]:
    for name in packages:
        if not _PACKAGE.fullmatch(name):
            yield (
                f"packages: {name!r} is not the name of a package, such as pandas; "
                "versions are those that are installed where an artifact is made"
            )


def _name_faults(table: ExerciseTable) -> Iterator[str]:
    if not _is_python_name(table.function):
        yield f"function: {table.function!r} is not a Python name"
    for name in table.arguments:
        if not _is_python_name(name):
            yield f"arguments: {name!r} is not a Python name"
    yield from _duplicates("arguments", table.arguments)
    if not table.arguments:
        yield "arguments: name at least one"


def _number_faults(table: ExerciseTable) -> Iterator[str]:
    numbers = {"points": table.points}
    for key, value in msgspec.structs.asdict(table.limits).items():
        numbers[f"limits.{key}"] = value
    for key, value in numbers.items():
        if not 0 < value < math.inf:
            yield f"{key}: must be above 0"
    for key, value in msgspec.structs.asdict(table.tolerance).items():
        if not 0 <= value < math.inf:
            yield f"tolerance.{key}: must be 0 or above"


def read_examples(
    table: ExerciseTable,
) -> tuple[tuple[Example, ...], list[str]]:
    """Return the public examples with read-only arrays, and every fault.

    An array is int64 if all its numbers are whole, and float64 if one of them has a point.
    """
    # An example without a name is a fault already, and no other fault of it could be named.
    tables = [example for example in table.example if example.name]
    faults = list(_duplicates("example", [example.name for example in tables]))
    if not table.example:
        faults.append(
            "example: give at least one, so that `grader check` has something to show"
        )
    examples = []
    for each in tables:
        example = _read_example(each, table.arguments, faults)
        if example is not None:
            examples.append(example)
    return tuple(examples), faults


def _read_example(
    table: ExampleTable, arguments: Sequence[str], faults: list[str]
) -> Example | None:
    at = f"example {table.name!r}"
    before = len(faults)
    faults += _argument_faults(f"{at}: inputs", table.inputs, arguments)
    inputs = {
        name: _array(f"{at}: inputs.{name}", value, faults)
        for name, value in table.inputs.items()
    }
    expected = _array(f"{at}: expected", table.expected, faults)
    ordered = [inputs.get(name) for name in arguments]
    args = tuple(array for array in ordered if array is not None)
    if len(faults) > before or expected is None:
        return None
    return Example(
        name=table.name, title=table.title, args=args, expected=expected
    )


def cases_faults(table: CasesTable, arguments: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with the values of cases.toml, as `key: what is wrong`."""
    yield from _duplicates("case", [case.name for case in table.case])
    yield from _duplicates("trial", [trial.name for trial in table.trial])
    if not table.case:
        yield "case: give at least one"
    if not table.trial:
        yield "trial: give at least one"
    for case in table.case:
        yield from _shape_faults(f"case {case.name!r}", case.shapes, arguments)
    yield from _probe_faults(table, arguments)
    earlier: list[str] = []
    for trial in table.trial:
        yield from _trial_faults(trial, arguments, earlier)
        earlier.append(trial.name)


def _probe_faults(table: CasesTable, arguments: Sequence[str]) -> Iterator[str]:
    if table.probe is None:
        return
    shapes = table.probe.shapes
    yield from _shape_faults("probe", shapes, arguments)
    for case in table.case:
        if case.shapes == shapes:
            yield f"probe: shapes: are those of case {case.name!r}; give a size that is not tested"


def _shape_faults(
    where: str, shapes: dict[str, tuple[int, ...]], arguments: Sequence[str]
) -> Iterator[str]:
    at = f"{where}: shapes"
    yield from _argument_faults(at, shapes, arguments)
    for name, shape in shapes.items():
        if min(shape, default=1) < 1 or math.prod(shape) > _MOST_VALUES:
            yield (
                f"{at}.{name}: sizes are above 0, and an array has at most "
                f"{_MOST_VALUES:,} values"
            )


def _trial_faults(
    trial: TrialRecipe, arguments: Sequence[str], earlier: Sequence[str]
) -> Iterator[str]:
    at = f"trial {trial.name!r}: inputs"
    yield from _argument_faults(at, trial.inputs, arguments)
    for name, recipe in trial.inputs.items():
        for fault in (*_range_faults(recipe), *_option_faults(recipe, earlier)):
            yield f"{at}.{name}: {fault}"


def _range_faults(recipe: ArgumentRecipe) -> Iterator[str]:
    between = recipe.sum_between
    numbers = [
        recipe.low,
        recipe.high,
        recipe.mean,
        recipe.std,
        *(between or ()),
    ]
    if not all(math.isfinite(number) for number in numbers):
        yield "numbers must be finite"
    if recipe.kind == "normal":
        if not recipe.std > 0:
            yield "std must be above 0"
    elif not recipe.low < recipe.high:
        yield "low must be below high"
    if between is not None and not between[0] < between[1]:
        yield "sum_between is [low, high]"


def _option_faults(
    recipe: ArgumentRecipe, earlier: Sequence[str]
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


def _argument_faults(
    at: str, given: dict[str, Any], arguments: Sequence[str]
) -> Iterator[str]:
    if not arguments:
        return  # An exercise without arguments is a fault of its own.
    for name in given:
        if name not in arguments:
            close = did_you_mean(name, tuple(arguments))
            yield f"{at}.{name}: unknown argument{close}"
    for name in arguments:
        if name not in given:
            yield f"{at}.{name}: missing"


def _duplicates(key: str, names: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"{key}: {name!r} is there {names.count(name)} times"
        if not name.strip() or not name.isprintable():
            yield f"{key}: {name!r} is not a readable name"


def _array(at: str, value: object, faults: list[str]) -> Array | None:
    kinds = {type(number) for number in _leaves(value)}
    if not kinds <= {int, float}:
        faults.append(f"{at}: write numbers, or lists of numbers")
        return None
    dtype = np.int64 if kinds == {int} else np.float64
    try:
        array: Array = np.array(value, dtype=dtype)
    except ValueError:
        faults.append(f"{at}: every row must be as long as the others")
        return None
    except OverflowError:
        faults.append(f"{at}: a number is too big")
        return None
    if not np.isfinite(array).all():
        faults.append(f"{at}: numbers must be finite")
    array.flags.writeable = False
    return array


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _is_python_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)
