"""An exercise of its own, with short limits, and runners for it."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.execution import Confinement, Runner, open_runner
from grader.model import (
    Case,
    Exercise,
    Limits,
    Rules,
    Submission,
    Tolerance,
    Trial,
    Unit,
)

RIGHT = """
import numpy as np

def convolve(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + 3, j : j + 3] * kernel)
    return out
"""


WITHOUT_CALLS = """
import ctypes, errno, os, sys
from grader.confined import confine
from grader.execution import libseccomp
rules = libseccomp.Filter(libseccomp.ALLOW)
for name in sys.argv[1].split(","):
    rules.add_rule(libseccomp.refuse_with(errno.ENOSYS), name)
reading, writing = os.pipe()
rules.export(writing)
NO_NEW_PRIVILEGES = 38
ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
confine.Filter(os.read(reading, 1 << 15), libseccomp.resolve("seccomp"), 0x5EC0DE1D).load()
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""A script that runs Python without the system calls that its first argument names."""


CALL_S = 2.0
"""What a call may take that is to hang; the others need milliseconds."""
LOAD_S = 3.0
"""What loading may take where it is to hang."""


def exercise_with(**limits: float) -> Exercise:
    """Make an exercise whose limit of a call is short enough to be met in a test.

    The others are so long that only what hangs meets them, however busy the machine is.
    """
    chosen = {
        "load_s": 20.0,
        "call_s": CALL_S,
        "total_s": 100.0,
        "memory_mb": 256,
        "scratch_mb": 4,
        "output_kb": 4,
    } | limits
    return Exercise(
        name="convolution",
        title="Convolution",
        function="convolve",
        arguments=("image", "kernel"),
        points=1.0,
        limits=Limits(**chosen),  # type: ignore[arg-type] # integers stay integers
        tolerance=Tolerance(),
        rules=Rules(forbidden=("scipy", "cv2")),
        preload=(),
        examples=(),
        stub="",
        folder=Path(),
        digest="",
    )


def submission(source: str, name: str = "s01.py") -> Submission:
    """Make a .py file with this text."""
    return Submission(
        name=name, kind="python", digest="", units=(Unit(source),)
    )


def cases(trials: int = 2) -> tuple[Case, ...]:
    """Return four cases of the usual sizes, each with several trials."""
    numbers = np.random.default_rng(1)
    return tuple(
        Case(
            name=f"{h}x{w}",
            title="",
            points=1.0,
            shapes={"image": (h, w), "kernel": (3, 3)},
            trials=tuple(
                Trial(
                    case=f"{h}x{w}",
                    name=str(n),
                    args=(numbers.random((h, w)), numbers.random((3, 3))),
                )
                for n in range(trials)
            ),
        )
        for h, w in ((8, 8), (12, 10), (10, 10), (12, 8))
    )


def expected(trial: Trial) -> np.ndarray:
    """Return what a right submission returns."""
    image, kernel = trial.args
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    result: np.ndarray = np.einsum("ijkl,kl->ij", windows, kernel)
    return result


@pytest.fixture(scope="session")
def solutions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that student code must not read."""
    folder = tmp_path_factory.mktemp("solutions")
    (folder / "reference.py").write_text("SECRET = 42\n", "utf-8")
    return folder


@pytest.fixture(scope="session")
def runner(solutions: Path) -> Iterator[Runner]:
    """Open a runner with everything that this machine can enforce."""
    with open_runner(exercise_with(), solutions=solutions) as opened:
        yield opened


@pytest.fixture(scope="session")
def hasty(solutions: Path) -> Iterator[Runner]:
    """Open a runner for files that never end by themselves."""
    limits = exercise_with(load_s=LOAD_S, call_s=20.0)
    with open_runner(limits, solutions=solutions) as opened:
        yield opened


