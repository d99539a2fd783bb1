"""Facts become sentences that a beginner can act on."""

from types import SimpleNamespace

import msgspec
import pytest

from grader.model import (
    Details,
    ExceptionDetails,
    Verdict,
)
from grader.render.sentences import case_message, message_and_line


def wrong(**facts: object) -> Details:
    """Values differ: 24 of 36, the first at [0, 5]."""
    usual = {
        "rung": "values",
        "differing": 24,
        "total": 36,
        "region": "last_row_and_column",
        "first": (0, 5),
        "expected_value": 2.0,
        "actual_value": 3.5,
        "max_error": 12.4,
    }
    return Details(**{**usual, **facts})  # type: ignore[arg-type] # any of its fields


def raised(kind: str, message: str, **facts: object) -> Details:
    """Give the facts of an exception."""
    error = ExceptionDetails(type=kind, message=message, **facts)  # type: ignore[arg-type] # any
    return Details(exception=error)


SENTENCES = [
    (Verdict.PASSED, Details(), "Right: every value is as it should be."),
    (
        Verdict.WRONG_SHAPE,
        Details(expected_shape=(6, 6), actual_shape=(8, 8)),
        "Your output is 8x8, but it should be 6x6.",
    ),
    (
        Verdict.WRONG_SHAPE,
        Details(expected_shape=(6, 6), actual_shape=(8, 8), region="border"),
        (
            "Your output is 8x8, but it should be 6x6. "
            "The right values are in the middle of it, with a border around them."
        ),
    ),
    (
        Verdict.WRONG_SHAPE,
        Details(
            expected_shape=(6, 6),
            actual_shape=(5, 5),
            region="last_row_and_column",
        ),
        (
            "Your output is 5x5, but it should be 6x6. "
            "The right values are there, but the last row and column are missing."
        ),
    ),
    (
        Verdict.WRONG_SHAPE,
        Details(expected_shape=(6, 6), actual_shape=(36,)),
        "Your output is a flat array of 36 values, but it should be 6x6.",
    ),
    (
        Verdict.WRONG_SHAPE,
        Details(expected_shape=(6, 6), actual_shape=(6, 6, 1)),
        "Your output has 3 dimensions (6x6x1), but it should be 6x6.",
    ),
    (
        Verdict.WRONG_SHAPE,
        Details(expected_shape=(6, 6), actual_shape=()),
        "Your output is a single number, but it should be 6x6.",
    ),
    (
        Verdict.WRONG_VALUES,
        wrong(),
        (
            "24 of 36 values differ, all of them in the last row and the last column. "
            "The first is at row 0, column 5: yours is 3.5, expected 2.0 (largest error 12.4)."
        ),
    ),
    (
        Verdict.WRONG_VALUES,
        wrong(differing=36, region="everywhere", first=(0, 0)),
        (
            "All 36 values differ. The first is at row 0, column 0: "
            "yours is 3.5, expected 2.0 (largest error 12.4)."
        ),
    ),
    (
        Verdict.WRONG_VALUES,
        wrong(differing=1, region="one_value", first=(2, 3), max_error=1.5),
        "1 of 36 values differs. It is at row 2, column 3: yours is 3.5, expected 2.0.",
    ),
    (
        Verdict.WRONG_VALUES,
        wrong(
            rung="nan",
            differing=3,
            region="one_row",
            first=(4, 0),
            actual_value="nan",
        ),
        (
            "3 of 36 values are NaN (not a number), all of them in row 4. "
            "The first is at row 4, column 0: yours is nan, expected 2.0."
        ),
    ),
    (
        Verdict.WRONG_VALUES,
        wrong(
            rung="inf",
            differing=3,
            region="scattered",
            first=(4, 0),
            expected_value="inf",
        ),
        (
            "3 of 36 values differ, scattered over the output. "
            "The first is at row 4, column 0: yours is 3.5, expected inf."
        ),
    ),
    (
        Verdict.WRONG_VALUES,
        wrong(passed_trials=2, trials=3, trial="integer", region="inside"),
        (
            "24 of 36 values differ, none of them in the border. "
            "The first is at row 0, column 5: yours is 3.5, expected 2.0 (largest error 12.4). "
            "2 of the 3 calls of this case were right; this one, 'integer', was not."
        ),
    ),
    (
        Verdict.WRONG_TYPE,
        Details(rung="type", actual_type="NoneType"),
        "Your function returns nothing (None): is there a return at its end?",
    ),
    (
        Verdict.WRONG_TYPE,
        Details(rung="type", actual_type="list"),
        (
            "Your function returns a list, but it should return a NumPy array: "
            "np.array(result) turns it into one."
        ),
    ),
    (
        Verdict.WRONG_TYPE,
        Details(rung="type", actual_type="float64", expected_shape=(6, 6)),
        (
            "Your function returns a single number (float64), but it should return a NumPy array "
            "of size 6x6."
        ),
    ),
    (
        Verdict.WRONG_TYPE,
        Details(rung="type", actual_type="Tensor"),
        "Your function returns an object of type Tensor, but it should return a NumPy array.",
    ),
    (
        Verdict.WRONG_TYPE,
        Details(rung="dtype", actual_type="ndarray", actual_dtype="complex128"),
        (
            "Your output holds complex numbers (dtype complex128), but it should hold real ones: "
            "is there an FFT in it?"
        ),
    ),
    (
        Verdict.WRONG_TYPE,
        Details(rung="dtype", actual_type="ndarray", actual_dtype="object"),
        (
            "Your output holds Python objects (dtype object), but it should hold numbers: "
            "are all rows equally long?"
        ),
    ),
    (
        Verdict.MODIFIED_INPUT,
        Details(rung="modified", argument="image"),
        (
            "Your function changes its argument image, but it may only read it. "
            "Write the results into a new array."
        ),
    ),
    (Verdict.RAISED, raised("ValueError", ""), "Your code raised ValueError."),
    (
        Verdict.RAISED,
        raised(
            "IndexError",
            "index 8 is out of bounds for axis 0 with size 8",
            line=12,
            source="  out[i, j] = 0",
        ),
        (
            "Your code raised IndexError: "
            "index 8 is out of bounds for axis 0 with size 8 (line 12: out[i, j] = 0). "
            "Along axis 0 (rows) that array has the indices 0 to 7: there is no 8."
        ),
    ),
    (
        Verdict.RAISED,
        raised(
            "NameError",
            "name 'np' is not defined. Did you forget to import 'np'?",
            line=2,
            cell=5,
        ),
        (
            "Your code raised NameError: name 'np' is not defined. "
            "Did you forget to import 'np'? (cell 5, line 2). "
            "np is NumPy's usual short name: the file needs import numpy as np."
        ),
    ),
    (
        Verdict.RAISED,
        raised(
            "ValueError",
            "operands could not be broadcast together with shapes (3,2) (3,3) ",
        ),
        (
            "Your code raised ValueError: "
            "operands could not be broadcast together with shapes (3,2) (3,3). "
            "Two arrays of different sizes met: 3x2 and 3x3."
        ),
    ),
    (
        Verdict.TIMED_OUT,
        Details(limit_s=2.0),
        "No answer within 2 s: is there a loop that never ends?",
    ),
    (
        Verdict.OUT_OF_MEMORY,
        Details(),
        (
            "Your code needed more memory than it may use: "
            "is an array far too big, or does a list grow for ever?"
        ),
    ),
    (
        Verdict.CRASHED,
        Details(signal=11),
        "Your code crashed Python (SIGSEGV: the program used memory that is not its own).",
    ),
    (
        Verdict.CRASHED,
        Details(signal=63),
        "Your code crashed Python (signal 63).",
    ),
    (
        Verdict.CRASHED,
        Details(exit_code=0),
        (
            "Your code ended the process with exit code 0 (exit(), sys.exit() or os._exit()): "
            "a function ends with return."
        ),
    ),
    (
        Verdict.INVALID_OUTPUT,
        Details(reason="the frame is too long."),
        "What came back from your code could not be read as an array: the frame is too long.",
    ),
    (
        Verdict.NOT_RUN,
        Details(reason="the time was used up"),
        "Not run: the time was used up.",
    ),
    (
        Verdict.GRADER_ERROR,
        Details(),
        "The grader itself failed here. That is our fault, not yours, and it costs you no points.",
    ),
]


