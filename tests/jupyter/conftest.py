"""Real kernels, the lesson, and what a student might write into it."""

import ast
import contextlib
import copy
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from packaging.requirements import Requirement

# Python 3.11 has nothing that looks at a clock, and no browser has Python 3.11. CI runs these tests
# with the other interpreters.
collect_ignore = [] if hasattr(sys, "monitoring") else ["test_clock.py"]

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "notebooks"
STUB = ROOT / "exercises" / "convolution" / "convolve.py"

RIGHT = """
import numpy as np

def convolve(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return result
"""
PADDED = """
import numpy as np

def convolve(image, kernel):
    padded = np.pad(image, 1)
    result = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            result[i, j] = (padded[i : i + 3, j : j + 3] * kernel).sum()
    return result
"""
ENDLESS = """
import signal

def convolve(image, kernel):
    # Else the time for a call may be over before a busy machine has pressed the button.
    signal.setitimer(signal.ITIMER_REAL, 600)
    open("begun", "w").close()
    while True:
        print("round", end=" ")
"""
SOLUTIONS = {"right": RIGHT, "padded": PADDED, "endless": ENDLESS}


def private_environment(folder: Path) -> dict[str, str]:
    """Keep kernels away from the configuration and the history of whoever runs the tests."""
    places = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        # The kernel must know the grader as a student's does, from wherever this test found it.
        "PYTHONPATH": os.pathsep.join(places),
    }


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every kernel of a test in an environment of its own."""
    for name, value in private_environment(tmp_path).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def solutions() -> dict[str, str]:
    """Return sources of `convolve`: right, padded, endless."""
    return SOLUTIONS


@pytest.fixture
def stub() -> str:
    """Return the source of the exercise's stub."""
    return STUB.read_text("utf-8")


@pytest.fixture
def function_of() -> Callable[[str], str]:
    """Return the text of `convolve` in a source."""

    def find(source: str) -> str:
        nodes = ast.parse(source).body
        node = next(
            one
            for one in nodes
            if isinstance(one, ast.FunctionDef) and one.name == "convolve"
        )
        return ast.get_source_segment(source, node) or ""

    return find


@pytest.fixture
def lesson() -> Any:
    """Return the lesson, as it is in the repository."""
    return read_lesson("convolution")


@pytest.fixture
def layer_lesson() -> Any:
    """Return the second lesson."""
    return read_lesson("convolutional-layer")


def read_lesson(name: str) -> Any:
    """Return a lesson, as it is in the repository."""
    path = LESSONS / f"{name}.ipynb"
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat's


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """Return what runs a whole notebook in a real kernel, in an empty folder.

    The source of its exercise cell, or of several by their ids, may be replaced.
    """

    def run(
        notebook: Any,
        solution: str | dict[str, str] | None = None,
        *,
        allow_errors: bool = False,
    ) -> Any:
        notebook = copy.deepcopy(notebook)
        new = {"exercise": solution} if isinstance(solution, str) else solution
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            if new is not None and cell.id in new:
                cell.source = new[cell.id].strip()
        client = NotebookClient(
            notebook,
            timeout=300,
            startup_timeout=180,
            allow_errors=allow_errors,
            # A kernel sends what is printed in pieces, and timing decides where they are cut.
            coalesce_streams=True,
            resources={"metadata": {"path": str(tmp_path)}},
        )
        return client.execute()

    return run


def appeared(path: Path, seconds: float = 180) -> bool:
    """Wait until a file exists: `endless` makes `begun`, so that nobody stops it too early."""
    end = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.01)
    return path.exists()


@pytest.fixture
def wait_for() -> Callable[[Path], bool]:
    """Return what waits until a file exists."""
    return appeared


class Kernel:
    """A running kernel that takes one cell at a time."""

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self.client = manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=180)

    def start(self, source: str) -> str:
        """Send a cell and return at once."""
        return str(self.client.execute(source))

    def finish(
        self, message: str, timeout: float = 180
    ) -> list[dict[str, Any]]:
        """Collect what a cell puts out until the kernel is idle again."""
        outputs: list[dict[str, Any]] = []
        while True:
            found = self.client.get_iopub_msg(timeout=timeout)
            if found["parent_header"].get("msg_id") != message:
                continue
            if (
                found["msg_type"] == "status"
                and found["content"]["execution_state"] == "idle"
            ):
                return outputs
            if found["msg_type"] in {
                "stream",
                "display_data",
                "execute_result",
                "error",
            }:
                outputs.append({"type": found["msg_type"], **found["content"]})

    def run(self, source: str) -> list[dict[str, Any]]:
        """Run a cell and collect what it puts out."""
        return self.finish(self.start(source))

    def say(self, source: str) -> str:
        """Run a cell and give all its output as plain text; a traceback without its colours."""
        return said(self.run(source))


def said(outputs: list[dict[str, Any]]) -> str:
    """Return outputs as plain text; pieces of one stream as if they had come at once."""
    parts: list[str] = []
    before = None
    for output in outputs:
        text = output.get("text") or output.get("data", {}).get("text/plain")
        stream = output.get("name")
        if stream and stream == before:
            parts[-1] += text
        else:
            parts.append(text or "")
        parts += output.get("traceback", [])
        before = stream
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(parts))


@pytest.fixture
def text_of() -> Callable[[list[dict[str, Any]]], str]:
    """Return outputs as plain text."""
    return said


@contextlib.contextmanager
def running_kernel(folder: Path) -> Iterator[Kernel]:
    """Run a real kernel in a folder."""
    manager = KernelManager(
        kernel_name="python3", transport="ipc", ip=str(folder / "k")
    )
    environment = {**os.environ, **private_environment(folder)}
    manager.start_kernel(cwd=str(folder), env=environment)
    running = Kernel(manager)
    try:
        yield running
    finally:
        running.client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    """Start a real kernel in an empty folder."""
    with running_kernel(tmp_path) as running:
        yield running


def left_out_in_browsers() -> Iterator[str]:
    """Yield the modules whose packages `pyproject.toml` leaves out in a browser."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for line in tomllib.loads(text)["project"]["dependencies"]:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate(
            {"sys_platform": "emscripten"}
        ):
            yield wanted.name.removesuffix("-py").replace("-", "_")


@pytest.fixture
def in_browser(tmp_path: Path) -> Callable[[str], Any]:
    """Return what runs `check` on a source with no more than a browser has."""
    script = str(Path(__file__).with_name("like_a_browser.py"))
    modules = ",".join(left_out_in_browsers())

    def run(source: str) -> Any:
        done = subprocess.run(
            [sys.executable, script, modules, source],
            capture_output=True,
            text=True,
            timeout=240,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
