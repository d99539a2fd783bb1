"""What was handed in with a file can be imported, and means nothing to the grader's own code."""

from collections.abc import Iterator, Mapping

import pytest

from grader.api import open_grader
from grader.grading import Grader
from grader.model import Report, Status
from grader.submission import parse_submission
from grader.submission.modules import with_modules
from tests.batch.conftest import RIGHT, notebook

PATCH = """def patch(image, i, j, h, w):
    return image[i : i + h, j : j + w]
"""
USES_PATCH = """import numpy as np
{imported}


def convolve(image, kernel):
    h, w = kernel.shape
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum({called}(image, i, j, h, w) * kernel)
    return out
"""
FULL = 4.0


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """Open one grader for all."""
    with open_grader("convolution", secret=b"secret") as opened:
        yield opened


def report_of(
    grader: Grader, name: str, source: str, beside: Mapping[str, str]
) -> Report:
    """Grade a file with what was handed in beside it."""
    parsed = parse_submission(name, source.encode(), grader.exercise)
    files = [(path, text.encode()) for path, text in beside.items()]
    return grader.grade(with_modules(parsed, files, grader.exercise))


IMPORTS = {
    "from utils import patch": ("patch", {"utils.py": PATCH}),
    "import utils": ("utils.patch", {"utils.py": PATCH}),
    "import utils as u": ("u.patch", {"utils.py": PATCH}),
    "from .utils import patch": ("patch", {"utils.py": PATCH}),
    "from . import utils": ("utils.patch", {"utils.py": PATCH}),
    "from .helpers.utils import patch": (
        "patch",
        {
            "helpers/utils.py": "from .base import patch\n",
            "helpers/base.py": PATCH,
        },
    ),
    "from handed_in import patch": ("patch", {"handed_in.py": PATCH}),
    "from helpers.utils import patch": (
        "patch",
        {"helpers/__init__.py": "", "helpers/utils.py": PATCH},
    ),
    "from helpers import patch": (
        "patch",
        {
            "helpers/__init__.py": "from .utils import patch\n",
            "helpers/utils.py": PATCH,
        },
    ),
    "import helpers.utils": (
        "helpers.utils.patch",
        {"helpers/utils.py": PATCH},
    ),
    "from one import patch": (
        "patch",
        {"one.py": "from two import *\n", "two.py": PATCH},
    ),
    "from shown import patch": (
        "patch",
        {"shown.py": f"import nothing_like_it\nraise SystemExit\n{PATCH}"},
    ),
}


@pytest.mark.parametrize("imported", IMPORTS)
def test_a_module_handed_in_with_a_file_is_imported(
    grader: Grader, imported: str
) -> None:
    """Modules and packages, with or without `__init__.py`, run as far as they go."""
    called, beside = IMPORTS[imported]
    source = USES_PATCH.format(imported=imported, called=called)
    assert report_of(grader, "main.py", source, beside).score == FULL


@pytest.mark.parametrize(
    "imported", ["from utils import patch", "%run utils.py", "%run ./utils.py"]
)
def test_a_module_handed_in_with_a_notebook_is_imported(
    grader: Grader, imported: str
) -> None:
    """In a notebook it may be run as well as imported."""
    source = USES_PATCH.format(imported=imported, called="patch")
    beside = {"utils.py": PATCH}
    report = report_of(grader, "hw.ipynb", notebook(source), beside)
    assert report.score == FULL


@pytest.mark.parametrize(
    "name", ["numpy", "typing", "json", "inspect", "linecache", "submission"]
)
def test_a_module_takes_no_name_of_the_graders_own_imports(
    grader: Grader, name: str
) -> None:
    """It is left out with a note, and the file is graded as if it were not there."""
    beside = {f"{name}.py": "raise SystemExit\n", "utils.py": PATCH}
    source = USES_PATCH.format(
        imported="from utils import patch\nimport typing, json, inspect",
        called="patch",
    )
    report = report_of(grader, "main.py", source, beside)
    assert report.score == FULL
    assert any(f"{name}.py was handed in too" in note for note in report.notes)


def test_a_module_with_the_functions_name_does_not_take_its_place(
    grader: Grader,
) -> None:
    """What the file defines is graded; the module is one name more."""
    beside = {"convolve.py": "def convolve(image, kernel):\n    return None\n"}
    source = f"import convolve\nfrom convolve import convolve\n{RIGHT}"
    assert report_of(grader, "main.py", source, beside).score == FULL


def test_a_function_from_ones_own_module_is_ones_own(grader: Grader) -> None:
    """Somebody who wrote it in another file of theirs has written it themselves."""
    source = "from parts import convolve\n"
    report = report_of(grader, "main.py", source, {"parts.py": RIGHT})
    assert report.score == FULL


def test_modules_are_part_of_the_digest(grader: Grader) -> None:
    """The same file with another module is another submission, and meets other inputs."""
    source = USES_PATCH.format(
        imported="from utils import patch", called="patch"
    )
    alone = report_of(grader, "main.py", source, {})
    digests = {
        report_of(
            grader, "main.py", source, {"utils.py": text}
        ).submission.digest
        for text in (PATCH, PATCH, f"{PATCH}# more\n")
    }
    assert len(digests | {alone.submission.digest}) == 3


def test_a_forbidden_library_in_a_module_counts(grader: Grader) -> None:
    """It is not there when the module runs, and the report says where it was used."""
    helper = (
        "from scipy.signal import correlate2d\n\n\n"
        "def work(image, kernel):\n    return correlate2d(image, kernel, 'valid')\n"
    )
    source = (
        "from tools import work\n\n\n"
        "def convolve(image, kernel):\n    return work(image, kernel)\n"
    )
    report = report_of(grader, "main.py", source, {"tools.py": helper})
    assert report.score == 0
    assert report.status is Status.NOT_GRADABLE
    assert report.message.startswith("tools.py, line 5: ")


def test_an_unused_forbidden_library_in_a_module_harms_nobody(
    grader: Grader,
) -> None:
    """As in the file itself."""
    source = USES_PATCH.format(
        imported="from utils import patch", called="patch"
    )
    beside = {"utils.py": f"import cv2\nimport scipy.signal\n{PATCH}"}
    assert report_of(grader, "main.py", source, beside).score == FULL


def test_a_module_that_is_not_python_is_named(grader: Grader) -> None:
    """A note says where it cannot be read."""
    source = USES_PATCH.format(
        imported="from utils import patch", called="patch"
    )
    report = report_of(grader, "main.py", source, {"utils.py": "def patch(:\n"})
    assert any(note.startswith("utils.py, line 1: ") for note in report.notes)


def test_what_is_not_handed_in_is_not_there(grader: Grader) -> None:
    """No worker keeps the modules of an earlier submission."""
    source = USES_PATCH.format(
        imported="from utils import patch", called="patch"
    )
    beside = {"utils.py": PATCH}
    assert report_of(grader, "main.py", source, beside).score == FULL
    assert report_of(grader, "main.py", source, {}).score == 0


def test_too_much_code_beside_a_file_is_left_out(grader: Grader) -> None:
    """All modules together are as much as one file may be."""
    source = USES_PATCH.format(
        imported="from utils import patch", called="patch"
    )
    beside = {"utils.py": PATCH, "more.py": "x = 1\n" * 100_000}
    report = report_of(grader, "main.py", source, beside)
    assert report.score == FULL
    assert any("more.py is left out" in note for note in report.notes)