@pytest.mark.parametrize(("verdict", "details", "sentence"), SENTENCES)
def test_each_finding_has_its_sentence(
    verdict: Verdict, details: Details, sentence: str
) -> None:
    """Every verdict and rung says what is wrong, where, and how far off."""
    assert case_message(verdict, details) == sentence


@pytest.mark.parametrize(
    ("region", "shape", "differing", "total"),
    [
        ("last_rows_and_columns", (2, 2), 3, 4),
        ("last_row_and_column", (2, 2), 2, 4),
        ("border", (2, 5), 8, 10),
        ("first_row", (1, 6), 3, 6),
        ("last_column", (6, 1), 3, 6),
        ("scattered", (6, 6), 20, 36),
        ("scattered", (2, 2), 3, 4),
    ],
)
def test_a_region_that_is_nearly_all_is_not_named(
    region: str, shape: tuple[int, int], differing: int, total: int
) -> None:
    """The last two of two rows are all rows; what is wrong nearly everywhere is not scattered."""
    said = case_message(
        Verdict.WRONG_VALUES,
        wrong(
            region=region,
            expected_shape=shape,
            differing=differing,
            total=total,
            first=(0, 0),
        ),
    )
    assert said.startswith(
        f"{differing} of {total} values differ. The first is at"
    )


