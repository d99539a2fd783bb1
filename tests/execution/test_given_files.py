"""The files of an exercise: every submission can read them, and none can change them."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.errors import ExerciseError
from grader.execution import Confinement, given_files, open_runner
from grader.model import Case, Exercise, Submission, Trial, Unit
from tests.execution.conftest import exercise_with

DATA = b"a,1\nb,2\n"
LEVELS = {
    "full": Confinement(),
    "no-landlock": Confinement(landlock=False),
    "neither": Confinement(landlock=False, seccomp=False),
    "fresh": Confinement(fork_server=False),
}
READ = """
import os
def beside(name):
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
AT_LOAD = open("vectors.csv", "rb").read()
def convolve(image, kernel):
    again = open("vectors.csv", "rb").read(), open(beside("vectors.csv"), "rb").read()
    return [AT_LOAD, *again]
"""
SPOIL = """
import contextlib, os, stat
def write(): open("vectors.csv", "w").write("mine")
def append(): open("vectors.csv", "a").write("mine")
def remove(): os.remove("vectors.csv")
def rename():
    open(os.environ["TMPDIR"] + "/mine", "w").write("mine")
    os.replace(os.environ["TMPDIR"] + "/mine", "vectors.csv")
def move(): os.rename("vectors.csv", "elsewhere")
def link():
    os.remove("vectors.csv")
    os.symlink("OUTSIDE", "vectors.csv")
def pipe():
    os.remove("vectors.csv")
    os.mkfifo("vectors.csv")
def folder():
    os.remove("vectors.csv")
    os.mkdir("vectors.csv")
    open("vectors.csv/inside", "w")
def close_folder():
    os.remove("vectors.csv")
    os.chmod(".", 0o500)
def convolve(image, kernel):
    before = open("vectors.csv", "rb").read()
    with contextlib.suppress(OSError, KeyError):
        os.chmod("vectors.csv", 0o666)
    with contextlib.suppress(OSError, KeyError):
        ATTEMPT()
    try:
        is_pipe = stat.S_ISFIFO(os.stat("vectors.csv").st_mode)
        after = b"" if is_pipe else open("vectors.csv", "rb").read()
    except OSError:
        after = b""
    return before, after
