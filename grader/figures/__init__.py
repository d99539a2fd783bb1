"""The figures of the lessons: small arrays as HTML that every notebook shows, and as plain text.

Each figure consists of tables (and images from `data:` addresses) with inline styles, because these
survive everywhere. In a notebook that is not trusted yet, JupyterLab removes `<style>`, `<svg>`,
ids and ARIA attributes; Colab shows neither SVG nor attachments in its text cells. No script is
used. Colours are translucent, so that they work on dark and on light themes, text takes the theme's
own colour, and nothing is shown by colour alone.

    from grader import figures
    figures.slide(image, kernel)
"""

from typing import Final

import numpy as np

from grader.figures.arrays import (
    drawable,
    output_shape,
    padded,
    places,
    same_shape,
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
    cells,
    figure,
    number,
    plain,
    side_by_side,
    sign,
    table,
)
from grader.figures.layers import channels, pool
from grader.figures.pictures import layer, sees
from grader.figures.sliding import slide
from grader.model import Array

__all__ = [
    "Figure",
    "channels",
    "dot_product",
    "flatten",
    "flip",
    "layer",
    "pool",
    "positions",
    "sees",
    "slide",
]

_NEIGHBOURS: Final = {(0, 1), (1, 0), (1, 2), (2, 1)}
"""The four pixels around (1, 1)."""


def flatten(image: Array) -> Figure:
    """Show how flattening separates neighbours: a pixel and the four around it.

    `image` is 2-D with at least 3 rows and 3 columns.
    """
    image = drawable("image", image, least=3)
    width = image.shape[1]
    grid = [
        [_neighbour(image, *here) for here in line]
        for line in places(*image.shape)
    ]
    flat: list[Cell] = []
    for line in grid:
        flat += line
    beside = ", ".join(number(image[here]) for here in sorted(_NEIGHBOURS))
    body = side_by_side(
        table("image", grid),
        sign("→"),
        table(f"flattened: {image.size} numbers in a row", [flat], size=1.8),
    )
    caption = (
        f"The pixel {number(image[1, 1])} (orange) has four neighbours (green): {beside}. "
        "In the image they touch it. "
        f"In the flattened row two of them are {width} places away, "
        "and nothing in the row says that they belong together."
    )
    row = " ".join(cell.text for cell in flat)
    return figure(body, caption, f"image\n{plain(image)}\n\nflattened\n{row}")


def _neighbour(image: Array, row: int, column: int) -> Cell:
    background = PLAIN
    if (row, column) == (1, 1):
        background = WINDOW
    elif (row, column) in _NEIGHBOURS:
        background = RESULT
    return Cell(
        number(image[row, column]), background, strong=background != PLAIN
    )


def flip(patch: Array, kernel: Array) -> Figure:
    """Show a kernel as it is and turned by 180 degrees, each multiplied with the same patch."""
    patch, kernel = same_shape(patch, kernel)
    as_it_is = number(np.sum(patch * kernel))
    turned = kernel[::-1, ::-1]
    mirrored = number(np.sum(patch * turned))
    ways = (
        (
            "kernel as it is",
            kernel,
            as_it_is,
            "deep learning, and this exercise",
        ),
        ("kernel turned by 180°", turned, mirrored, "the mathematics book"),
    )
    rows = []
    lines = [f"patch\n{plain(patch)}"]
    for name, weights, total, who in ways:
        rows.append(_multiplied(patch, name, weights, total, who))
        lines.append(f"{name} ({who}): {total}\n{plain(weights)}")
    caption = (
        f"The same patch, the same {kernel.size} weights, two answers: "
        f"{as_it_is} with the kernel as it is, {mirrored} with the kernel turned."
    )
    if as_it_is == mirrored:
        caption = (
            "Both ways give the same answer here: "
            "choose a less symmetric kernel to see the difference."
        )
    return figure("".join(rows), caption, "\n\n".join(lines))


def _multiplied(
    patch: Array, name: str, weights: Array, total: str, who: str
) -> str:
    return side_by_side(
        table("patch", cells(patch, IMAGE)),
        sign("·"),
        table(name, cells(weights, WINDOW)),
        sign(f"= {total}"),
        f'<div style="opacity:.85">{who}</div>',
    )


def dot_product(patch: Array, kernel: Array) -> Figure:
    """Work out one output value: patch times kernel, element by element, then the sum."""
    patch, kernel = same_shape(patch, kernel)
    products = patch * kernel
    total = number(products.sum())
    body = side_by_side(
        table("patch", cells(patch, IMAGE)),
        sign(TIMES),
        table("kernel", cells(kernel, WINDOW)),
        sign("="),
        table("products", cells(products, PLAIN)),
        sign("→ sum →"),
        table("output", [[Cell(total, RESULT, strong=True)]]),
    )
    terms = " + ".join(bracket(value) for value in products.ravel())
    named = (("patch", patch), ("kernel", kernel), ("products", products))
    text = "\n\n".join(f"{name}\n{plain(array)}" for name, array in named)
    return figure(body, f"{terms} = {total}", text)


def positions(
    image_shape: tuple[int, int],
    kernel_shape: tuple[int, int],
    *,
    stride: int = 1,
    padding: int = 0,
) -> Figure:
    """Mark each pixel on which the kernel's top-left corner may lie: one for each output value.

    `padding` is how many rows and columns of zeros are put on each side first, `stride` how far the
    kernel moves.
    """
    (height, width), (tall, wide) = image_shape, kernel_shape
    framed = padded(drawable("image", np.ones(image_shape)), padding)
    drawable("image", framed)
    rows, columns = output_shape(framed.shape, kernel_shape, stride)
    result = [
        [
            Cell(str(row * columns + column + 1), DONE, strong=True)
            for row, column in line
        ]
        for line in places(rows, columns)
    ]
    grid = _places_on(framed, result, stride)
    for line in grid[:tall]:
        line[:wide] = [cell._replace(background=WINDOW) for cell in line[:wide]]
    body = side_by_side(
        table(f"{height}x{width} image", grid),
        sign("→"),
        table(f"{rows}x{columns} feature map", result),
    )
    size = _sum_of_size(height, tall, padding, stride)
    caption = (
        f"A number marks each pixel on which the top-left corner of a {tall}x{wide} kernel "
        "may lie; the first place of the kernel, "
        f"rows 0 to {tall - 1} and columns 0 to {wide - 1}, is orange. "
        f"There are {size} = {rows} rows and "
        f"{_sum_of_size(width, wide, padding, stride)} = {columns} columns of such pixels, "
        "and that is the size of the result."
    )
    lines = [" ".join(f"{cell.text:>3}" for cell in line) for line in grid]
    return figure(body, caption, "\n".join(lines))


def _places_on(
    framed: Array, result: list[list[Cell]], stride: int
) -> list[list[Cell]]:
    """Return the cells of an image with its frame of zeros, and the result's on its places."""
    grid = [
        [
            Cell("·" if pixel else "0", IMAGE if pixel else PLAIN)
            for pixel in line
        ]
        for line in framed
    ]
    for row, line in enumerate(result):
        for column, cell in enumerate(line):
            grid[row * stride][column * stride] = cell
    return grid


def _sum_of_size(pixels: int, weights: int, padding: int, stride: int) -> str:
    """Write out how often a kernel fits: `5 - 3 + 1`, or `(5 + 2 - 3) // 2 + 1`."""
    if stride == 1 and not padding:
        return f"{pixels} - {weights} + 1"
    around = f" + {2 * padding}" if padding else ""
    inside = f"{pixels}{around} - {weights}"
    return f"({inside}) // {stride} + 1" if stride > 1 else f"{inside} + 1"
