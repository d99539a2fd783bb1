"""The shapes of slices, worked out from the text, from whole numbers and from shapes of arrays."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from grader.model import CutOff, Patch, Variable

Shape = tuple[int, ...]

_DEEPEST: Final = 20
_LARGEST: Final = 1 << 40
_OPERATORS: Final[dict[type, Callable[[int, int], int]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class _UnknownError(Exception):
    """What is asked for does not follow from what is known."""


class Shapes:
    """Works out shapes from what names stood for."""

    def __init__(self, values: Mapping[str, Variable]) -> None:
        self._values = values

    def of(self, node: ast.expr) -> Shape | None:
        """Return the shape of what an expression gives; None where it is not known."""
        try:
            return self._shape(node, _DEEPEST)
        except _UnknownError:
            return None

    def cut_off(self, node: ast.Subscript) -> CutOff | None:
        """Return how a slice reaches over the edge of an array, if it does; as yet without text."""
        try:
            shape = self._shape(node.value, _DEEPEST)
            indices = [
                index
                for index in _indices(node, len(shape))
                if not _adds_none(index)
            ]
            pairs = zip(indices, shape, strict=False)
            for axis, (index, length) in enumerate(pairs):
                bounds = self._bounds(index)
                if bounds is None:
                    continue
                first, end = bounds
                if _is_cut_off(first, end, length):
                    return CutOff(
                        expression="",
                        array=ast.unparse(node.value)[:40],
                        axis=axis,
                        axes=len(shape),
                        first=first,
                        last=end - 1,
                        length=length,
                    )
        except _UnknownError:
            return None
        return None

    def patch(self, node: ast.Subscript) -> Patch | None:
        """Return what a slice asks for, axis by axis; None where that is not known."""
        try:
            shape = self._shape(node.value, _DEEPEST)
            indices = _indices(node, len(shape))
            if len(indices) > len(shape) or any(map(_adds_none, indices)):
                return None
            spans = [
                self._span(index, length)
                for index, length in zip(indices, shape, strict=False)
            ]
        except _UnknownError:
            return None
        spans += [(0, length) for length in shape[len(spans) :]]
        if not any(isinstance(index, ast.Slice) for index in indices):
            return None
        first, end = zip(*spans, strict=True)
        return Patch(shape, first, end)

    def _span(self, index: ast.expr, length: int) -> tuple[int, int]:
        """Return where an index begins and ends along an axis of a length."""
        if not isinstance(index, ast.Slice):
            at = self._number(index, _DEEPEST)
            return at, at + 1
        if index.step is not None:
            raise _UnknownError
        first, end = index.lower, index.upper
        return (
            0 if first is None else self._number(first, _DEEPEST),
            length if end is None else self._number(end, _DEEPEST),
        )

    def _bounds(self, index: ast.expr) -> tuple[int, int] | None:
        """Return where a slice of every element begins and ends, if both are given."""
        if not isinstance(index, ast.Slice) or index.step is not None:
            return None
        if index.lower is None or index.upper is None:
            return None
        return (
            self._number(index.lower, _DEEPEST),
            self._number(index.upper, _DEEPEST),
        )

    def _shape(self, node: ast.expr, deep: int) -> Shape:
        if not deep:
            raise _UnknownError
        if isinstance(node, ast.Name):
            value = self._values.get(node.id)
            if value is None or value.dtype is None or value.shape is None:
                raise _UnknownError
            return value.shape
        if isinstance(node, ast.Attribute) and node.attr == "T":
            return self._shape(node.value, deep - 1)[::-1]
        if not isinstance(node, ast.Subscript):
            raise _UnknownError
        return self._sliced(node, deep)

    def _sliced(self, node: ast.Subscript, deep: int) -> Shape:
        whole = self._shape(node.value, deep - 1)
        left = list(whole)
        shape: list[int] = []
        for index in _indices(node, len(whole)):
            if isinstance(index, ast.Constant) and index.value is None:
                shape.append(1)
                continue
            if not left:
                raise _UnknownError
            length = left.pop(0)
            if isinstance(index, ast.Slice):
                shape.append(self._length(index, length, deep))
            elif not -length <= self._number(index, deep) < length:
                raise _UnknownError
        return (*shape, *left)

    def _length(self, index: ast.Slice, length: int, deep: int) -> int:
        parts = [
            None if part is None else self._number(part, deep)
            for part in (index.lower, index.upper, index.step)
        ]
        if parts[2] == 0:
            raise _UnknownError
        return len(range(*slice(*parts).indices(length)))

    def _number(self, node: ast.expr, deep: int) -> int:
        if not deep:
            raise _UnknownError
        number = self._number_of(node, deep - 1)
        if abs(number) > _LARGEST:
            raise _UnknownError
        return number

    def _number_of(self, node: ast.expr, deep: int) -> int:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        if isinstance(node, ast.Name):
            value = self._values.get(node.id)
            if value is None or value.number is None:
                raise _UnknownError
            return value.number
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._number(node.operand, deep)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            left = self._number(node.left, deep)
            right = self._number(node.right, deep)
            if right == 0 and isinstance(node.op, ast.FloorDiv | ast.Mod):
                raise _UnknownError
            return _OPERATORS[type(node.op)](left, right)
        return self._size(node, deep)

    def _size(self, node: ast.expr, deep: int) -> int:
        """Return what `image.shape[0]` and `len(image)` give."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id != "len" or len(node.args) != 1:
                raise _UnknownError
            shape, at = self._shape(node.args[0], deep), 0
        elif (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "shape"
        ):
            shape = self._shape(node.value.value, deep)
            at = self._number(node.slice, deep)
        else:
            raise _UnknownError
        if not -len(shape) <= at < len(shape):
            raise _UnknownError
        return shape[at]


def _is_cut_off(first: int, end: int, length: int) -> bool:
    """Whether a slice asks for more than there is: beyond the end, or before the beginning.

    There nothing is left: an index below 0 counts from the end.
    """
    if first < 0:
        return 0 < end <= length + first
    return first < end and end > length


def _indices(node: ast.Subscript, axes: int) -> Sequence[ast.expr]:
    """Return the indices of a subscript, with whole slices in the place of an ellipsis."""
    index = node.slice
    given = list(index.elts) if isinstance(index, ast.Tuple) else [index]
    found: list[ast.expr] = []
    for each in given:
        if isinstance(each, ast.Constant) and each.value is ...:
            named = sum(not _adds_none(other) for other in given) - 1
            found += [ast.Slice()] * max(0, axes - named)
        else:
            found.append(each)
    return found


def _adds_none(index: ast.expr) -> bool:
    return isinstance(index, ast.Constant) and index.value is None
