"""What results, exceptions, the text and patterns of cases prove, and what they do not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.compare import compare
from grader.diagnose.evidence import from_one
from grader.model import Earlier, Outcome, Raised, Tolerance, Trial, Value

IMPORT = "import numpy as np\n"


def ids(bench: Any, run: Callable[[str], Any], body: str) -> set[str]:
    """Return the ids of the hints for a function with this body."""
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
def test_code_for_images_with_colours_is_recognised(
    bench: Any, run: Callable[[str], Any], body: str
) -> None:
    """Unpacking, indexing, padding or averaging a missing axis shows code for three channels."""
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
    """The same kinds of exception from another cause prove nothing about colours."""
    assert ids(bench, run, body) == set()


def test_one_different_exception_disproves_colours(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Every failed trial has to show the evidence."""
    body = """
if image.shape[0] > 8:
    return image[99]
h, w, c = image.shape
return h
"""
    assert ids(bench, run, body) == set()


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
    """Unbound data is a global; a missing helper, module or a misspelt name is not."""
    assert ids(bench, run, body) == expected


GLOBAL = """
import numpy as np
picture = np.random.default_rng(1).normal(size=(9, 9))

def convolve(image, kernel):
    rows, columns = image.shape
    scale = rows / columns
    out = picture[2:, 2:] * kernel[0, 0] + scale
    return out
"""


