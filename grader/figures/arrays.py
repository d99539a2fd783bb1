"""The arrays that the figures show: what fits into one, and what convolution makes of it."""

from typing import Final

import numpy as np

from grader.model import Array

_MOST_SQUARES: Final = 400
_AXES: Final = 2


class CannotDrawError(ValueError):
    """What is given does not make a figure; a notebook shows the sentence without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback."""
        return [f"This cannot be drawn: {self}."]


def drawable(
    name: str, array: Array, *, least: int = 1, most: int = _MOST_SQUARES
) -> Array:
    """Return a 2-D array that fits into a figure.

    It has at least `least` rows and columns, and at most `most` values, or it raises
    `CannotDrawError`.
    """
    array = np.asarray(array)
    if array.ndim != _AXES or min(array.shape) < least:
        raise CannotDrawError(
            f"{name} must have 2 dimensions, of at least {least} each; its shape is {array.shape}"
        )
    if array.size > most:
        raise CannotDrawError(
            f"{name} has {array.size} values: more than {most} cannot be drawn"
        )
    return array


def same_shape(patch: Array, kernel: Array) -> tuple[Array, Array]:
    """Return a patch and a kernel that can be multiplied element by element."""
    patch = drawable("patch", patch)
    kernel = drawable("kernel", kernel)
    if patch.shape != kernel.shape:
        raise CannotDrawError(
            f"patch and kernel must have one shape, not {patch.shape} and {kernel.shape}"
        )
    return patch, kernel


def flat_or_planar(image: Array, kernel: Array) -> tuple[Array, Array, bool]:
    """Return an image and a kernel as 2-D arrays, and whether both were given as 1-D ones."""
    image, kernel = np.asarray(image), np.asarray(kernel)
    is_flat = image.ndim == kernel.ndim == 1
    if is_flat:
        image, kernel = image[None], kernel[None]
    elif image.ndim != kernel.ndim:
        raise CannotDrawError(
            f"image has {image.ndim} dimensions and kernel has {kernel.ndim}: "
            "both must have 2, or both 1"
        )
    return drawable("image", image), drawable("kernel", kernel), is_flat


def padded(image: Array, padding: int, *, is_flat: bool = False) -> Array:
    """Return an image with so many zeros on each side; a flat one has two sides."""
    if padding < 0:
        raise CannotDrawError(f"padding is {padding}; it is at least 0")
    rows = 0 if is_flat else padding
    return np.pad(image, ((rows, rows), (padding, padding)))


def correlate(image: Array, kernel: Array, stride: int = 1) -> Array:
    """Return the feature map of an image, of the shape that `output_shape` gives."""
    rows, columns = output_shape(image.shape, kernel.shape, stride)
    result = np.zeros((rows, columns))
    down, across = (rows - 1) * stride + 1, (columns - 1) * stride + 1
    for (row, column), weight in np.ndenumerate(kernel):
        seen = image[
            row : row + down : stride, column : column + across : stride
        ]
        result += weight * seen
    return result


def output_shape(
    image: tuple[int, ...], kernel: tuple[int, ...], stride: int = 1
) -> tuple[int, int]:
    """Return the shape of the feature map; raises `CannotDrawError` if the kernel does not fit."""
    if stride < 1:
        raise CannotDrawError(f"stride is {stride}; it is at least 1")
    if kernel[0] > image[0] or kernel[1] > image[1]:
        small = f"a {kernel[0]}x{kernel[1]} kernel"
        raise CannotDrawError(
            f"{small} does not fit into a {image[0]}x{image[1]} image"
        )
    rows = (image[0] - kernel[0]) // stride + 1
    columns = (image[1] - kernel[1]) // stride + 1
    return rows, columns


def places(rows: int, columns: int) -> list[list[tuple[int, int]]]:
    """Return the indices of a 2-D array, row by row."""
    return [[(row, column) for column in range(columns)] for row in range(rows)]
