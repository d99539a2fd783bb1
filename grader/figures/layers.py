"""What a layer does beyond one convolution: several channels and kernels, and pooling."""

import itertools
from typing import Final

import numpy as np

from grader.figures.arrays import (
    CannotDrawError,
    correlate,
    drawable,
    output_shape,
    places,
)
from grader.figures.draw import (
    DONE,
    IMAGE,
    RESULT,
    TIMES,
    WINDOW,
    Cell,
    Figure,
    bracket,
    cells,
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

_AXES_OF_IMAGE: Final = 3
_AXES_OF_KERNELS: Final = 4
_MOST_PLANES: Final = 12
"""How many planes of weights are drawn at most, those of all kernels together."""


def channels(image: Array, kernels: Array) -> Figure:
    """Show what each kernel makes of all channels at its first place, and its whole feature map.

    `image` has the shape (C, H, W) and `kernels` (K, C, p, q).
    """
    image, kernels = np.asarray(image), np.asarray(kernels)
    _require_channels(image, kernels)
    shape = output_shape(image.shape[1:], kernels.shape[2:])
    blocks, said, maps = [], [], []
    for place, kernel in enumerate(kernels):
        planes = zip(image, kernel, strict=True)
        result = np.zeros(shape)
        for plane, weights in planes:
            result += correlate(plane, weights)
        maps.append(result)
        said.append(_first_sum(place, image, kernel))
        blocks.append(_block(place, image, kernel, result))
        blocks.append(f'<div style="margin:.1em 0 1em">{said[-1]}</div>')
    kernel_count, depth = kernels.shape[:2]
    channels_go = f"{count(depth, 'channel')} {'goes' if depth == 1 else 'go'}"
    make = f"{count(kernel_count, 'kernel')} {'makes' if kernel_count == 1 else 'make'}"
    caption = (
        f"{channels_go} in, and each kernel has {count(depth, 'plane')} of weights: one for each "
        f"channel. What all of them give at one place is added up, so one kernel makes one feature "
        f"map of {shape[0]}x{shape[1]} values, and {make} {kernel_count}."
    )
    named = [(f"channel {at}", plane) for at, plane in enumerate(image)]
    named += [(f"feature map {at}", each) for at, each in enumerate(maps)]
    text = "\n\n".join(f"{name}\n{plain(array)}" for name, array in named)
    return figure("".join(blocks), caption, "\n".join([text, "", *said]))


def _require_channels(image: Array, kernels: Array) -> None:
    if image.ndim != _AXES_OF_IMAGE or kernels.ndim != _AXES_OF_KERNELS:
        raise CannotDrawError(
            "image must have 3 dimensions (channels, rows, columns) and kernels 4 (kernels, "
            f"channels, rows, columns); they have {image.ndim} and {kernels.ndim}"
        )
    if image.shape[0] != kernels.shape[1]:
        raise CannotDrawError(
            f"image has {image.shape[0]} channels, and each kernel has {kernels.shape[1]} planes: "
            "there must be one plane for each channel"
        )
    number_of_planes = kernels.shape[0] * kernels.shape[1]
    if not 0 < number_of_planes <= _MOST_PLANES:
        raise CannotDrawError(
            f"kernels have {number_of_planes} planes together: 1 to {_MOST_PLANES} can be drawn"
        )
    for plane in (*image, *kernels[0]):
        drawable("a plane", plane)


def _products(image: Array, kernel: Array) -> list[Array]:
    """Return the products of each channel at the kernel's first place."""
    tall, wide = kernel.shape[1:]
    return [
        plane[:tall, :wide] * weights
        for plane, weights in zip(image, kernel, strict=True)
    ]


def _first_sum(place: int, image: Array, kernel: Array) -> str:
    """Write out the sum of one kernel at row 0, column 0."""
    sums = [products.sum() for products in _products(image, kernel)]
    terms = " + ".join(bracket(each) for each in sums)
    return f"kernel {place} at row 0, column 0: {terms} = {number(sum(sums))}"


def _block(place: int, image: Array, kernel: Array, result: Array) -> str:
    tall, wide = kernel.shape[1:]
    parts = []
    for channel, products in enumerate(_products(image, kernel)):
        grid = cells(image[channel], IMAGE)
        for line in grid[:tall]:
            line[:wide] = [
                cell._replace(background=WINDOW, strong=True)
                for cell in line[:wide]
            ]
        row = side_by_side(
            table(f"channel {channel}", grid),
            sign(TIMES),
            table(
                f"kernel {place}, plane {channel}",
                cells(kernel[channel], WINDOW),
            ),
            sign(f"→ {number(products.sum())}"),
        )
        parts.append(row)
    filled = cells(result, DONE)
    filled[0][0] = filled[0][0]._replace(background=RESULT, strong=True)
    planes = "".join(f"<div>{part}</div>" for part in parts)
    return side_by_side(
        planes, sign("+ →"), table(f"feature map {place}", filled)
    )


def pool(image: Array, window: int) -> Figure:
    """Divide an image into windows of `window` x `window` pixels, and keep each one's maximum.

    What does not fill a window is left out.
    """
    image = drawable("image", image)
    if not 1 <= window <= min(image.shape):
        raise CannotDrawError(
            f"a window of {window}x{window} pixels does not fit into a {size(image)} image"
        )
    rows, columns = (length // window for length in image.shape)
    result = np.zeros((rows, columns))
    grid = [[Cell(number(value)) for value in line] for line in image]
    said = []
    for row, column in (
        here for line in places(rows, columns) for here in line
    ):
        top, left = row * window, column * window
        patch = image[top : top + window, left : left + window]
        result[row, column] = patch.max()
        # Neighbouring windows differ, as the squares of a chessboard.
        shade = IMAGE if (row + column) % 2 else WINDOW
        _shade(grid, (top, left), patch, shade)
        values = ", ".join(number(value) for value in patch.ravel())
        most = number(result[row, column])
        said.append(
            f"row {row}, column {column}: the most of {values} is {most}"
        )
    body = side_by_side(
        table("image", grid), sign("→"), table("pooled", cells(result, RESULT))
    )
    caption = _pooled(image, window, rows, columns)
    text = f"image\n{plain(image)}\n\npooled\n{plain(result)}"
    return figure(body, caption, "\n".join([text, "", *said]))


def _shade(
    grid: list[list[Cell]], corner: tuple[int, int], patch: Array, shade: str
) -> None:
    """Colour the cells of a window, and make its largest value bold."""
    (top, left), window = corner, len(patch)
    best = divmod(int(patch.argmax()), window)
    for down, across in itertools.product(range(window), repeat=2):
        square = grid[top + down][left + across]
        grid[top + down][left + across] = square._replace(
            background=shade, strong=(down, across) == best
        )


def _pooled(image: Array, window: int, rows: int, columns: int) -> str:
    height, width = image.shape
    left_over = [
        f"{count} {name if count > 1 else name[:-1]}"
        for count, name in (
            (height % window, "rows"),
            (width % window, "columns"),
        )
        if count
    ]
    what = " and ".join(left_over)
    lost = f" What is left over ({what}) is left out." if what else ""
    return (
        f"Windows of {window}x{window} pixels lie side by side; the largest value of each is bold "
        f"and is kept. {height} // {window} = {rows} rows and {width} // {window} = {columns} "
        f"columns of windows fit.{lost}"
    )
