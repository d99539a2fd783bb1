"""Bad input gets one clear line and the specified status; no traceback, nothing lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main

Grader = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parent.parent.parent
STUB = (ROOT / "exercises" / "convolution" / "convolve.py").read_bytes()

NOT_GRADABLE = {
    "empty": (b"", "empty"),
    "only_comments": (b"# nothing yet\n", "comments"),
    "binary": (bytes(range(256)) * 8, "null byte"),
    "utf16": (
        "def convolve(image, kernel):\n    return 1\n".encode("utf-16"),
        "UTF-16",
    ),
    "null_byte": (b"def convolve(i, k):\n\0    return 1\n", "Line 2"),
    "syntax_error": (
        b"def convolve(image, kernel)\n    return image\n",
        "Line 1",
    ),
    "python2": (b'print "hello"\n', "Python 2"),
    "no_function": (b"x = 1\n", "no function named convolve"),
    "wrong_name": (
        b"def convolv(image, kernel):\n    return image\n",
        "you have convolv",
    ),
    "wrong_signature": (
        b"def convolve(image, kernel, pad):\n    return image\n",
        "pad",
    ),
    "not_callable": (b"convolve = 3\n", "not a function"),
    "stub_unchanged": (STUB, "stub"),
    "forbidden": (b"from scipy.ndimage import convolve\n", "scipy"),
    "nested_deeply": (b"x = " + b"(" * 5000 + b"1" + b")" * 5000, "nested"),
}


@pytest.mark.parametrize("name", NOT_GRADABLE)
def test_what_cannot_be_graded_says_why_in_one_line(
    name: str, grader: Grader, tmp_path: Path
) -> None:
    """It is not_gradable with score 0 and exit 0, says why, and still lists every case."""
    source, part = NOT_GRADABLE[name]
    path = tmp_path / "convolve.py"
    path.write_bytes(source)
    done = grader("grade", path, "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (report["status"], report["score"]) == ("not_gradable", 0.0)
    assert part in report["message"]
    assert "\n" not in report["message"]
    assert [case["verdict"] for case in report["cases"]] == ["not_run"] * 4


def one_line(done: "subprocess.CompletedProcess[str]", status: int) -> str:
    """Assert the exit status, an empty standard output and no traceback; return the line."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_a_path_that_is_missing_is_wrong_usage(grader: Grader) -> None:
    """Exit 2, and the line names the path."""
    assert (
        one_line(grader("grade", "missing.py"), 2)
        == "grader: missing.py: there is no such file"
    )


def test_a_folder_without_submissions_is_wrong_usage(
    grader: Grader, tmp_path: Path
) -> None:
    """Exit 2, and the line names the folder and what was looked for."""
    (tmp_path / "class").mkdir()
    assert "no submission" in one_line(
        grader("grade", tmp_path / "class", "--output", tmp_path / "out"), 2
    )


@pytest.mark.parametrize(
    "name", ["data.csv", "class.tar.bz2", "homework", "missing.csv"]
)
def test_one_file_of_another_kind_is_wrong_usage(
    grader: Grader, right: Path, tmp_path: Path, name: str
) -> None:
    """Exit 2 and the line says what can be graded, though there is right Python in it."""
    if name != "missing.csv":
        shutil.copy(right, tmp_path / name)
    line = one_line(grader("grade", tmp_path / name), 2)
    assert line.startswith(f"grader: {tmp_path / name}: ")
    assert line.endswith(
        "there is no such file"
        if name == "missing.csv"
        else ".zip, .tar, .tar.gz, .tgz"
    )


def test_an_upper_case_suffix_is_a_suffix(
    grader: Grader, right: Path, tmp_path: Path
) -> None:
    """CONVOLVE.PY, as old systems name it, is graded as any other file."""
    shutil.copy(right, tmp_path / "CONVOLVE.PY")
    done = grader("grade", tmp_path / "CONVOLVE.PY", "--format", "json")
    assert json.loads(done.stdout)["score"] == 4


