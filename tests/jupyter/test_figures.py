"""The figures: what they say is what the arrays hold."""

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader import figures
from grader.figures.draw import png

IMAGE = np.arange(16).reshape(4, 4)
KERNEL = np.array([[1, 0], [0, -2]])


def test_slide_works_out_every_position() -> None:
    """One line per position, with its products and its sum; the sums are the feature map."""
    text = figures.slide(IMAGE, KERNEL).text
    assert text.count("row ") == 9
    assert "row 1, column 2: 6*1 + 7*0 + 10*0 + 11*(-2) = -16" in text
    assert "-10 -11 -12\n-14 -15 -16\n-18 -19 -20" in text


def test_slide_takes_rows_of_numbers() -> None:
    """A signal and a kernel of one axis each: places instead of rows and columns."""
    text = figures.slide(np.array([2, 2, 7]), np.array([-1, 1])).text
    assert "place 1: 2*(-1) + 7*1 = 5" in text
    assert "a signal of 3 values: 2 positions, so 2 values." in text
    assert (
        "place 0: 0*(-1) + 2*1 = 2"
        in figures.slide(np.array([2, 2]), np.array([-1, 1]), padding=1).text
    )


def test_slide_and_positions_know_stride_and_padding() -> None:
    """The frame of zeros is part of the image; a stride leaves places out."""
    text = figures.slide(IMAGE, KERNEL, stride=2, padding=1).text
    assert text.count("row ") == 9
    assert "row 1, column 1: 5*1 + 6*0 + 9*0 + 10*(-2) = -15" in text
    assert "in a frame of zeros, 1 wide, 2 places at a time" in text
    text = figures.positions((4, 7), (2, 3), stride=2, padding=1).text
    assert "(4 + 2 - 2) // 2 + 1 = 3 rows" in text
    assert "(7 + 2 - 3) // 2 + 1 = 4 columns" in text


def test_channels_are_summed_and_each_kernel_makes_a_map() -> None:
    """Each kernel's first sum is written out, and its map is the sum over all channels."""
    image = np.stack([IMAGE, 2 * IMAGE])
    kernels = np.stack(
        [np.stack([KERNEL, KERNEL]), np.stack([KERNEL, -KERNEL])]
    )
    text = figures.channels(image, kernels).text
    assert "kernel 0 at row 0, column 0: -10 + -20 = -30" in text.replace(
        "(", ""
    ).replace(")", "")
    assert "feature map 0\n-30 -33 -36" in text
    assert "feature map 1\n10 11 12" in text


def test_pool_keeps_the_most_of_each_window_and_says_what_is_left_out() -> None:
    """Negative numbers have a maximum too; what fills no window is named."""
    text = figures.pool(-np.arange(15).reshape(3, 5), 2).text
    assert "row 0, column 1: the most of -2, -3, -7, -8 is -2" in text
    assert "left over (1 row and 1 column)" in text


