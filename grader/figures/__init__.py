"""The figures of the lesson: small arrays drawn as HTML that every notebook shows, and as plain text elsewhere.

Each figure is made of tables (and images from `data:` addresses) with inline styles, because these
survive everywhere: in a notebook that is not trusted yet, JupyterLab removes `<style>`, `<svg>`,
ids and ARIA attributes, and Colab shows neither SVG nor attachments in its text cells. No script is
used. Colours are translucent, so that they lie on dark and on light themes, text takes the theme's
own colour, and nothing is told by colour alone.

    from grader import figures
    figures.slide(image, kernel)
"""

import html
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from grader.figures import player
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
    grey,
    number,
    picture,
    plain,
    side_by_side,
    sign,
    signed,
    size,
    table,
)
from grader.model import Array

__all__ = ["Figure", "dot_product", "flatten", "flip", "positions", "sees", "slide"]

_MOST_STEPS: Final = 36
_MOST_SQUARES: Final = 400
_MOST_PIXELS: Final = 512


def flatten(image: Array) -> Figure:
    """Show what flattening does to neighbours: one pixel and the four around it, as an image and as a long row.

    `image` is 2-D with at least 3 rows and 3 columns.
    """
    image = _drawable("image", image, least=3)
    width = image.shape[1]
    around = {(0, 1), (1, 0), (1, 2), (2, 1)}

    def cell(row: int, column: int) -> Cell:
        here = (row, column)
        background = WINDOW if here == (1, 1) else RESULT if here in around else PLAIN
        return Cell(number(image[row, column]), background, strong=background != PLAIN)

    grid = [[cell(*here) for here in line] for line in _places(*image.shape)]
    flat = [one for line in grid for one in line]
    body = side_by_side(
        table("image", grid),
        sign("→"),
        table(f"flattened: {image.size} numbers in a row", [flat], size=1.8),
    )
    caption = (
        f"The pixel {number(image[1, 1])} (orange) has four neighbours (green). In the image they touch it. In the "
        f"flattened row two of them are {width} places away, and nothing in the row says that they belong together."
    )
    text = f"image\n{plain(image)}\n\nflattened\n{' '.join(one.text for one in flat)}"
    return figure(body, caption, text)


def flip(patch: Array, kernel: Array) -> Figure:
    """Show a kernel as it is and turned by 180 degrees, each multiplied with the same patch."""
    patch, kernel = _alike(patch, kernel)
    rows, lines, totals = [], [f"patch\n{plain(patch)}"], []
    for name, weights, who in (
        ("kernel as it is", kernel, "deep learning, and this exercise"),
        ("kernel turned by 180°", kernel[::-1, ::-1], "the mathematics book"),
    ):
        total = number(np.sum(patch * weights))
        drawn = (
            table("patch", cells(patch, IMAGE)),
            sign("·"),
            table(name, cells(weights, WINDOW)),
        )
        rows.append(
            side_by_side(
                *drawn, sign(f"= {total}"), f'<div style="opacity:.85">{who}</div>'
            )
        )
        lines.append(f"{name} ({who}): {total}\n{plain(weights)}")
        totals.append(total)
    caption = (
        f"The same patch, the same {kernel.size} weights, two answers: {totals[0]} with the kernel as it is, "
        f"{totals[1]} with the kernel turned."
    )
    if totals[0] == totals[1]:
        caption = "Both ways give the same answer here: choose a less symmetric kernel to see the difference."
    return figure("".join(rows), caption, "\n\n".join(lines))


def dot_product(patch: Array, kernel: Array) -> Figure:
    """Work out one output value: patch times kernel, place by place, then the sum."""
    patch, kernel = _alike(patch, kernel)
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
    sums = f"{' + '.join(bracket(value) for value in products.ravel())} = {total}"
    parts = (("patch", patch), ("kernel", kernel), ("products", products))
    return figure(
        body, sums, "\n\n".join(f"{name}\n{plain(array)}" for name, array in parts)
    )


