"""The moment of an exception: what the line's names and slices stood for, from the text alone."""

from collections.abc import Mapping

import numpy as np
import pytest

from grader.model import (
    CutOff,
    Moment,
    Outcome,
    Patch,
    Raised,
    Rebound,
    Submission,
    Unit,
    Variable,
)
from grader.submission import with_moments

IMAGE, KERNEL = (8, 8), (3, 3)


def variable(name: str, value: object) -> Variable:
    """Make what a worker says of an array of this shape, or of a number."""
    if isinstance(value, tuple):
        return Variable(name=name, type="ndarray", shape=value, dtype="float64")
    if isinstance(value, int):
        return Variable(name=name, type="int", text=str(value), number=value)
    return Variable(name=name, type=str(value))


def told(
    source: str,
    line: int,
    values: Mapping[str, object],
    cell: int | None = None,
) -> Raised:
    """Return an exception of this line, with what is told beside it."""
    raised = Raised(
        type="ValueError",
        message="",
        line=line,
        cell=cell,
        variables=tuple(variable(name, each) for name, each in values.items()),
    )
    text = Submission(
        name="s01.py",
        kind="python",
        digest="",
        units=(Unit(source, cell),),
    )
    outcome = Outcome(kind="raised", raised=raised)
    found = with_moments([outcome], text)[0].raised
    assert found is not None
    return found


SLICES = {
    "image[i:i+3, j:j+3]": "(2, 3)",
    "image[i:i + kernel.shape[0], j]": "(2,)",
    "image[i]": "(8,)",
    "image[-1]": "(8,)",
    "image[::2, ::-1]": "(4, 8)",
    "image[..., 0]": "(8,)",
    "image[None, :, 1:]": "(1, 8, 7)",
    "image.T[1:, :3]": "(7, 3)",
    "image[1:][1:, j // 2:5 % 3]": "(6, 2)",
    "image[i - 7:i - 4]": "(0, 8)",
    "image[0:len(kernel) * 2]": "(6, 8)",
    "image[8:]": "(0, 8)",
}


@pytest.mark.parametrize(("text", "shape"), SLICES.items(), ids=SLICES)
def test_a_slice_has_its_shape(text: str, shape: str) -> None:
    """The shape of a slice is the one that NumPy gives it."""
    values = {"image": IMAGE, "kernel": KERNEL, "i": 6, "j": 0}
    moment = told(f"x = {text} * 2\n", 1, values).moment
    assert Moment(text, shape, "shape") in moment
    arrays = {"image": np.ones(IMAGE), "kernel": np.ones(KERNEL)}
    assert str(eval(text, {**arrays, "i": 6, "j": 0}).shape) == shape  # noqa: S307 - ours


@pytest.mark.parametrize(
    "text",
    [
        "image[mask]",
        "image[i:unknown]",
        "image[::0]",
        "image[0, 0, 0]",
        "image[i // 0:]",
        "image[1.5:]",
        "image[True:]",
        "other[1:]",
        "image[8]",
        "image[f(i):]",
        "image[9 ** 9 ** 9:]",
        "image[i * 99999999999999:]",
        "image[...]["[:0] + "image[:, ..., :, :]",
    ],
)
def test_what_is_not_known_is_not_told(text: str) -> None:
    """Where a shape does not follow from shapes and whole numbers, only names are told."""
    values = {"image": IMAGE, "i": 6, "mask": "list"}
    moment = told(f"x = {text}\n", 1, values).moment
    assert all("[" not in each.name for each in moment)


def test_an_expression_that_is_too_long_is_not_told() -> None:
    """One of 60 characters is, one of 61 is not: it would fill the line that shows it."""
    for width, is_told in ((60, True), (61, False)):
        text = "image[" + "i:".rjust(width - 7) + "]"
        assert len(text) == width
        moment = told(f"x = {text}\n", 1, {"image": IMAGE, "i": 6}).moment
        assert any("[" in each.name for each in moment) == is_told


