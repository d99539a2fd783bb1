"""Ways of computing: an exercise may rule out loops and names, and ask for others."""

import msgspec
import pytest

from grader.model import Exercise, Parameter, Rules, Submission, Target
from grader.submission import parse_submission

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
            "Line 3: distances uses numpy.convolve.",
        ),
        (
            (
                "from scipy import signal\ndef distances(a, b):\n    signal.fftconvolve(a)\n",
                DOTTED,
            ),
            "Line 3: distances uses scipy.signal.fftconvolve.",
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
    assert parsed.fault.message.startswith(said)


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
