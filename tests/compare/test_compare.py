"""The ladder: what is wrong with one outcome, in what order, and where."""

from typing import Literal, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.compare import compare
from grader.compare.agreement import agree
from grader.compare.regions import region_of
from grader.model import (
    Array,
    Finding,
    Outcome,
    OutcomeKind,
    Raised,
    Tolerance,
    Trial,
    Verdict,
)

IMAGE = np.arange(20.0).reshape(4, 5)
KERNEL = np.ones((3, 3))
EXPECTED = np.arange(1.0, 7.0).reshape(2, 3)
TRIAL = Trial(case="4x5", name="float", args=(IMAGE, KERNEL))


def found(
    value: object,
    expected: Array = EXPECTED,
    *,
    type_name: str = "ndarray",
    after: tuple[Array, ...] | None = None,
) -> Finding:
    """Compare a returned value with what is expected."""
    outcome = Outcome(
        kind="returned",
        value=None if value is None else np.asarray(value),
        type_name=type_name,
        args_after=TRIAL.args if after is None else after,
    )
    return compare(TRIAL, outcome, expected, Tolerance(), ("image", "kernel"))


@pytest.mark.parametrize(
    "dtype", ["f8", "f4", ">f8", "i8", "i4", "u1", "u8", "longdouble"]
)
def test_right_values_pass_in_every_real_type(dtype: str) -> None:
    """Integers and other floats are compared by value."""
    assert found(EXPECTED.astype(dtype)).verdict is Verdict.PASSED


@pytest.mark.parametrize("order", ["C", "F"])
def test_memory_layout_does_not_matter(order: Literal["C", "F"]) -> None:
    """Fortran order and strided views pass like any other array."""
    wide = np.zeros((4, 6))
    wide[::2, ::2] = EXPECTED
    assert found(np.array(EXPECTED, order=order)).verdict is Verdict.PASSED
    assert found(wide[::2, ::2]).verdict is Verdict.PASSED


def test_noise_of_float32_passes_and_more_does_not() -> None:
    """The tolerance is |actual - expected| <= atol + rtol * |expected|."""
    large = EXPECTED * 1000
    assert found(large * (1 + 2e-7), large).verdict is Verdict.PASSED
    assert found(large * (1 + 1e-4), large).verdict is Verdict.WRONG_VALUES


@pytest.mark.parametrize(
    ("value", "expected", "verdict"),
    [
        (1e-5, 0.0, Verdict.PASSED),
        (1.1e-5, 0.0, Verdict.WRONG_VALUES),
        (-1e-5, 0.0, Verdict.PASSED),
        (-1.1e-5, 0.0, Verdict.WRONG_VALUES),
        (100.001, 100.0, Verdict.PASSED),
        (100.0011, 100.0, Verdict.WRONG_VALUES),
        (-100.001, -100.0, Verdict.PASSED),
        (-100.0011, -100.0, Verdict.WRONG_VALUES),
    ],
)
def test_a_difference_of_exactly_the_tolerance_passes(
    value: float, expected: float, verdict: Verdict
) -> None:
    """A value as far from the expected one as the tolerance allows still agrees with it."""
    assert found(np.array([value]), np.array([expected])).verdict is verdict


@pytest.mark.parametrize(
    "kind", [kind for kind in get_args(OutcomeKind) if kind != "returned"]
)
def test_what_gave_nothing_keeps_its_name(kind: OutcomeKind) -> None:
    """The kind of an outcome without a value is the verdict."""
    outcome = Outcome(
        kind=kind,
        raised=Raised(type="ValueError", message="no")
        if kind == "raised"
        else None,
    )
    assert compare(TRIAL, outcome, EXPECTED, Tolerance()).verdict == kind


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (None, "NoneType"),
        (EXPECTED.tolist(), "list"),
        (3.0, "float"),
        (np.float64(3.0), "float64"),
        (None, "dict"),
        (tuple(EXPECTED.tolist()), "tuple"),
    ],
)
def test_only_an_array_is_an_array(value: object, type_name: str) -> None:
    """A list with the right numbers is still a list."""
    outcome = Outcome(kind="returned", value=value, type_name=type_name)
    finding = compare(TRIAL, outcome, EXPECTED, Tolerance())
    assert (finding.verdict, finding.rung) == (Verdict.WRONG_TYPE, "type")


@pytest.mark.parametrize(
    "dtype", ["complex128", "bool", "U3", "S2", "datetime64[s]", "i4,f8"]
)
def test_numbers_must_be_real(dtype: str) -> None:
    """Complex numbers, booleans, text and records have the wrong type, whatever their values."""
    finding = found(np.zeros(EXPECTED.shape, dtype))
    assert (finding.verdict, finding.rung) == (Verdict.WRONG_TYPE, "dtype")


