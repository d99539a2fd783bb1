"""An exercise that lies where a student stands: `grader check` takes it, and it can do no harm."""

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trust.conftest import ROOT, Grader, Student

STUB = (ROOT / "exercises/convolution/convolve.py").read_text("utf-8")
Spoil = Callable[[Path, Student], object]


def written(name: str, data: str | bytes) -> Spoil:
    """Return what puts a file into the exercise's folder."""
    content = data.encode() if isinstance(data, str) else data
    return lambda folder, _: (folder / name).write_bytes(content)


def replaced(old: str, new: str) -> Spoil:
    """Return what changes exercise.toml in one place."""

    def spoil(folder: Path, _: Student) -> None:
        path = folder / "exercise.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def given(name: str, put: Callable[[Path], object]) -> Spoil:
    """Return what makes something that is no data file a file that submissions may read."""

    def spoil(folder: Path, _: Student) -> None:
        path = folder / "exercise.toml"
        text = path.read_text("utf-8")
        path.write_text(f'files = ["{name}"]\n{text}', "utf-8")
        put(folder / name)

    return spoil


def linked(name: str, to: str) -> Spoil:
    """Return what puts a link into the exercise's folder."""

    def spoil(folder: Path, _: Student) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(to)

    return spoil


def piped(name: str) -> Spoil:
    """Return what puts a pipe that nobody writes to into the exercise's folder."""

    def spoil(folder: Path, _: Student) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return spoil


def sparse(path: Path, size: int = 20 << 30) -> None:
    """Write a file of gigabytes that takes no place."""
    with path.open("wb") as file:
        file.truncate(size)


def huge(name: str) -> Spoil:
    """Return what puts a file of gigabytes into the exercise's folder."""
    return lambda folder, _: sparse(folder / name)


def stub(change: Callable[[str, Student], str]) -> Spoil:
    """Return what changes the stub."""
    return lambda folder, student: (folder / "convolve.py").write_text(
        change(STUB, student), "utf-8"
    )


def trap(name: str) -> Spoil:
    """Return what puts Python that leaves a canary into the exercise's folder."""
    return lambda folder, student: (folder / name).write_text(student.trap)


class _Trap:
    """What leaves a canary when it is unpickled."""

    def __init__(self, source: str) -> None:
        self._source = source

    def __reduce__(self) -> Any:
        return exec, (self._source,)


def pickled(folder: Path, student: Student) -> None:
    """Put a pickle into each member of hints.npz."""
    with np.load(folder / "hints.npz") as found:
        names = found.files
    value = np.array([_Trap(student.trap)], dtype=object)
    members: dict[str, Any] = dict.fromkeys(names, value)
    np.savez(folder / "hints.npz", **members)


def inflated(folder: Path, _: Student) -> None:
    """Make hints.npz a bomb: a megabyte that is a gigabyte, of the names that are read."""
    with np.load(folder / "hints.npz") as found:
        names = found.files
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1073741824,)}"
    header = header.ljust(117) + b"\n"
    path = folder / "hints.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
        for name in names[:1]:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                file.write(start + header)
                for _number in range(64):
                    file.write(bytes(1 << 20))


