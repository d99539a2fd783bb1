"""`grade`, `package` and the API use the hidden half that the user named, and no other."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import grade, load_exercise
from grader.errors import ExerciseError, UsageError

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
FLIPPED = SOLUTIONS / "convolution" / "samples" / "flipped.py"

Grader = Callable[..., Any]


def one_line(done: Any, status: int) -> str:
    """Return the one line on standard error of a command that ended with `status`."""
    lines: list[str] = done.stderr.splitlines()
    assert done.returncode == status, done.stderr
    assert len(lines) == 1, done.stderr
    assert done.stdout == ""
    return lines[0]


def places(student: Any) -> dict[str, tuple[Path, Path]]:
    """Return where a student may put a folder, and where the instructor stands then."""
    work = student.submission.parent
    below = work / "deep" / "down"
    below.mkdir(parents=True)
    elsewhere = student.folder.parent / "elsewhere"
    elsewhere.mkdir()
    return {
        "the working folder": (work, work),
        "a parent of the working folder": (student.folder, work),
        "a grandparent of the working folder": (work, below),
        "the submission's folder": (work, elsewhere),
        "a parent of the submission's folder": (student.folder, elsewhere),
        "the root of all": (student.folder.parent, work),
    }


PLACES = (
    "the working folder",
    "a parent of the working folder",
    "a grandparent of the working folder",
    "the submission's folder",
    "a parent of the submission's folder",
    "the root of all",
)


@pytest.mark.parametrize("place", PLACES)
def test_a_tolerance_of_the_students_own_is_not_used(
    student: Any, grader: Grader, place: str
) -> None:
    """An exercise with atol = 1e9, wherever it lies, does not turn zeros into points."""
    where, cwd = places(student)[place]
    student.put_exercise(where)
    for named in (["--solutions", SOLUTIONS], ["--exercise", "convolution"]):
        done = grader(
            "grade",
            student.submission,
            "--format",
            "json",
            *named,
            cwd=cwd,
            GRADER_SOLUTIONS=str(SOLUTIONS),
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["score"] == 0


@pytest.mark.parametrize("place", PLACES)
def test_a_reference_of_the_students_own_is_not_run(
    student: Any, grader: Grader, place: str
) -> None:
    """Solutions, wherever they lie, are not executed: neither without trust nor beside it."""
    where, cwd = places(student)[place]
    student.put_exercise(where)
    student.put_solutions(where)
    line = one_line(grader("grade", student.submission, cwd=cwd), 2)
    assert "The hidden tests are not here" in line
    batch = grader(
        "grade", student.submission.parent, "--output", "out", cwd=cwd
    )
    assert "The hidden tests are not here" in one_line(batch, 2)
    package = grader("package", "gradescope", "--output", "a.zip", cwd=cwd)
    assert "The hidden tests are not here" in one_line(package, 2)
    done = grader(
        "grade",
        student.submission,
        "--format",
        "json",
        cwd=cwd,
        GRADER_SOLUTIONS=str(SOLUTIONS),
    )
    assert json.loads(done.stdout)["score"] == 0
    assert not student.canary.exists()


def test_a_batch_uses_neither_half_of_the_student(
    student: Any, grader: Grader, tmp_path: Path
) -> None:
    """A class that is graded from within the student's folder meets the real tests."""
    work = student.submission.parent
    student.put_exercise(work)
    student.put_solutions(work)
    out = tmp_path / "out"
    done = grader(
        "grade",
        ".",
        "--solutions",
        SOLUTIONS,
        "--output",
        out,
        "--jobs",
        "1",
        cwd=work,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((out / "reports" / "convolve.py.json").read_bytes())
    assert report["score"] == 0
    assert not student.canary.exists()


def test_an_artifact_carries_the_trusted_half(
    student: Any, grader: Grader, tmp_path: Path
) -> None:
    """`package` in a student's folder packs neither their exercise nor their solutions."""
    work = student.submission.parent
    student.put_exercise(work)
    student.put_solutions(work)
    target = tmp_path / "a.zip"
    done = grader(
        "package",
        "gradescope",
        "--solutions",
        SOLUTIONS,
        "--output",
        target,
        cwd=work,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(target) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    for half, name in (
        ("exercises", "exercise.toml"),
        ("solutions", "reference.py"),
    ):
        real = (ROOT / half / "convolution" / name).read_bytes()
        (found,) = [
            data
            for path, data in packed.items()
            if path.endswith(f"{half}/convolution/{name}")
        ]
        assert found == real
    assert not student.canary.exists()


def test_a_path_does_not_bring_another_tolerance(
    student: Any, grader: Grader
) -> None:
    """`--exercise DIR` names a public half; one that was not validated is refused with the fix."""
    public = student.put_exercise(student.folder)
    hidden = student.put_solutions(student.folder)
    line = one_line(
        grader(
            "grade",
            student.submission,
            "--exercise",
            public,
            "--solutions",
            SOLUTIONS,
        ),
        3,
    )
    assert line.startswith(
        f"grader: {public}: is not what the hidden tests were"
    )
    assert "grader validate" in line
    line = one_line(
        grader("grade", student.submission, "--exercise", public), 2
    )
    assert "The hidden tests are not here" in line
    assert hidden.is_dir()
    assert not student.canary.exists()


def test_a_module_to_preload_is_not_imported(
    student: Any, grader: Grader
) -> None:
    """What the student's exercise.toml asks to import is refused before anything is imported."""
    public = student.put_exercise(student.folder)
    settings = public / "exercise.toml"
    text = settings.read_text("utf-8").replace(
        "preload = []", 'preload = ["student_trap"]'
    )
    settings.write_text(text, "utf-8")
    (student.submission.parent / "student_trap.py").write_text(
        student.trap, "utf-8"
    )
    student.submission.write_text("import student_trap\n", "utf-8")
    done = grader(
        "grade",
        student.submission,
        "--exercise",
        public,
        "--solutions",
        SOLUTIONS,
        cwd=student.submission.parent,
        PYTHONPATH=str(student.submission.parent),
    )
    one_line(done, 3)
    assert not student.canary.exists()


def test_a_plain_name_is_never_a_folder_here(
    student: Any, grader: Grader
) -> None:
    """`--exercise convolution` means the course's, though a folder of this name lies here."""
    public = student.put_exercise(student.folder)
    work = student.submission.parent
    shutil.copytree(public, work / "convolution")
    done = grader(
        "grade",
        "convolve.py",
        "--exercise",
        "convolution",
        "--solutions",
        SOLUTIONS,
        "--format",
        "json",
        cwd=work,
    )
    assert json.loads(done.stdout)["score"] == 0
    refused = grader(
        "grade",
        "convolve.py",
        "--exercise",
        "./convolution",
        "--solutions",
        SOLUTIONS,
        cwd=work,
    )
    one_line(refused, 3)


def test_a_link_to_the_solutions_does_not_move_what_is_beside(
    student: Any, grader: Grader
) -> None:
    """The public half is beside the real folder, not beside a link to it."""
    student.put_exercise(student.folder)
    link = student.folder / "solutions"
    link.symlink_to(SOLUTIONS)
    done = grader(
        "grade", student.submission, "--solutions", link, "--format", "json"
    )
    assert json.loads(done.stdout)["score"] == 0


def test_python_programs_are_as_safe_as_the_command(
    student: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grade` in Python takes a name from the course, and refuses a student's exercise."""
    work = student.submission.parent
    public = student.put_exercise(work)
    student.put_solutions(work)
    monkeypatch.chdir(work)
    by_name = grade("convolve.py", "convolution")
    assert by_name.score == 0
    for found in (load_exercise("convolution"), public):
        with pytest.raises(
            ExerciseError, match="is not what the hidden tests were"
        ):
            grade("convolve.py", found)
    monkeypatch.delenv("GRADER_SOLUTIONS")
    for named in ("convolution", public):
        with pytest.raises(UsageError, match="The hidden tests are not here"):
            grade("convolve.py", named)
    assert not student.canary.exists()


@pytest.mark.parametrize("value", ["solutions", "./solutions", ".", "..", "~"])
def test_a_relative_variable_is_refused(
    student: Any, grader: Grader, value: str
) -> None:
    """GRADER_SOLUTIONS must be absolute: a relative path is chosen by where one stands."""
    work = student.submission.parent
    student.put_exercise(work)
    student.put_solutions(work)
    done = grader("grade", "convolve.py", cwd=work, GRADER_SOLUTIONS=value)
    assert "give an absolute path" in one_line(done, 2)
    assert not student.canary.exists()


def test_an_empty_variable_names_nothing(student: Any, grader: Grader) -> None:
    """GRADER_SOLUTIONS="" is as if it were not set."""
    student.put_solutions(student.submission.parent)
    done = grader("grade", student.submission, GRADER_SOLUTIONS="")
    assert "The hidden tests are not here" in one_line(done, 2)


@pytest.mark.parametrize("kind", ["missing", "a file", "empty", "a pipe"])
def test_a_folder_that_cannot_be_used_is_one_line(
    student: Any, grader: Grader, tmp_path: Path, kind: str
) -> None:
    """Whatever --solutions names, the line names it too, and nothing else is tried instead."""
    path = tmp_path / "named"
    if kind == "a file":
        path.write_text("x")
    elif kind == "empty":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    done = grader(
        "grade",
        student.submission,
        "--solutions",
        path,
        GRADER_SOLUTIONS=str(SOLUTIONS),
    )
    assert str(path) in one_line(done, 2)


def test_the_first_way_that_is_there_counts(
    student: Any, grader: Grader, tmp_path: Path
) -> None:
    """--solutions comes before GRADER_SOLUTIONS, and that before the user's configuration."""
    assert grader("trust", SOLUTIONS).returncode == 0
    good = grader("grade", FLIPPED, "--format", "json")
    assert json.loads(good.stdout)["score"] == 0
    nowhere = str(tmp_path / "nowhere")
    done = grader("grade", FLIPPED, GRADER_SOLUTIONS=nowhere)
    assert f"{nowhere}: there is no such folder (GRADER_SOLUTIONS)" in one_line(
        done, 2
    )
    good = grader(
        "grade",
        student.submission,
        "--solutions",
        SOLUTIONS,
        "--format",
        "json",
        GRADER_SOLUTIONS=nowhere,
    )
    assert json.loads(good.stdout)["score"] == 0


def test_solutions_without_their_public_half_are_one_line(
    student: Any, grader: Grader, tmp_path: Path
) -> None:
    """The public half that the wheel carries is for `check`; for grades, it is beside."""
    alone = tmp_path / "alone" / "solutions"
    shutil.copytree(SOLUTIONS, alone)
    done = grader("grade", student.submission, "--solutions", alone)
    line = one_line(done, 2)
    assert str(alone.parent / "exercises" / "convolution") in line
    assert "--exercise DIR" in line


def test_check_goes_by_place_and_needs_no_trust(
    student: Any, grader: Grader
) -> None:
    """A student's machine has no hidden half, and `check` runs nothing of one that lies there."""
    work = student.submission.parent
    student.put_solutions(work)
    done = grader("check", "convolve.py", "--format", "json", cwd=work)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["score"] == 0
    assert not student.canary.exists()