@pytest.mark.parametrize(
    ("region", "shape", "words"),
    [
        ("last_row", (2, 3), "all of them in the last row"),
        ("last_column", (3, 2), "all of them in the last column"),
        ("border", (3, 3), "all of them in the border"),
        (
            "last_rows_and_columns",
            (6, 6),
            "all of them in the last rows and columns",
        ),
    ],
)
def test_a_region_that_tells_something_is_named(
    region: str, shape: tuple[int, int], words: str
) -> None:
    """Where there is an outside, the region is told, in small arrays too."""
    said = case_message(
        Verdict.WRONG_VALUES,
        wrong(region=region, expected_shape=shape, differing=2, total=6),
    )
    assert f"2 of 6 values differ, {words}." in said


def test_a_rounded_number_does_not_look_whole() -> None:
    """1664.2 in four digits is not told as 1664.0; a whole number keeps its `.0`."""
    assert "(largest error 1664.2)" in case_message(
        Verdict.WRONG_VALUES, wrong(max_error=1664.23)
    )
    assert "(largest error 1664.0)" in case_message(
        Verdict.WRONG_VALUES, wrong(max_error=1664.0)
    )


def test_the_line_of_source_is_told_once(kit: SimpleNamespace) -> None:
    """Where the line is shown by itself, our message leaves it out; others' messages stay as is."""
    case = kit.case(Verdict.RAISED)
    line = "out[i, j] += image[i + a, j + b] * kernel[a, b]"
    assert f"(line 12: {line})" in case.message
    message, where, source = message_and_line(case)
    assert message.startswith(
        "Your code raised IndexError: index 8 is out of bounds for axis 0 with size 8. Along"
    )
    assert "line 12" not in message
    assert (where, source.strip()) == ("line 12", line)
    for told, shown in ((f"Look at {line}!", ""), ("Look!", line)):
        other = msgspec.structs.replace(case, message=told)
        assert message_and_line(other)[0] == told
        assert message_and_line(other)[2].strip() == shown
    assert message_and_line(kit.case(Verdict.CRASHED))[1:] == ("", "")


@pytest.mark.parametrize("verdict", Verdict)
def test_no_facts_still_make_a_sentence(verdict: Verdict) -> None:
    """A verdict without any facts gives a whole sentence, never an exception."""
    assert case_message(verdict, Details())[-1] in ".?!"


def test_numbers_that_differ_look_different() -> None:
    """Two numbers get as many digits as it takes to tell them apart."""
    message = case_message(
        Verdict.WRONG_VALUES, wrong(actual_value=2.0000301, expected_value=2.0)
    )
    assert "yours is 2.00003, expected 2.0 " in message
