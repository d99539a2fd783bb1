"""Never a guess: what must hold whatever comes back."""

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.diagnose import Catalogue, diagnose
from grader.diagnose.catalogue import observe
from grader.model import Loading, Outcome, OutcomeKind, Raised, Verdict
from tests.diagnose.conftest import SHOWS_ALL

READY = Loading(state="ready")


@pytest.mark.parametrize("grow", [-3, -2, -1, 0, 1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_random_results_get_no_hint(bench: Any, grow: int, seed: int) -> None:
    """Noise of any plausible shape gets no hint, on hidden cases or on public examples."""
    noise = np.random.default_rng(seed)

    def answer(image: Any, kernel: Any) -> Any:
        rows, columns = (
            max(i - k + 1 + grow, 1)
            for i, k in zip(image.shape, kernel.shape, strict=True)
        )
        return noise.normal(scale=300, size=(rows, columns))

    assert bench.ids(answer) == set()
    assert bench.public_ids(answer) == set()


@pytest.mark.parametrize(
    "make",
    [
        np.floor,
        np.abs,
        lambda v: np.clip(v, 0, 255).astype(np.uint8),
        lambda v: v > 0,
    ],
)
def test_random_whole_positive_or_boolean_results_get_no_hint(
    bench: Any, make: Callable[[Any], Any]
) -> None:
    """A pattern in the values, such as no negative ones, proves nothing by itself."""
    noise = np.random.default_rng(7)
    assert (
        bench.ids(
            lambda image, _: make(noise.normal(scale=100, size=image.shape))
        )
        == set()
    )


def test_the_right_answer_gets_no_hint(bench: Any) -> None:
    """The right answer gets no hint, in float32 neither."""
    for dtype in (float, np.float32):
        assert (
            bench.hints(
                lambda i, k, dtype=dtype: bench.solutions.reference(
                    i, k
                ).astype(dtype)
            )
            == {}
        )


def test_one_unexplained_case_takes_the_hint_from_all(bench: Any) -> None:
    """A combination must give what came back on every trial that failed."""
    same = _same(bench)
    assert bench.ids(same) == {"same-padding"}
    assert bench.ids(lambda i, k: same(i, k) + (i.shape == (12, 8))) == set()


def test_an_explanation_holds_on_what_passed_too(bench: Any) -> None:
    """Padding does not explain a function that pads in one case only."""
    same, reference = _same(bench), bench.solutions.reference
    assert (
        bench.ids(
            lambda i, k: same(i, k) if i.shape == (12, 8) else reference(i, k)
        )
        == set()
    )


@pytest.mark.parametrize(
    "kind",
    ["timed_out", "crashed", "out_of_memory", "invalid_output", "not_run"],
)
def test_a_call_that_was_ended_proves_nothing_either_way(
    bench: Any, kind: OutcomeKind
) -> None:
    """The other cases keep their hint, and the case that was ended gets none."""
    findings = bench.findings(_same(bench), bench.cases())
    for index, finding in enumerate(findings):
        if finding.trial.case == "12x8":
            findings[index] = bench.finding(finding.trial, Outcome(kind=kind))
    hints = bench.diagnose(findings)
    assert set(hints) == {"8x8", "12x10", "10x10"}
    for found in hints.values():
        assert [hint.misconception for hint in found] == ["same-padding"]


def test_an_exception_takes_the_hint_from_all(bench: Any) -> None:
    """An exception is a failure that the values of other calls do not explain."""
    same = _same(bench)

    def answer(image: Any, kernel: Any) -> Any:
        if image.shape == (12, 8):
            raise RuntimeError
        return same(image, kernel)

    assert bench.ids(answer) == set()


def test_nothing_is_explained_if_nothing_failed_or_was_loaded(
    bench: Any,
) -> None:
    """If nothing failed, or nothing was loaded, the catalogue is not even asked."""
    findings = bench.findings(bench.solutions.reference, bench.cases())
    assert (
        diagnose(
            findings, READY, bench.submission(), bench.exercise, _untouchable()
        )
        == {}
    )
    failed = bench.findings(_same(bench), bench.cases())
    loading = Loading(state="crashed")
    assert (
        diagnose(
            failed, loading, bench.submission(), bench.exercise, _untouchable()
        )
        == {}
    )


def test_an_empty_catalogue_gives_no_hints(bench: Any) -> None:
    """An exercise without misconceptions gives no hints and no error."""
    findings = bench.findings(lambda *_: None, bench.cases())
    assert (
        diagnose(
            findings,
            READY,
            bench.submission(),
            bench.exercise,
            Catalogue({}, {}),
        )
        == {}
    )


TYPES = st.one_of(
    hnp.floating_dtypes(sizes=(16, 32, 64)),
    hnp.integer_dtypes(),
    hnp.boolean_dtypes(),
    hnp.complex_number_dtypes(),
)
SHAPES = st.one_of(
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    st.sampled_from([(6, 6), (8, 8)]),
)
VALUES = hnp.arrays(TYPES, SHAPES)
KINDS = st.sampled_from(get_args(OutcomeKind))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            KINDS,
            VALUES,
            st.sampled_from(["ndarray", "list", "NoneType", "int"]),
        ),
        min_size=12,
        max_size=12,
    )
)
def test_diagnose_never_raises(
    bench: Any, outcomes: list[tuple[OutcomeKind, Any, str]]
) -> None:
    """Any mixture of outcomes and arrays gives hints for failed cases alone, and no error."""
    trials = [trial for case in bench.cases() for trial in case.trials]
    undefined = Raised(
        type="NameError", message="name 'x' is not defined", line=2
    )
    findings = []
    for trial, (kind, value, name) in zip(trials, outcomes, strict=True):
        outcome = Outcome(
            kind=kind,
            value=value,
            type_name=name,
            args_after=trial.args,
            raised=undefined if kind == "raised" else None,
        )
        findings.append(bench.finding(trial, outcome))
    hints = bench.diagnose(findings)
    wrong = [one for one in findings if one.verdict is not Verdict.PASSED]
    failed = {finding.trial.case for finding in wrong}
    assert set(hints) <= failed


