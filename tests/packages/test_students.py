"""What a student downloads, followed to the letter."""

import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[..., Path]
ROOT = Path(__file__).parents[2]


def test_a_student_follows_start_md(
    make: Make, pip_env: dict[str, str], submissions: dict[str, str]
) -> None:
    """The commands of START.md work as they stand, and the check tells right from wrong."""
    folder = make("students", "download")
    commands = re.findall(
        r"^    (\S.*)$", (folder / "START.md").read_text(), re.MULTILINE
    )
    assert len(commands) == 5
    *setup, check, jupyter, lab = commands

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", command.replace("python -m venv", "python3 -m venv")], cwd=folder,
            env={**pip_env, "HOME": str(folder)}, capture_output=True, text=True, timeout=600,
            check=False,
        )  # fmt: skip

    notebook = lab.rpartition(" ")[2]
    assert (folder / notebook).is_file()
    for command in (*setup, jupyter, lab.replace(notebook, "--version")):
        done = run(command)
        assert done.returncode == 0, done.stderr
    said = {}
    for name, text in submissions.items():
        (folder / "convolve.py").write_text(text)
        done = run(check)
        assert done.returncode == 0, done.stderr
        said[name] = done.stdout
    assert "All 5 cases passed" in said["right"]
    assert "None of the 5 cases passed" in said["wrong"]


def test_students_get_nothing_hidden(make: Make) -> None:
    """Neither the download nor its wheel has a reference, hidden case, misconception or secret."""
    folder = make("students", "download", secret=b"secret-of-these-tests")
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    (wheel,) = [name for name in files if name.endswith(".whl")]
    with zipfile.ZipFile(folder / wheel) as archive:
        files |= {name: archive.read(name) for name in archive.namelist()}
    hidden = {
        path.read_bytes()
        for path in (ROOT / "solutions").rglob("*")
        if path.is_file()
    }
    assert len(hidden) >= 3
    assert not [name for name, data in files.items() if data in hidden]
    # The grader has modules of these names; an exercise that is carried must not.
    carried = [
        name for name in files if not re.match(r"grader/(?!exercises/)", name)
    ]
    named = re.compile(r"(^|/)(reference\.py|misconceptions\.py|cases\.toml)$")
    assert not [name for name in carried if named.search(name)]
    assert not [
        name for name, data in files.items() if b"secret-of-these-tests" in data
    ]
    assert {
        "START.md",
        "convolve.py",
        "convolution.ipynb",
        "exercises/convolution/README.md",
    } <= set(files)


@pytest.mark.parametrize(
    ("exercise", "lesson"),
    [
        ("max-pooling", "convolutional-layer.ipynb"),
        ("convolution-stride-padding", "convolutional-layer.ipynb"),
        ("softmax", None),
    ],
)
def test_a_lesson_comes_with_each_exercise_that_it_checks(
    make: Make, exercise: str, lesson: str | None
) -> None:
    """START.md names the stub, and opens the lesson where there is one."""
    folder = make(
        "students", "download", exercise=ROOT / "exercises" / exercise
    )
    start = (folder / "START.md").read_text()
    found = [path.name for path in folder.glob("*.ipynb")]
    assert found == ([] if lesson is None else [lesson])
    assert ("jupyter lab" in start) == (lesson is not None)
    assert lesson is None or f"jupyter lab {lesson}" in start
    (stub,) = (path.name for path in folder.glob("*.py"))
    assert f"grader check {stub} " in start
