"""How every kind of report looks, to the letter.

A change of one word or one class shows here, in `golden/`. After a change that is meant, write the
files again and read the difference before you commit it:

    GRADER_UPDATE=1 pytest tests/render/test_golden.py
"""

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from grader.model import Details, ExceptionDetails, Report, Status, Verdict
from grader.render import prose, render
from grader.render.html import cards_html
from grader.render.sentences import case_message
from grader.render.svg import grid_svg
from grader.render.terminal import Terminal
from grader.render.text import render as text
from grader.vocabulary import LEVELS, STATUSES, VERDICTS
from tests.golden import assert_golden

HERE = Path(__file__).parent / "golden"
SHAPE = (6, 6)
REGIONS = (
    *(
        "everywhere",
        "border",
        "first_row",
        "last_row",
        "first_column",
        "last_column",
    ),
    *("last_row_and_column", "last_rows_and_columns", "one_row", "one_column"),
    *("inside", "scattered", "one_value"),
)
TYPES = (
    *(
        "NoneType",
        "list",
        "tuple",
        "str",
        "generator",
        "function",
        "int",
        "float",
        "bool",
    ),
    *(
        "builtin_function_or_method",
        "complex",
        "int8",
        "int16",
        "int32",
        "int64",
    ),
    *("float16", "float32", "float64", "dict", ""),
)
DTYPES = (
    "complex64",
    "bool",
    "str",
    "bytes",
    "<U3",
    ">U3",
    "|S3",
    "object",
    "datetime64",
    "",
)
EXCEPTIONS = (
    ("NameError", "name 'np' is not defined", ""),
    ("NameError", "name 'imgae' is not defined", ""),
    ("IndexError", "index 8 is out of bounds for axis 0 with size 8", ""),
    ("IndexError", "index -9 is out of bounds for axis 1 with size 8", ""),
    ("IndexError", "index 0 is out of bounds for axis 2 with size 0", ""),
    (
        "IndexError",
        "too many indices for array: array is 1-dimensional, but 2 were indexed",
        "",
    ),
    (
        "IndexError",
        "too many indices for array: array is 2-dimensional, but 3 were indexed",
        "",
    ),
    (
        "ValueError",
        "operands could not be broadcast together with shapes (3,2) (3,)",
        "",
    ),
    (
        "ValueError",
        "operands could not be broadcast together with shapes (3,2) ()",
        "",
    ),
    (
        "ValueError",
        "could not broadcast input array from shape (3,2) into shape (3,3)",
        "",
    ),
    (
        "ValueError",
        "could not be broadcast together with shapes (1,) (2,) (3,)",
        "",
    ),
    (
        "ValueError",
        "not enough values to unpack (expected 3, got 2)",
        "h, w, c = image.shape",
    ),
    (
        "ValueError",
        "not enough values to unpack (expected 3, got 2)",
        "a, b, c = pair",
    ),
    ("ValueError", "setting an array element with a sequence.", ""),
    ("ValueError", "assignment destination is read-only", ""),
    ("ValueError", "output array is read-only", ""),
    ("ValueError", "destination is read-only", ""),
    (
        "TypeError",
        "'float' object cannot be interpreted as an integer",
        "range(h / 2)",
    ),
    (
        "TypeError",
        "'float' object cannot be interpreted as an integer",
        "range(h // 2)",
    ),
    ("TypeError", "slice indices must be integers or None", "image[: h / 2]"),
    ("TypeError", "'NoneType' object is not subscriptable", ""),
    ("TypeError", "'numpy.ndarray' object is not callable", ""),
    ("UnboundLocalError", "cannot access local variable 'out'", ""),
    ("RecursionError", "maximum recursion depth exceeded", ""),
    ("NotImplementedError", "", ""),
    ("ZeroDivisionError", "division by zero", "1 / 0"),
)


