"""What kernels see in an image, as pictures."""

import html
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from grader.figures.arrays import correlate, drawable, output_shape
from grader.figures.draw import (
    WINDOW,
    Figure,
    cells,
    figure,
    grey,
    number,
    picture,
    plain,
    side_by_side,
    signed,
    size,
    table,
)
from grader.model import Array

_MOST_PIXELS: Final = 512**2
_COLOURS: Final = (
    "Orange: what the kernel looks for is there. "
    "Blue: its opposite is there. White: neither."
)

_KEPT: Final = (
    "Orange: what the kernel looks for is there. White: it is not. "
    "Each square stands for a window of the feature map."
)

_Convolve = Callable[[Array, Array], Any]
_Pool = Callable[[Array, int], Any]


def sees(
    image: Array,
    kernels: Mapping[str, Array],
    convolve: _Convolve | None = None,
) -> Figure:
    """Show an image and the feature map of each kernel: orange is positive, blue is negative.

    `image` is 2-D with values from 0 (black) to 1 (white). With `convolve`, that function does the
    work: if it does not return a feature map of the right size, the figure says so in words.
    """
    image = drawable("image", image, least=3, most=_MOST_PIXELS).astype(float)

    def seen(kernel: Array) -> Array | str:
        if convolve is None:
            return correlate(image, kernel)
        shape = output_shape(image.shape, kernel.shape)
        return _made(lambda: convolve(image.copy(), kernel.copy()), shape)

    return _panels(image, kernels, seen, _COLOURS)


def layer(
    image: Array,
    kernels: Mapping[str, Array],
    max_pool: _Pool,
    window: int = 2,
) -> Figure:
    """Show what each kernel finds after ReLU and pooling: convolution, no negatives, maxima.

    `image` is 2-D with values from 0 (black) to 1 (white). `max_pool` does the pooling: if it does
    not return an array of the right size, the figure says so in words.
    """
    image = drawable("image", image, least=3, most=_MOST_PIXELS).astype(float)

    def seen(kernel: Array) -> Array | str:
        found = np.maximum(correlate(image, kernel), 0)
        rows, columns = (length // window for length in found.shape)
        return _made(lambda: max_pool(found, window), (rows, columns))

    return _panels(image, kernels, seen, _KEPT)


def _panels(
    image: Array,
    kernels: Mapping[str, Array],
    seen_by: Callable[[Array], Array | str],
    colours: str,
) -> Figure:
    panels = [
        picture("the image", grey(image), f"The image, {size(image)} pixels")
    ]
    lines = [f"the image: {size(image)} pixels"]
    complaints = []
    for name, kernel in kernels.items():
        seen = seen_by(kernel)
        if isinstance(seen, str):
            complaints.append(seen)
            continue
        found = f"values from {number(seen.min())} to {number(seen.max())}"
        alt = f"Feature map of the kernel for {name}, {size(seen)}: {found}"
        beside = table("kernel", cells(kernel, WINDOW))
        panels.append(picture(name, signed(seen), alt, beside))
        lines.append(f"{name}: {size(seen)}, {found}\n{plain(kernel)}")
    said = list(dict.fromkeys(complaints))
    caption = "Nothing to see yet." if said and len(panels) == 1 else colours
    panels += [_paragraph(one) for one in said]
    return figure(side_by_side(*panels), caption, "\n\n".join([*lines, *said]))


def _paragraph(text: str) -> str:
    return f'<p style="max-width:20em;margin:0">{html.escape(text)}</p>'


def _made(make: Callable[[], Any], shape: tuple[int, int]) -> Array | str:
    """Return what a student's function makes, or what is wrong with it."""
    try:
        made = make()
    except Exception as error:  # noqa: BLE001 - a student's function may raise anything
        name = type(error).__name__
        return (
            f"Your function raised {name}. Once it works, what it sees is here."
        )
    if not _is_map(made, shape):
        return (
            f"Your function does not return a {shape[0]}x{shape[1]} array of numbers yet. "
            "Once it does, its picture is here."
        )
    shown: Array = np.nan_to_num(made.astype(float))
    return shown


def _is_map(seen: object, shape: tuple[int, int]) -> bool:
    if not isinstance(seen, np.ndarray) or seen.dtype.kind not in "iuf":
        return False
    return bool(seen.shape == shape)
