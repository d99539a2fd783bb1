"""Where a student's machine differs from the grader's, the message says so, and right is right."""

from collections.abc import Callable, Iterator

import pytest

from grader.api import open_grader
from grader.grading import Grader
from grader.model import Report
from grader.submission import parse_submission

Grade = Callable[[str], Report]

DEF = """
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2))
    for i in range(h - 2):
        for j in range(w - 2):
            out[i, j] = np.sum(image[i:i+3, j:j+3] * kernel)
    return out
"""


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Return a function that grades a source."""
    with open_grader("convolution") as grader:
        yield lambda source: _grade(grader, source)


def _grade(grader: Grader, source: str) -> Report:
    submission = parse_submission("a.py", source.encode(), grader.exercise)
    return grader.grade(submission)


HIDDEN = {
    "an import": "from scipy.signal import convolve",
    "an import of NumPy": "from numpy import convolve",
    "a result": "convolve = convolve(np.eye(5), np.ones((3, 3)))",
    "a library's function": "import scipy.signal\nconvolve = scipy.signal.convolve2d",
    "a loop": "for convolve in (1, 2):\n    pass",
    "an attempt": "try:\n    from cv2 import filter2D as convolve\nexcept ImportError:\n    pass",
}


@pytest.mark.parametrize("later", HIDDEN.values(), ids=HIDDEN)
def test_the_own_function_is_graded_whatever_hides_it(
    grade: Grade, later: str
) -> None:
    """A later line that takes the name for something else costs no point."""
    report = grade(f"{DEF}\n{later}\n")
    assert (report.score, report.max_score) == (4.0, 4.0)


def test_a_note_says_what_hides_the_own_function(grade: Grade) -> None:
    """It names both lines."""
    report = grade(f"{DEF}\nfrom numpy import convolve\n")
    said = (
        "Line 12 gives the name convolve to something else. "
        "Your own function (line 4) is graded."
    )
    assert said in report.notes


def test_another_function_of_ones_own_may_take_the_name(grade: Grade) -> None:
    """`convolve = better` grades the better one."""
    worse = DEF.replace("return out", "return None")
    report = grade(
        f"{worse}\n{DEF.replace('def convolve', 'def better')}\nconvolve = better\n"
    )
    assert report.score == 4.0
    assert not any("gives the name" in note for note in report.notes)


UNREACHED = {
    "a branch": "    if image.ndim == 3:\n        image = cv2.cvtColor(image, 7)\n",
    "an import in a branch": "    if image.ndim == 3:\n        import cv2 as c\n        c.x()\n",
    "a way out": "    try:\n        import scipy.signal as s\n"
    "        return s.correlate2d(image, kernel, 'valid')\n    except ImportError:\n        pass\n",
}


@pytest.mark.parametrize("guard", UNREACHED.values(), ids=UNREACHED)
def test_a_library_that_is_not_reached_is_not_used(
    grade: Grade, guard: str
) -> None:
    """A call that no input reaches, and one that falls back to own code, are no offence."""
    source = DEF.replace("    h, w =", f"{guard}    h, w =")
    report = grade(f"import cv2\n{source}")
    assert (report.status, report.score) == ("graded", 4.0)


REACHED = {
    "a call": (
        "import cv2\ndef convolve(i, k):\n    return cv2.filter2D(i, -1, k)",
        "Line 3: convolve uses cv2 (cv2.filter2D).",
    ),
    "a name of its own": (
        "from scipy.signal import convolve2d as c\ndef convolve(i, k):\n    return c(i, k)",
        "Line 3: convolve uses scipy (scipy.signal.convolve2d).",
    ),
    "a star": (
        "from scipy.signal import *\ndef convolve(i, k):\n    return correlate2d(i, k)",
        "Line 3: convolve uses scipy (scipy.signal.correlate2d).",
    ),
    "an object": (
        "from torch import nn\nnet = nn.Conv2d(1, 1, 3)\ndef convolve(i, k):\n    return net(i)",
        "Line 2: net, which convolve uses, uses torch (torch.nn.Conv2d).",
    ),
    "an import in the function": (
        "def convolve(i, k):\n    import scipy.signal as s\n    return s.correlate2d(i, k)",
        "Line 2: convolve uses scipy (scipy.signal).",
    ),
    "a name that is put together": (
        "def convolve(i, k):\n    return __import__('sci' + 'py').signal.correlate2d(i, k)",
        "Line 2: convolve uses scipy.",
    ),
    "nothing of one's own": (
        "from scipy.ndimage import convolve",
        "Line 1: convolve comes from scipy (scipy.ndimage.convolve).",
    ),
}


@pytest.mark.parametrize(("source", "said"), REACHED.values(), ids=REACHED)
def test_a_library_that_is_reached_is_an_offence(
    grade: Grade, source: str, said: str
) -> None:
    """However it is reached, the submission is not graded, and one line says where it is used."""
    report = grade(source)
    assert (report.status, report.score) == ("not_gradable", 0.0)
    assert (
        report.message == f"{said} Write the computation yourself with NumPy."
    )


def test_a_use_that_is_swallowed_is_said_in_a_note(grade: Grade) -> None:
    """Where nothing is raised, the note says why the answer is wrong."""
    report = grade(
        "def convolve(i, k):\n    try:\n        import cv2\n        return cv2.x(i)\n"
        "    except Exception:\n        return None\n"
    )
    assert report.status == "graded"
    assert report.notes[0].startswith("Line 3: convolve uses cv2.")


MISSING = {
    "a library": (
        "import pandas as pd\ndef convolve(i, k):\n    return pd.DataFrame(i).values",
        "Line 1: `pandas` is not installed where this is graded.",
    ),
    "a part of a library": (
        "import statsmodels.api as sm\ndef convolve(i, k):\n    return sm.x(i)",
        "Line 1: `statsmodels` is not installed where this is graded.",
    ),
    "an own file": (
        "from my_utils import pad\ndef convolve(i, k):\n    return pad(i)",
        "Line 1: the module `my_utils` was not handed in with this file.",
    ),
    "an own file beside it": (
        "from .tools import pad\ndef convolve(i, k):\n    return pad(i)",
        "Line 1: the module `tools` was not handed in with this file.",
    ),
    "all of an own file": (
        "from helpers import *\ndef convolve(i, k):\n    return pad(i)",
        "Line 1: the module `helpers` was not handed in with this file.",
    ),
    "a name that nobody knows": (
        "import zork\ndef convolve(i, k):\n    return zork.pad(i)",
        (
            "Line 1: there is no module `zork` where this is graded; "
            "if it is a file of yours, hand it in too."
        ),
    ),
    "what a library has made": (
        "import xarray\nmodel = xarray.make()\ndef convolve(i, k):\n    return model(i)",
        "Line 1: `xarray` is not installed where this is graded.",
    ),
    "an import in the function": (
        "def convolve(i, k):\n    import pandas\n    return i",
        "`pandas` is not installed where this is graded (line 2: import pandas).",
    ),
    "a picture's value": (
        "from PIL import Image\ndef convolve(i, k):\n    return Image.fromarray(i).size[0] + 0",
        "`PIL` is not installed where this is graded.",
    ),
    "a name that NumPy removed": (
        "from numpy import product\ndef convolve(i, k):\n    return product(i)",
        (
            "Line 1: the NumPy that grades has no `product`. NumPy 2.0 removed product, "
            "and a newer one grades: write np.prod."
        ),
    ),
}


@pytest.mark.parametrize(("source", "said"), MISSING.values(), ids=MISSING)
def test_a_missing_module_is_named_with_its_import(
    grade: Grade, source: str, said: str
) -> None:
    """The case's message says which module is not there and why, not that a name is misspelled."""
    report = grade(source)
    assert report.cases[0].verdict == "raised"
    assert report.cases[0].message.startswith(said)
    assert "spelled" not in report.cases[0].message


def test_a_decorator_of_a_missing_module_is_named(grade: Grade) -> None:
    """A function that cannot be defined without it cannot be graded, and the line says why."""
    report = grade(
        "from my_timing import timed\n@timed\ndef convolve(i, k):\n    return i"
    )
    assert report.message == (
        "Line 3: convolve could not be defined "
        "(line 1: the module `my_timing` was not handed in with this file)."
    )


def test_annotations_need_no_library(grade: Grade) -> None:
    """A library that is only in the function's first line need not be installed."""
    source = DEF.replace(
        "(image, kernel)", "(image: torch.Tensor, kernel: NDArray) -> Any"
    )
    assert grade(source).score == 4.0
