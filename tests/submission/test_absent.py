"""What is behind an exception, as the text shows it: a missing module, a name that is near."""

from collections.abc import Callable

import pytest

from grader.model import (
    Loading,
    Missing,
    Outcome,
    Raised,
    Skipped,
    Submission,
)
from grader.submission import with_missing

HandIn = Callable[..., Submission]
NO_CV2 = Raised(type="ModuleNotFoundError", message="No module named 'cv2'")
NO_PARENT = "attempted relative import with no known parent package"
DEF = "def convolve(image, kernel):\n"


def undefined(name: str, line: int = 9, cell: int | None = None) -> Raised:
    """Return what Python says about a name that is not defined."""
    message = f"name '{name}' is not defined"
    return Raised(type="NameError", message=message, line=line, cell=cell)


def behind(submission: Submission, raised: Raised, *skipped: Skipped) -> Raised:
    """Return an exception with what is behind it."""
    loading = Loading(state="ready", skipped=skipped)
    outcome = Outcome(kind="raised", raised=raised)
    (found,) = with_missing([outcome], loading, submission)
    assert found.raised is not None
    return found.raised


def at(
    line: int | None, raised: Raised = NO_CV2, cell: int | None = None
) -> Skipped:
    """Return a statement that was skipped."""
    return Skipped(line=line, cell=cell, raised=raised)


@pytest.mark.parametrize(
    ("source", "raised", "skipped", "missing"),
    [
        (f"{DEF}    import cv2\n", NO_CV2, (), Missing("cv2", None, None)),
        (
            "import cv2 as c\n",
            undefined("c"),
            (at(1),),
            Missing("cv2", 1, None),
        ),
        (
            "from cv2 import *\n",
            undefined("c"),
            (at(1),),
            Missing("cv2", 1, None),
        ),
        (
            "x = 1\nimport cv2\n",
            undefined("cv2"),
            (at(2),),
            Missing("cv2", 2, None),
        ),
        ("import cv2\nx = 1\n", undefined("cv2"), (at(2),), None),
        ("import cv2\n", undefined("cv2"), (at(1, cell=1),), None),
        (
            "import cv2\n",
            undefined("cv2"),
            (at(None),),
            Missing("cv2", 1, None),
        ),
        ("import cv2\n", undefined("cv2"), (), None),
        (
            "import cv2\n",
            Raised(type="KeyError", message="name 'cv2' is not defined"),
            (at(1),),
            None,
        ),
        (
            "import cv2\n",
            Raised(type="NameError", message="cv2"),
            (at(1),),
            None,
        ),
        (
            "import cv2\nx = cv2.f()\n",
            undefined("x"),
            (at(1), at(2, undefined("cv2"))),
            Missing("cv2", 1, None),
        ),
        (
            "x = 1 / 0\n",
            undefined("x"),
            (at(1, Raised(type="ZeroDivisionError", message="")),),
            None,
        ),
        (
            "import a\n",
            undefined("a"),
            (at(1, Raised(type="ValueError", message="No module named 'b'")),),
            None,
        ),
        (
            "from numpy import float_\n",
            undefined("float_"),
            (
                at(
                    1,
                    Raised(
                        type="ImportError",
                        message="cannot import name 'float_' from 'numpy' (x)",
                    ),
                ),
            ),
            Missing("numpy.float_", 1, None),
        ),
        (
            "from numpy.lib import x\n",
            undefined("x"),
            (
                at(
                    1,
                    Raised(
                        type="ImportError",
                        message="cannot import name 'x' from 'numpy.lib' (y)",
                    ),
                ),
            ),
            Missing("numpy.lib.x", 1, None),
        ),
        (
            "from .pads import x\n",
            undefined("x"),
            (at(1, Raised(type="ImportError", message=NO_PARENT)),),
            Missing(".pads", 1, None),
        ),
        (
            "from . import x\n",
            undefined("x"),
            (at(1, Raised(type="ImportError", message=NO_PARENT)),),
            Missing(".", 1, None),
        ),
    ],
)
def test_the_module_is_found_that_is_missing(
    hand_in: HandIn,
    source: str,
    raised: Raised,
    skipped: tuple[Skipped, ...],
    missing: Missing | None,
) -> None:
    """Through the statement that was to bind the name, and those that failed before it."""
    found = behind(hand_in(source), raised, *skipped)
    if missing is not None and missing.line is None:
        missing = Missing(missing.module, raised.line, raised.cell)
    assert found.missing == missing
    assert (found.type, found.message) == (raised.type, raised.message)


@pytest.mark.parametrize(
    ("text", "line", "module"),
    [
        ("    from .pads import x\n", 2, ".pads"),
        ("    from . import pads, y\n", 2, ".pads"),
        ("    from ..up.pads import x\n", 2, ".up.pads"),
        ("    from pads import x\n", 2, None),
        ("    from .pads import x\n", 3, None),
        ("    import pads\n", 2, None),
    ],
)
def test_a_relative_import_in_a_function_is_read_from_the_text(
    hand_in: HandIn, text: str, line: int, module: str | None
) -> None:
    """Python's message does not name it."""
    raised = Raised(type="ImportError", message=NO_PARENT, line=line)
    found = behind(hand_in(DEF + text), raised).missing
    assert found == (module and Missing(module, line, None))


def test_a_decorator_that_failed_kept_its_function_from_being_there(
    hand_in: HandIn,
) -> None:
    """From the first decorator to the last line of the definition."""
    source = "import cv2\n@first\n@cv2.x\ndef f(\n    a,\n): pass\ny = 1\n"
    for line, is_found in (
        (1, False),
        (2, True),
        (3, True),
        (6, True),
        (7, False),
    ):
        skipped = at(line, undefined("cv2"))
        found = behind(hand_in(source), undefined("f"), at(1), skipped).missing
        assert found == (Missing("cv2", 1, None) if is_found else None)


def test_a_name_that_is_near_is_told_where_no_module_is_missing(
    hand_in: HandIn,
) -> None:
    """One explanation is enough; what did not raise is left as it is."""
    submission = hand_in(f"import cv2\n{DEF}    return imgae\n")
    near = behind(submission, undefined("imgae", 3))
    assert (near.missing, near.nearby) == (None, "image")
    found = behind(submission, undefined("cv2", 3), at(1))
    assert (found.missing, found.nearby) == (Missing("cv2", 1, None), None)
    outcomes = [
        Outcome(kind="raised", raised=undefined("imgae", 3)),
        Outcome(kind="returned", value=1),
        Outcome(kind="raised", raised=undefined("imgae", 3)),
    ]
    one, two, three = with_missing(outcomes, Loading(state="ready"), submission)
    assert two is outcomes[1]
    assert one.raised is three.raised
    assert one.raised == near