EXAMPLE = """
[[example]]
name = "e{}"
title = "e"
inputs.image = [[1]]
inputs.kernel = [[1]]
expected = 1
"""
HOSTILE: dict[str, Spoil] = {
    "a pipe as exercise.toml": piped("exercise.toml"),
    "a pipe as the stub": piped("convolve.py"),
    "a pipe as hints.npz": piped("hints.npz"),
    "a pipe as README.md": piped("README.md"),
    "a pipe beside them": piped("data.csv"),
    "a device as the stub": linked("convolve.py", "/dev/zero"),
    "a device as exercise.toml": linked("exercise.toml", "/dev/zero"),
    "a device as hints.npz": linked("hints.npz", "/dev/zero"),
    "a terminal as the stub": linked("convolve.py", "/dev/tty"),
    "a link to its own folder": linked("more", "."),
    "a link to everything": linked("more", "/"),
    "a link in a circle": linked("more", "more"),
    "gigabytes beside it": huge("data.bin"),
    "gigabytes as README.md": huge("README.md"),
    "gigabytes as hints.npz": huge("hints.npz"),
    "gigabytes as the stub": huge("convolve.py"),
    "gigabytes as exercise.toml": huge("exercise.toml"),
    "a file given that is a device": given(
        "zero.csv", lambda path: path.symlink_to("/dev/zero")
    ),
    "a file given that is a pipe": given("pipe.csv", os.mkfifo),
    "a file given that is a secret": given(
        "secret.csv", lambda path: path.symlink_to("/etc/passwd")
    ),
    "a file given that is a folder": given("folder.csv", Path.mkdir),
    "a file given that is gigabytes": given("large.csv", sparse),
    "a file given from above": given("../../work/convolve.py", lambda _: None),
    "a file given from the root": given("/etc/passwd", lambda _: None),
    "thousands of files": lambda folder, _: [
        (folder / f"file{number}").write_bytes(b"") for number in range(10_050)
    ],
    "thousands of examples": lambda folder, _: (
        folder / "exercise.toml"
    ).write_text(
        (folder / "exercise.toml").read_text()
        + "".join(EXAMPLE.format(number) for number in range(5000))
    ),
    "an example of a million numbers": lambda folder, _: (
        folder / "exercise.toml"
    ).write_text(
        (folder / "exercise.toml").read_text()
        + EXAMPLE.format(1)
        + f"inputs.more=[{'1,' * 10**6}]\n"
    ),
    "lists in lists": lambda folder, _: (folder / "exercise.toml").write_text(
        (folder / "exercise.toml").read_text()
        + EXAMPLE.format(1)
        + f"inputs.more={'[' * 9000}{']' * 9000}\n"
    ),
    "a title that acts on a terminal": replaced(
        'title = "', 'title = "\\u001b]0;owned\\u0007\\n::error::x '
    ),
    "a title of a megabyte": replaced('title = "', f'title = "{"x" * 900_000}'),
    "limits without end": replaced("call_s = 2.0", "call_s = 1e300"),
    "more memory than there is": replaced(
        "memory_mb = 1024", "memory_mb = 99999999999"
    ),
    "a module of theirs": replaced(
        "preload = [", 'preload = ["../evil", "evil", '
    ),
    "a pickle as hints": pickled,
    "a bomb as hints": inflated,
    "noise as hints": written("hints.npz", bytes(range(256)) * 20),
    "nothing as hints": written("hints.npz", b""),
    "a stub that acts when it is read": stub(lambda text, s: s.trap + text),
    "a stub whose default acts": stub(
        lambda text, s: text.replace(
            "kernel)", f"kernel, k=open({str(s.canary)!r}, 'w'))", 1
        )
    ),
    "a stub whose decorator acts": stub(
        lambda text, s: text.replace(
            "def convolve",
            f"@(lambda f: open({str(s.canary)!r}, 'w'))\ndef convolve",
            1,
        )
    ),
    "a stub of brackets": stub(
        lambda text, _: f"{text}\nx = {'(' * 5000}1{')' * 5000}\n"
    ),
    "a stub of signs": stub(lambda text, _: f"{text}\nx = {'-' * 90_000}1\n"),
    "a stub with a zero byte": stub(lambda text, _: f"{text}\0"),
    "cases of theirs": trap("cases.py"),
    "checks of theirs": trap("check.py"),
    "mistakes of theirs": trap("misconceptions.py"),
    "a reference of theirs": trap("reference.py"),
    "a conftest of theirs": trap("conftest.py"),
    "a name that is a command": written("a\n::error::x", "x"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_an_exercise_by_place_does_no_harm(
    student: Student, grader: Grader, what: str
) -> None:
    """It ends soon with a check or one line, runs nothing here, and speaks to no terminal."""
    public = student.folder / "work" / "exercises" / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", public)
    HOSTILE[what](public, student)
    done = grader(
        *("check", student.submission, "--exercise", "convolution"),
        cwd=student.submission.parent,
    )
    assert done.returncode in {0, 2, 3}, done.stderr
    assert not student.canary.exists()
    shown = done.stdout + done.stderr
    assert "Traceback" not in shown
    assert "\x1b" not in shown
    assert "root:" not in shown
    lines = [line.strip() for line in shown.splitlines()]
    assert not any(line.startswith("::") for line in lines)
    if done.returncode == 3:
        assert all(line.startswith("grader: ") for line in lines if line)


@pytest.mark.parametrize("where", ["beside", "above", "link"])
def test_an_exercise_beside_the_file_is_none_of_a_graders_business(
    student: Student, grader: Grader, where: str
) -> None:
    """Wherever a stranger's exercise lies, `grade` and artifacts take the trusted one."""
    work = student.submission.parent
    if where == "beside":
        public = student.put_exercise(work)
    elif where == "above":
        public = student.put_exercise(student.folder)
    else:
        public = student.put_exercise(student.folder.parent / "elsewhere")
        (work / "exercises").symlink_to(public.parent)
    student.put_solutions(public.parents[1])
    done = grader(
        *("grade", student.submission, "--exercise", "convolution"),
        *("--solutions", ROOT / "solutions", "--format", "json"),
        cwd=work,
    )
    assert done.returncode == 0, done.stderr
    assert '"score":0' in done.stdout.replace(" ", "")
    made = grader(
        *("package", "students", "--exercise", "convolution"),
        *("--solutions", ROOT / "solutions", "--output", work / "made"),
        cwd=work,
    )
    assert made.returncode == 0, made.stderr
    assert not student.canary.exists()
    (settings,) = (work / "made").rglob("exercise.toml")
    assert "1e9" not in settings.read_text("utf-8")