def test_a_line_is_told_with_its_numbers_first() -> None:
    """Numbers come first; what one value is taken from is left out, and so is what is set."""
    source = (
        "def f(image, kernel):\n    out[i, j] = image[i:i+3, j:j+3] * kernel\n"
    )
    values = {
        "out": (6, 6),
        "i": 5,
        "j": 0,
        "image": (6, 6),
        "kernel": KERNEL,
        "f": "function",
    }
    raised = told(source, 2, values)
    assert raised.moment == (
        Moment("i", "5", "value"),
        Moment("j", "0", "value"),
        Moment("image[i:i+3, j:j+3]", "(1, 3)", "shape"),
        Moment("kernel", "(3, 3)", "shape"),
    )
    assert raised.cut_off == CutOff(
        expression="image[i:i+3, j:j+3]",
        array="image",
        axis=0,
        axes=2,
        first=5,
        last=7,
        length=6,
    )


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("image[6:9]", True),
        ("image[i - 7:i - 4]", True),
        ("image[i - 7:i + 2]", False),
        ("image[5:8]", False),
        ("image[6:]", False),
        ("image[-3:-1]", False),
        ("image[9:6]", False),
        ("image[0:9:2]", False),
    ],
)
def test_only_what_reaches_over_the_edge_is_cut_off(
    text: str, is_cut: bool
) -> None:
    """A slice that asks for more than there is, on either side, is cut off; no other one is."""
    raised = told(f"x = {text}\n", 1, {"image": IMAGE, "i": 6})
    assert (raised.cut_off is not None) is is_cut


@pytest.mark.parametrize(
    ("text", "axis", "asked", "length"),
    [
        ("image[:, 4:7]", 1, (4, 6), 5),
        ("image[None, 6:9]", 0, (6, 8), 8),
        ("image[..., 4:7]", 1, (4, 6), 5),
        ("image[6:9, None, 4:7]", 0, (6, 8), 8),
        ("image[0, 4:7]", 1, (4, 6), 5),
        ("image[-1:2]", 0, (-1, 1), 8),
        ("image[i:i + 3]", 0, (6, 8), 8),
        ("image[-8:1]", None, (), 0),
        ("image[7:8]", None, (), 0),
        ("image[-1:8]", None, (), 0),
        ("image[8:8]", None, (), 0),
    ],
)
def test_the_axis_is_told_along_which_it_is_cut_off(
    text: str, axis: int | None, asked: tuple[int, int], length: int
) -> None:
    """A new axis is none of the array's; the first that is cut off is told."""
    cut = told(f"x = {text}\n", 1, {"image": (8, 5), "i": 6}).cut_off
    if axis is None:
        assert cut is None
        return
    assert cut == CutOff(
        expression=text,
        array="image",
        axis=axis,
        axes=2,
        first=asked[0],
        last=asked[1],
        length=length,
    )


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("image[1:4, 2:5]", (1, 2), (4, 5)),
        ("image[6:9]", (6, 0), (9, 5)),
        ("image[:3, 2:]", (0, 2), (3, 5)),
        ("image[i, :]", (6, 0), (7, 5)),
        ("image[..., 1:2]", (0, 1), (8, 2)),
        ("image[:, -1]", (0, -1), (8, 0)),
    ],
)
def test_what_a_slice_asks_for_is_kept(
    text: str, first: tuple[int, ...], end: tuple[int, ...]
) -> None:
    """Axis by axis, for diagnosis; a single index asks for one place."""
    values = {"image": (8, 5), "i": 6}
    assert told(f"x = {text}\n", 1, values).patch == Patch((8, 5), first, end)


@pytest.mark.parametrize(
    "text",
    [
        "image[1, 2]",
        "image[None, 1:2]",
        "image[::2]",
        "image[1:n]",
        "image[1:2, 1:2, 1:2]",
    ],
)
def test_what_is_no_plain_slice_asks_for_nothing(text: str) -> None:
    """Single values, new axes, steps, what is not known, and too many indices."""
    assert told(f"x = {text}\n", 1, {"image": (8, 5)}).patch is None


def test_the_first_slice_is_kept_or_the_one_that_is_cut_off() -> None:
    """Of several that are cut off it is the first."""
    values = {"image": (8, 5), "other": (4, 4)}
    raised = told("x = image[0:2] + other[3:6] + image[7:9]\n", 1, values)
    assert raised.cut_off is not None
    assert raised.cut_off.expression == "other[3:6]"
    assert raised.patch == Patch((4, 4), (3, 0), (6, 4))
    plain = told("x = image[0:2] + other[1:2]\n", 1, values)
    assert plain.patch == Patch((8, 5), (0, 0), (2, 5))


