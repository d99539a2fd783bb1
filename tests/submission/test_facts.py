"""Facts for diagnosis, and for finding copies, from the text alone."""

from collections.abc import Callable

import pytest

from grader.model import Exercise, Submission
from grader.submission import alike, source_facts

HandIn = Callable[..., Submission]


def test_parameters_that_are_never_read_are_named(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """A kernel that only gets a new value is unread; one that an inner function reads is not."""
    source = (
        "def convolve(image, kernel):\n"
        "    kernel = [1]\n"
        "    def f(): return image\n"
        "    return f()"
    )
    facts = source_facts(hand_in(source), exercise)
    assert (facts.line, facts.parameters, facts.unread_parameters) == (
        1,
        ("image", "kernel"),
        ("kernel",),
    )
    assert (
        source_facts(
            hand_in(source.replace("= [1]", "+= 1")), exercise
        ).unread_parameters
        == ()
    )


def test_data_from_outside_is_named_where_it_is_read(
    hand_in: HandIn, exercise: Exercise, notebook: Callable[..., str]
) -> None:
    """Only computed data is a global; functions, classes, modules, literals and aliases are not."""
    helper = "def helper(x):\n    return x + width\n"
    cells = (
        (
            "import numpy as np\n"
            "from math import pi\n"
            "SIZE = 3\n"
            "WEIGHTS = [[1, 0], [0, -1]]\n"
            "total = np.sum\n"
            "class A: pass"
        ),
        "picture = load('x.png')\nheight, width = picture.shape\nalso = picture",
        (
            f"{helper}def convolve(image, kernel):\n"
            "    return helper(total(image)) + also + picture + SIZE + A(WEIGHTS)"
        ),
    )
    facts = source_facts(hand_in(notebook(*cells), "a.ipynb"), exercise)
    assert {(use.name, use.line, use.cell) for use in facts.reads_globals} == {
        ("also", 4, 3), ("picture", 4, 3), ("width", 2, 3)
    }  # fmt: skip


def test_a_source_of_random_numbers_is_no_data(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """A generator of random numbers is not data; numbers that were drawn once are."""
    source = (
        "rng = np.random.default_rng(1)\n"
        "noise = rng.normal()\n"
        "def convolve(i, k): return i + rng.normal() + noise"
    )
    assert [
        use.name
        for use in source_facts(hand_in(source), exercise).reads_globals
    ] == ["noise"]


def test_missing_imports_and_slips_of_the_pen_are_told_apart(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """`np` gets the import to add, a mistyped name gets the name that was meant."""
    source = (
        "def convolve(image, kernel):\n"
        "    output = np.zeros(3)\n"
        "    ouput[0] = lenght(image) + len(kernel) + qqq"
    )
    facts = source_facts(hand_in(source), exercise)
    assert [(use.name, use.suggestion) for use in facts.unbound] == [
        ("np", "import numpy as np"),
        ("ouput", "output"),
        ("lenght", None),
        ("qqq", None),
    ]


def test_what_python_and_ipython_provide_is_bound(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Names that nothing in the text binds may be there all the same; others are not."""
    provided = (
        *("get_ipython", "display", "In", "Out", "_", "exit", "quit"),
        *("__name__", "__file__", "__doc__", "__builtins__", "__class__"),
        *("print", "NotImplemented"),
    )
    loaded = ", ".join((*provided, "__"))
    source = f"def convolve(image, kernel):\n    return {loaded}"
    unbound = source_facts(hand_in(source), exercise).unbound
    assert [use.name for use in unbound] == ["__"]


def test_a_star_import_may_bind_anything(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """`from numpy import *` binds NumPy's names; after any other star nothing counts as unbound."""
    body = "def convolve(image, kernel):\n    return zeros(3) + qqq"
    assert [
        u.name
        for u in source_facts(
            hand_in(f"from numpy import *\n{body}"), exercise
        ).unbound
    ] == ["qqq"]
    assert (
        source_facts(
            hand_in(f"from helpers import *\n{body}"), exercise
        ).unbound
        == ()
    )


def test_names_that_a_function_makes_global_are_bound(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """A name that some function declares global is not reported as unbound."""
    source = (
        "def setup():\n"
        "    global size\n"
        "    size = 3\n"
        "def convolve(image, kernel):\n"
        "    return size"
    )
    assert source_facts(hand_in(source), exercise).unbound == ()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("np", "import numpy as np"),
        ("plt", "import matplotlib.pyplot as plt"),
        ("pd", "import pandas as pd"),
        (
            "sliding_window_view",
            "from numpy.lib.stride_tricks import sliding_window_view",
        ),
        ("as_strided", "from numpy.lib.stride_tricks import as_strided"),
        *(
            (module, f"import {module}")
            for module in (
                *("numpy", "math", "itertools", "functools", "random"),
                *("copy", "time", "sys"),
            )
        ),
        ("imgae", "image"),
        ("heigth", "height"),
        ("prin", "print"),
        ("qqq", None),
    ],
)
def test_a_missing_name_comes_with_what_was_meant(
    hand_in: HandIn, exercise: Exercise, name: str, wanted: str | None
) -> None:
    """The import that is usual, else the nearest name: the function's, the file's, Python's."""
    source = f"height = f()\ndef convolve(image, kernel):\n    return {name}.x"
    (use,) = source_facts(hand_in(source), exercise).unbound
    assert (use.name, use.line, use.suggestion) == (name, 3, wanted)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = f()", ["x"]),
        ("x = 1", []),
        ("x = [1]", []),
        ("x = nobody.y.z", []),
        ("import y\nx = y.z", []),
        ("y = f()\nx = y.z", ["x"]),
        ("y = f()\nx = y", ["x"]),
        ("y = 1\nx = y", []),
        ("x = f()\nif y: x = 1", []),
        *(
            (f"x = np.random.{name}(1)", [])
            for name in (
                *("default_rng", "Generator", "Random", "RandomState"),
                "SystemRandom",
            )
        ),
        ("x = np.random.normal(1)", ["x"]),
    ],
)
def test_only_computed_values_are_data(
    hand_in: HandIn, exercise: Exercise, source: str, names: list[str]
) -> None:
    """Constants, other names of functions, and what nobody knows are none."""
    text = f"{source}\ndef convolve(image, kernel): return x.a"
    uses = source_facts(hand_in(text), exercise).reads_globals
    assert [use.name for use in uses] == names


def test_names_that_are_bound_elsewhere_are_told(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """As a parameter or a local of another function; nothing else that is bound there."""
    source = (
        "def convolve(image, kernel): return rows + columns + qqq\n"
        "def other(rows, more):\n    columns = less = 1\n    return qqq"
    )
    facts = source_facts(hand_in(source), exercise)
    assert [use.name for use in facts.unbound] == ["rows", "columns", "qqq"]
    assert facts.bound_inside == {"rows", "columns"}


def test_a_class_has_facts_of_its_own(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Its line, no parameters, and the names that its methods miss."""
    source = "x = 1\nclass Kernel:\n    def at(self, row): return np.a\n"
    facts = source_facts(hand_in(source), exercise, "Kernel")
    assert (facts.line, facts.parameters, facts.unread_parameters) == (
        2,
        (),
        (),
    )
    assert [use.name for use in facts.unbound] == ["np"]
    both = "def Kernel(a): return a\nclass Other: pass\n"
    assert source_facts(hand_in(both), exercise, "Kernel").parameters == ("a",)
    assert source_facts(hand_in("Kernel = 1"), exercise, "Kernel").line is None


def test_as_many_names_are_told_as_are_of_use(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Twenty of each kind, each once, and those of helpers with the line that uses them."""
    loaded = ", ".join(f"name_{number}" for number in range(25))
    source = f"def convolve(image, kernel): return {loaded}, {loaded}"
    unbound = source_facts(hand_in(source), exercise).unbound
    assert [use.name for use in unbound] == [f"name_{n}" for n in range(20)]
    helper = (
        "def g(a):\n    return missing(a)\ndef convolve(a, b): return g(a)\n"
    )
    (use,) = source_facts(hand_in(helper), exercise).unbound
    assert (use.name, use.line) == ("missing", 2)
    unused = helper.replace("g(a)\n", "a\n", 1).replace(
        "return g(a)", "return a"
    )
    assert source_facts(hand_in(unused), exercise).unbound == ()


def test_a_text_without_the_function_has_no_facts(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Without a definition there is nothing to report."""
    assert source_facts(hand_in("x = 1"), exercise).line is None


# ------------------------------------------------------------------------------------ alike

ONE = '''
import numpy as np
def convolve(image, kernel):
    """Mine."""
    out = np.zeros(3)
    for i in range(3):
        out[i] = image[i] * 0.5
    return out
'''


def test_layout_comments_and_docstrings_make_no_difference(
    hand_in: HandIn,
) -> None:
    """Equal code has equal digests, however it is laid out."""
    other = (
        ONE.replace('"""Mine."""', "'''Yours.'''  # x")
        .replace(" = ", "=")
        .replace("    ", "  ")
    )
    assert alike(hand_in(ONE)) == alike(hand_in(other))


def test_new_names_make_it_alike_but_not_the_same(hand_in: HandIn) -> None:
    """Renamed variables and other code around the function do not change the second digest."""
    other = (
        ONE.replace("out", "result")
        .replace("image", "picture")
        .replace("i in", "row in")
        .replace("[i]", "[row]")
    )
    one, two = (
        alike(hand_in(ONE)),
        alike(hand_in(f"{other}\nprint(convolve([1, 2, 3], 2))")),
    )
    assert one is not None
    assert two is not None
    assert one[0] != two[0]
    assert one[1] == two[1]


def test_other_code_is_not_alike(hand_in: HandIn) -> None:
    """Another number, library function or argument changes both digests."""
    for other in (
        ONE.replace("0.5", "0.25"),
        ONE.replace("zeros", "ones"),
        ONE.replace("image[i]", "kernel[i]"),
    ):
        one, two = alike(hand_in(ONE)), alike(hand_in(other))
        assert one is not None
        assert two is not None
        assert not set(one) & set(two)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f = lambda a: a + 1", "f = lambda a: a + 2"),
        ("x = 1 if y else 2", "x = 3 if y else 2"),
        ("f(a=1)", "f(b=1)"),
        ("x = 10", "x = 16"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 'a'", "x = b'a'"),
        ("x = ...", "x = None"),
        ("x = [a, [b]]", "x = [[a], b]"),
        ("x.a", "x.b"),
        ("a + b", "a - b"),
        ("from a import c", "from b import c"),
        ("from .a import c", "from ..a import c"),
        ("try: x\nexcept A: y", "try: x\nexcept B: y"),
        ("'a'; x", "x + 'a'"),
        ("global a", "nonlocal a"),
        ("x: int = 1", "x: float = 1"),
        ("f'{a}'", "f'{a!r}'"),
    ],
)
def test_every_part_of_the_code_counts(
    hand_in: HandIn, one: str, other: str
) -> None:
    """Expressions, constants of each kind, attributes, operators, imports and their levels."""
    first, second = (
        alike(
            hand_in(f"def f():\n    {text.replace(chr(10), chr(10) + '    ')}")
        )
        for text in (one, other)
    )
    assert first is not None
    assert second is not None
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(a): return a", "def f(b): return b"),
        ("def f(a): return a", "def g(a): return a"),
        ("def f(*a, **b): return a, b", "def f(*c, **d): return c, d"),
        (
            "def f():\n  import a as b\n  b.x",
            "def f():\n  import a as c\n  c.x",
        ),
        (
            "def f():\n  try: x\n  except A as b: b",
            "def f():\n  try: x\n  except A as c: c",
        ),
        ("def f():\n  class A: pass\n  A", "def f():\n  class B: pass\n  B"),
        (
            "def f(x):\n  match x:\n    case [a, *b]: a, b",
            "def f(x):\n  match x:\n    case [c, *d]: c, d",
        ),
        (
            "def f(x):\n  match x:\n    case {**a}: a",
            "def f(x):\n  match x:\n    case {**b}: b",
        ),
        ("def f():\n  for a in x: a", "def f():\n  for b in x: b"),
        ("def f():\n  global a\n  a = 1", "def f():\n  global b\n  b = 1"),
        ("x = 1\ndef f(): return 2", "y = 3\ndef f(): return 2"),
        ("a = 1", "b = 1"),
    ],
)
def test_names_that_the_code_binds_make_it_no_other_code(
    hand_in: HandIn, one: str, other: str
) -> None:
    """Two students who share a solution share this, however they have renamed it."""
    first, second = alike(hand_in(one)), alike(hand_in(other))
    assert first is not None
    assert second is not None
    assert first[0] != second[0]
    assert first[1] == second[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(): return a", "def f(): return b"),
        ("def f(a): return a, b", "def f(b): return b, a"),
        ("def f(x): return g(a=x)", "def f(x): return g(b=x)"),
        ("def f(a, b): return a - b", "def f(a, b): return b - a"),
    ],
)
def test_names_from_outside_and_their_order_count(
    hand_in: HandIn, one: str, other: str
) -> None:
    """What a library calls something is no choice of a student's."""
    first, second = alike(hand_in(one)), alike(hand_in(other))
    assert first is not None
    assert second is not None
    assert first[1] != second[1]


def test_what_stands_in_a_cell_that_does_not_parse_counts(
    hand_in: HandIn, notebook: Callable[..., str]
) -> None:
    """Without its blanks, for the first digest alone."""
    one, same, other = (
        alike(hand_in(notebook(ONE, text), "a.ipynb"))
        for text in ("x = (1", "x  =\n(1", "x = (2")
    )
    assert one is not None
    assert other is not None
    assert one == same
    assert one[0] != other[0]
    assert one[1] == other[1]


def test_what_cannot_be_graded_is_not_compared(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Unchanged stubs and files that do not parse have no digests."""
    assert alike(hand_in(exercise.stub)) is None
    assert alike(hand_in("def f(:")) is None