def test_layer_takes_the_students_pooling() -> None:
    """A function that works gives a picture for each kernel, and one that does not is named."""
    kernels = {"edges": np.array([[1, -1]])}

    def half(image: Any, size: int) -> Any:
        return image[: image.shape[0] // size, : image.shape[1] // size]

    assert figures.layer(IMAGE / 16, kernels, half).html.count("<img") == 2
    assert (
        "does not return a 2x1 array"
        in figures.layer(IMAGE / 16, kernels, lambda image, _size: image).text
    )


def test_what_cannot_be_drawn_is_one_sentence_in_a_notebook(
    kernel: Any,
) -> None:
    """No traceback: the sentence is all that there is to read."""
    said = kernel.say(
        "from grader import figures\nfigures.positions((2, 2), (3, 3))"
    )
    assert said.strip() == (
        "This cannot be drawn: a 3x3 kernel does not fit into a 2x2 image."
    )


def test_slide_shows_one_step_for_each_position_and_a_button_for_each_step() -> (
    None
):
    """Nine positions: nine drawings, nine buttons, and one to play them."""
    html = figures.slide(IMAGE, KERNEL).html
    assert html.count("<section") == 9
    assert html.count('type="radio"') == 10
    assert html.count(" checked") == 1


def test_dot_product_adds_the_products_place_by_place() -> None:
    """The caption is the whole sum."""
    assert (
        "0 + 0 + 0 + (-6) = -6"
        in figures.dot_product(np.arange(4).reshape(2, 2), KERNEL).text
    )


def test_flip_gives_both_answers() -> None:
    """The kernel as it is, and turned by 180 degrees."""
    patch = np.array([[1, 2], [3, 4]])
    text = figures.flip(patch, KERNEL).text
    assert "-7 with the kernel as it is, 2 with the kernel turned" in text
    assert "less symmetric" in figures.flip(patch, np.ones((2, 2))).text


def test_positions_are_counted_and_numbered() -> None:
    """A 3x3 kernel fits into a 4x6 image at 2x4 places."""
    figure = figures.positions((4, 6), (3, 3))
    assert "4 - 3 + 1 = 2 rows and 6 - 3 + 1 = 4 columns" in figure.text
    assert figure.text.splitlines()[:2] == [
        "  1   2   3   4   .   .",
        "  5   6   7   8   .   .",
    ]


def test_flatten_marks_the_pixel_and_its_four_neighbours_in_both_forms() -> (
    None
):
    """Five marked squares in the image, the same five in the row."""
    html = figures.flatten(IMAGE).html
    assert html.count("font-weight:bold") == 10


def test_sees_takes_the_students_function_and_says_in_words_what_it_did() -> (
    None
):
    """A function that raises, or returns something else, is named in the figure, breaks nothing."""
    kernels = {"edges <b>": np.array([[1, -1]])}

    def fails(_image: Any, _kernel: Any) -> None:
        raise ZeroDivisionError

    assert (
        "Your function raised ZeroDivisionError"
        in figures.sees(IMAGE / 16, kernels, fails).text
    )
    for wrong in (
        lambda _i, _k: None,
        lambda i, _k: i,
        lambda _i, _k: "x",
        lambda _i, _k: np.array(["x"]),
    ):
        figure = figures.sees(IMAGE / 16, kernels, wrong)
        assert "does not return a 4x3 array" in figure.text
    assert "edges &lt;b&gt;" in figures.sees(IMAGE / 16, kernels).html
    nan = figures.sees(
        IMAGE / 16, kernels, lambda _i, _k: np.full((4, 3), np.nan)
    )
    assert "values from 0 to 0" in nan.text


def test_sees_leaves_the_picture_alone() -> None:
    """A function that spoils its arguments spoils copies."""
    picture, kernel = np.ones((3, 3)), np.ones((2, 2))

    def spoils(image: Any, weights: Any) -> Any:
        image[:], weights[:] = 0, 0
        return image[1:, 1:]

    figures.sees(picture, {"ones": kernel}, spoils)
    assert picture.all()
    assert kernel.all()


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: figures.slide(np.zeros((20, 20)), KERNEL), "361 steps"),
        (
            lambda: figures.slide(np.zeros((2, 2)), np.zeros((3, 3))),
            "does not fit",
        ),
        (
            lambda: figures.slide(np.zeros(5), KERNEL),
            "both must have 2, or both 1",
        ),
        (
            lambda: figures.slide(np.zeros((3, 3, 3)), np.zeros((3, 3, 3))),
            "2 dimensions",
        ),
        (lambda: figures.slide(IMAGE, KERNEL, stride=0), "at least 1"),
        (lambda: figures.slide(IMAGE, KERNEL, padding=-1), "at least 0"),
        (lambda: figures.channels(IMAGE, KERNEL), "they have 2 and 2"),
        (
            lambda: figures.channels(np.ones((2, 3, 3)), np.ones((1, 3, 2, 2))),
            "one plane for each channel",
        ),
        (
            lambda: figures.channels(np.ones((2, 3, 3)), np.ones((9, 2, 2, 2))),
            "18 planes together",
        ),
        (lambda: figures.pool(IMAGE, 5), "does not fit"),
        (lambda: figures.dot_product(IMAGE, KERNEL), "one shape"),
        (lambda: figures.flatten(np.zeros((2, 9))), "at least 3"),
        (lambda: figures.flatten(np.zeros((30, 30))), "cannot be drawn"),
        (lambda: figures.positions((100, 100), (3, 3)), "cannot be drawn"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    draw: Callable[[], Any], words: str
) -> None:
    """A student who changes an array too far learns in one line what would work."""
    with pytest.raises(ValueError, match=words):
        draw()


def test_a_picture_is_a_valid_png() -> None:
    """Signature, size, checksums and pixels are what the specification says."""
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    data = png(pixels)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + body) == int.from_bytes(
            data[at + 8 + size : at + 12 + size]
        )
        chunks[kind], at = body, at + 12 + size
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert chunks[b"IHDR"] == bytes([0, 0, 0, 4, 0, 0, 0, 2, 8, 2, 0, 0, 0])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(
        2, 13
    )
    assert (lines[:, 1:].reshape(pixels.shape) == pixels).all()
    assert not lines[:, 0].any(), "no line is filtered"


def test_numbers_are_short_and_minus_nothing_is_nothing() -> None:
    """At most four digits; -0.0 is written 0."""
    text = figures.dot_product(
        np.array([[-0.0, 1 / 3]]), np.array([[1.0, 1.0]])
    ).text
    assert "0 + 0.3333 = 0.3333" in text