def test_names_are_told_as_what_they_stood_for() -> None:
    """Numbers, arrays of other kinds, lists with their length, and other things by their type."""
    variables = (
        Variable(name="a", type="ndarray", shape=(2,), dtype="float32"),
        Variable(name="b", type="ndarray", shape=(2,), dtype="object"),
        Variable(name="c", type="list", shape=(3, 4)),
        Variable(name="d", type="list", shape=()),
        Variable(name="e", type="Layer"),
        Variable(name="f", type="str", text="'x'"),
        *(
            Variable(name=name, type="ndarray", shape=(1,), dtype=f"{kind}8")
            for name, kind in (("g", "int"), ("h", "uint"))
        ),
    )
    moment = told_of("a, b, c, d, e, f, g, h", variables)
    assert [(each.name, each.what, each.kind) for each in moment] == [
        ("f", "'x'", "value"),
        ("a", "(2,)", "shape"),
        ("b", "(2,) of dtype object", "shape"),
        ("c", "list of 3", "thing"),
        ("d", "list of 0", "thing"),
        ("e", "Layer", "thing"),
        ("g", "(1,)", "shape"),
        ("h", "(1,)", "shape"),
    ]
    for dtype in ("bool", "complex64", "float16"):
        one = Variable(name="a", type="ndarray", shape=(2,), dtype=dtype)
        assert told_of("a", (one,)) == (Moment("a", "(2,)", "shape"),)


def told_of(text: str, variables: tuple[Variable, ...]) -> tuple[Moment, ...]:
    """Return what is told of a line beside these variables."""
    raised = Raised(type="E", message="", line=1, variables=variables)
    submission = Submission(
        name="a.py", kind="python", digest="", units=(Unit(text),)
    )
    (found,) = with_moments([Outcome(kind="raised", raised=raised)], submission)
    assert found.raised is not None
    return found.raised.moment


def test_what_a_line_sets_is_not_told() -> None:
    """What it adds to is; what it deletes is not."""
    values = {"a": 1, "b": 2}
    names = {
        line: [each.name for each in told(line, 1, values).moment]
        for line in ("a = b", "a += b", "del a", "for a in b:\n    pass")
    }
    assert names == {
        "a = b": ["b"],
        "a += b": ["a", "b"],
        "del a": [],
        "for a in b:\n    pass": ["b"],
    }


NESTED = """\
try:
    x = 1
except ValueError:
    y = a
match x:
    case 1:
        y = a
if x: y = a
else:
    def f():
        y = (
            a
        )
"""


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        (2, False),
        (4, True),
        (7, True),
        (8, True),
        (11, True),
        (12, True),
        (13, True),
        (10, False),
    ],
)
def test_the_innermost_statement_of_a_line_is_looked_at(
    line: int, is_told: bool
) -> None:
    """In blocks of every kind, and on every line that it has."""
    moment = told(NESTED, line, {"a": 1}).moment
    assert moment == ((Moment("a", "1", "value"),) if is_told else ())


@pytest.mark.parametrize("cell", [1, 2])
def test_a_line_is_looked_for_in_its_own_cell(cell: int) -> None:
    """Another cell has other names on that line."""
    raised = Raised(
        type="E",
        message="",
        line=1,
        cell=cell,
        variables=(variable("a", 1), variable("b", 2)),
    )
    submission = Submission(
        name="a.ipynb",
        kind="notebook",
        digest="",
        units=(Unit("a", 1), Unit("b", 2)),
    )
    outcomes = [
        Outcome(kind="returned"),
        Outcome(kind="raised", raised=Raised(type="E", message="")),
        *[Outcome(kind="raised", raised=raised)] * 2,
    ]
    one, two, three, four = with_moments(outcomes, submission)
    assert (one, two) == tuple(outcomes[:2])
    name = {1: Moment("a", "1", "value"), 2: Moment("b", "2", "value")}[cell]
    for each in (three, four):
        assert each.raised is not None
        assert each.raised.moment == (name,)


def test_a_loop_that_takes_a_parameters_name() -> None:
    """A parameter that a loop has given to a number is named, with the line of the loop."""
    source = (
        "def f(image, kernel):\n"
        "    for kernel in range(3):\n"
        "        image[kernel] * kernel[0]\n"
        "    for image in image:\n"
        "        pass\n"
    )
    values = {"image": IMAGE, "kernel": 0}
    assert told(source, 3, values, 4).rebound == Rebound("kernel", 2, 4)
    assert told(source, 3, {**values, "kernel": KERNEL}).rebound is None
    later = source.replace("kernel in", "other in")
    assert told(later, 3, {"image": "int", "kernel": KERNEL}).rebound is None


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "[" * 90 + "image" + "[0]" * 90 + "]" * 90 + "\n",
        "x = image[" + "-" * 200 + "1:]\n",
        "x = image[" + "1+" * 500 + "1:]\n",
        "x = " + " + ".join(f"image[{n}:]" for n in range(3000)) + "\n",
        "if image:\n    pass\n",
        "",
        "x = (\n",
    ],
)
@pytest.mark.parametrize("line", [1, 2, 10**6])
def test_any_text_and_line_are_told(source: str, line: int) -> None:
    """Whatever text a stranger wrote and whatever line is named, what is told is short."""
    raised = told(source, line, {"image": IMAGE})
    assert len(raised.moment) <= 8