def test_one_shape_for_images_of_all_shapes_shows_a_global(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Code that reads the image can still compute with data from outside: the shape shows it."""
    assert bench.ids(run(GLOBAL), GLOBAL) == {"uses-global"}


@pytest.mark.parametrize(
    "change",
    [
        "out = out[: rows - 2]",
        "out = out[rows - 13 :]  # from row 0, for more than 12 rows; else fewer rows",
        "out = out if rows > 8 else 1 / 0",
        "out = out if rows > 8 else None",
    ],
)
def test_a_global_is_not_shown_by_anything_less(
    bench: Any, run: Callable[[str], Any], change: str
) -> None:
    """Results of several shapes, or a call without a result, leave it open."""
    source = GLOBAL.replace("return out", f"{change}\n    return out")
    assert "uses-global" not in bench.ids(run(source), source)


def test_a_global_beside_a_case_that_passed_is_not_shown(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Where one case passed, data from outside is not what is wrong."""
    right = bench.solutions.reference
    wrong = run(GLOBAL)
    found = bench.ids(
        lambda i, k: (right if len(i) == 10 else wrong)(i, k), GLOBAL
    )
    assert found == set()


@pytest.mark.parametrize(
    ("message", "line", "cell", "expected"),
    [
        ("name 'picture' is not defined", 2, None, {"uses-global"}),
        ("name 'picture' is not defined", None, None, {"uses-global"}),
        ("name 'picture' is not defined", 99, None, {"uses-global"}),
        ("name 'picture' is not defined", 2, 7, {"uses-global"}),
        ("name 'picture' is not defined", 3, None, set()),
        ("name 'other' is not defined", 2, None, set()),
        ("no such name", 2, None, set()),
    ],
)
def test_a_name_error_is_read_with_its_line(
    bench: Any,
    message: str,
    line: int | None,
    cell: int | None,
    expected: set[str],
) -> None:
    """A NameError shows a global if the text reads that name and its line does not call it."""
    source = "def convolve(image, kernel):\n    a = picture + image\n    return picture()\n"
    raised = Raised(type="NameError", message=message, line=line, cell=cell)
    outcome = Outcome(kind="raised", raised=raised)
    trials = [trial for case in bench.cases() for trial in case.trials]
    hints = bench.diagnose(
        [bench.finding(trial, outcome) for trial in trials], source
    )
    found = {hint.misconception for hints in hints.values() for hint in hints}
    assert found == expected


def test_a_harmless_global_gets_no_hint(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Code that pads, with a computed constant outside, gets the hint about padding alone."""
    source = """
import numpy as np
SIZE = int(np.sqrt(9))

def convolve(image, kernel):
    padded = np.pad(image, 1)
    out = np.zeros(image.shape)
    for i, j in np.ndindex(*image.shape):
        out[i, j] = np.sum(padded[i : i + SIZE, j : j + SIZE] * kernel)
    return out
"""
    assert bench.ids(run(source), source) == {"same-padding"}


def test_an_ignored_kernel_shows_in_the_values(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Whatever is computed instead, linear or not, and with what else is known to be wrong."""
    root = "return np.sqrt(np.abs(image[2:, 2:])) + kernel.size"
    assert ids(bench, run, root) == {"ignores-kernel"}
    blur = """
padded = np.pad(image, 1, mode="edge")
out = np.zeros(image.shape)
for i, j in np.ndindex(*image.shape):
    out[i, j] = padded[i : i + 3, j : j + 3].mean()
return out
"""
    assert ids(bench, run, blur) == {"ignores-kernel", "edge-padding"}


@pytest.mark.parametrize("constant", [1.0, 255.0, -3.0])
def test_a_constant_proves_nothing(bench: Any, constant: float) -> None:
    """Ones of the right shape show neither that the kernel was used nor that it was not."""

    def answer(image: Any, _kernel: Any) -> Any:
        return np.full((image.shape[0] - 2, image.shape[1] - 2), constant)

    assert bench.ids(answer) == set()
    assert bench.public_ids(answer) == set()


def test_booleans_prove_nothing(bench: Any) -> None:
    """A threshold gives the 0 and 1 that clipping and rounding can give too."""
    assert bench.ids(lambda i, k: bench.solutions.reference(i, k) > 0) == set()


def test_square_only_needs_every_other_case_to_fail(bench: Any) -> None:
    """If a case that is not square passes, something else is the matter."""
    reference = bench.solutions.reference

    def answer(image: Any, kernel: Any) -> Any:
        right = reference(image, kernel)
        return right if image.shape != (12, 8) else right[:-1]

    assert bench.ids(answer) == set()


def test_square_only_is_a_hint_for_the_other_cases_alone(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """The square cases passed, so there is nothing to say about them."""
    source = """
import numpy as np

def convolve(image, kernel):
    n = len(image) - 2
    out = np.zeros((n, n))
    for i, j in np.ndindex(n, n):
        out[i, j] = np.sum(image[i : i + 3, j : j + 3] * kernel)
    return out
"""
    hints = bench.hints(run(source), source)
    assert set(hints) == {"12x10", "12x8"}
    for found in hints.values():
        assert [hint.misconception for hint in found] == ["square-only"]


@pytest.mark.parametrize("error", [RuntimeError, TypeError, KeyError])
def test_square_only_needs_a_size_that_does_not_fit(
    bench: Any, error: type[Exception]
) -> None:
    """Any other exception is not a sign of mixed up rows and columns."""

    def answer(image: Any, kernel: Any) -> Any:
        if image.shape[0] != image.shape[1]:
            raise error
        return bench.solutions.reference(image, kernel)

    assert bench.ids(answer) == set()


def test_one_size_of_squares_is_not_enough(bench: Any) -> None:
    """A result of a fixed size is right where that size happens to fit, which proves nothing."""
    assert "square-only" not in bench.public_ids(
        lambda i, k: bench.solutions.reference(i, k)[:2, :2]
    )


def test_none_and_lists_are_evidence_by_themselves(bench: Any) -> None:
    """None and a list get their hint even where nothing explains the values."""
    assert bench.ids(lambda *_: None) == {"returns-none"}
    assert bench.ids(lambda _, k: [[1.0, 2.0], [3.0, float(k[0, 0])]]) == {
        "returns-list"
    }
    assert bench.ids(lambda *_: "text") == set()


@pytest.mark.parametrize(
    ("result", "given", "right", "is_list"),
    [
        (Earlier(0), (np.ones(3), np.ones(3)), np.ones((2, 3)), True),
        (Earlier(0), (np.ones(3), np.ones(3)), np.ones(3), False),
        (Earlier(0), [np.ones(3), np.ones(3)], np.ones(3), True),
        (
            (Earlier(0), Earlier(1)),
            (np.ones(3),) * 2,
            (np.zeros(3),) * 2,
            False,
        ),
    ],
)
def test_only_rows_are_a_list_in_a_tuple(
    result: Value, given: Value, right: Value, is_list: bool
) -> None:
    """An array with its mask is none, nor is what a case yields of several calls."""
    trial = Trial(case="a", name="1", args=(), result=result)
    kind = type(given).__name__
    outcome = Outcome(kind="returned", value=given, type_name=kind)
    finding = compare(trial, outcome, right, Tolerance())
    assert ("returned a list" in from_one(finding)) == is_list


def test_a_changed_argument_gets_its_hint_beside_that_of_the_values(
    bench: Any,
) -> None:
    """Changing the image and padding it are two mistakes, with two hints."""

    def answer(image: Any, kernel: Any) -> Any:
        result = bench.solutions.reference(np.pad(image, 1), kernel)
        image[0, 0] += 1
        return result

    assert bench.ids(answer) == {"modifies-image", "same-padding"}
