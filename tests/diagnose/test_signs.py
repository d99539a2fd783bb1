"""A hint names a cause only where the source shows it, and a combination needs signs too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.diagnose import load_catalogue
from grader.diagnose.signs import SIGNS, signs_of
from grader.errors import ExerciseError
from grader.model import Solutions
from tests.diagnose.conftest import SHOWS_ALL

HEAD = "import numpy as np\ndef convolve(image, kernel):\n"
BOUNDS = HEAD + (
    "    h, w = image.shape\n"
    "    out = np.zeros((h, w))\n"
    "    for y, x, a, b in np.ndindex(h, w, 3, 3):\n"
    "        r, c = y + a - 1, x + b - 1\n"
    "        if 0 <= r < h and 0 <= c < w:\n"
    "            out[y, x] += image[r, c] * kernel[a, b]\n"
    "    return out\n"
)
PADDED = HEAD + (
    "    h, w = image.shape\n"
    "    wide = np.pad(image, 1)\n"
    "    out = np.zeros((h, w))\n"
    "    for y, x in np.ndindex(h, w):\n"
    "        out[y, x] = np.sum(wide[y:y + 3, x:x + 3] * kernel)\n"
    "    return out\n"
)


def text(bench: Any, run: Callable[[str], Any], source: str) -> str:
    """Return the only hint for a source."""
    hints = bench.hints(run(source), source)
    (found,) = {hint.text for of_case in hints.values() for hint in of_case}
    return str(found)


def test_padding_is_named_only_where_somebody_pads(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """The same values are told as padding, or as if there were zeros, by what the source shows."""
    assert text(bench, run, PADDED).startswith("You put zeros around")
    assert "come out as if there were zeros" in text(bench, run, BOUNDS)


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ("for i in image:\n        return i", "return in a loop"),
        ("while True:\n        break", "break in a loop"),
        ("for a in image:\n        b = a * 2", "replacing in a loop"),
        ("return np.pad(image, 1)", "padding"),
        ("p = kernel * 0\n    p[1:, 1:] = image", "padding"),
        ("return image @ kernel", "matrix product"),
        ("return kernel[::-1]", "flip"),
        ("for a in image:\n        b = 5 - a", "flip"),
        ("return kernel.T", "transpose"),
        ("return image[i, j] * kernel[j][i]", "exchanged indices"),
        ("return image[i % 3]", "wrapping index"),
        ("return np.fft.fft2(image)", "fourier"),
        ("return image.astype('int32')", "whole numbers"),
        ("return image.copy()", "type of another array"),
        ("return np.clip(image, 0, 1)", "limit"),
        ("return image / 9", "division"),
        ("return abs(image)", "absolute value"),
        ("return np.amax(image)", "maximum"),
        ("p = kernel * 0\n    p[:2] += image", "adding to a part"),
    ],
)
def test_each_sign_is_seen(bench: Any, body: str, sign: str) -> None:
    """Each sign is seen where it stands, in a helper too, and not in the bare function."""
    helper = f"def helper(image, kernel, i=0, j=0):\n    {body}\n"
    source = helper + HEAD + "    return helper(image, kernel)\n"
    plain = HEAD + "    return helper(image, kernel)\n"
    shown = signs_of(bench.submission(source), bench.exercise)
    assert sign in SIGNS
    assert sign in shown
    assert sign not in signs_of(bench.submission(plain), bench.exercise)


def test_a_source_can_show_all_signs(bench: Any) -> None:
    """The source of the tests of combinations shows every sign, so that none is held back."""
    assert signs_of(bench.submission(SHOWS_ALL), bench.exercise) == SIGNS


def test_a_return_in_a_function_inside_a_loop_is_none_in_the_loop(
    bench: Any,
) -> None:
    """A `return` belongs to its own function: a loop around the definition is none around it."""
    source = (
        HEAD + "    for i in image:\n        def f():\n            return 1\n"
    )
    found = signs_of(bench.submission(source), bench.exercise)
    assert "return in a loop" not in found


def test_several_without_signs_are_no_explanation(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """Several misconceptions are named where the source shows each of them, and not otherwise."""
    source = PADDED.replace("    return out", "    return np.abs(out)").replace(
        "* kernel", "* kernel[::-1, ::-1]"
    )
    three = {"same-padding", "kernel-flipped", "absolute-value"}
    function = run(source)
    assert bench.ids(function, source) == three
    assert bench.ids(function, PADDED) == set()


def test_a_factor_like_a_rounding_error_is_not_named(bench: Any) -> None:
    """Values that are off by a hundred-thousandth are not called rescaled."""
    right = bench.solutions.reference
    assert bench.ids(lambda i, k: right(i, k) * (1 + 3e-5)) == set()
    assert bench.ids(lambda i, k: right(i, k) * 1.5) == {"rescaled"}


def test_a_wrong_answer_may_raise(bench: Any) -> None:
    """An answer that raises explains the same exception with the same message, and no other."""

    def too_small(image: Any, kernel: Any) -> Any:
        size = [n - k for n, k in zip(image.shape, kernel.shape, strict=True)]
        out = np.zeros(size)
        for i in range(size[0] + 1):
            for j in range(size[1] + 1):
                out[i, j] = 1
        return out

    assert bench.ids(too_small) == {"off-by-one"}
    assert bench.ids(lambda _i, _k: np.zeros(3)[7]) == set()


def test_unknown_signs_and_effects_without_signs_are_faults(
    bench: Any, tmp_path: Path
) -> None:
    """An author hears of a sign that does not exist, and of an effect that has no sign."""
    (tmp_path / "misconceptions.py").write_text(
        'def a(image, kernel):\n    """Hint."""\n'
        'def b(image, kernel):\n    """Hint."""\n'
        "ANSWERS = (a, b)\n"
        'SIGNS = {a: ("moon",)}\n'
        'EFFECTS = {b: "text"}\n'
    )
    solutions = Solutions(
        reference=bench.solutions.reference,
        cases=bench.solutions.cases,
        trials=bench.solutions.trials,
        folder=tmp_path,
        digest="sha256:0",
    )
    with pytest.raises(ExerciseError) as caught:
        load_catalogue(bench.exercise, solutions)
    faults = str(caught.value)
    assert "'moon' is not a sign" in faults
    assert "EFFECTS: b has no SIGNS" in faults


@pytest.mark.parametrize(
    "body",
    [
        "    return image" + "[0]" * 3000,
        "    return " + "image[" * 80 + "0" + "]" * 80,
        "    for i in image:\n        a = " + "1 + " * 3000 + "image * 2",
        "    return " + "-" * 900 + "image[-1]",
    ],
)
def test_no_source_keeps_the_signs_busy(bench: Any, body: str) -> None:
    """Long chains of brackets and operators are looked at in steps, and none is too deep."""
    assert signs_of(bench.submission(HEAD + body), bench.exercise) <= SIGNS


def test_a_source_that_is_too_long_shows_no_signs(bench: Any) -> None:
    """Beyond the budget nothing is told, in place of what was seen up to there."""
    signs = {"padding", "whole numbers"}
    body = "    a = np.pad(image, 1) // 2\n"
    short = bench.submission(HEAD + body)
    assert signs <= signs_of(short, bench.exercise)
    long = bench.submission(HEAD + body + "    a = [0, 0, 0, 0]\n" * 20_000)
    assert signs_of(long, bench.exercise) == frozenset()