def test_a_cut_archive_is_wrong_usage(
    grader: Grader, right: Path, tmp_path: Path
) -> None:
    """Alone it is exit 2, for it is most of a class; beside others it is listed as a loss."""
    (tmp_path / "in").mkdir()
    for student in ("ada", "bob", "cy"):
        shutil.copy(right, tmp_path / "in" / f"{student}.py")
    good = Path(
        shutil.make_archive(str(tmp_path / "good"), "gztar", tmp_path / "in")
    )
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    damage = "the archive is damaged (it ends too early)"
    line = one_line(grader("grade", cut, "--output", tmp_path / "out"), 2)
    assert line == f"grader: {cut}: {damage}: download it again"
    assert not list(tmp_path.glob("out/reports/*"))
    done = grader("grade", good, cut, "--output", tmp_path / "out")
    lost = f"may hold submissions: cut.tar.gz: {damage}: files are missing, ask for it again"
    assert lost in done.stderr
    assert len(list(tmp_path.glob("out/reports/*.json"))) == 3


def test_folders_that_may_not_be_read_stop_nothing(
    right: Path, tmp_path: Path
) -> None:
    """A pattern that starts in one is exit 2; one in a class is listed, the rest is graded."""
    (tmp_path / "up" / "locked").mkdir(parents=True, mode=0)
    shutil.copy(right, tmp_path / "up" / "ada.py")
    command = [sys.executable, "-P", "-m", "grader", "grade"]
    if os.geteuid() == 0:
        rights = "-dac_override,-dac_read_search"
        command = [
            "setpriv",
            f"--inh-caps={rights}",
            f"--bounding-set={rights}",
            *command,
        ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
    }

    def grade(path: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*command, path, "--output", "out"],
            capture_output=True, text=True, check=False, env=environment, cwd=tmp_path,
        )  # fmt: skip

    line = one_line(grade("up/locked/*.py"), 2)
    assert (
        line
        == "grader: up/locked/*.py: the folder up/locked cannot be read (Permission denied)"
    )
    done = grade("up")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.glob("out/reports/*.json")] == [
        "ada.py.json"
    ]
    listed = json.loads((tmp_path / "out" / "summary.json").read_bytes())[
        "skipped"
    ]
    assert listed == [
        {
            "path": "locked/",
            "reason": "the folder cannot be read (Permission denied)",
            "unread": True,
        }
    ]


def test_an_output_that_cannot_be_written_is_wrong_usage(
    grader: Grader, right: Path
) -> None:
    """Exit 2, and the line names the path and the reason."""
    line = one_line(
        grader("grade", right, "--output", "/nonexistent/report.json"), 2
    )
    assert line.startswith(
        "grader: /nonexistent/report.json: cannot be written"
    )


def test_an_output_that_is_a_folder_is_wrong_usage(
    grader: Grader, right: Path, tmp_path: Path
) -> None:
    """Exit 2: a single report goes into a file."""
    assert (
        one_line(grader("grade", right, "--output", tmp_path), 2)
        == f"grader: {tmp_path}: is a folder; name a file in it"
    )


def test_what_nobody_foresaw_is_a_failure_of_the_grader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 4, with the place on standard error; Python's own 1 would mean a low score."""

    def broken() -> str:
        raise RuntimeError("unheard of")

    monkeypatch.setattr("grader.render.schema.schema_text", broken)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["schema"]) == 4
    finally:
        signal.signal(signal.SIGTERM, before)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Traceback")
    assert told.err.endswith(
        "grader: a fault of the grader: RuntimeError: unheard of\n"
    )


def test_a_full_disk_is_said_and_nothing_is_lost(
    right: Path, tmp_path: Path
) -> None:
    """Exit 4 and one line, instead of a report that ends in the middle."""
    with Path("/dev/full").open("w") as full:
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        command = [sys.executable, "-P", "-m", "grader", "grade", str(right)]
        done = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=environment,
            cwd=ROOT,
        )
    assert done.returncode == 4
    assert (
        done.stderr.strip()
        == "grader: standard output: No space left on device; the report was not written"
    )


