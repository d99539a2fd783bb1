"""What `exercise.toml` and `cases.toml` may say: their records, and the faults that types alone do not show."""

import keyword
import math
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
    Rules,
    Tolerance,
    TrialRecipe,
)
from grader.strict import did_you_mean

_VALUES_CAP = 1_000_000


class ExampleTable(msgspec.Struct, frozen=True, kw_only=True):
    """An `[[example]]` of exercise.toml."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    title: str
    inputs: dict[str, Any]
    expected: Any


class ExerciseTable(msgspec.Struct, frozen=True, kw_only=True):
    """All of exercise.toml."""

    title: str
    function: str
    arguments: tuple[str, ...]
    points: float = 1.0
    """Per hidden case."""
    limits: Limits = Limits()
    tolerance: Tolerance = Tolerance()
    rules: Rules = Rules()
    preload: tuple[str, ...] = ()
    example: tuple[ExampleTable, ...]


class CasesTable(msgspec.Struct, frozen=True, kw_only=True):
    """All of cases.toml."""

    case: tuple[CaseRecipe, ...]
    trial: tuple[TrialRecipe, ...]


def exercise_faults(table: ExerciseTable) -> Iterator[str]:
    """Name what is wrong with well-typed values, as `key: what is wrong`; examples apart."""
    names = [
        ("function", table.function),
        *(("arguments", name) for name in table.arguments),
    ]
    yield from (
        f"{key}: {name!r} is not a Python name"
        for key, name in names
        if not _is_python_name(name)
    )
    yield from _duplicates("arguments", table.arguments)
    if not table.arguments:
        yield "arguments: name at least one"
    if not table.title.strip():
        yield "title: is empty"
    limits = msgspec.structs.asdict(table.limits)
    numbers = {
        "points": table.points,
        **{f"limits.{key}": value for key, value in limits.items()},
    }
    yield from (
        f"{key}: must be above 0"
        for key, value in numbers.items()
        if not 0 < value < math.inf
    )
    for key, value in msgspec.structs.asdict(table.tolerance).items():
        if not 0 <= value < math.inf:
            yield f"tolerance.{key}: must be 0 or above"
    for name in table.rules.forbidden:
        if not name.isidentifier():
            yield f"rules.forbidden: {name!r} is not the top-level name of a library, such as scipy"
    for name in table.preload:
        if not all(part.isidentifier() for part in name.split(".")):
            yield f"preload: {name!r} is not a module's name, such as matplotlib.pyplot"


def read_examples(table: ExerciseTable) -> tuple[tuple[Example, ...], list[str]]:
    """Make arrays of the examples: read-only, int64 where every number is whole, float64 where one has a point."""
    # One without a name is a fault already, and nothing else can be said about it.
    tables = [example for example in table.example if example.name]
    faults = [*_duplicates("example", [example.name for example in tables])]
    if not table.example:
        faults.append(
            "example: give at least one, so that `grader check` has something to show"
        )
    examples = []
    for example in tables:
        at = f"example {example.name!r}"
        faults += _argument_faults(f"{at}: inputs", example.inputs, table.arguments)
        args = [
            _array(f"{at}: inputs.{name}", value, faults)
            for name, value in example.inputs.items()
        ]
        by_name = dict(zip(example.inputs, args, strict=True))
        expected = _array(f"{at}: expected", example.expected, faults)
        ordered = tuple(
            array
            for name in table.arguments
            if (array := by_name.get(name)) is not None
        )
        if not faults and expected is not None:
            examples.append(
                Example(
                    name=example.name,
                    title=example.title,
                    args=ordered,
                    expected=expected,
                )
            )
    return tuple(examples), faults


def cases_faults(table: CasesTable, arguments: Sequence[str]) -> Iterator[str]:
    """Name what is wrong with well-typed values of cases.toml, as `key: what is wrong`."""
    yield from _duplicates("case", [case.name for case in table.case])
    yield from _duplicates("trial", [trial.name for trial in table.trial])
    if not table.case:
        yield "case: give at least one"
    if not table.trial:
        yield "trial: give at least one"
    for case in table.case:
        at = f"case {case.name!r}: shapes"
        yield from _argument_faults(at, case.shapes, arguments)
        for name, shape in case.shapes.items():
            if any(size < 1 for size in shape) or math.prod(shape) > _VALUES_CAP:
                yield f"{at}.{name}: sizes are above 0, and {_VALUES_CAP:,} values at most"
    earlier: list[str] = []
    for trial in table.trial:
        at = f"trial {trial.name!r}: inputs"
        yield from _argument_faults(at, trial.inputs, arguments)
        for name, recipe in trial.inputs.items():
            yield from (
                f"{at}.{name}: {fault}" for fault in _recipe_faults(recipe, earlier)
            )
        earlier.append(trial.name)


def _recipe_faults(recipe: ArgumentRecipe, earlier: Sequence[str]) -> Iterator[str]:
    numbers = (
        recipe.low,
        recipe.high,
        recipe.mean,
        recipe.std,
        *(recipe.sum_between or ()),
    )
    if not all(map(math.isfinite, numbers)):
        yield "numbers must be finite"
    if recipe.same_as is not None and recipe.same_as not in earlier:
        yield f"same_as: {recipe.same_as!r} is not an earlier trial{did_you_mean(recipe.same_as, tuple(earlier))}"
    if recipe.kind != "normal" and not recipe.low < recipe.high:
        yield "low must be below high"
    if recipe.kind == "normal" and not recipe.std > 0:
        yield "std must be above 0"
    if recipe.kind == "integers" and (
        recipe.step is not None or recipe.decimals is not None
    ):
        yield "integers take no step and no decimals"
    if recipe.step is not None and not 0 < recipe.step < math.inf:
        yield "step must be above 0"
    if recipe.step is not None and recipe.decimals is not None:
        yield "give step or decimals, not both"
    if (
        recipe.sum_between is not None
        and not recipe.sum_between[0] < recipe.sum_between[1]
    ):
        yield "sum_between is [low, high]"


def _argument_faults(
    at: str, given: dict[str, Any], arguments: Sequence[str]
) -> Iterator[str]:
    if not arguments:
        return  # which is a fault of its own
    for name in given:
        if name not in arguments:
            yield f"{at}.{name}: unknown argument{did_you_mean(name, tuple(arguments))}"
    yield from (f"{at}.{name}: missing" for name in arguments if name not in given)


def _duplicates(key: str, names: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"{key}: {name!r} is there {names.count(name)} times"
        if not name.strip() or not name.isprintable():
            yield f"{key}: {name!r} is no name that can be read"


def _array(at: str, value: object, faults: list[str]) -> Array | None:
    kinds = {type(number) for number in _leaves(value)}
    if not kinds <= {int, float}:
        faults.append(f"{at}: write numbers, or lists of numbers")
        return None
    try:
        array = np.array(value, dtype=np.int64 if kinds == {int} else np.float64)
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