def test_sentences() -> None:
    """Every signal, type, region and exception that has words of its own."""
    said = [
        case_message(Verdict.CRASHED, Details(signal=number))
        for number in range(1, 35)
    ]
    for name in TYPES:
        details = Details(rung="type", actual_type=name, expected_shape=SHAPE)
        said.append(case_message(Verdict.WRONG_TYPE, details))
    for dtype in DTYPES:
        details = Details(
            rung="dtype", actual_type="ndarray", actual_dtype=dtype
        )
        said.append(case_message(Verdict.WRONG_TYPE, details))
    for region in REGIONS:
        facts = {
            "region": region,
            "expected_shape": SHAPE,
            "first": (2, 3),
            "total": 36,
        }
        values = {"actual_value": 1.5, "expected_value": 2.0, "max_error": 0.5}
        # Any region.
        details = Details(rung="values", differing=4, **facts, **values)  # type: ignore[arg-type]
        said.append(case_message(Verdict.WRONG_VALUES, details))
        for shape in ((5, 5), (8, 8)):
            sizes = {"actual_shape": shape, "expected_shape": SHAPE}
            details = Details(region=region, **sizes)  # type: ignore[arg-type] # as above
            said.append(case_message(Verdict.WRONG_SHAPE, details))
    for kind, message, source in EXCEPTIONS:
        error = ExceptionDetails(
            type=kind, message=message, line=7, source=source or None
        )
        said.append(case_message(Verdict.RAISED, Details(exception=error)))
    said += [case_message(verdict, Details()) for verdict in Verdict]
    said += [prose.secret_note("file"), prose.secret_note("environment")]
    said += [prose.secret_note("default"), prose.HIDDEN_INPUTS]
    assert_golden(HERE / "sentences.txt", "\n".join(said) + "\n")


def test_vocabulary() -> None:
    """Every word that a reader finds in a heading, a table or a list."""
    words = [f"{verdict}: {VERDICTS[verdict]}" for verdict in Verdict]
    words += [f"{status}: {STATUSES[status]}" for status in Status]
    words += [f"{level}: {meaning}" for level, meaning in LEVELS.items()]
    assert_golden(HERE / "vocabulary.txt", "\n".join(words) + "\n")


def test_text(named: tuple[str, Report]) -> None:
    """Every verdict and status as text for a student, and below it for an instructor."""
    name, report = named
    both = f"{render(report, 'text')}{'=' * 80}\n{render(report, 'text', 'instructor')}"
    assert_golden(HERE / f"{name}.txt", both)


def test_text_on_a_wide_terminal_with_colours(mixed: Report) -> None:
    """Colours are written as escape sequences, which are shown here as their escapes."""
    shown = text(mixed, "instructor", Terminal(120, colour=True))
    assert_golden(HERE / "mixed_in_colour.txt", shown.replace("\x1b", "\\x1b"))


def test_text_in_ascii_on_a_narrow_terminal(mixed: Report) -> None:
    """Marks are ASCII, and arrays stand below each other."""
    assert_golden(
        HERE / "mixed_narrow.txt",
        text(mixed, "student", Terminal(40, symbols=False)),
    )


def test_text_in_a_notebook(mixed: Report) -> None:
    """Every case that failed is drawn."""
    assert_golden(HERE / "mixed_in_a_notebook.txt", text(mixed, notebook=True))


def test_page(mixed: Report) -> None:
    """The page of a usual submission for its instructor."""
    assert_golden(HERE / "mixed.html", render(mixed, "html", "instructor"))


@pytest.mark.parametrize(
    "name", ["raised", "not_gradable", "grader_error", "passed"]
)
def test_cards(name: str, kit: SimpleNamespace) -> None:
    """The cards of other reports for a student, without their style."""
    report: Report = kit.reports[name]
    _, cards = cards_html(report).split("</style>\n")
    assert_golden(HERE / f"{name}.html", cards)


@pytest.mark.parametrize("verdict", [Verdict.WRONG_VALUES, Verdict.WRONG_SHAPE])
def test_picture(verdict: Verdict, kit: SimpleNamespace) -> None:
    """The arrays of a case as a picture."""
    picture = grid_svg(kit.case(verdict))
    assert picture is not None
    assert_golden(HERE / f"{verdict}.svg", picture.replace("><", ">\n<"))


def test_no_picture_without_an_answer(kit: SimpleNamespace) -> None:
    """Where nothing came back that could be drawn, and where all is right, there is no picture."""
    raised = kit.case(Verdict.RAISED, kit.details[Verdict.WRONG_VALUES])
    right = kit.case(Verdict.PASSED, kit.details[Verdict.WRONG_VALUES])
    nothing = msgspec.structs.replace(raised.details, actual=None)
    assert grid_svg(msgspec.structs.replace(raised, details=nothing)) is None
    assert grid_svg(right) is None
    assert grid_svg(raised) is not None