def test_an_unknown_exercise_is_wrong_usage(
    grader: Grader, right: Path
) -> None:
    """Exit 2, and the line names the exercise."""
    assert "nope" in one_line(grader("grade", right, "--exercise", "nope"), 2)


def test_a_broken_exercise_names_all_faults_at_once(
    grader: Grader, right: Path, tmp_path: Path
) -> None:
    """Exit 3, with both faults; an unknown key comes with the one that was meant."""
    folder = tmp_path / "exercises" / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", folder)
    toml = folder / "exercise.toml"
    text = (
        toml.read_text("utf-8")
        .replace("call_s =", "cal_s =")
        .replace("title =", "titel =", 1)
    )
    toml.write_text(text, "utf-8")
    lines = one_line(
        grader(
            "grade",
            right,
            "--exercise",
            folder,
            "--solutions",
            ROOT / "solutions" / "convolution",
        ),
        3,
    )
    assert "call_s" in lines
    assert "title" in lines


def test_a_reference_that_fails_is_our_fault(
    grader: Grader, right: Path, tmp_path: Path
) -> None:
    """Exit 4, status grader_error, and no score at all: never 0, never full marks."""
    folder = tmp_path / "solutions" / "convolution"
    shutil.copytree(ROOT / "solutions" / "convolution", folder)
    (folder / "reference.py").write_text(
        "def convolve(image, kernel):\n    return image[10**9]\n", "utf-8"
    )
    exercise = ROOT / "exercises" / "convolution"
    done = grader(
        "grade",
        right,
        "--exercise",
        exercise,
        "--solutions",
        folder,
        "--format",
        "json",
    )
    report = json.loads(done.stdout)
    assert done.returncode == 4
    assert (report["status"], report["score"]) == ("grader_error", None)
    assert {case["score"] for case in report["cases"]} == {None}
    assert "reference.py" not in done.stdout
    assert "IndexError" not in done.stdout
    [line] = done.stderr.splitlines()
    assert line.startswith(
        f"grader: right.py: not graded: {folder / 'reference.py'}"
    )
    assert "IndexError" in line
    assert "Traceback" not in done.stderr


def test_a_saved_report_that_is_broken_is_named(
    grader: Grader, tmp_path: Path
) -> None:
    """Rendering what is no report: exit 2 and one line."""
    path = tmp_path / "report.json"
    path.write_text('{"schema_version": 2', "utf-8")
    assert str(path) in one_line(grader("render", path), 2)


def test_a_secret_file_that_is_missing_is_named(
    grader: Grader, right: Path
) -> None:
    """Exit 2, before anything runs."""
    assert "/nonexistent" in one_line(
        grader("grade", right, "--secret-file", "/nonexistent"), 2
    )


def test_an_archive_in_a_folder_that_cannot_be_read_is_told_on_standard_error(
    grader: Grader, tmp_path: Path
) -> None:
    """A student is missing because of it, so it does not hide among other files."""
    folder = tmp_path / "class"
    folder.mkdir()
    shutil.copy(
        ROOT / "solutions" / "convolution" / "samples" / "flipped.py", folder
    )
    (folder / "bob.zip").write_bytes(b"PK\x03\x04 and no more")
    done = grader("grade", folder, "--output", tmp_path / "out")
    assert done.returncode == 0
    assert (
        "may hold submissions: bob.zip: the archive is damaged" in done.stderr
    )


def test_check_of_another_kind_of_file_is_one_line(
    grader: Grader, tmp_path: Path
) -> None:
    """Nothing of a table is run, and the line says what to give."""
    (tmp_path / "data.csv").write_text("a,b\n")
    done = grader("check", tmp_path / "data.csv")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        (
            f"grader: {tmp_path / 'data.csv'}: is neither .py nor .ipynb; "
            "give the file with your function"
        )
    ]
