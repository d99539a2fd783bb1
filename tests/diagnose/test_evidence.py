"""What a result, an exception, the text or a pattern of cases proves, and what it does not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

IMPORT = "import numpy as np\n"


def ids(bench: Any, run: Callable[[str], Any], body: str) -> set[str]:
    """Tell what a function with this body is told."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    source = f"{IMPORT}def convolve(image, kernel):\n{lines}"
    found: set[str] = bench.ids(run(source), source)
    return found


@pytest.mark.parametrize(
    "body",
    [
        "h, w, c = image.shape\nreturn np.zeros((h, w))",
        "n, h, w, c = image.shape\nreturn np.zeros((h, w))",
        "return np.zeros(image.shape[2])",
        "return image[:, :, 0] * 2",
        "return np.pad(image, ((1, 1), (1, 1), (0, 0)))",
        "return image.mean(axis=2)",
    ],
)
def test_an_image_with_colours_is_expected(
    bench: Any, run: Callable[[str], Any], body: str
) -> None:
    """Unpacking, indexing, padding or adding up an axis that is not there."""
    assert ids(bench, run, body) == {"three-channels-only"}


@pytest.mark.parametrize(
    "body",
    [
        "a, b, c = 1, 2\nreturn a",
        "h, w = image.shape\na, b, c = (h, w)\nreturn a",
        "return image[99]",
        "return image[0, 99]",
        "raise ValueError('three channels please')",
        "return (1, 2)[5]",
    ],
)
def test_other_exceptions_say_nothing_about_colours(
    bench: Any, run: Callable[[str], Any], body: str
) -> None:
    """The same kinds of exception, from something else."""
    assert ids(bench, run, body) == set()


def test_one_exception_that_differs_disproves_it(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Every failed trial has to show the evidence."""
    assert (
        ids(
            bench,
            run,
            "if image.shape[0] > 8:\n    return image[99]\nh, w, c = image.shape\nreturn h",
        )
        == set()
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return picture[1:-1] * 2", {"uses-global"}),
        ("return np.array([[window_of(image)]])", set()),
        ("return imgae * 2", set()),
        ("return plt.imread(image)", set()),
        ("del image\nreturn image", set()),
    ],
)
def test_a_name_from_outside(
    bench: Any, run: Callable[[str], Any], body: str, expected: set[str]
) -> None:
    """Data that nothing binds is from another cell; a missing helper, module or a misspelt name is not."""
    assert ids(bench, run, body) == expected


def test_a_global_that_does_no_harm_is_none(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Who pads and has a computed constant outside is told about the padding alone."""
    source = (
        f"{IMPORT}SIZE = int(np.sqrt(9))\ndef convolve(image, kernel):\n    p = np.pad(image, 1)\n"
        "    h, w = image.shape\n"
        "    return np.array([[np.sum(p[i:i+SIZE, j:j+SIZE] * kernel) for j in range(w)] for i in range(h)])\n"
    )
    assert bench.ids(run(source), source) == {"same-padding"}


def test_a_kernel_that_is_not_used_shows_in_the_values(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Whatever is computed instead, linear or not; what is known besides is told too."""
    assert ids(bench, run, "return np.sqrt(np.abs(image[2:, 2:])) + kernel.size") == {
        "ignores-kernel"
    }
    blur = "p = np.pad(image, 1, mode='edge')\nh, w = image.shape\n"
    blur += "return np.array([[p[i:i+3, j:j+3].mean() for j in range(w)] for i in range(h)])"
    assert ids(bench, run, blur) == {"ignores-kernel", "edge-padding"}


def test_constants_are_the_same_for_any_kernel_and_prove_nothing(bench: Any) -> None:
    """Ones of the right shape do not show that the kernel was looked at, nor that it was not."""
    for constant in (1.0, 255.0, -3.0):
        assert (
            bench.ids(
                lambda i, _, c=constant: np.full((i.shape[0] - 2, i.shape[1] - 2), c)
            )
            == set()
        )
        assert (
            bench.public_ids(
                lambda i, _, c=constant: np.full((i.shape[0] - 2, i.shape[1] - 2), c)
            )
            == set()
        )


def test_truth_values_prove_nothing(bench: Any) -> None:
    """A threshold gives as a 0 or a 1 what clipping and rounding may give."""
    assert bench.ids(lambda i, k: bench.solutions.reference(i, k) > 0) == set()


def test_square_only_needs_every_other_case_to_fail(bench: Any) -> None:
    """Right in one case that is not square: something else is the matter."""
    reference = bench.solutions.reference

    def answer(image: Any, kernel: Any) -> Any:
        right = reference(image, kernel)
        return right if image.shape != (12, 8) else right[:-1]

    assert bench.ids(answer) == set()


def test_square_only_is_told_on_the_other_cases_alone(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """The square ones passed, so there is nothing to say about them."""
    source = (
        f"{IMPORT}def convolve(image, kernel):\n    n = len(image) - 2\n    out = np.zeros((n, n))\n"
        "    for i in range(n):\n        for j in range(n):\n"
        "            out[i, j] = np.sum(image[i:i+3, j:j+3] * kernel)\n    return out\n"
    )
    hints = bench.hints(run(source), source)
    assert {
        case: [hint.misconception for hint in found] for case, found in hints.items()
    } == {
        "12x10": ["square-only"],
        "12x8": ["square-only"],
    }


@pytest.mark.parametrize("error", [RuntimeError, TypeError, KeyError])
def test_square_only_needs_a_size_that_does_not_fit(
    bench: Any, error: type[Exception]
) -> None:
    """Any other exception is no sign of mixed up rows and columns."""

    def answer(image: Any, kernel: Any) -> Any:
        if image.shape[0] != image.shape[1]:
            raise error
        return bench.solutions.reference(image, kernel)

    assert bench.ids(answer) == set()


def test_one_size_of_squares_is_not_enough(bench: Any) -> None:
    """On the public examples, a result of a fixed size is right where the size happens to be right."""
    assert "square-only" not in bench.public_ids(
        lambda i, k: bench.solutions.reference(i, k)[:2, :2]
    )


def test_results_show_by_themselves_what_they_are(bench: Any) -> None:
    """None and a list are told case by case, even where the values are a riddle."""
    assert bench.ids(lambda *_: None) == {"returns-none"}
    assert bench.ids(lambda _, k: [[1.0, 2.0], [3.0, float(k[0, 0])]]) == {
        "returns-list"
    }
    assert bench.ids(lambda *_: "text") == set()


def test_a_changed_argument_is_told_with_what_the_values_prove(bench: Any) -> None:
    """Spoiling the image and padding are two things."""

    def answer(image: Any, kernel: Any) -> Any:
        result = bench.solutions.reference(np.pad(image, 1), kernel)
        image[0, 0] += 1
        return result

    assert bench.ids(answer) == {"modifies-image", "same-padding"}
