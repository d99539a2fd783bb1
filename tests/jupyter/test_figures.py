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
        (lambda: figures.slide(np.zeros(5), KERNEL), "2 dimensions"),
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
