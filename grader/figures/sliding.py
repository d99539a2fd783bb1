"""A kernel that slides over an image, one step for each position."""

from dataclasses import dataclass
from typing import Final

from grader.figures import player
from grader.figures.arrays import (
    CannotDrawError,
    correlate,
    drawable,
    flat_or_planar,
    padded,
    places,
)
from grader.figures.draw import (
    DONE,
    IMAGE,
    PLAIN,
    RESULT,
    TIMES,
    WINDOW,
    Cell,
    Figure,
    bracket,
    count,
    figure,
    number,
    plain,
    side_by_side,
    sign,
    size,
    table,
)
from grader.model import Array

_MOST_STEPS: Final = 36


@dataclass(frozen=True)
class _Walk:
    """A kernel's way over an image."""

    image: Array
    """With its padding."""
    kernel: Array
    stride: int
    padding: tuple[int, int]
    """Rows and columns of zeros on each side."""
    is_flat: bool

    @property
    def result(self) -> Array:
        """The feature map."""
        return correlate(self.image, self.kernel, self.stride)


def slide(
    image: Array, kernel: Array, *, stride: int = 1, padding: int = 0
) -> Figure:
    """Slide a kernel over an image; a reader can choose a step or play all of them.

    Both are 2-D, or both 1-D. `padding` is how many zeros are put on each side first, `stride` how
    far the kernel moves. At most 36 positions are drawn, so use a small image.
    """
    image, kernel, is_flat = flat_or_planar(image, kernel)
    framed = drawable("image", padded(image, padding, is_flat=is_flat))
    zeros = (0 if is_flat else padding, padding)
    walk = _Walk(framed, kernel, stride, zeros, is_flat)
    result = walk.result
    if result.size > _MOST_STEPS:
        raise CannotDrawError(
            f"that would be {result.size} steps: "
            f"use a smaller image, {_MOST_STEPS} steps are the most"
        )
    what = "signal" if is_flat else "image"
    drawn = []
    sums = []
    for row, column in (
        place for line in places(*result.shape) for place in line
    ):
        said = _sum_at(walk, row, column)
        tables = side_by_side(
            table(f"{what} and kernel", _covered(walk, row, column)),
            sign("→"),
            table("feature map", _filled(result, row, column)),
        )
        drawn.append(f'{tables}<div style="margin:.3em 0">{said}</div>')
        sums.append(said)
    caption = _caption(image, walk, padding)
    named = ((what, framed), ("kernel", kernel), ("feature map", result))
    text = "\n\n".join(f"{name}\n{plain(array)}" for name, array in named)
    return figure(player.steps(drawn), caption, "\n".join([text, "", *sums]))


def _caption(image: Array, walk: _Walk, padding: int) -> str:
    way = f" in a frame of zeros, {padding} wide" if padding else ""
    if walk.stride > 1:
        way += f", {walk.stride} places at a time"
    total = walk.result.size
    given = f"{count(total, 'position')}, so {count(total, 'value')}"
    if walk.is_flat:
        weights, values = (
            count(walk.kernel.size, "weight"),
            count(image.size, "value"),
        )
        who = f"A kernel of {weights} slides over a signal of {values}"
        return f"{who}{way}: {given}."
    who = f"A {size(walk.kernel)} kernel slides over a {size(image)} image"
    kept = f"kept as a {size(walk.result)} feature map"
    return f"{who}{way}: {given}, {kept}."


def _sum_at(walk: _Walk, row: int, column: int) -> str:
    """Write out the sum at one position of the kernel."""
    tall, wide = walk.kernel.shape
    top, left = row * walk.stride, column * walk.stride
    patch = walk.image[top : top + tall, left : left + wide]
    terms = [
        f"{bracket(pixel)}{TIMES}{bracket(weight)}"
        for pixel, weight in zip(
            patch.ravel(), walk.kernel.ravel(), strict=True
        )
    ]
    total = number(walk.result[row, column])
    place = f"row {row}, column {column}"
    if walk.is_flat:
        place = f"place {column}"
    return f"{place}: {' + '.join(terms)} = {total}"


def _covered(walk: _Walk, row: int, column: int) -> list[list[Cell]]:
    """Return the squares of the image, with the kernel's weights where it lies."""
    tall, wide = walk.kernel.shape
    top, left = row * walk.stride, column * walk.stride

    def pixel(row: int, column: int) -> Cell:
        value = number(walk.image[row, column])
        inside = top <= row < top + tall and left <= column < left + wide
        if not inside:
            return Cell(
                value, PLAIN if _is_padding(walk, row, column) else IMAGE
            )
        weight = bracket(walk.kernel[row - top, column - left])
        return Cell(value, WINDOW, f"{TIMES}{weight}", strong=True)

    return [
        [pixel(*here) for here in line] for line in places(*walk.image.shape)
    ]


def _is_padding(walk: _Walk, row: int, column: int) -> bool:
    rows, columns = walk.image.shape
    above, before = walk.padding
    inside = above <= row < rows - above and before <= column < columns - before
    return not inside


def _filled(result: Array, top: int, left: int) -> list[list[Cell]]:
    """Return the squares of the feature map, as far as it has been computed."""

    def value(row: int, column: int) -> Cell:
        if (row, column) > (top, left):
            return Cell("")
        now = (row, column) == (top, left)
        return Cell(
            number(result[row, column]), RESULT if now else DONE, strong=now
        )

    return [[value(*here) for here in line] for line in places(*result.shape)]
