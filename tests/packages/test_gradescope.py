"""The Gradescope archive: set up once with network, then run as root without."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.platforms import schema
from grader.vocabulary import GRADER_FAULT

Make = Callable[..., Path]


@pytest.fixture
def autograder(
    machine: Any,
    make: Make,
    open_folder: Path,
    pip_env: dict[str, str],
    place: Any,
) -> Any:
    """Build the image as Gradescope does; return a function that grades one upload."""
    archive = make("gradescope", "autograder.zip")
    home = open_folder / "autograder"
    for name in ("source", "submission", "results"):
        (home / name).mkdir(parents=True)
    with zipfile.ZipFile(archive) as opened:
        assert {"setup.sh", "run_autograder"} <= set(opened.namelist())
        opened.extractall(home / "source")
    shutil.copy(home / "source" / "run_autograder", home / "run_autograder")
    for script in (home / "run_autograder", home / "source" / "setup.sh"):
        script.chmod(0o755)
    root = place(home, "/autograder")
    done = machine.run(
        ["bash", root / "source/setup.sh"],
        root,
        env=pip_env,
        cwd=root.path,
        network=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr + done.stdout

    def grade(
        files: dict[str, str | bytes], *, links: dict[str, str] | None = None
    ) -> Any:
        shutil.rmtree(home / "submission")
        (home / "submission").mkdir()
        (home / "results" / "results.json").unlink(missing_ok=True)
        for name, text in files.items():
            path = home / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        for name, target in (links or {}).items():
            (home / "submission" / name).symlink_to(target)
        finished = machine.run([root / "run_autograder"], root, cwd=root.path)
        result = json.loads((home / "results" / "results.json").read_text())
        jsonschema.validate(result, json.loads(schema("gradescope")))
        return finished, result

    return grade


def test_gradescope_grades(
    autograder: Any, submissions: dict[str, str]
) -> None:
    """A right file gets all points, a wrong one a hint, a broken one a line, a hostile one none."""
    results = {
        name: autograder({"convolve.py": text})[1]
        for name, text in submissions.items()
    }
    assert {name: result["score"] for name, result in results.items()} == {
        "right": 4.0, "wrong": 0.0, "broken": 0.0, "hostile": 0.0,
    }  # fmt: skip
    assert results["wrong"]["tests"][0]["extra_data"]["misconceptions"] == [
        "kernel-flipped"
    ]
    assert "Line 2" in results["broken"]["output"]
    assert {
        test["extra_data"]["verdict"] for test in results["hostile"]["tests"]
    } == {"crashed"}


def test_gradescope_logs_what_the_operator_needs_and_no_more(
    autograder: Any, submissions: dict[str, str]
) -> None:
    """Standard error, which instructors see there, has one line: where the secret came from."""
    finished, result = autograder({"convolve.py": submissions["right"]})
    (line,) = finished.stderr.splitlines()
    assert line.startswith(
        "grader: The hidden inputs were drawn with the default secret"
    )
    assert "secret" not in result["output"]


def test_gradescope_finds_the_file(
    autograder: Any, submissions: dict[str, str]
) -> None:
    """A single file may have any name; of several, the one named like the function is graded."""
    right, wrong = submissions["right"], submissions["wrong"]
    assert autograder({"hw1_final(2).py": right})[1]["score"] == 4.0
    assert (
        autograder(
            {
                "a/convolve.py": right,
                "helper.py": wrong,
                "__MACOSX/._x.py": "\0",
            }
        )[1]["score"]
        == 4.0
    )
    assert (
        "no way to tell"
        in autograder({"a.py": right, "b.py": wrong})[1]["output"]
    )
    assert (
        "Hand in one file called convolve.py"
        in autograder({"notes.txt": "x"})[1]["output"]
    )


def test_gradescope_follows_no_link(autograder: Any) -> None:
    """A link to the reference solution is not graded as the student's own work."""
    for name in ("convolve.py", "other.py"):
        _, result = autograder(
            {},
            links={
                name: "/autograder/source/solutions/convolution/reference.py"
            },
        )
        assert result["score"] == 0
    _, result = autograder(
        {}, links={"folder": "/autograder/source/solutions/convolution"}
    )
    assert result["score"] == 0


def test_gradescope_tells_its_own_faults(
    autograder: Any, open_folder: Path
) -> None:
    """A broken reference gives no score instead of 0, and the status that Gradescope expects."""
    reference = (
        open_folder
        / "autograder"
        / "source"
        / "solutions"
        / "convolution"
        / "reference.py"
    )
    reference.write_text(
        "def convolve(image, kernel):\n    raise RuntimeError('broken reference')\n"
    )
    finished, result = autograder(
        {"convolve.py": "def convolve(image, kernel):\n    return image\n"}
    )
    assert "score" not in result
    assert result["output"] == GRADER_FAULT
    assert "broken reference" in finished.stderr
    assert finished.returncode == 1


def test_gradescope_keeps_the_hidden_half_for_root(
    autograder: Any, open_folder: Path
) -> None:
    """After setup only the owner can read the grader's folder, and there is no secret in it."""
    del autograder
    source = open_folder / "autograder" / "source"
    paths = [path for path in source.rglob("*") if not path.is_symlink()]
    assert any(path.name == "reference.py" for path in paths)
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    assert not (source / "secret").exists()
