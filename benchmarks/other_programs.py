"""The programs that courses use for .py files, each with the same tests in its own form."""

import contextlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

SIZES = 4
SHAPES = "((8, 8), (12, 10), (10, 10), (12, 8))"
REFERENCE = """
import numpy as np

def reference(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, kernel)

def right(convolve, shape):
    rng = np.random.default_rng(1)
    for kind in ("float", "integer", "float"):
        image = rng.random(shape) if kind == "float" else rng.integers(0, 10, shape)
        kernel = rng.random((3, 3))
        if not np.allclose(convolve(image.copy(), kernel.copy()), reference(image, kernel)):
            return False
    return True
"""
GRADESCOPE_TESTS = (
    "import unittest\nfrom gradescope_utils.autograder_utils.decorators import weight\n"
    "from submission import convolve\n"
    + REFERENCE
    + "\nclass TestConvolve(unittest.TestCase):\n"
    + "".join(
        f"    @weight(1)\n    def test_{n}(self):\n"
        f"        self.assertTrue(right(convolve, {SHAPES}[{n}]))\n"
        for n in range(SIZES)
    )
)
GRADESCOPE_RUN = """
import unittest
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
with open("results.json", "w") as file:
    JSONTestRunner(visibility="visible", stream=file).run(unittest.defaultTestLoader.discover("."))
"""
CHECK50 = (
    "import check50\nimport check50.py\n"
    + REFERENCE
    + "".join(
        f'\n@check50.check()\ndef size_{n}():\n    """size {n}"""\n'
        f'    if not right(check50.py.import_("convolve.py").convolve, {SHAPES}[{n}]):\n'
        '        raise check50.Failure("wrong")\n'
        for n in range(SIZES)
    )
)
CHECK50_FILES = """check50:
  checks: __init__.py
  files:
    - !exclude "*"
    - !include "convolve.py"
"""


@contextlib.contextmanager
def gradescope(python: str) -> Iterator[Callable[[Path], bool]]:
    """Yield a function that runs gradescope-utils in a folder of its own, as its container does."""
    with tempfile.TemporaryDirectory() as place:

        def grade(path: Path) -> bool:
            folder = Path(place) / path.stem
            folder.mkdir()
            (folder / "test_convolve.py").write_text(GRADESCOPE_TESTS)
            shutil.copy(path, folder / "submission.py")
            subprocess.run(
                [python, "-c", GRADESCOPE_RUN],
                cwd=folder,
                capture_output=True,
                check=False,
                timeout=60,
            )
            results = folder / "results.json"
            if not results.exists() or not results.stat().st_size:
                return False
            return bool(json.loads(results.read_text())["score"] == SIZES)

        yield grade


@contextlib.contextmanager
def check50(python: str) -> Iterator[Callable[[Path], bool]]:
    """Yield a function that runs check50 on a folder with one submission."""
    program = Path(python).parent / "check50"
    with tempfile.TemporaryDirectory() as place:
        checks = Path(place) / "checks"
        checks.mkdir()
        (checks / ".cs50.yaml").write_text(CHECK50_FILES)
        (checks / "__init__.py").write_text(CHECK50)

        def grade(path: Path) -> bool:
            folder = Path(place) / path.stem
            folder.mkdir()
            shutil.copy(path, folder / "convolve.py")
            done = subprocess.run(
                [program, "--dev", "-o", "json", "--", checks],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            with contextlib.suppress(ValueError):
                results = json.loads(done.stdout)["results"]
                return all(each["passed"] for each in results)
            return False

        yield grade


def installed(python: str, module: str) -> bool:
    """Return whether an environment has a module."""
    command = [python, "-c", f"import {module}"]
    return (
        subprocess.run(command, capture_output=True, check=False).returncode
        == 0
    )
