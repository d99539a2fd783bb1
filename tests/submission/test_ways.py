"""Ways of computing: an exercise may rule out loops and names, and ask for others."""

import re

import msgspec
import pytest

from grader.model import Exercise, Parameter, Rules, Submission, Target
from grader.submission import parse_submission
from grader.submission.modules import with_modules

DISTANCES = Target(
    name="distances",
    parameters=(Parameter(name="a"), Parameter(name="b")),
)


@pytest.fixture
def parsed(exercise: Exercise, request: pytest.FixtureRequest) -> Submission:
    """Return a submission to an exercise with rules: `(source, rules)` is the parameter."""
    source, rules = request.param
    changed = msgspec.structs.replace(
        exercise, function="distances", targets=(DISTANCES,), rules=rules
    )
    return parse_submission("a.py", source.encode(), changed)


def loops(*sources: str) -> list[tuple[str, Rules]]:
    """Return each source with the rule that nothing may loop."""
    return [(source, Rules(loops=False)) for source in sources]


@pytest.mark.parametrize(
    "parsed",
    loops(
        "def distances(a, b):\n    for x in a:\n        print(x)\n",
        "def distances(a, b):\n    while True:\n        break\n",
        "def distances(a, b):\n    return [x for x in a]\n",
        "def distances(a, b):\n    return sum(x for x in a)\n",
        "def distances(a, b):\n    return list(map(len, a))\n",
        "distances = lambda a, b: {x: 1 for x in a}\n",
        "import numpy as np\ndef distances(a, b):\n    return np.vectorize(abs)(a)\n",
        "import numpy as np\n@np.vectorize\ndef distances(a, b):\n    return a\n",
        "from numpy import *\ndef distances(a, b):\n    return vectorize(abs)(a)\n",
        "from numpy import vectorize as v\ndef distances(a, b):\n    return v(abs)(a)\n",
        "def distances(a, b):\n    import numpy as xp\n    return xp.vectorize(abs)(a)\n",
        "import numpy as np\nw = np.vectorize(abs)\ndef distances(a, b):\n    return w(a)\n",
        "import numpy\nw = numpy\ndef distances(a, b):\n    return numpy.frompyfunc(abs, 1, 1)\n",
        "def helper(a):\n    for x in a: pass\ndef distances(a, b):\n    return helper(a)\n",
        "class Work:\n    def go(self):\n        while 1: pass\n"
        "def distances(a, b):\n    return Work().go()\n",
        "def distances(a, b):\n    def inner():\n        for x in a: pass\n    inner()\n",
    ),
    indirect=True,
)
def test_a_loop_is_a_fault_that_names_the_line(parsed: Submission) -> None:
    """Statements, comprehensions and what loops in disguise, in the function or its helpers."""
    assert parsed.fault is not None
    assert parsed.fault.misconception == "loops"
    assert parsed.fault.message.startswith("Line ")
    assert " a loop (" in parsed.fault.message


@pytest.mark.parametrize(
    "parsed",
    loops(
        "def distances(a, b):\n    return abs(a[:, None] - b)\n",
        "def distances(a, b):\n    return a\nfor x in range(3):\n    print(x)\n",
        "SQUARES = [x * x for x in range(9)]\ndef distances(a, b):\n    return SQUARES\n",
        "def other(a):\n    for x in a: pass\ndef distances(a, b):\n    return a\n",
        "def map(a):\n    return a\ndef distances(a, b):\n    return map(a)\n",
        "def distances(a, b, map=None):\n    return map\n",
        "import numpy as np\ndef distances(a, b):\n    return np.einsum('ij->i', a)\n",
        "for = 3\n",
    ),
    indirect=True,
)
def test_what_does_not_loop_itself_is_no_offence(parsed: Submission) -> None:
    """Loops elsewhere, tables computed beforehand, own functions of such a name."""
    fault = parsed.fault
    assert fault is None or fault.misconception != "loops"


@pytest.mark.parametrize(
    "parsed",
    loops(
        "LOOP = 'for x in a: pass'\ndef distances(a, b):\n    exec(LOOP)\n    return a\n",
        "def distances(a, b):\n    return eval('[x for x in a]')\n",
        "def run(text):\n    exec(text)\ndef distances(a, b):\n    return run('x')\n",
    ),
    indirect=True,
)
def test_code_in_a_text_is_ruled_out_where_loops_are(
    parsed: Submission,
) -> None:
    """Nobody sees whether it loops, so it is told, and no loop is said to be there."""
    assert parsed.fault is not None
    assert parsed.fault.misconception is None
    assert re.fullmatch(
        r"Line \d: (distances|run, which distances uses,) uses (exec|eval)\. "
        r"Loops are against the rules here, and in a text they cannot be seen\.",
        parsed.fault.message,
    )


