"""The arrays that the figures show: what fits into one, and what convolution makes of it."""

from typing import Final

import numpy as np

from grader.model import Array

_MOST_SQUARES: Final = 400
_AXES: Final = 2


def drawable(
    name: str, array: Array, *, least: int = 1, most: int = _MOST_SQUARES
) -> Array:
    """Return a 2-D array that fits into a figure.

    Raises `ValueError` unless it has at least `least` rows and columns and at most `most` values.
    """
    array = np.asarray(array)
    if array.ndim != _AXES or min(array.shape) < least:
        raise ValueError(
            f"{name} must have 2 dimensions, of at least {least} each; its shape is {array.shape}"
        )
    if array.size > most:
        raise ValueError(
            f"{name} has {array.size} values: more than {most} cannot be drawn"
        )
    return array


def same_shape(patch: Array, kernel: Array) -> tuple[Array, Array]:
    """Return a patch and a kernel that can be multiplied element by element."""
    patch = drawable("patch", patch)
    kernel = drawable("kernel", kernel)
    if patch.shape != kernel.shape:
        raise ValueError(
            f"patch and kernel must have one shape, not {patch.shape} and {kernel.shape}"
        )
    return patch, kernel


def correlate(image: Array, kernel: Array) -> Array:
    """Return the feature map of an image, (H-p+1, W-q+1)."""
    rows, columns = output_shape(image.shape, kernel.shape)
    result = np.zeros((rows, columns))
    for (row, column), weight in np.ndenumerate(kernel):
        result += weight * image[row : row + rows, column : column + columns]
    return result


def output_shape(
    image: tuple[int, ...], kernel: tuple[int, ...]
) -> tuple[int, int]:
    """Return the shape of the feature map; raises `ValueError` if the kernel does not fit."""
    rows = image[0] - kernel[0] + 1
    columns = image[1] - kernel[1] + 1
    if rows < 1 or columns < 1:
        small = f"a {kernel[0]}x{kernel[1]} kernel"
        raise ValueError(
            f"{small} does not fit into a {image[0]}x{image[1]} image"
        )
    return rows, columns


def places(rows: int, columns: int) -> list[list[tuple[int, int]]]:
    """Return the indices of a 2-D array, row by row."""
    return [[(row, column) for column in range(columns)] for row in range(rows)]
