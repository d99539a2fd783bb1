"""Arrays of any dimensions as planes: a row of numbers is one, a matrix is one, a cube is several.

Pure, and total: see `rows`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from grader.render.rows import Place, Places, Rows, rows_of, shape_of

MOST_PLANES: Final = 8
_DEEP: Final = 6


class Stack(msgspec.Struct, frozen=True):
    """The planes of one array, in order."""

    planes: tuple[Rows, ...]
    places: tuple[tuple[int, ...], ...]
    """The index of each plane; empty for the only one."""
    flat: bool = False
    """Whether the array has one axis."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many planes, rows and columns."""
        return (len(self.planes), *shape_of(self.planes[0]))

    @property
    def together(self) -> Rows:
        """The rows of all planes, one plane below the other."""
        return tuple(row for plane in self.planes for row in plane)

    def split(self, rows: Rows) -> tuple[Rows, ...]:
        """Take apart rows that stand like `together`."""
        count, height, _ = self.shape
        return tuple(
            rows[number * height : (number + 1) * height]
            for number in range(count)
        )

    def on_plane(self, number: int, places: Places) -> Places:
        """Return those of some places of `together` that lie on one plane, counted on it."""
        if len(self.planes) == 1:
            return places
        _, height, _ = self.shape
        first = number * height
        return frozenset(
            (row - first, column)
            for row, column in places
            if first <= row < first + height
        )

    def place_of(self, index: tuple[int, ...] | None) -> Place | None:
        """Return where in `together` an index of the array is; None where it is not in it."""
        if not index:
            return None
        *outer, row, column = (0, *index) if len(index) == 1 else index
        if tuple(outer) not in self.places:
            return None
        _, height, _ = self.shape
        return self.places.index(tuple(outer)) * height + row, column


def stack_of(value: Any) -> Stack | None:  # noqa: ANN401 - JSON is any of its types
    """Return a small array as planes; None for anything else."""
    found = list(_planes(value, (), _DEEP))
    planes = [plane for plane, _ in found if plane is not None]
    if not planes or len(planes) < len(found) or len(planes) > MOST_PLANES:
        return None
    if len(set(map(shape_of, planes))) > 1 or not _is_regular(found):
        return None
    flat = len(planes) == 1 and not isinstance(value[0], list | tuple)
    places = tuple(place for _, place in found)
    return Stack(tuple(planes), places, flat)


def _planes(
    value: Any,  # noqa: ANN401 - as above
    place: tuple[int, ...],
    deep: int,
) -> Iterator[tuple[Rows | None, tuple[int, ...]]]:
    rows = rows_of(value)
    if rows is not None:
        yield rows, place
    elif not deep or not isinstance(value, list | tuple) or not value:
        yield None, place
    else:
        for number, item in enumerate(value[: MOST_PLANES + 1]):
            if not isinstance(item, list | tuple):
                yield None, place
                return
            yield from _planes(item, (*place, number), deep - 1)


def _is_regular(
    found: Iterable[tuple[Rows | None, tuple[int, ...]]],
) -> bool:
    """Return whether all planes lie equally deep: a list of a row and a matrix is not an array."""
    return len({len(place) for _, place in found}) == 1