def test_shape_comes_before_values() -> None:
    """A wrong shape is reported even where all values are NaN."""
    assert found(np.full((9, 9), np.nan)).verdict is Verdict.WRONG_SHAPE


@pytest.mark.parametrize(
    ("value", "region"),
    [
        (np.pad(EXPECTED, 1), "border"),
        (np.pad(EXPECTED, 2), "border"),
        (np.pad(EXPECTED, ((0, 2), (0, 2))), "last_rows_and_columns"),
        (np.pad(EXPECTED, ((0, 1), (0, 1))), "last_row_and_column"),
        (EXPECTED[:-1, :-1], "last_row_and_column"),
        (EXPECTED[:-1], "last_row"),
        (EXPECTED[:, :-1], "last_column"),
        (np.pad(EXPECTED, ((0, 0), (0, 1))), "last_column"),
        (np.pad(EXPECTED, ((1, 1), (2, 2))), None),
        (np.pad(EXPECTED, ((1, 2), (1, 2))), None),
        (np.pad(EXPECTED, ((0, 1), (1, 0))), None),
        (np.zeros((4, 5)), None),
        (EXPECTED.T, None),
        (EXPECTED.ravel(), None),
        (np.zeros((0, 0)), None),
        (np.zeros((5, 0)), None),
        (np.array(1.0), None),
    ],
)
def test_a_wrong_shape_says_where_the_right_values_are(
    value: Array, region: str | None
) -> None:
    """What is too much or too little is named when the rest is right, and only then."""
    finding = found(value)
    assert (finding.verdict, finding.rung, finding.region) == (
        Verdict.WRONG_SHAPE,
        "shape",
        region,
    )


def test_nan_comes_before_inf_and_inf_before_values() -> None:
    """The rung is the first that fails, and the facts are about that rung alone."""
    value = EXPECTED.copy()
    value[1, 2] = 99
    assert (found(value).rung, found(value).first, found(value).max_error) == (
        "values",
        (1, 2),
        93.0,
    )
    value[0, 1] = np.inf
    assert (found(value).rung, found(value).first) == ("inf", (0, 1))
    value[1, 0] = np.nan
    assert (found(value).rung, found(value).first, found(value).differing) == (
        "nan",
        (1, 0),
        1,
    )


def test_between_infinities_there_is_no_largest_error() -> None:
    """Where only the sign of an infinite value is wrong, the error of those beside is not told."""
    expected = np.array([np.inf, 1.0])
    finding = found(np.array([-np.inf, 1.0]), expected)
    assert (finding.rung, finding.differing) == ("values", 1)
    assert finding.max_error is None
    finding = found(np.array([-np.inf, 1.5]), expected)
    assert (finding.differing, finding.max_error) == (2, 0.5)


def test_nan_and_infinities_agree_only_with_themselves() -> None:
    """NaN agrees with NaN, and an infinity with the same infinity."""
    special = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert agree(special, special, Tolerance()).all()
    assert not agree(special[::-1], special, Tolerance()).any()
    assert not agree(
        np.array([1.0, np.inf]), np.array([np.inf, -np.inf]), Tolerance()
    ).any()


