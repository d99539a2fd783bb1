"""The ladder: what is wrong with one outcome, in which order, and where."""

from typing import Literal, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.compare import agree, compare, region_of
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
    """Fortran order and strided views are as good as any."""
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
    "kind", [kind for kind in get_args(OutcomeKind) if kind != "returned"]
)
def test_what_gave_nothing_keeps_its_name(kind: OutcomeKind) -> None:
    """An outcome without a value is its own verdict."""
    outcome = Outcome(
        kind=kind,
        raised=Raised(type="ValueError", message="no") if kind == "raised" else None,
    )
    assert compare(TRIAL, outcome, EXPECTED, Tolerance()).verdict == kind


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (None, "NoneType"),
        (EXPECTED, "list"),
        (3.0, "float"),
        (3.0, "float64"),
        (None, "dict"),
        (EXPECTED, "tuple"),
    ],
)
def test_only_an_array_is_an_array(value: object, type_name: str) -> None:
    """A list with the right numbers in it is still a list."""
    finding = found(value, type_name=type_name)
    assert (finding.verdict, finding.rung) == (Verdict.WRONG_TYPE, "type")


@pytest.mark.parametrize(
    "dtype", ["complex128", "bool", "U3", "S2", "datetime64[s]", "i4,f8"]
)
def test_numbers_have_to_be_real(dtype: str) -> None:
    """Complex numbers, booleans, text and records are a wrong type, whatever their values."""
    finding = found(np.zeros(EXPECTED.shape, dtype))
    assert (finding.verdict, finding.rung) == (Verdict.WRONG_TYPE, "dtype")


def test_shape_comes_before_values() -> None:
    """A wrong shape is told, even where all values are NaN."""
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
    """What is too much or too little is named when all the rest is right, and only then."""
    finding = found(value)
    assert (finding.verdict, finding.rung, finding.region) == (
        Verdict.WRONG_SHAPE,
        "shape",
        region,
    )


def test_nan_comes_before_inf_and_inf_before_values() -> None:
    """The rung is the first that fails, and its facts are about that rung alone."""
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


def test_special_values_agree_with_themselves_alone() -> None:
    """NaN with NaN, an infinity with the same infinity."""
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
def test_a_changed_argument_comes_before_everything(changed: tuple[Array, ...]) -> None:
    """Bit for bit, shape and type included, and whatever came back."""
    for value in (EXPECTED, None, np.zeros(3)):
        finding = found(value, after=changed)
        assert (finding.verdict, finding.rung, finding.argument) == (
            Verdict.MODIFIED_INPUT,
            "modified",
            "kernel",
        )


def test_an_unchanged_nan_is_no_change() -> None:
    """NaN differs from itself as a number, not as bits."""
    trial = Trial(case="c", name="t", args=(np.array([np.nan]),))
    outcome = Outcome(
        kind="returned",
        value=np.ones(1),
        type_name="ndarray",
        args_after=(np.array([np.nan]),),
    )
    assert compare(trial, outcome, np.ones(1), Tolerance()).verdict is Verdict.PASSED


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
        ([(1, 1), (3, 3)], "inside"),
        ([(0, 0), (2, 2)], "scattered"),
    ],
)
def test_regions(cells: list[tuple[int, int]], region: str) -> None:
    """The smallest named region that holds every wrong cell."""
    wrong = np.zeros((5, 5), bool)
    for cell in cells:
        wrong[cell] = True
    assert region_of(wrong) == region


def test_nothing_and_everything_are_regions_too() -> None:
    """No wrong cell has no region, all cells are everywhere, and a line of cells has no rows to name."""
    assert region_of(np.zeros((3, 3), bool)) is None
    assert region_of(np.ones((3, 3), bool)) == "everywhere"
    assert region_of(np.array([True, False, True])) == "scattered"


ANY_ARRAY = hnp.arrays(
    dtype=st.one_of(
        hnp.floating_dtypes(), hnp.integer_dtypes(), hnp.unsigned_integer_dtypes(), hnp.complex_number_dtypes(),
        hnp.boolean_dtypes(), hnp.unicode_string_dtypes(), hnp.datetime64_dtypes(),
    ),
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)  # fmt: skip


@given(ANY_ARRAY, ANY_ARRAY, st.sampled_from(["ndarray", "list", "NoneType", None]))
def test_compare_is_total(value: Array, argument: Array, type_name: str | None) -> None:
    """Whatever comes back, there is a finding and no exception, and a warning is an error here."""
    trial = Trial(case="c", name="t", args=(argument,))
    outcome = Outcome(
        kind="returned", value=value, type_name=type_name, args_after=(argument,)
    )
    for expected in (
        EXPECTED,
        np.array([np.nan, np.inf]),
        np.array(0.0),
        np.zeros((0, 3)),
        np.full((2, 2), 1e308),
    ):
        assert compare(trial, outcome, expected, Tolerance()).verdict in Verdict


@given(
    hnp.arrays(
        st.sampled_from([np.float64, np.float32, np.int64]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0),
        elements={"allow_subnormal": False},
    )
)
def test_every_array_agrees_with_itself(value: Array) -> None:
    """What is expected passes: NaN, infinities and empty arrays included."""
    assert found(value, value.astype(np.float64)).verdict is Verdict.PASSED


@given(hnp.arrays(bool, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0)))
def test_a_region_claims_no_more_than_is_true(wrong: Array) -> None:
    """`border` leaves the inside alone, `inside` the border, and only `everywhere` is everywhere."""
    region = region_of(wrong)
    assert (region is None) == (not wrong.any())
    assert (region == "everywhere") <= bool(wrong.all())
    if region == "border":
        assert not wrong[1:-1, 1:-1].any()
    if region == "inside":
        assert not wrong[[0, -1]].any()
        assert not wrong[:, [0, -1]].any()
