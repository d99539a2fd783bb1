"""Values of every kind as a class sees them: taken apart to be compared, and written to be read."""

import math
import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np

from grader.compare import numbers_of
from grader.model import Array, Random, Unsent, Value

_MOST_STRUCTURE: Final = 120
_MOST_CELLS: Final = 600
"""Of an array that is shown."""
_MOST_TEXT: Final = 600
_MATRIX: Final = 2


def taken_apart(value: Value) -> tuple[str, Array]:
    """Return what a value is without its numbers, and these in one row.

    Text and everything else that is not a number belongs to the first part. If that part gets too
    long, it is cut and ends in a checksum of the whole.
    """
    numbers: list[Array] = []
    structure = "".join(_parts(value, numbers))
    if len(structure) > _MOST_STRUCTURE:
        digest = zlib.crc32(structure.encode("utf-8", "backslashreplace"))
        structure = f"{structure[:_MOST_STRUCTURE]}... ({digest:08x})"
    return structure, np.concatenate(numbers) if numbers else np.empty(0)


def _parts(value: Value, numbers: list[Array]) -> Iterator[str]:
    array = numbers_of(value)
    if array is not None and array.size:
        numbers.append(real_numbers(array))
        yield "x".join(map(str, array.shape)) or "number"
    elif isinstance(value, dict):
        yield "{"
        for key in sorted(value, key=repr):
            yield f"{key!r}: "
            yield from _parts(value[key], numbers)
            yield ", "
        yield "}"
    elif isinstance(value, list | tuple):
        yield "[" if isinstance(value, list) else "("
        for item in value:
            yield from _parts(item, numbers)
            yield ", "
        yield "]" if isinstance(value, list) else ")"
    else:
        yield value.type_name if isinstance(value, Unsent) else repr(value)


def real_numbers(array: Array) -> Array:
    """Return the numbers of an array in one row: of complex ones, the real parts first."""
    if array.dtype.kind == "c":
        parts = [array.real.ravel(), array.imag.ravel()]
        return np.concatenate(parts).astype(float)
    return array.astype(float).ravel()


def written(value: Value) -> str:
    """Return a value as text; an array as lines of numbers under each other."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        return _rows(value)
    if isinstance(value, Random):
        return f"a random generator ({value.kind})"
    text = repr(value)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."


def _rows(array: Array) -> str:
    # An array of no values may have 10^10 rows.
    places = math.prod(max(1, length) for length in array.shape)
    if places > _MOST_CELLS or array.ndim > _MATRIX:
        return f"{' x '.join(map(str, array.shape))} numbers"
    rows = np.atleast_2d(array).tolist()
    cells = [[f"{value:.6g}" for value in row] for row in rows]
    wide = max((len(text) for row in cells for text in row), default=0)
    return "\n".join(
        " ".join(text.rjust(wide) for text in row) for row in cells
    )