def positions(image_shape: tuple[int, int], kernel_shape: tuple[int, int]) -> Figure:
    """Mark each pixel where the kernel's top-left corner may lie: one output value for each of them."""
    (height, width), (tall, wide) = image_shape, kernel_shape
    rows, columns = _output_shape(image_shape, kernel_shape)
    _drawable("image", np.empty(image_shape))

    def cell(row: int, column: int) -> Cell:
        covered = row < tall and column < wide
        if row < rows and column < columns:
            return Cell(
                str(row * columns + column + 1),
                WINDOW if covered else DONE,
                strong=True,
            )
        return Cell("·", WINDOW if covered else PLAIN)

    grid = [[cell(*here) for here in line] for line in _places(height, width)]
    result = [[Cell(str(row * columns + column + 1), DONE, strong=True) for row, column in line]
              for line in _places(rows, columns)]  # fmt: skip
    body = side_by_side(
        table(f"{height}x{width} image", grid),
        sign("→"),
        table(f"{rows}x{columns} feature map", result),
    )
    caption = (
        f"A number marks each pixel on which the top-left corner of a {tall}x{wide} kernel may lie; the first place of "
        f"the kernel is orange. There are {height} - {tall} + 1 = {rows} rows and {width} - {wide} + 1 = {columns} "
        "columns of such pixels, and that is the size of the result."
    )
    return figure(
        body,
        caption,
        "\n".join(" ".join(f"{one.text:>3}" for one in line) for line in grid),
    )


def slide(image: Array, kernel: Array) -> Figure:
    """Slide a kernel over an image, one step per position; the steps can be chosen or played.

    At most 36 positions are drawn: use a small image.
    """
    image, kernel = _drawable("image", image), _drawable("kernel", kernel)
    result = _correlate(image, kernel)
    if result.size > _MOST_STEPS:
        raise ValueError(
            f"that would be {result.size} steps: use a smaller image, {_MOST_STEPS} steps are the most"
        )
    steps = [_step(image, kernel, result, step) for step in range(result.size)]
    caption = (
        f"A {size(kernel)} kernel slides over a {size(image)} image: {result.size} positions, so {result.size} values, "
        f"kept as a {size(result)} feature map."
    )
    parts = (("image", image), ("kernel", kernel), ("feature map", result))
    text = "\n\n".join(f"{name}\n{plain(array)}" for name, array in parts)
    return figure(
        player.steps([drawn for drawn, _ in steps]),
        caption,
        "\n".join([text, "", *(said for _, said in steps)]),
    )


def sees(
    image: Array,
    kernels: Mapping[str, Array],
    convolve: Callable[[Array, Array], Any] | None = None,
) -> Figure:
    """Show an image and what each kernel makes of it: orange where the value is positive, blue where it is negative.

    `image` is 2-D with values from 0 (black) to 1 (white). With `convolve`, that function does the
    work: where it does not give a feature map of the right size, the figure says so in words.
    """
    image = _drawable("image", image, least=3, most=_MOST_PIXELS**2).astype(float)
    panels = [picture("the image", grey(image), f"The image, {size(image)} pixels")]
    lines = [f"the image: {size(image)} pixels"]
    maps = {
        name: _correlate(image, kernel)
        if convolve is None
        else _theirs(convolve, image, kernel)
        for name, kernel in kernels.items()
    }
    said = list(dict.fromkeys(seen for seen in maps.values() if isinstance(seen, str)))
    for name, seen in maps.items():
        if isinstance(seen, str):
            continue
        found = f"values from {number(seen.min())} to {number(seen.max())}"
        alt = f"Feature map of the kernel for {name}, {size(seen)}: {found}"
        panels.append(
            picture(
                name, signed(seen), alt, table("kernel", cells(kernels[name], WINDOW))
            )
        )
        lines.append(f"{name}: {size(seen)}, {found}\n{plain(kernels[name])}")
    panels += [
        f'<p style="max-width:20em;margin:0">{html.escape(one)}</p>' for one in said
    ]
    lines += said
    if said and len(panels) == 1 + len(said):
        return figure(side_by_side(*panels), "Nothing to see yet.", "\n\n".join(lines))
    caption = "Orange: what the kernel looks for is there. Blue: its opposite is there. White: neither."
    return figure(side_by_side(*panels), caption, "\n\n".join(lines))