def test_a_loop_in_a_helper_is_said_to_be_there(exercise: Exercise) -> None:
    """The line names the helper, its line, the construct and the function that calls it."""
    source = (
        "def rows(a):\n    return [x for x in a]\n\n"
        "def distances(a, b):\n    return rows(a)\n"
    )
    changed = msgspec.structs.replace(
        exercise, targets=(DISTANCES,), rules=Rules(loops=False)
    )
    fault = parse_submission("a.py", source.encode(), changed).fault
    assert fault is not None
    assert fault.message == (
        "Line 2: rows, which distances uses, uses a loop (a comprehension). "
        "Let NumPy compute with whole arrays instead."
    )


DOTTED = Rules(forbidden=("numpy.convolve", "scipy.signal"))


@pytest.mark.parametrize(
    ("parsed", "said"),
    [
        (
            (
                "import numpy as np\ndef distances(a, b):\n    return np.convolve(a, b)\n",
                DOTTED,
            ),
            (
                "Line 3: distances uses numpy.convolve. "
                "This exercise asks you to compute that yourself."
            ),
        ),
        (
            (
                "from scipy import signal\ndef distances(a, b):\n    signal.fftconvolve(a)\n",
                DOTTED,
            ),
            (
                "Line 3: distances uses scipy.signal.fftconvolve. "
                "This exercise asks you to compute that yourself."
            ),
        ),
        (
            (
                "def distances(a, b):\n    return a @ b\n",
                Rules(required=("numpy.einsum",)),
            ),
            "This exercise asks for numpy.einsum, and distances does not use it.",
        ),
    ],
    indirect=["parsed"],
)
def test_names_are_ruled_out_and_asked_for(
    parsed: Submission, said: str
) -> None:
    """Of NumPy too, one function can be forbidden, or required."""
    assert parsed.fault is not None
    assert parsed.fault.message == said


@pytest.mark.parametrize(
    "parsed",
    [
        (
            "from numpy import einsum as e\ndef distances(a, b):\n    return e('ij->i', a)\n",
            Rules(required=("numpy.einsum",), forbidden=("numpy.convolve",)),
        )
    ],
    indirect=True,
)
def test_a_required_name_may_have_another_one(parsed: Submission) -> None:
    """What counts is where a name comes from."""
    assert parsed.fault is None


@pytest.mark.parametrize(
    "parsed",
    loops(
        "def distances(a, b):\n    return " + "+".join(["a"] * 60_000) + "\n"
    ),
    indirect=True,
)
def test_the_search_is_bounded(parsed: Submission) -> None:
    """What is too long to be followed cannot be graded: who knows if it keeps the rules."""
    assert parsed.fault is not None
    assert "too complicated" in parsed.fault.message


LOOP = "def rows(a):\n    for x in a: pass\n"
BESIDE = {
    "from helpers import rows": ("rows(a)", {"helpers.py": LOOP}),
    "from helpers import rows as r": ("r(a)", {"helpers.py": LOOP}),
    "from .helpers import rows": ("rows(a)", {"helpers.py": LOOP}),
    "from .Xhelpers import rows": ("rows(a)", {"Xhelpers.py": LOOP}),
    "from helpers import *": ("rows(a)", {"helpers.py": LOOP}),
    "import helpers": ("helpers.rows(a)", {"helpers.py": LOOP}),
    "import helpers as h": ("h.rows(a)", {"helpers.py": LOOP}),
    "import lib.helpers": ("lib.helpers.rows(a)", {"lib/helpers.py": LOOP}),
    "from lib import helpers": ("helpers.rows(a)", {"lib/helpers.py": LOOP}),
    "from lib import rows": (
        "rows(a)",
        {
            "lib/__init__.py": "from .helpers import *\n",
            "lib/helpers.py": LOOP,
        },
    ),
    "from lib.inner import rows": (
        "rows(a)",
        {
            "lib/inner.py": "from . import helpers\nrows = helpers.rows\n",
            "lib/helpers.py": LOOP,
        },
    ),
    "from one import go": (
        "go(a)",
        {
            "one.py": "from two import rows\ndef go(a):\n    return rows(a)\n",
            "two.py": LOOP,
        },
    ),
    "import one": (
        "one.np.vectorize(abs)(a)",
        {"one.py": "import numpy as np\n"},
    ),
    "from one import vectorize": (
        "vectorize(abs)(a)",
        {"one.py": "from numpy import *\n"},
    ),
    "import two": (
        "two.np.vectorize(abs)(a)",
        {"one.py": "import numpy as np\n", "two.py": "from one import *\n"},
    ),
    "import math": (
        "go(a)",
        {"one.py": "from numpy import vectorize as go\n"},
    ),
}


