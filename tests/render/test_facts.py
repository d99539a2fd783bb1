"""What is said about each kind of fact, to the letter: sentences that no usual mistake shows.

After a change that is meant: `GRADER_UPDATE=1 pytest tests/render/test_facts.py`, and read the
difference before you commit it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.model import (
    CutOff,
    Details,
    ExceptionDetails,
    Loading,
    Missing,
    Moment,
    Raised,
    Rebound,
    Skipped,
    StillDetails,
    Unit,
    Verdict,
)
from grader.render.loading import loading_notes
from grader.render.no_result import raised
from grader.render.sentences import case_message, probe_note
from grader.render.timeouts import timed_out
from tests.golden import assert_golden

HERE = Path(__file__).parent / "golden"
Facts = dict[str, Any]
KINDS = (
    *("bool", "int", "float", "complex", "str", "bytes", "list", "tuple"),
    *("dict", "ndarray", "NoneType", "Random", "int8", "float32", "set"),
    *("Tensor", None),
)
PARTS = ("`loss`", "item 2 of the list", None)


def each(table: list[Facts], verdict: Verdict, **more: object) -> str:
    """Return the sentence for each of some facts, below the facts."""
    said = []
    for facts in table:
        details = Details(**{**more, **facts})
        named = ", ".join(f"{key}={value!r}" for key, value in facts.items())
        said.append(f"{named[:160]}\n  {case_message(verdict, details)}\n")
    return "".join(said)


def _kinds() -> Iterator[Facts]:
    for kind in KINDS:
        yield {"actual_type": kind, "expected_type": "float"}
        yield {"actual_type": "float", "expected_type": kind}
    for given, wanted in (
        ("list", "tuple"),
        ("tuple", "list"),
        ("ndarray", "list"),
        ("ndarray", "tuple"),
        ("set", "list"),
        ("set", "tuple"),
        ("set", "dict"),
        ("NoneType", "list"),
    ):
        yield {"actual_type": given, "expected_type": wanted}
    for part in PARTS:
        yield {"part": part, "actual_type": "list", "expected_type": "dict"}
        yield {
            "part": part,
            "actual_type": "list",
            "expected_type": "ndarray",
            "expected_shape": (2, 3),
        }
        yield {"part": part, "actual_type": "float", "expected_shape": (2,)}


def _dtypes() -> Iterator[Facts]:
    for wanted in (
        "bool",
        "bool_",
        "int",
        "uint8",
        "int64",
        "float",
        "complex",
    ):
        for given in ("bool", "complex128", "float64", "<U3", "object", None):
            yield {"expected_type": wanted, "actual_dtype": given}
    for value in (2.5, [1.0, 2.0], "1+2j"):
        yield {
            "expected_type": "int",
            "actual_dtype": "float64",
            "actual": value,
        }
    for part in PARTS:
        yield {"part": part, "actual_dtype": "complex64"}
        yield {
            "part": part,
            "actual_dtype": "float64",
            "expected_dtype": "bool",
        }
        yield {
            "part": part,
            "actual_dtype": "float64",
            "expected_dtype": "int64",
        }


def test_kinds() -> None:
    """One kind of value for another, in the whole and in a part, and how to make the right one."""
    said = each(list(_kinds()), Verdict.WRONG_TYPE, rung="type")
    said += each(list(_dtypes()), Verdict.WRONG_TYPE, rung="dtype")
    assert_golden(HERE / "kinds.txt", said)


SIZES: list[Facts] = [
    {"expected_shape": (1,), "actual_shape": (2,)},
    {"expected_shape": (), "actual_shape": (1,)},
    {"expected_shape": (3,), "actual_shape": ()},
    {"expected_shape": (3,), "actual_shape": (3, 1)},
    {"expected_shape": (2, 3), "actual_shape": (2, 3, 1)},
    {"expected_shape": (4, 4), "actual_shape": (6, 6), "region": "border"},
    {"expected_shape": (4, 4), "actual_shape": (2, 2), "region": "border"},
    {"expected_shape": (4, 4), "actual_shape": (8, 2), "region": "border"},
    {"expected_shape": (4, 4), "actual_shape": (6, 6), "region": "last_row"},
    *(
        {"expected_shape": (4, 4), "actual_shape": (3, 3), "region": region}
        for region in (
            *("last_row", "last_column", "last_row_and_column"),
            *("last_rows_and_columns", "everywhere"),
        )
    ),
    {"expected_shape": (2, 3), "actual_shape": (3, 2), "part": "`loss`"},
]
LENGTHS: list[Facts] = [
    {"expected_length": 2, "actual_length": 1},
    {"expected_length": 1, "actual_length": 2, "expected_type": "tuple"},
    {"expected_length": 1, "part": "`loss`"},
    {"expected": [1, 2], "actual": [1], "first": (1,)},
    {"expected": [1], "actual": [1, 2], "first": (1,)},
    {"expected": [1, 2], "actual": [3, 2, 1], "first": (0,)},
    {"expected": [1, 2], "actual": [3, 2, 1]},
    {"expected": [1], "actual": [1], "first": (-1,)},
    {"expected": ["a" * 58], "actual": [], "first": (0,)},
    {"expected": ["a" * 59], "actual": [], "first": (0,)},
    {"expected": ["..."], "actual": [], "first": (0,)},
]
KEYS: list[Facts] = [
    {},
    {"missing": ("a",)},
    {"missing": ("a", "b", "c", "d")},
    {"missing": ("a", "b", "c", "d", "e"), "part": "`loss`"},
    {"unexpected": ("a" * 61,)},
    {"missing": ("a",), "unexpected": ("b", "c")},
]


def test_sizes() -> None:
    """Arrays of another size, lists of another length, dicts with other keys."""
    said = each(SIZES, Verdict.WRONG_SHAPE, rung="shape")
    said += each(
        LENGTHS,
        Verdict.WRONG_SHAPE,
        rung="length",
        expected_length=2,
        actual_length=3,
    )
    said += each(KEYS, Verdict.WRONG_SHAPE, rung="keys")
    assert_golden(HERE / "sizes.txt", said)


NUMBERS: list[Facts] = [
    {"differing": None},
    {"total": None},
    {"rung": "nan", "differing": None},
    {"rung": "inf", "differing": None},
    *(
        {"rung": rung, "actual_value": value, "differing": differing}
        for rung in ("nan", "inf", "values")
        for value in ("nan", "inf", "-inf", 1.0)
        for differing in (1, 2)
    ),
    {"differing": 6},
    {"differing": 1, "total": 1},
    {"first": None},
    {"first": (4,)},
    {"first": (1, 2)},
    {"first": (1, 2, 3)},
    {"max_error": None},
    {"max_error": "inf"},
    {"max_error": 1234.56},
    {"differing": 3, "region": "scattered"},
    {"differing": 4, "region": "scattered"},
    {"region": "one_row", "first": (4,)},
    {"region": "one_column", "first": (4, 5)},
    *(
        {"region": region, "expected_shape": shape}
        for region in (
            "first_row",
            "one_row",
            "first_column",
            "one_column",
            "border",
        )
        for shape in ((1, 6), (6, 1), (2, 3), (3, 3), (6,), (2, 3, 1))
    ),
    {"part": "`loss`"},
    {"part": "item 2 of the list", "differing": None},
]
LEAVES: list[Facts] = [
    *(
        {"actual_value": given, "expected_value": wanted}
        for given, wanted in (
            (1, 2),
            (True, 1),
            (None, 1),
            (1, None),
            (10**119, 10**120),
            (1, 2.5),
            (2.5, 1),
            (1.000001, 1.000002),
            (1.0, "nan"),
        )
    ),
    {"actual": [1, 2], "actual_type": "tuple", "expected": 0.5},
    {"actual_value": 1.5, "expected_value": 2.5, "part": "`loss`"},
    {"actual_value": 1.5, "expected_value": 2.5, "part": "item 2"},
]
TEXTS: list[Facts] = [
    {"actual_value": "a" * 30, "expected_value": "b" * 30},
    {"actual_value": "a" * 30, "expected_value": "b" * 31, "first": (7,)},
    {"actual_value": "a" * 30, "expected_value": "b" * 31},
    {"actual_value": "a...", "expected_value": "b", "first": (7,)},
    {"actual_value": "a", "expected_value": "b...", "first": (7,)},
    {"actual_value": None, "expected_value": "b"},
    {"actual_value": 1, "expected_value": 2},
    {"actual_value": "a", "expected_value": "b", "part": "`loss`"},
]
CHECKS: list[Facts] = [
    {},
    {"sentence": "It should be sorted."},
    {"sentence": "It should be sorted.", "part": "`loss`"},
]


def test_values() -> None:
    """Arrays, numbers, texts and what an exercise checks itself, in the whole and in a part."""
    usual = {"differing": 2, "total": 6, "first": (0, 1)}
    said = each(
        NUMBERS,
        Verdict.WRONG_VALUES,
        rung="values",
        actual_value=1.0,
        expected_value=2.0,
        max_error=3.25,
        **usual,
    )
    said += each(
        LEAVES, Verdict.WRONG_VALUES, rung="values", expected_type="float"
    )
    said += each(
        TEXTS, Verdict.WRONG_VALUES, rung="values", expected_type="str"
    )
    said += each(CHECKS, Verdict.WRONG_VALUES, rung="check")
    said += each([{}, {"argument": "image"}], Verdict.MODIFIED_INPUT)
    said += each(
        [
            {"passed_trials": right, "trials": trials, "trial": trial}
            for right in (None, 0, 1, 2)
            for trials in (None, 1, 3)
            for trial in (None, "float")
        ],
        Verdict.NOT_RUN,
    )
    assert_golden(HERE / "differing.txt", said)


CUT = {"expression": "image[i:i + 3]", "array": "image", "axis": 0, "axes": 2}
REACHES = CutOff(**CUT, first=6, last=8, length=8)  # type: ignore[arg-type] # as they are
BEGINS = CutOff(**CUT, first=-1, last=1, length=8)  # type: ignore[arg-type] # as they are
NOT_DEFINED = "name 'imgae' is not defined"
NO_NUMPY = "module 'numpy' has no attribute '{}'"
NO_ARRAY = "'numpy.ndarray' object has no attribute '{}'"
ERRORS: list[tuple[str, str, Facts]] = [
    ("NameError", NOT_DEFINED, {"nearby": "image"}),
    ("NameError", "name 'Image' is not defined", {"nearby": "image"}),
    ("NameError", "name 'np' is not defined", {}),
    ("NameError", NOT_DEFINED, {}),
    ("TypeError", "x", {"rebound": Rebound("image", 3)}),
    ("TypeError", "x", {"rebound": Rebound("image", 3, 2)}),
    *(
        ("ValueError", message, {"cut_off": cut})
        for message in (
            *("could not be broadcast", "could not broadcast", "mismatch"),
            *("not aligned", "same size", "same shape", "inhomogeneous", "x"),
        )
        for cut in (REACHES, BEGINS)
    ),
    *(
        ("AttributeError", NO_NUMPY.format(name), {})
        for name in ("zeroes", "x")
    ),
    *(
        ("AttributeError", NO_ARRAY.format(name), {})
        for name in ("shap", "sumx")
    ),
    *(
        ("AttributeError", NO_ARRAY.format(name), {})
        for name in ("zeroes", "rank")
    ),
    ("AttributeError", NO_NUMPY.format("float_"), {}),
    ("AttributeError", "`np.float_` was removed in the NumPy 2.0 release", {}),
    ("AttributeError", "module 'math' has no attribute 'zeros'", {}),
    ("TypeError", "only 0-dimensional arrays can be converted", {}),
    ("TypeError", "only length-1 arrays can be converted", {}),
    ("TypeError", "only size-1 arrays can be converted", {}),
    ("ValueError", "Unable to avoid copy while creating an array", {}),
    *(
        (
            "IndexError",
            f"index {at} is out of bounds for axis {axis} with size {size}",
            {},
        )
        for at, axis, size in (
            (3, 0, 3),
            (-4, 1, 3),
            (3, 2, 3),
            (0, 0, 0),
            (1, 10, 1),
        )
    ),
    *(
        (
            "IndexError",
            f"too many indices for array: array is {axes}-dimensional, but 3 were indexed",
            {},
        )
        for axes in (1, 2)
    ),
    *(
        (
            "ValueError",
            f"operands could not be broadcast together with shapes {shapes}",
            {},
        )
        for shapes in ("(3,2) (3,)", "() (2,)", "(3,)", "(1,) (2,) (3,)")
    ),
    (
        "ValueError",
        "not enough values to unpack (expected 3, got 2)",
        {"source": "a = b"},
    ),
    (
        "ValueError",
        "not enough values to unpack (expected 3, got 2)",
        {"source": "b.shape"},
    ),
    ("ValueError", "setting an array element with a sequence.", {}),
    ("ValueError", "assignment destination is read-only", {}),
    ("ValueError", "negative dimensions are not allowed", {}),
    *(
        ("TypeError", "Cannot interpret '3' as a data type", {"source": source})
        for source in (
            *(
                "np.zeros(3, 4)",
                "np.ones (3, 4)",
                "np.empty(3, 4)",
                "np.full(3)",
            ),
            *("np.dtype(3)", "myzeros(3)"),
        )
    ),
    *(
        ("OverflowError", f"Python integer 300 out of bounds for {name}", {})
        for name in (
            *("uint8", "int8", "uint16", "int16", "uint32", "int32", "int64"),
        )
    ),
    ("EOFError", "EOF when reading a line", {}),
    *(
        (name, "", {})
        for name in (
            *("PermissionError", "URLError", "gaierror", "ConnectionError"),
            *("ConnectTimeout", "ConnectError", "NewConnectionError"),
            *("MaxRetryError", "SSLError", "RecursionError"),
            *("NotImplementedError", "UnboundLocalError", "KeyError"),
        )
    ),
    ("UnboundLocalError", "x", {}),
    ("OSError", "[Errno 101] Network is unreachable", {}),
    *(
        ("TypeError", message, {"source": source})
        for message in (
            "'float' object cannot be interpreted as an integer",
            "slice indices must be integers or None",
        )
        for source in ("a / 2", "a // 2", None)
    ),
    ("TypeError", "'NoneType' object is not subscriptable", {}),
    ("TypeError", "'numpy.ndarray' object is not callable", {}),
    *(
        ("ImportError", "x", {"line": 3, "cell": cell, "missing": missing})
        for cell in (None, 2)
        for missing in (
            Missing("cv2", 3, 2),
            Missing("cv2", 3, None),
            Missing("cv2", None, None),
            Missing("cv2", 1, None),
            Missing("helpers", 1, 2),
        )
    ),
    ("ImportError", "x", {"missing": Missing("cv2", 1, None)}),
    (
        "ImportError",
        "x",
        {"source": "a = b", "missing": Missing("cv2", 1, None)},
    ),
    *(("ValueError", message, {}) for message in ("a", "a.", "a!", "a?", "a,")),
    ("ValueError", "a.", {"line": 3, "cell": 2, "source": "  a = b  "}),
    ("ValueError", "a", {"source": "a = b"}),
]


def test_exceptions() -> None:
    """What each message means, with the place beside it and where the line is shown by itself."""
    said = []
    for kind, message, facts in ERRORS:
        error = ExceptionDetails(type=kind, message=message, **facts)
        details = Details(exception=error)
        told, short = raised(details), raised(details, located=False)
        said.append(f"{kind}: {message} {facts}\n  {told}\n")
        if short != told:
            said.append(f"  {short}\n")
    assert_golden(HERE / "exceptions.txt", "".join(said))


MOMENTS = [
    (Moment("i", "7", "value"), Moment("j", "8", "value")),
    (Moment("image", "(8, 8)", "shape"), Moment("kernel", "(3,)", "shape")),
    (Moment("rows", "list of 3", "thing"), Moment("image", "(8, 8)", "shape")),
    (Moment("f", "int", "thing"), Moment("g", "Element", "thing")),
    tuple(Moment(f"n{number}", "1", "value") for number in range(8)),
    tuple(Moment(f"n{number}", "1", "value") for number in range(9)),
    (Moment("image[i:i + 3]", "(2, 8)", "shape"), Moment("i", "6", "value")),
]


def test_moments() -> None:
    """What the names of the line stood for, and which slice is cut off along which axis."""
    said = []
    for moment in MOMENTS:
        for axis, axes in ((None, 0), (0, 1), (0, 2), (1, 2), (2, 3)):
            cut = None
            if axis is not None:
                more = {**CUT, "axis": axis, "axes": axes}
                cut = CutOff(**more, first=6, last=8, length=8)  # type: ignore[arg-type] # as above
            error = ExceptionDetails(
                type="E", message="m", moment=moment, cut_off=cut
            )
            said.append(f"{raised(Details(exception=error))}\n")
    assert_golden(HERE / "moments.txt", "".join(said))


def test_timeouts() -> None:
    """Where code was when its time was up, as far as that is known, and in which call."""
    said = []
    stills = [
        None,
        StillDetails(line=7, source=None, is_loop=False),
        StillDetails(line=7, source="  x = 1", is_loop=False),
        StillDetails(line=7, cell=2, source="while 1:", is_loop=True),
    ]
    for still in stills:
        for limit in (None, 0.5, 2.0):
            for call in (None, "layer.forward"):
                details = Details(still=still, limit_s=limit, call=call)
                said.append(timed_out(details))
                said.append(timed_out(details, located=False))
    ratios = (None, "20x reference", "2.5x reference")
    slow = [Details(rung="speed", allowed=allowed) for allowed in ratios]
    said += map(timed_out, slow)
    for reason in (None, "", "the time was used up", "the time was used up."):
        verdicts = (Verdict.NOT_RUN, Verdict.INVALID_OUTPUT)
        said += [
            case_message(verdict, Details(reason=reason))
            for verdict in verdicts
        ]
    said += [
        case_message(Verdict.CRASHED, Details(exit_code=code))
        for code in (0, 3)
    ]
    assert_golden(HERE / "timeouts.txt", "\n".join(said) + "\n")


UNITS = (Unit("import cv2\n\x0cx = 1\n\n"),)


def test_loading() -> None:
    """What was skipped, and why a second try was made: with and without a place and its source."""
    boom = Raised(type="ValueError", message="no")
    ended = Raised(type="", message="took longer than 10 s")
    said: list[str] = []
    for skipped in (
        *(
            Skipped(line=line, cell=None, raised=boom)
            for line in (1, 2, 3, 4, 5, 0, None)
        ),
        Skipped(line=1, cell=2, raised=boom),
        Skipped(line=None, cell=2, raised=ended),
    ):
        for units in ((), UNITS, UNITS * 2):
            loading = Loading(state="ready", skipped=(skipped,))
            said += loading_notes(loading, units)
    for number in (20, 21, 22):
        many = (Skipped(line=1, cell=None, raised=boom),) * number
        said += loading_notes(Loading(state="ready", skipped=many))[19:]
    for reason in (None, "it took too long"):
        said += loading_notes(
            Loading(
                state="ready",
                definitions_only=True,
                reason=reason,
                skipped=(Skipped(line=1, cell=None, raised=boom),),
            )
        )
    details = Details(expected_shape=(6, 6), actual_shape=(8, 8), rung="shape")
    sizes = {"image": (8, 6), "kernel": (3, 3)}
    said.append(probe_note(sizes, Verdict.WRONG_SHAPE, details))
    assert_golden(HERE / "loading.txt", "\n".join(said) + "\n")