"""
ATTEMPTS = (
    "write",
    "append",
    "remove",
    "rename",
    "move",
    "link",
    "pipe",
    "folder",
    "close_folder",
)


def exercise(folder: Path, *names: str, **limits: float) -> Exercise:
    """Make an exercise with files, and time for a new interpreter."""
    patient = {"load_s": 20.0, "call_s": 20.0, "total_s": 60.0} | limits
    return msgspec.structs.replace(
        exercise_with(**patient), files=names, folder=folder
    )


@pytest.fixture
def ours(tmp_path: Path) -> Exercise:
    """Make an exercise with one file."""
    (tmp_path / "vectors.csv").write_bytes(DATA)
    return exercise(tmp_path, "vectors.csv")


def results(
    ours: Exercise,
    source: str,
    level: str,
    kind: Any = "python",
    calls: int = 2,
) -> list[Any]:
    """Call a submission, and return what its calls gave."""
    unit = Unit(source, 1 if kind == "notebook" else None)
    handed_in = Submission(name="s", kind=kind, digest="", units=(unit,))
    trial = Trial(case="c", name="t", args=(1, 2))
    case = Case(
        name="c", title="", points=1.0, shapes={}, trials=(trial,) * calls
    )
    with open_runner(ours, confinement=LEVELS[level]) as runner:
        outcomes = runner.run(handed_in, (case,)).outcomes
    assert [outcome.kind for outcome in outcomes] == ["returned"] * calls
    return [outcome.value for outcome in outcomes]


@pytest.mark.parametrize("level", LEVELS)
def test_a_file_is_read_where_the_code_runs(ours: Exercise, level: str) -> None:
    """By its name and beside `__file__`, while the file is loaded and in calls."""
    assert results(ours, READ, level) == [[DATA] * 3] * 2


@pytest.mark.parametrize("level", ["full", "fresh"])
def test_a_notebook_reads_it_too(ours: Exercise, level: str) -> None:
    """A kernel has no `__file__`, and works in the same folder."""
    source = READ.replace("__file__", "'x'")
    assert results(ours, source, level, "notebook") == [[DATA] * 3] * 2


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_confined_worker_cannot_change_it(
    ours: Exercise, attempt: str
) -> None:
    """Nothing is written, removed, replaced or renamed: Landlock refuses."""
    source = SPOIL.replace("ATTEMPT", attempt)
    assert results(ours, source, "full") == [(DATA, DATA)] * 2


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("level", ["no-landlock", "neither", "fresh"])
def test_without_landlock_it_is_put_back_before_each_call(
    ours: Exercise, level: str, attempt: str, tmp_path: Path
) -> None:
    """What one call spoils the next one does not see, and no link is followed."""
    outside = tmp_path / "outside"
    outside.write_bytes(b"precious")
    source = SPOIL.replace("ATTEMPT", attempt).replace("OUTSIDE", str(outside))
    found = results(ours, source, level)
    assert [before for before, _ in found] == [DATA, DATA]
    assert outside.read_bytes() == b"precious"


def test_the_folder_for_temporary_files_is_another(ours: Exercise) -> None:
    """Where the files are nothing can be made; `TMPDIR` is the worker's own."""
    source = """
import os
def convolve(image, kernel):
    made = []
    for folder in (".", os.environ["TMPDIR"], os.environ["HOME"]):
        try:
            open(folder + "/made", "w").close()
            made.append(folder == ".")
        except OSError as error:
            made.append(type(error).__name__)
    return made, os.listdir("."), "grader-" in os.getcwd()
"""
    made = ["PermissionError", False, False]
    assert results(ours, source, "full", calls=1) == [
        (made, ["vectors.csv"], True)
    ]


def test_a_file_of_one_exercise_is_in_no_other(tmp_path: Path) -> None:
    """Without files a worker works in its scratch folder, as ever."""
    source = """
import os
def convolve(image, kernel):
    open("made", "w").close()
    return os.listdir("."), os.environ["TMPDIR"]
"""
    assert results(exercise(tmp_path), source, "full", calls=1) == [
        (["made"], ".")
    ]


def test_nothing_is_left_behind(ours: Exercise) -> None:
    """The folder with the files goes with the runner."""
    with open_runner(ours) as runner:
        workers: Any = runner._workers("python")  # noqa: SLF001 - the only way to see it
        root = Path(workers.template.root)
        assert (root / "0" / "vectors.csv").read_bytes() == DATA
    assert not root.exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing.csv", "cannot be read"),
        ("../outside.csv", "names files of the folder itself"),
        ("sub/file.csv", "names files of the folder itself"),
        (".hidden", "names files of the folder itself"),
        ("", "names files of the folder itself"),
        ("large.bin", "may have 16 MB together"),
        ("folder", "cannot be read"),
    ],
)
def test_an_exercise_without_its_files_is_refused(
    tmp_path: Path, name: str, why: str
) -> None:
    """The author is told which file, and what to do."""
    (tmp_path / "folder").mkdir()
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(given_files.MOST_BYTES + 1)
    with pytest.raises(ExerciseError, match=why):
        given_files.read(exercise(tmp_path, name))


def test_all_files_together_are_bounded(tmp_path: Path) -> None:
    """Two that fit alone may be too large together; what fits exactly is read."""
    half = given_files.MOST_BYTES // 2
    for name, size in (("a", half), ("b", half), ("c", half + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    found = given_files.read(exercise(tmp_path, "a", "b"))
    assert [len(data) for data in found.values()] == [half, half]
    with pytest.raises(ExerciseError, match=r"c: the files"):
        given_files.read(exercise(tmp_path, "a", "c"))
