"""A kernel that slides over an image, one step for each position."""

from typing import Final

from grader.figures import player
from grader.figures.arrays import correlate, drawable, places
from grader.figures.draw import (
    DONE,
    IMAGE,
    RESULT,
    TIMES,
    WINDOW,
    Cell,
    Figure,
    bracket,
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


def slide(image: Array, kernel: Array) -> Figure:
    """Slide a kernel over an image; a reader can choose a step or play all of them.

    At most 36 positions are drawn, so use a small image.
    """
    image, kernel = drawable("image", image), drawable("kernel", kernel)
    result = correlate(image, kernel)
    if result.size > _MOST_STEPS:
        raise ValueError(
            f"that would be {result.size} steps: "
            f"use a smaller image, {_MOST_STEPS} steps are the most"
        )
    drawn = []
    sums = []
    for top, left in (
        place for line in places(*result.shape) for place in line
    ):
        said = _sum_at(image, kernel, result, top, left)
        tables = side_by_side(
            table("image and kernel", _covered(image, kernel, top, left)),
            sign("→"),
            table("feature map", _filled(result, top, left)),
        )
        drawn.append(f'{tables}<div style="margin:.3em 0">{said}</div>')
        sums.append(said)
    caption = (
        f"A {size(kernel)} kernel slides over a {size(image)} image: "
        f"{result.size} positions, so {result.size} values, "
        f"kept as a {size(result)} feature map."
    )
    named = (("image", image), ("kernel", kernel), ("feature map", result))
    text = "\n\n".join(f"{name}\n{plain(array)}" for name, array in named)
    return figure(player.steps(drawn), caption, "\n".join([text, "", *sums]))


def _sum_at(
    image: Array, kernel: Array, result: Array, top: int, left: int
) -> str:
    """Write out the sum at one position of the kernel."""
    tall, wide = kernel.shape
    patch = image[top : top + tall, left : left + wide]
    terms = [
        f"{bracket(pixel)}{TIMES}{bracket(weight)}"
        for pixel, weight in zip(patch.ravel(), kernel.ravel(), strict=True)
    ]
    total = number(result[top, left])
    return f"row {top}, column {left}: {' + '.join(terms)} = {total}"


def _covered(
    image: Array, kernel: Array, top: int, left: int
) -> list[list[Cell]]:
    """Return the squares of the image, with the kernel's weights where it lies."""
    tall, wide = kernel.shape

    def pixel(row: int, column: int) -> Cell:
        value = number(image[row, column])
        inside = top <= row < top + tall and left <= column < left + wide
        if not inside:
            return Cell(value, IMAGE)
        weight = bracket(kernel[row - top, column - left])
        return Cell(value, WINDOW, f"{TIMES}{weight}", strong=True)

    return [[pixel(*here) for here in line] for line in places(*image.shape)]


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
