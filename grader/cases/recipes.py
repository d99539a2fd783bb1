"""Draw the arguments of a trial from the recipes of cases.toml."""

import functools
import math
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from grader.errors import ExerciseError
from grader.model import (
    ArgumentRecipe,
    Array,
    CaseRecipe,
    Exercise,
    TrialRecipe,
    Value,
)

_REDRAWS = 1000
_REDRAWN_AT_ONCE = 8

Shape = tuple[int, ...]


def draw_inputs(
    exercise: Exercise,
    case: CaseRecipe,
    trial: TrialRecipe,
    drawn: Mapping[str, Mapping[str, Value]],
    generator: "np.random.Generator",
) -> dict[str, Value]:
    """Draw the arguments of one trial, in order; `drawn` has those of the trials before it.

    The arrays are read-only, because trials share them (`same_as`) and because the reference
    solution must see what the student's code sees.
    """
    inputs = {}
    for name in exercise.arguments:
        recipe = trial.inputs[name]
        if recipe.same_as is not None:
            inputs[name] = drawn[recipe.same_as][name]
            continue
        try:
            inputs[name] = _argument(recipe, case, name, generator)
        except (ValueError, TypeError, OverflowError, MemoryError) as error:
            raise ExerciseError(
                f"cases.toml: trial {trial.name!r}: inputs.{name}: "
                f"cannot be drawn for case {case.name!r}: {error}"
            ) from error
    return inputs


def _argument(
    recipe: ArgumentRecipe,
    case: CaseRecipe,
    name: str,
    generator: "np.random.Generator",
) -> Value:
    """Draw one argument; ValueError says why it cannot be drawn."""
    if recipe.kind == "constant":
        return _constant(recipe, case.shapes.get(name))
    if isinstance(recipe.low, str) or isinstance(recipe.high, str):
        recipe = _sized(recipe, case)
    array = _draw(recipe, case.shapes[name], generator)
    if array is None:
        raise ValueError(f"none of {_REDRAWS} has its sum in sum_between")
    array.flags.writeable = False
    return array


def _constant(
    recipe: ArgumentRecipe,
    shape: Shape | None,
) -> Value:
    """Return a constant: the value itself, or an array full of it."""
    if shape is None and recipe.dtype is None:
        return recipe.value
    array = np.full(shape or (), recipe.value, recipe.dtype)
    array.flags.writeable = False
    return array


def _sized(
    recipe: ArgumentRecipe,
    case: CaseRecipe,
) -> ArgumentRecipe:
    """Return a recipe with numbers in place of the sizes of this case."""
    low, high = _size(recipe.low, case), _size(recipe.high, case)
    if not low < high:
        raise ValueError(f"low = {low:g} is not below high = {high:g}")
    return msgspec.structs.replace(recipe, low=low, high=high)


def _size(end: float | str, case: CaseRecipe) -> float:
    """Return the number that `image.rows - 1` stands for."""
    if not isinstance(end, str):
        return end
    named, _, rest = end.partition(" ")
    name, _, which = named.partition(".")
    shape = case.shapes.get(name, ())
    axis = {"rows": 0, "columns": 1}.get(which)
    if axis is not None and axis >= len(shape):
        raise ValueError(f"{name} has no {which}, as {end!r} needs")
    size = math.prod(shape) if axis is None else shape[axis]
    return size + float(rest.replace(" ", "") or 0)


def _draw(
    recipe: ArgumentRecipe,
    shape: Shape,
    generator: "np.random.Generator",
) -> Array | None:
    if recipe.sum_between is None:
        return _values(recipe, shape, generator)
    low, high = recipe.sum_between
    # Several at once, since a rejected draw costs as much as the rest of a trial's inputs.
    for _ in range(_REDRAWS // _REDRAWN_AT_ONCE):
        block = _values(recipe, (_REDRAWN_AT_ONCE, *shape), generator)
        sums = np.add.reduce(
            block.reshape(_REDRAWN_AT_ONCE, -1), axis=1
        ).tolist()
        for array, total in zip(block, sums, strict=True):
            if low <= total <= high:
                return np.array(array)
    return None


def _values(
    recipe: ArgumentRecipe,
    shape: Shape,
    generator: "np.random.Generator",
) -> Array:
    values = _numbers(recipe, shape, generator)
    if recipe.dtype is None:
        return values
    return values.astype(_dtype(recipe.dtype))


@functools.cache
def _dtype(name: str) -> np.dtype[Any]:
    return np.dtype(name)


def _numbers(
    recipe: ArgumentRecipe,
    shape: Shape,
    generator: "np.random.Generator",
) -> Array:
    # Sizes are numbers by now (`_sized`).
    low, high = float(recipe.low), float(recipe.high)
    if recipe.kind == "integers":
        return generator.integers(
            int(low),
            int(high),
            shape,
            np.int64,
            endpoint=True,
        )
    if recipe.kind == "uniform" and recipe.step is not None:
        # Whole steps are drawn, so that both ends are as likely as the values between them.
        first, last = round(low / recipe.step), round(high / recipe.step)
        return (
            generator.integers(
                first,
                last,
                shape,
                endpoint=True,
            )
            * recipe.step
        )
    if recipe.kind == "uniform":
        values = generator.uniform(low, high, shape)
    else:
        values = generator.normal(recipe.mean, recipe.std, shape)
    if recipe.step is not None:
        values = np.round(values / recipe.step) * recipe.step
    if recipe.decimals is not None:
        values = np.round(values, recipe.decimals)
    return values