@pytest.mark.parametrize("imported", BESIDE)
def test_a_loop_in_a_module_that_was_handed_in_is_a_loop(
    exercise: Exercise, imported: str
) -> None:
    """However it is imported, and through however many modules: the function is what loops."""
    call, files = BESIDE[imported]
    above = "from one import *\n" if imported == "import math" else ""
    source = f"{above}{imported}\ndef distances(a, b):\n    return {call}\n"
    fault = with_files(exercise, source, files, Rules(loops=False)).fault
    assert fault is not None
    assert fault.misconception == "loops"


def with_files(
    exercise: Exercise, source: str, files: dict[str, str], rules: Rules
) -> Submission:
    """Return a file with the modules that were handed in with it."""
    changed = msgspec.structs.replace(
        exercise, function="distances", targets=(DISTANCES,), rules=rules
    )
    parsed = parse_submission("a.py", source.encode(), changed)
    modules = [(path, text.encode()) for path, text in files.items()]
    return with_modules(parsed, modules, changed)


def test_what_was_handed_in_beside_a_file_is_part_of_its_digest(
    exercise: Exercise,
) -> None:
    """Another text or another name of a module makes it another submission."""
    source = "import helpers\ndef distances(a, b):\n    return a\n"
    digests = {
        with_files(exercise, source, files, Rules()).digest
        for files in (
            {},
            {"helpers.py": LOOP},
            {"helpers.py": ""},
            {"a.py": ""},
        )
    }
    assert len(digests) == 4


def test_a_loop_inside_an_import_of_the_function_is_found(
    exercise: Exercise,
) -> None:
    """An import may stand in the function, and the function itself may come from a module."""
    inside = "def distances(a, b):\n    from helpers import rows\n    return rows(a)\n"
    whole = "from helpers import rows as distances\n"
    for source in (inside, whole):
        found = with_files(
            exercise, source, {"helpers.py": LOOP}, Rules(loops=False)
        )
        assert found.fault is not None
        assert found.fault.message == (
            "helpers.py, line 2: rows, which distances uses, uses a loop (for). "
            "Let NumPy compute with whole arrays instead."
        )


@pytest.mark.parametrize(
    ("imported", "call", "text"),
    [
        (
            "import helpers",
            "helpers.other(a)",
            LOOP + "def other(a): return a\n",
        ),
        ("from helpers import *", "abs(a)", LOOP),
        ("from helpers import *", "map(a)", LOOP + "def map(a): return a\n"),
        ("from helpers import T", "T[0]", "T = [x for x in (1, 2)]\n"),
        ("from helpers import loop", "loop", "from helpers import loop\n"),
        ("from helpers import rows", "abs(a)", LOOP),
    ],
)
def test_a_module_may_loop_where_the_function_does_not_call_it(
    exercise: Exercise, imported: str, call: str, text: str
) -> None:
    """What else stands in a module, and what it computes when it is imported, is no offence."""
    source = f"{imported}\ndef distances(a, b):\n    return {call}\n"
    found = with_files(
        exercise, source, {"helpers.py": text}, Rules(loops=False)
    )
    assert found.fault is None


def test_what_is_asked_for_may_stand_in_a_module(exercise: Exercise) -> None:
    """A name that has to be used counts there, and one that is forbidden does as well."""
    source = "import helpers\ndef distances(a, b):\n    return helpers.go(a)\n"
    text = "import numpy as np\ndef go(a):\n    return np.einsum('ij->i', a)\n"
    rules = Rules(required=("numpy.einsum",))
    assert with_files(exercise, source, {}, rules).fault is not None
    files = {"helpers.py": text}
    assert with_files(exercise, source, files, rules).fault is None
    fault = with_files(
        exercise, source, files, Rules(forbidden=("numpy.einsum",))
    ).fault
    assert fault is not None
    assert fault.message.startswith("helpers.py, line 3: go, which distances")


def test_modules_that_are_too_much_to_follow_cannot_be_graded(
    exercise: Exercise,
) -> None:
    """Together they have the limits of one file, so that nobody can buy more by many modules."""
    source = "from m0 import f\ndef distances(a, b):\n    return f(a)\n"
    many = {
        f"m{number}.py": "x = 1 + 1\n" * 2000 + "def f(a):\n    return a\n"
        for number in range(8)
    }
    fault = with_files(exercise, source, many, Rules(loops=False)).fault
    assert fault is not None
    assert "too complicated" in fault.message