def test_an_fft_whose_imaginary_parts_are_rounding_errors_is_observed(
    bench: Any,
) -> None:
    """The dtype is wrong, and the values still show what else is."""

    def answer(image: Any, kernel: Any) -> Any:
        return np.fft.ifft2(
            np.fft.fft2(image) * np.fft.fft2(kernel, s=image.shape)
        )

    assert bench.ids(answer, SHOWS_ALL) == {"wrap-around", "kernel-flipped"}
    assert observe("c", "t", (), np.ones((2, 2)) * 1j) is None


@pytest.mark.parametrize("dtype", ["U2", "datetime64[s]", "i4,f8"])
def test_what_has_no_real_numbers_is_not_observed(dtype: str) -> None:
    """There is nothing to match in text, dates and records."""
    assert observe("c", "t", (), np.zeros((2, 2), dtype)) is None


def test_the_same_results_get_the_same_hints_in_the_same_order(
    bench: Any,
) -> None:
    """Hints come in the catalogue's order, each time."""
    same = _same(bench)
    first = bench.hints(lambda i, k: np.trunc(same(i, k[::-1, ::-1])))
    order = list(bench.catalogue.texts)
    for found in first.values():
        ids = [hint.misconception for hint in found]
        assert ids == sorted(ids, key=order.index)
        assert set(ids) == {"same-padding", "kernel-flipped", "integer-result"}
    assert bench.hints(lambda i, k: np.trunc(same(i, k[::-1, ::-1]))) == first


def _same(bench: Any) -> Callable[..., Any]:
    return lambda image, kernel: bench.solutions.reference(
        np.pad(image, 1), kernel
    )


def _untouchable() -> Catalogue:
    class Untouchable(Catalogue):
        def explain(self, *_: Any, **__: Any) -> None:
            raise AssertionError

    return Untouchable({}, {})