# -------------------------------------------------------------------------------------------------------------- parts


def _step(image: Array, kernel: Array, result: Array, step: int) -> tuple[str, str]:
    top, left = divmod(step, result.shape[1])
    tall, wide = kernel.shape

    def pixel(row: int, column: int) -> Cell:
        value = number(image[row, column])
        if top <= row < top + tall and left <= column < left + wide:
            return Cell(
                value,
                WINDOW,
                f"{TIMES}{bracket(kernel[row - top, column - left])}",
                strong=True,
            )
        return Cell(value, IMAGE)

    def value(row: int, column: int) -> Cell:
        index = row * result.shape[1] + column
        if index > step:
            return Cell("")
        return Cell(
            number(result[row, column]),
            RESULT if index == step else DONE,
            strong=index == step,
        )

    patch = image[top : top + tall, left : left + wide]
    terms = [
        f"{bracket(a)}{TIMES}{bracket(b)}"
        for a, b in zip(patch.ravel(), kernel.ravel(), strict=True)
    ]
    said = (
        f"row {top}, column {left}: {' + '.join(terms)} = {number(result[top, left])}"
    )
    drawn = side_by_side(
        table(
            "image and kernel",
            [[pixel(*here) for here in line] for line in _places(*image.shape)],
        ),
        sign("→"),
        table(
            "feature map",
            [[value(*here) for here in line] for line in _places(*result.shape)],
        ),
    )
    return f'{drawn}<div style="margin:.3em 0">{said}</div>', said


def _theirs(
    convolve: Callable[[Array, Array], Any], image: Array, kernel: Array
) -> Array | str:
    try:
        seen = convolve(image.copy(), kernel.copy())
    except Exception as error:  # noqa: BLE001 - a student's function may raise anything
        return f"Your function raised {type(error).__name__}. Once it works, what it sees is here."
    rows, columns = _output_shape(image.shape, kernel.shape)
    if (
        not isinstance(seen, np.ndarray)
        or seen.dtype.kind not in "iuf"
        or seen.shape != (rows, columns)
    ):
        return f"your function does not give a {rows}x{columns} array of numbers yet. Once it does, its picture is here."
    shown: Array = np.nan_to_num(seen.astype(float))
    return shown


def _correlate(image: Array, kernel: Array) -> Array:
    rows, columns = _output_shape(image.shape, kernel.shape)
    result = np.zeros((rows, columns))
    for (row, column), weight in np.ndenumerate(kernel):
        result += weight * image[row : row + rows, column : column + columns]
    return result


def _places(rows: int, columns: int) -> list[list[tuple[int, int]]]:
    return [[(row, column) for column in range(columns)] for row in range(rows)]


def _output_shape(image: tuple[int, ...], kernel: tuple[int, ...]) -> tuple[int, int]:
    rows, columns = (big - small + 1 for big, small in zip(image, kernel, strict=True))
    if rows < 1 or columns < 1:
        raise ValueError(
            f"a {kernel[0]}x{kernel[1]} kernel does not fit into a {image[0]}x{image[1]} image"
        )
    return rows, columns


def _drawable(
    name: str, array: Array, *, least: int = 1, most: int = _MOST_SQUARES
) -> Array:
    array = np.asarray(array)
    if array.ndim != 2 or min(array.shape) < least:  # noqa: PLR2004 - rows and columns
        raise ValueError(
            f"{name} must have 2 dimensions, of at least {least} each; its shape is {array.shape}"
        )
    if array.size > most:
        raise ValueError(
            f"{name} has {array.size} values: more than {most} cannot be drawn"
        )
    return array


def _alike(patch: Array, kernel: Array) -> tuple[Array, Array]:
    patch, kernel = _drawable("patch", patch), _drawable("kernel", kernel)
    if patch.shape != kernel.shape:
        raise ValueError(
            f"patch and kernel must have one shape, not {patch.shape} and {kernel.shape}"
        )
    return patch, kernel
