"""Values as plain data that JSON can carry, of bounded size.

Numbers stay numbers; NaN and the infinities are the strings `nan`, `inf` and `-inf`. Text stays
text, of bounded length. A tuple is a list, a complex number and `bytes` are text as Python writes
them. What is cut off ends in `...`.
"""

import math
from typing import Any, Final, TypeAlias, cast

import numpy as np

from grader.model import Array, Cell, Random, Unsent, Value

Nested: TypeAlias = "Cell | list[Nested]"
Json: TypeAlias = Any
"""What JSON can carry."""

SHOWN_CELLS: Final = 400
"""An array with more cells than this is left out of a report."""
CUT: Final = "..."

_TEXT: Final = 2000
"""Characters of all texts of one value together."""
_KEY: Final = 60
_DEEP: Final = 16
_EXACT: Final = 2**53
"""Up to here every reader of JSON reads a whole number exactly."""
_REAL: Final = "fiub"


def cells(array: Array) -> "Nested | None":
    """Return an array as nested lists of numbers and of the strings `nan`, `inf` and `-inf`.

    None where the array is not of real numbers or is too big.
    """
    if array.dtype.kind not in _REAL or _places(array) > SHOWN_CELLS:
        return None
    with np.errstate(all="ignore"):
        plain = array.astype(np.float64)
    if np.isfinite(plain).all():
        return cast("Nested", plain.tolist())
    return _nested(plain.tolist())


def _places(array: Array) -> int:
    """Return how many places an array has as nested lists.

    They have an entry for each row, even for the 10^10 rows of an array of shape (10**10, 0), whose
    size is 0.
    """
    return math.prod(max(1, length) for length in array.shape)


def _nested(item: float | list[Any]) -> Nested:
    if isinstance(item, list):
        return [_nested(each) for each in item]
    return cell(item)


def cell(number: float) -> Cell:
    """Return a number, or the string that stands for one that JSON does not have."""
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return float(number)


def plain(value: Value) -> Json:
    """Return a value of any kind as plain data; for a big array, a text that says how big it is."""
    return _Writer().written(value, _DEEP)


class _Writer:
    """Writes one value, and stops where it gets too long."""

    def __init__(self) -> None:
        self.items = SHOWN_CELLS
        self.text = _TEXT

    def written(
        self,
        value: Value,
        deep: int,
    ) -> Json:
        self.items -= 1
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, list | tuple | dict):
            if not deep:
                return CUT
            is_dict = isinstance(value, dict)
            return (self._dict if is_dict else self._list)(value, deep)
        return self._leaf(
            value.item() if isinstance(value, np.generic) else value
        )

    def _leaf(self, value: Value) -> Json:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, float):
            return cell(value)
        if isinstance(value, int):
            small = -_EXACT <= value <= _EXACT
            return value if small else self._number(value)
        return self._text(value if isinstance(value, str) else told(value))

    def _number(self, value: int) -> Json:
        try:
            return cell(float(value))
        except OverflowError:
            return "inf" if value > 0 else "-inf"

    def _array(self, array: Array) -> Json:
        if array.dtype.kind == "c" and _places(array) <= self.items:
            self.items -= array.size
            return _complex_texts(array.tolist())
        numbers = cells(array) if array.size <= self.items + 1 else None
        if numbers is None:
            size = "x".join(map(str, array.shape)) or "one value"
            return self._text(f"an array of {size} ({array.dtype})")
        self.items -= array.size
        return numbers

    def _list(
        self,
        value: Value,
        deep: int,
    ) -> Json:
        written = []
        for item in value:
            if self.items <= 0 or self.text <= 0:
                written.append(CUT)
                break
            written.append(self.written(item, deep - 1))
        return written

    def _dict(
        self,
        value: Value,
        deep: int,
    ) -> Json:
        written = {}
        for key, item in value.items():
            if self.items <= 0 or self.text <= 0:
                written[CUT] = CUT
                break
            written[key_text(key)] = self.written(item, deep - 1)
        return written

    def _text(self, text: str) -> str:
        shown = cut(text, max(self.text, len(CUT)))
        self.text -= len(shown)
        return shown


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters of a text, as they are."""
    return text if len(text) <= limit else text[: limit - len(CUT)] + CUT


def _complex_texts(item: Any) -> Json:  # noqa: ANN401 - nested lists of complex numbers
    if isinstance(item, list):
        return [_complex_texts(each) for each in item]
    return told(item)


def told(value: Value) -> str:
    """Return in words what no number and no text is."""
    if isinstance(value, complex):
        return str(value).strip("()")
    if isinstance(value, bytes):
        return repr(value[:_TEXT])
    if isinstance(value, Random):
        return "a random generator"
    if isinstance(value, Unsent):
        return f"an object of type {cut(value.type_name, _KEY)}"
    return cut(type(value).__name__, _KEY)


def key_text(key: object) -> str:
    """Return a key of a dict as text: itself, or as Python writes it."""
    if isinstance(key, str):
        return cut(key, _KEY)
    if isinstance(key, int) and not -_EXACT <= key <= _EXACT:
        return "a large number"
    return cut(f"{key!r:.{_KEY}}", _KEY)