@pytest.fixture(
    scope="session",
    params=["full", "no-landlock", "no-seccomp", "neither", "fresh"],
)
def any_runner(
    request: pytest.FixtureRequest, solutions: Path
) -> Iterator[Runner]:
    """Open a runner at each level of confinement, forced."""
    confinement = {
        "full": Confinement(),
        "no-landlock": Confinement(landlock=False),
        "no-seccomp": Confinement(seccomp=False),
        "neither": Confinement(landlock=False, seccomp=False),
        "fresh": Confinement(fork_server=False),
    }[request.param]
    with open_runner(
        exercise_with(), solutions=solutions, confinement=confinement
    ) as opened:
        yield opened


@pytest.fixture(scope="session", params=["full", "fresh"])
def patient(
    request: pytest.FixtureRequest, solutions: Path
) -> Iterator[Runner]:
    """Open a runner with time for what fills a disk, however busy the machine is."""
    confinement = Confinement(fork_server=request.param == "full")
    limits = exercise_with(call_s=30.0)
    with open_runner(
        limits, solutions=solutions, confinement=confinement
    ) as opened:
        yield opened


@pytest.fixture(scope="session")
def call(runner: Runner) -> Callable[[str], str]:
    """Return a function that runs a body and says what it raised, or the kind of its outcome."""

    def once(body: str) -> str:
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        source = f"import os, socket, numpy as np\ndef convolve(image, kernel):\n{lines}\n"
        outcome = runner.run(submission(source), cases(1)[:1]).outcomes[0]
        return outcome.raised.type if outcome.raised else outcome.kind

    return once


NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def closed_folder(path: Path) -> Path | None:
    """Find the outermost folder on the way to a path that others may not enter."""
    return next(
        (
            folder
            for folder in reversed(path.parents)
            if not folder.stat().st_mode & 0o001
        ),
        None,
    )


def through_closed_folders(command: list[str], folder: Path) -> list[str]:
    """Let a command of another user reach the interpreter and its environment.

    Where they lie in somebody's home, that home is replaced by an empty one with only these in it,
    for the command alone. `folder` is where they are kept meanwhile.
    """
    prefixes = {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve()}
    closed = {prefix: closed_folder(prefix / "bin") for prefix in prefixes}
    moved = {prefix: home for prefix, home in closed.items() if home}
    if not moved:
        return command
    begin, end = ["set -e"], []
    for number, prefix in enumerate(moved):
        kept = shlex.quote(str(folder / f"prefix{number}"))
        place = shlex.quote(str(prefix))
        begin += [f"mkdir {kept}", f"mount --bind {place} {kept}"]
        end += [f"mkdir -p {place}", f"mount --bind {kept} {place}"]
    empty = [
        f"mount -t tmpfs -o mode=755 none {shlex.quote(str(home))}"
        for home in sorted(set(moved.values()))
    ]
    script = "\n".join([*begin, *empty, *end, 'exec "$@"'])
    private = ["unshare", "--mount", "--propagation", "private"]
    return [*private, "sh", "-c", script, "sh", *command]


AsNobody = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def as_nobody() -> Iterator[AsNobody]:
    """Run a script that uses the grader as a user without rights, unless we are one already."""
    folder = Path(tempfile.mkdtemp(prefix="unprivileged-"))
    folder.chmod(0o755)
    root = Path(__file__).parents[2]
    shutil.copytree(
        root / "grader",
        folder / "grader",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copytree(
        root / "tests/execution",
        folder / "tests/execution",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for package in (
        "tests",
        "tests/execution",
    ):  # or a library that installs its own `tests` would be found first
        (folder / package / "__init__.py").touch()

    def run(script: str) -> "subprocess.CompletedProcess[str]":
        (folder / "script.py").write_text(script, "utf-8")
        command = [sys.executable, str(folder / "script.py")]
        if os.geteuid() == 0:
            command = through_closed_folders([*NOBODY, *command], folder)
        variables = {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}
        return subprocess.run(
            command,
            cwd="/",
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    yield run
    shutil.rmtree(folder)
