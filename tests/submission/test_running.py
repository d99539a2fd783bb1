"""What running shows about the text: what is graded needs a forbidden library, or is hidden."""

from collections.abc import Callable

import pytest

from grader.model import Exercise, Fault, Loading, Outcome, Raised
from grader.submission import parse_submission, running_fault, running_notes
from grader.submission.modules import with_modules

READY = Loading(state="ready")
WRITE = "Write the computation yourself with NumPy."
OWN = "def convolve(image, kernel):\n    return image\n"
Ran = Callable[..., Fault | None]


def raised(kind: str, message: str, line: int | None = 4) -> Outcome:
    """Return a call that raised this exception."""
    error = Raised(type=kind, message=message, line=line)
    return Outcome(kind="raised", raised=error)


@pytest.fixture
def ran(exercise: Exercise) -> Ran:
    """Return a function that tells why what was run cannot be graded."""

    def _ran(
        source: str, *outcomes: Outcome, modules: dict[str, str] | None = None
    ) -> Fault | None:
        parsed = parse_submission("a.py", source.encode(), exercise)
        files = [
            (path, text.encode()) for path, text in (modules or {}).items()
        ]
        submission = with_modules(parsed, files, exercise) if files else parsed
        return running_fault(READY, outcomes, exercise, submission)

    return _ran


REFUSED = "{} is not allowed in this exercise: write it yourself with NumPy"


def test_an_import_that_was_refused_is_a_fault_that_names_the_library(
    ran: Ran,
) -> None:
    """The text need not show it: the name may have been made while the code ran."""
    refused = raised("ImportError", REFUSED.format("scipy"))
    fault = ran(OWN, Outcome(kind="returned"), refused)
    assert fault == Fault(message=f"Line 4: convolve uses scipy. {WRITE}")
    nowhere = raised("ImportError", REFUSED.format("scipy"), line=None)
    assert ran(OWN, nowhere) == Fault(message=f"convolve uses scipy. {WRITE}")


@pytest.mark.parametrize(
    "outcome",
    [
        raised("ImportError", REFUSED.format("pandas")),
        raised("ImportError", f"and {REFUSED.format('scipy')}"),
        raised("ValueError", REFUSED.format("scipy")),
        raised("ModuleNotFoundError", "No module named 'pandas'"),
        raised("NameError", "name 'image' is not defined"),
        Outcome(kind="returned"),
        Outcome(kind="timed_out"),
    ],
)
def test_another_outcome_is_no_fault(ran: Ran, outcome: Outcome) -> None:
    """Another library, another exception, words that only look like ours: the case fails."""
    assert ran(OWN, outcome) is None
    assert ran(f"import scipy\n{OWN}", outcome) is None


@pytest.mark.parametrize(
    "source",
    [
        f"import scipy as s\n{OWN}",
        f"from scipy import ndimage as s\n{OWN}",
        f"from scipy.ndimage import *\n{OWN}",
        f"import scipy\ns = scipy.ndimage\n{OWN}",
    ],
)
def test_a_name_that_a_forbidden_library_would_bind_is_a_fault(
    ran: Ran, source: str
) -> None:
    """Its import was skipped, so the name is missing: however the text has bound it."""
    unbound = raised("NameError", "name 's' is not defined")
    assert ran(source, unbound) == Fault(
        message=f"Line 4: convolve uses scipy. {WRITE}"
    )
    assert ran(source, raised("KeyError", "name 's' is not defined")) is None
    assert ran(source, raised("NameError", "s is not defined")) is None


def test_what_the_text_says_about_it_goes_first(ran: Ran) -> None:
    """It knows which function of the library is used, and where."""
    source = (
        "import scipy\n"
        "def convolve(image, kernel):\n"
        "    return scipy.signal.convolve2d(image, kernel)\n"
    )
    fault = ran(source, raised("NameError", "name 'scipy' is not defined"))
    assert fault is not None
    assert "convolve uses scipy (scipy.signal.convolve2d)" in fault.message
    assert ran(source, raised("ValueError", "something else")) is None


def test_a_later_line_that_takes_the_name_is_noted(exercise: Exercise) -> None:
    """The student's own function is graded, and both lines are named."""
    source = f"{OWN}from scipy.signal import convolve\n"
    submission = parse_submission("a.py", source.encode(), exercise)
    for passed in (True, False):
        assert running_notes(READY, exercise, submission, passed=passed) == (
            (
                "Line 3 gives the name convolve to something else. "
                "Your own function (line 1) is graded."
            ),
        )
    own = parse_submission("a.py", OWN.encode(), exercise)
    assert running_notes(READY, exercise, own, passed=False) == ()


def test_a_library_is_noted_where_something_is_wrong(
    exercise: Exercise,
) -> None:
    """What passed has not needed it, and nobody wants to hear about it."""
    source = "import cv2\ndef convolve(i, k):\n    return cv2.filter2D(i)\n"
    submission = parse_submission("a.py", source.encode(), exercise)
    (note,) = running_notes(READY, exercise, submission, passed=False)
    assert note.startswith("Line 3: convolve uses cv2 (cv2.filter2D).")
    assert running_notes(READY, exercise, submission, passed=True) == ()