@pytest.mark.parametrize(
    "changed",
    [
        (IMAGE + 0, KERNEL * 2),
        (IMAGE + 0, -0.0 * KERNEL),
        (IMAGE + 0, KERNEL.astype("f4")),
        (IMAGE + 0, KERNEL.reshape(9)),
    ],
)
def test_a_changed_argument_comes_before_everything(
    changed: tuple[Array, ...],
) -> None:
    """Any changed bit counts, also of shape and dtype, whatever the function returned."""
    for value in (EXPECTED, None, np.zeros(3)):
        finding = found(value, after=changed)
        assert (finding.verdict, finding.rung, finding.argument) == (
            Verdict.MODIFIED_INPUT,
            "modified",
            "kernel",
        )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), ("argument 1", "argument 2")),
        (("image",), ("image", "argument 2")),
        (("image", "kernel"), ("image", "kernel")),
        (("image", "kernel", "stride"), ("image", "kernel")),
    ],
)
def test_an_argument_without_a_name_is_called_by_its_place(
    names: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """A finding names each argument of the trial, also if the exercise does not."""
    changed = (IMAGE, KERNEL * 2)
    outcome = Outcome(kind="returned", type_name="ndarray", args_after=changed)
    finding = compare(TRIAL, outcome, EXPECTED, Tolerance(), names)
    assert (finding.arguments, finding.argument) == (expected, expected[1])


def test_special_values_that_agree_are_no_reason() -> None:
    """Beside them a wrong number is a wrong value, however far off, and its error is told."""
    special = np.array([np.nan, np.inf, -np.inf, 1.0])
    finding = found(np.array([np.nan, np.inf, -np.inf, 3.5]), special)
    assert (finding.rung, finding.differing, finding.first) == (
        "values",
        1,
        (3,),
    )
    assert finding.max_error == 2.5


def test_an_unchanged_nan_is_not_a_change() -> None:
    """NaN is not equal to itself as a number, but its bits are."""
    trial = Trial(case="c", name="t", args=(np.array([np.nan]),))
    outcome = Outcome(
        kind="returned",
        value=np.ones(1),
        type_name="ndarray",
        args_after=(np.array([np.nan]),),
    )
    assert (
        compare(trial, outcome, np.ones(1), Tolerance()).verdict
        is Verdict.PASSED
    )


@pytest.mark.parametrize(
    ("cells", "region"),
    [
        ([(0, 0)], "one_value"),
        ([(0, 1), (0, 3)], "first_row"),
        ([(4, 1), (4, 3)], "last_row"),
        ([(2, 1), (2, 3)], "one_row"),
        ([(1, 0), (3, 0)], "first_column"),
        ([(1, 4), (3, 4)], "last_column"),
        ([(1, 2), (3, 2)], "one_column"),
        ([(4, 0), (0, 4)], "last_row_and_column"),
        ([(3, 0), (0, 3)], "last_rows_and_columns"),
        ([(0, 0), (4, 4)], "border"),
        ([(2, 0), (0, 4)], "border"),
        ([(0, 2), (4, 0)], "border"),
        ([(1, 1), (3, 3)], "inside"),
        ([(0, 0), (2, 2)], "scattered"),
    ],
)
def test_regions(cells: list[tuple[int, int]], region: str) -> None:
    """The region is the smallest one with a name that holds every wrong cell."""
    wrong = np.zeros((5, 5), bool)
    for cell in cells:
        wrong[cell] = True
    assert region_of(wrong) == region


def test_regions_of_no_cell_of_all_cells_and_of_a_line() -> None:
    """No wrong cell gives no region, all give `everywhere`, and one axis has no rows to name."""
    assert region_of(np.zeros((3, 3), bool)) is None
    assert region_of(np.ones((3, 3), bool)) == "everywhere"
    assert region_of(np.array([True, False, True])) == "scattered"


ANY_DTYPE = st.one_of(
    hnp.floating_dtypes(),
    hnp.integer_dtypes(),
    hnp.unsigned_integer_dtypes(),
    hnp.complex_number_dtypes(),
    hnp.boolean_dtypes(),
    hnp.unicode_string_dtypes(),
    hnp.datetime64_dtypes(),
)
ANY_ARRAY = hnp.arrays(
    ANY_DTYPE, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
)


def right(value: Array, expected: Array) -> bool:
    """Judge an array in numpy's own words."""
    if value.dtype.kind not in "fiu" or value.shape != expected.shape:
        return False
    with np.errstate(all="ignore"):
        numbers = value.astype(np.float64)
        return np.allclose(
            numbers, expected, rtol=1e-5, atol=1e-5, equal_nan=True
        )


@given(
    ANY_ARRAY, ANY_ARRAY, st.sampled_from(["ndarray", "list", "NoneType", None])
)
def test_compare_is_total(
    value: Array, argument: Array, type_name: str | None
) -> None:
    """Whatever comes back, `compare` judges it as numpy does, without an exception or a warning."""
    trial = Trial(case="c", name="t", args=(argument,))
    outcome = Outcome(
        kind="returned",
        value=value,
        type_name=type_name,
        args_after=(argument,),
    )
    for expected in (
        EXPECTED,
        np.array([np.nan, np.inf]),
        np.array(0.0),
        np.zeros((0, 3)),
        np.full((2, 2), 1e308),
    ):
        finding = compare(trial, outcome, expected, Tolerance())
        # One number is the same answer in any of its forms.
        same_form = type_name == "ndarray" or expected.ndim == 0
        passed = same_form and right(value, expected)
        assert (finding.verdict is Verdict.PASSED) == passed


@given(
    hnp.arrays(
        st.sampled_from([np.float64, np.float32, np.int64]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0),
        elements={"allow_subnormal": False},
    )
)
def test_every_array_agrees_with_itself(value: Array) -> None:
    """The expected array passes, also with NaN and infinities, or empty."""
    assert found(value, value.astype(np.float64)).verdict is Verdict.PASSED


@given(hnp.arrays(bool, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0)))
def test_a_region_claims_no_more_than_is_true(wrong: Array) -> None:
    """In `border` the inside is right, in `inside` the border, and `everywhere` means all."""
    region = region_of(wrong)
    assert (region is None) == (not wrong.any())
    assert (region == "everywhere") <= bool(wrong.all())
    if region == "border":
        assert not wrong[1:-1, 1:-1].any()
    if region == "inside":
        assert not wrong[[0, -1]].any()
        assert not wrong[:, [0, -1]].any()
