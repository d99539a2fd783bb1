"""Each known wrong answer is named, alone and combined with others."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.diagnose import submission_source
from grader.diagnose.catalogue import id_of
from grader.diagnose.load import alternatives
from grader.diagnose.plans import is_variant, values_after
from grader.model import Verdict
from tests.diagnose.conftest import SHOWS_ALL

FOLDER = Path(__file__).parents[2] / "solutions" / "convolution"
MODULE: dict[str, Any] = {}
# The author's own file.
exec((FOLDER / "misconceptions.py").read_text("utf-8"), MODULE)  # noqa: S102
ALL = [function.__name__ for function in alternatives(MODULE)]
# These show while the submission is loaded, so that no call is made.
LOADING = {"extra_arguments", "wrong_name"}

IDS = [
    "arguments-swapped",
    "double-padding",
    "first-product-only",
    "first-row-only",
    "windows-run-short",
    "window-too-small",
    "image-transposed",
    "kernel-flipped",
    "kernel-flipped-vertically",
    "kernel-flipped-horizontally",
    "kernel-transposed",
    "same-padding",
    "edge-padding",
    "reflect-padding",
    "wrap-around",
    "full-padding",
    "border-zero",
    "border-image",
    "top-left",
    "off-by-one",
    "output-transposed",
    "stride-of-kernel-size",
    "stride-two",
    "matrix-product",
    "max-instead-of-sum",
    "mean-instead-of-sum",
    "divided-by-kernel-sum",
    "last-product-only",
    "accumulator-not-reset",
    "integer-result",
    "uint8-result",
    "clipped",
    "negative-lost",
    "absolute-value",
    "rescaled",
    "square-only",
    "integer-image-only",
    "returns-none",
    "returns-list",
    "return-inside-loop",
    "zero-output",
    "returns-image",
    "ignores-kernel",
    "modifies-image",
    "extra-axis",
    "extra-arguments",
    "wrong-name",
    "three-channels-only",
    "uses-global",
]

COMBINATIONS = [
    ("same_padding", "kernel_flipped"),
    ("same_padding", "kernel_flipped", "integer_result"),
    ("same_padding", "kernel_flipped", "clipped", "uint8_result"),
    ("same_padding", "divided_by_kernel_sum", "kernel_flipped"),
    ("same_padding", "kernel_flipped", "absolute_value"),
    ("edge_padding", "clipped"),
    ("edge_padding", "divided_by_kernel_sum", "clipped", "uint8_result"),
    ("edge_padding", "clipped__to_one", "rescaled__back", "uint8_result"),
    ("same_padding", "rescaled"),
    ("kernel_flipped", "rescaled"),
    ("same_padding", "integer_image_only"),
    ("top_left", "off_by_one__last_empty"),
    ("top_left", "off_by_one__last_empty", "kernel_flipped"),
    ("border_zero", "off_by_one__last_empty"),
    (
        "border_zero",
        "off_by_one__last_empty",
        "matrix_product",
        "integer_result",
    ),
    ("wrap_around__before", "kernel_flipped"),
    ("wrap_around", "off_by_one__last_empty", "kernel_flipped"),
    ("off_by_one", "output_transposed", "extra_axis"),
    ("border_image", "kernel_transposed"),
    ("reflect_padding", "negative_lost"),
    ("full_padding", "mean_instead_of_sum"),
    ("stride_two", "kernel_flipped"),
    ("return_inside_loop", "same_padding"),
    ("accumulator_not_reset", "kernel_flipped"),
    ("extra_axis__first", "same_padding"),
]


def grade(
    bench: Any,
    run: Callable[[str], Any],
    *names: str,
    secret: bytes = b"secret",
) -> set[str]:
    """Return the ids of the hints for a submission that has these misconceptions."""
    source = submission_source(FOLDER, bench.exercise, *names)
    found: set[str] = bench.ids(run(source), source, secret)
    return found


def test_the_catalogue_has_every_id_that_others_rely_on(bench: Any) -> None:
    """The catalogue has exactly these ids, each with a hint of a sentence or more."""
    assert sorted(bench.catalogue.texts) == sorted(IDS)
    assert all(
        len(text.split()) >= 8 and text[-1] in ".?"
        for text in bench.catalogue.texts.values()
    )


def test_no_hint_hands_over_the_solution(bench: Any) -> None:
    """Hints are about the mistake; none has a line of code to paste."""
    for text in bench.catalogue.texts.values():
        assert "np.sum" not in text
        assert "for i in" not in text
        assert "H - 2" not in text


@pytest.mark.parametrize("name", [name for name in ALL if name not in LOADING])
def test_each_wrong_answer_is_named(
    bench: Any, run: Callable[[str], Any], name: str
) -> None:
    """Each wrong answer, variants too, gets its own id and no other."""
    assert grade(bench, run, name) == {id_of(MODULE[name])}


@pytest.mark.parametrize("names", COMBINATIONS, ids="+".join)
def test_combinations_are_named(
    bench: Any, run: Callable[[str], Any], names: tuple[str, ...]
) -> None:
    """Up to four at once are named."""
    order = {id(f): n for n, f in enumerate(alternatives(MODULE))}
    ordered = sorted(names, key=lambda name: order[id(MODULE[name])])
    assert grade(bench, run, *ordered) == {
        id_of(MODULE[name]) for name in names
    }


@pytest.mark.parametrize(
    "names",
    [
        ("same_padding",),
        ("kernel_flipped", "integer_result"),
        ("edge_padding", "clipped"),
    ],
)
def test_float32_noise_changes_nothing(
    bench: Any, run: Callable[[str], Any], names: tuple[str, ...]
) -> None:
    """A student who computes in float32 gets the same hints."""
    answer = run(submission_source(FOLDER, bench.exercise, *names))
    noisy = bench.ids(
        lambda image, kernel: np.asarray(
            answer(image.astype(np.float32), kernel), np.float32
        ),
        SHOWS_ALL,
    )
    assert noisy == {id_of(MODULE[name]) for name in names}


@pytest.mark.parametrize("factor", [0.25, 1 / 3, 2.0, -1.0, 100.0, 1e-4])
def test_any_constant_factor_is_rescaled(
    bench: Any, run: Callable[[str], Any], factor: float
) -> None:
    """A factor is read off the values, alone and beside another misconception."""
    assert bench.ids(lambda i, k: bench.solutions.reference(i, k) * factor) == {
        "rescaled"
    }
    same = run(submission_source(FOLDER, bench.exercise, "same_padding"))
    assert bench.ids(lambda i, k: same(i, k) * factor, SHOWS_ALL) == {
        "rescaled",
        "same-padding",
    }


def test_a_factor_that_varies_is_not_a_constant_factor(bench: Any) -> None:
    """Dividing by the largest value of each result is not dividing by one constant."""
    reference = bench.solutions.reference
    assert (
        bench.ids(lambda i, k: reference(i, k) / reference(i, k).max()) == set()
    )


def test_two_explanations_are_none(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """With the matrix product, both flips and the vertical flip give the same: no hint."""
    assert grade(bench, run, "kernel_flipped", "matrix_product") == set()


def test_the_smaller_set_wins(bench: Any, run: Callable[[str], Any]) -> None:
    """Zeros from a function that pads are zeros, and nothing more."""
    assert grade(bench, run, "same_padding", "zero_output") == {"zero-output"}


def test_the_wrong_answers_are_graded_wrong(
    bench: Any, run: Callable[[str], Any]
) -> None:
    """No known wrong answer passes a case, but for `square_only` on squares."""
    for name in set(ALL) - LOADING:
        answer = run(submission_source(FOLDER, bench.exercise, name))
        findings = bench.findings(answer, bench.cases())
        wrong = [one for one in findings if one.verdict is not Verdict.PASSED]
        passed = {case.name for case in bench.cases()}
        passed -= {finding.trial.case for finding in wrong}
        assert passed == (
            {"8x8", "10x10"} if name == "square_only" else set()
        ), name


@pytest.mark.parametrize("offset", [0, 3, 5])
def test_pairs_are_named_or_nothing_is_said(bench: Any, offset: int) -> None:
    """A pair gets its own two ids, one id that explains it all, or no hint."""
    parts = bench.catalogue.parts
    stages = [*parts.shaping, *parts.numbers, *parts.values]
    values = {step for stage in parts.values for step in stage}
    plain = [
        [step for step in stage[1:] if not is_variant(step)] for stage in stages
    ]
    pairs = [
        pair
        for two_stages in itertools.combinations(plain, 2)
        for pair in itertools.product(*two_stages)
    ]
    named = total = 0
    for pair in pairs[offset::7]:
        steps = [step for step in pair if step not in values]
        chain = [step for step in pair if step in values]

        def answer(*args: Any, steps: Any = steps, chain: Any = chain) -> Any:
            with np.errstate(all="ignore"):
                return values_after(
                    bench.catalogue.base(steps, args, {}), chain, args
                )

        found = bench.ids(answer, SHOWS_ALL, b"secret %d" % offset)
        if found and found != {"returns-none"}:
            own = {id_of(step) for step in pair}
            assert found == own or len(found) == 1
            total += 1
            named += found == own
    assert named > 0.8 * total > 20
