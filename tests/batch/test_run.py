"""A batch as an instructor runs it: the real command, real processes."""

import collections
import contextlib
import functools
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from grader.batch import BatchResult, grade_batch
from grader.cases import Secret
from grader.errors import IsolationError
from grader.execution import Confinement
from grader.exercise import find_solutions
from grader.model import Exercise
from tests.batch.watching import (
    descendants,
    grading_processes,
    has_begun,
    has_reports,
    reports,
    rows,
    wait_for,
)

EXERCISE = Path(__file__).parents[2] / "exercises" / "convolution"
SLOW = """import time


def convolve(image, kernel):
    if image.shape == (8, 8):
        open("asleep", "w").close()
        time.sleep(0.9)
    return image
"""


@pytest.fixture
def folder(tmp_path: Path, lab: Any) -> Path:
    """Make a small class with one of each."""
    files = {
        f"s{number:02}.py": (lab.RIGHT, lab.FLIPPED)[number % 2]
        + f"# {number}\n"
        for number in range(8)
    }
    more = {
        "broken.py": lab.BROKEN,
        "raises.py": lab.RAISES,
        "book.ipynb": lab.notebook(lab.RIGHT),
        "notes.pdf": "x",
    }
    written: Path = lab.write(tmp_path / "in", files | more)
    return written


def test_a_folder_is_graded(tmp_path: Path, folder: Path, lab: Any) -> None:
    """Everybody has a report, a page and a row; the rest is listed; standard output is empty."""
    done = lab.grader(
        "grade", folder, "--output", tmp_path / "out", "--jobs", "2"
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    graded = rows(tmp_path / "out")
    assert len(graded) == 11
    assert graded["s00.py"]["score"] == graded["book.ipynb"]["score"] == "4"
    assert graded["s01.py"]["misconceptions"] == "kernel-flipped"
    assert graded["broken.py"]["status"] == "not_gradable"
    assert graded["raises.py"]["8x8"] == "raised"
    for name in graded:
        report = msgspec.json.decode(
            (tmp_path / "out" / "reports" / f"{name}.json").read_bytes()
        )
        assert report["submission"]["name"] == name
        assert (tmp_path / "out" / "reports" / f"{name}.html").stat().st_size
    summary = msgspec.json.decode(
        (tmp_path / "out" / "summary.json").read_bytes()
    )
    assert summary["skipped"] == [
        {"path": "notes.pdf", "reason": "a .pdf file, not .py or .ipynb"}
    ]
    assert [each["type"] for each in summary["exceptions"]] == ["IndexError"]
    assert "Traceback" not in done.stderr


def test_any_number_of_jobs_gives_the_same(
    tmp_path: Path, folder: Path, lab: Any
) -> None:
    """One job, three jobs and one file at a time: the same reports, durations aside."""
    for jobs in ("1", "3"):
        lab.grader("grade", folder, "--output", tmp_path / jobs, "--jobs", jobs)
    assert lab.outputs(tmp_path / "1") == lab.outputs(tmp_path / "3")
    single = lab.grader("grade", folder / "s01.py", "--format", "json")
    alone = lab.without_durations(msgspec.json.decode(single.stdout.encode()))
    assert alone == lab.outputs(tmp_path / "1")["reports/s01.py.json"]


def test_a_rerun_grades_only_what_is_missing_or_changed(
    tmp_path: Path, folder: Path, lab: Any
) -> None:
    """Unchanged ones are kept; new, changed, deleted, edited ones are graded; --fresh does all."""
    out = tmp_path / "out"
    lab.grader("grade", folder, "--output", out)
    before = lab.outputs(out)
    stamps = {
        path.name: path.stat().st_mtime_ns
        for path in (out / "reports").iterdir()
    }
    lab.grader("grade", folder, "--output", out)
    assert lab.outputs(out) == before
    assert {
        path.name: path.stat().st_mtime_ns
        for path in (out / "reports").iterdir()
    } == stamps
    assert len(lab.journal(out)) == 11

    lab.write(folder, {"new.py": lab.RIGHT, "s00.py": lab.FLIPPED})
    (out / "reports" / "s02.py.json").unlink()
    edited = out / "reports" / "s03.py.json"
    edited.write_text(
        edited.read_text().replace('"score": 0.0', '"score": 1.0')
    )
    (out / "reports" / "s04.py.html").unlink()
    lab.grader("grade", folder, "--output", out)
    assert sorted(lab.journal(out)[11:]) == [
        "new.py",
        "s00.py",
        "s02.py",
        "s03.py",
    ]
    assert (out / "reports" / "s04.py.html").stat().st_size
    assert rows(out)["s00.py"]["misconceptions"] == "kernel-flipped"
    lab.grader("grade", folder, "--output", out, "--fresh")
    assert len(lab.journal(out)) == 11 + 4 + 12


def test_another_secret_is_another_batch(
    tmp_path: Path, folder: Path, lab: Any
) -> None:
    """With another secret, which decides the inputs, all is graded again; no secret is on disk."""
    out = tmp_path / "out"
    for number, text in enumerate(("correct horse", "battery staple"), start=1):
        lab.write(tmp_path, {"secret": text})
        done = lab.grader(
            "grade",
            folder,
            "--output",
            out,
            "--secret-file",
            tmp_path / "secret",
        )
        assert done.returncode == 0
        assert len(lab.journal(out)) == 11 * number
    files = [path for path in out.rglob("*") if path.is_file()]
    assert not any(b"correct horse" in path.read_bytes() for path in files)


def test_a_submission_that_is_gone_is_not_in_the_gradebook(
    tmp_path: Path, folder: Path, lab: Any
) -> None:
    """The report of a submission that is gone is kept and mentioned, but has no row."""
    lab.grader("grade", folder, "--output", tmp_path / "out")
    (folder / "s00.py").unlink()
    done = lab.grader("grade", folder, "--output", tmp_path / "out")
    assert "1 reports of submissions that are gone" in done.stderr
    assert "s00.py" not in rows(tmp_path / "out")
    assert (tmp_path / "out" / "reports" / "s00.py.json").exists()


def test_below_the_wanted_score_is_exit_status_1(
    tmp_path: Path, folder: Path, lab: Any
) -> None:
    """--fail-under holds for everybody in a batch."""
    assert (
        lab.grader(
            "grade", folder, "--output", tmp_path / "out", "--fail-under", "1"
        ).returncode
        == 1
    )


@pytest.mark.parametrize(
    ("arguments", "status"), [(["nowhere", "elsewhere"], 2), (["empty"], 2)]
)
def test_wrong_usage_is_one_line(
    tmp_path: Path, lab: Any, arguments: list[str], status: int
) -> None:
    """A missing path and an empty folder: one line, exit 2, and nothing is left behind."""
    (tmp_path / "empty").mkdir()
    done = lab.grader("grade", *arguments, "--output", "out", cwd=tmp_path)
    assert done.returncode == status
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("out/reports/*"))


def test_students_called_like_modules_shadow_nothing(
    tmp_path: Path, lab: Any
) -> None:
    """A batch that is started among the submissions does not import them on the trusted side."""
    names = (
        "numpy.py",
        "json.py",
        "grader.py",
        "msgspec.py",
        "sitecustomize.py",
    )
    text = "raise SystemExit('imported')\n"
    folder = lab.write(tmp_path / "in", dict.fromkeys(names, lab.RIGHT + text))
    executable = Path(sys.executable).parent / "grader"
    done = subprocess.run(
        [executable, "grade", ".", "--exercise", EXERCISE],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=lab.environment(),
    )
    assert done.returncode == 0, done.stderr
    assert {row["score"] for row in rows(folder / "results").values()} == {"4"}


def test_progress_is_a_bar_on_a_terminal(
    tmp_path: Path, folder: Path, lab: Any
) -> None:
    """A terminal shows the count and the rate; standard output stays empty."""
    master, slave = os.openpty()
    with subprocess.Popen(
        lab.command("grade", folder, "--output", tmp_path / "out"),
        stderr=slave,
        stdout=subprocess.PIPE,
        env=lab.environment() | {"TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(slave)
        shown = b"".join(read_all(master))
        assert process.stdout is not None
        assert process.stdout.read() == b""
    os.close(master)
    assert b"11/11" in shown
    assert b"/s" in shown


def read_all(descriptor: int) -> Iterator[bytes]:
    """Read a terminal until its other side is closed."""
    while True:
        try:
            data = os.read(descriptor, 1 << 16)
        except OSError:
            return
        if not data:
            return
        yield data


# ----------------------------------------------------------------------------- ends before the end


@pytest.fixture
def start(lab: Any) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start the command without waiting for it."""
    running: list[subprocess.Popen[str]] = []

    def _start(*arguments: Any) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            lab.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=lab.environment(),
        )
        running.append(process)
        return process

    yield _start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_stopped_batch_keeps_what_is_done(
    tmp_path: Path, lab: Any, start: Any, number: int, status: int
) -> None:
    """Ctrl-C or SIGTERM: the class's files are written, no process is left, a rerun goes on."""
    files = {f"a{n}.py": lab.RIGHT + f"# {n}\n" for n in range(40)}
    files |= {f"z{n}.py": SLOW for n in range(4)}
    folder, out = lab.write(tmp_path / "in", files), tmp_path / "out"
    process = start("grade", folder, "--output", out, "--jobs", "2")
    wait_for(lambda: len(reports(out)) >= 10, process)
    below = descendants(process)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == status
    assert "run the same command again to go on" in stderr
    assert "Traceback" not in stderr
    gone, alive = psutil.wait_procs(below, timeout=60)
    assert not alive
    assert gone
    done = rows(out)
    assert sorted(f"{name}.json" for name in done) == [
        path.name for path in reports(out)
    ]
    assert 10 <= len(done) < 44
    assert (
        lab.grader("grade", folder, "--output", out, "--jobs", "2").returncode
        == 0
    )
    assert sorted(lab.journal(out)) == sorted(files)


def test_a_file_that_vanishes_is_reported_and_the_rest_is_graded(
    tmp_path: Path, lab: Any, start: Any
) -> None:
    """Its report says that it could not be read, and the next run goes without it."""
    files = {f"s{n:02}.py": lab.RIGHT + f"# {n}\n" for n in range(30)}
    # Graded first, so that there is time to remove what is graded last.
    files["a.py"] = lab.RIGHT + "\nimport time\ntime.sleep(5)\n"
    files["z.py"] = lab.RIGHT
    folder, out = lab.write(tmp_path / "in", files), tmp_path / "out"
    process = start("grade", folder, "--output", out, "--jobs", "1")
    wait_for(lambda: has_begun(out), process)
    (folder / "z.py").unlink()
    assert process.wait(120) == 0
    failed = [name for name, row in rows(out).items() if row["score"] != "4"]
    assert failed == ["z.py"]
    assert rows(out)["z.py"]["status"] == "not_gradable"
    assert "cannot be read" in (out / "reports" / "z.py.json").read_text()
    lab.grader("grade", folder, "--output", out)
    assert "z.py" not in rows(out)


def test_kill_minus_9_at_any_instant_loses_only_what_was_in_flight(
    tmp_path: Path, lab: Any, start: Any
) -> None:
    """After many kills the rerun gives the same files, and grades nothing finished twice."""
    files = {
        f"s{n:02}.py": (lab.RIGHT, lab.FLIPPED)[n % 2] + f"# {n}\n"
        for n in range(80)
    }
    folder, out = lab.write(tmp_path / "in", files), tmp_path / "out"
    lab.grader("grade", folder, "--output", tmp_path / "undisturbed")
    random_ = random.Random(1)  # noqa: S311 - no secret
    finished: dict[str, bytes] = {}
    for _ in range(4):
        process = start("grade", folder, "--output", out, "--jobs", "2")
        aim = len(reports(out)) + random_.randrange(1, 8)
        wait_for(functools.partial(has_reports, out, aim), process)
        below = descendants(process)
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(below, timeout=60)
        assert not alive
        for path in reports(out):
            content = path.read_bytes()
            assert finished.setdefault(path.name, content) == content
    assert lab.grader("grade", folder, "--output", out).returncode == 0
    assert lab.outputs(out) == lab.outputs(tmp_path / "undisturbed")
    for name, content in finished.items():
        assert (out / "reports" / name).read_bytes() == content
    graded = collections.Counter(lab.journal(out))
    twice = {f"{name}.json" for name, count in graded.items() if count > 1}
    assert twice.isdisjoint(finished)


def test_a_killed_grading_process_is_replaced(
    tmp_path: Path, lab: Any, start: Any
) -> None:
    """After kill -9, as the kernel does without memory, its submissions are graded again."""
    files = {f"s{n:02}.py": lab.RIGHT + f"# {n}\n" for n in range(60)}
    folder, out = lab.write(tmp_path / "in", files), tmp_path / "out"
    process = start("grade", folder, "--output", out, "--jobs", "2")
    wait_for(lambda: reports(out), process)
    for grading_process in grading_processes(process):
        grading_process.kill()
    assert process.wait(120) == 0
    assert {row["score"] for row in rows(out).values()} == {"4"}
    assert len(rows(out)) == 60


def is_asleep(grading_process: psutil.Process) -> bool:
    """Return whether the worker below it has said in its scratch folder that it sleeps."""
    below: list[psutil.Process] = []
    with contextlib.suppress(psutil.NoSuchProcess):
        below += grading_process.children(recursive=True)
    for worker in below:
        with contextlib.suppress(psutil.NoSuchProcess):
            if Path(worker.cwd(), "asleep").exists():
                return True
    return False


def test_a_submission_that_kills_its_grading_process_twice_is_a_grader_error(
    tmp_path: Path, lab: Any, start: Any
) -> None:
    """There is no score and exit status 4; the others are graded; the next run tries it again."""
    files = {"slow.py": SLOW} | {
        f"s{n:02}.py": lab.RIGHT + f"# {n}\n" for n in range(4)
    }
    folder, out = lab.write(tmp_path / "in", files), tmp_path / "out"
    process = start("grade", folder, "--output", out, "--jobs", "1")
    killed: set[int] = set()

    def kill_at_slow() -> bool:
        for grading_process in grading_processes(process):
            if is_asleep(grading_process) and grading_process.pid not in killed:
                killed.add(grading_process.pid)
                grading_process.kill()
        return len(killed) == 2

    wait_for(kill_at_slow, process)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 4
    assert "slow.py" in stderr
    found = rows(out)
    slow = found.pop("slow.py")
    expected = {
        "name": "slow.py",
        "status": "grader_error",
        "score": "",
        "max_score": "4",
        **dict.fromkeys(("8x8", "12x10", "10x10", "12x8"), "grader_error"),
        "misconceptions": "",
        "comment": "",
    }
    assert expected.items() <= slow.items()
    assert {row["score"] for row in found.values()} == {"4"}
    lab.grader("grade", folder, "--output", out, "--jobs", "1")
    assert lab.journal(out).count("slow.py") == 2
    assert rows(out)["slow.py"]["status"] == "graded"


def test_a_reference_that_fails_is_exit_4(
    tmp_path: Path, lab: Any, exercise: Exercise
) -> None:
    """A reference that prints disturbs nothing; one that raises gives nobody a zero."""
    hidden = tmp_path / "solutions" / "convolution"
    for path in find_solutions(exercise).glob("*.*"):
        lab.write(hidden, {path.name: path.read_bytes()})
    reference = (hidden / "reference.py").read_text()
    folder = lab.write(
        tmp_path / "in", {"ada.py": lab.RIGHT, "broken.py": lab.BROKEN}
    )
    for text, status in (
        ("print('x' * 9999, flush=True)\n", 0),
        ("def convolve(image, kernel):\n    1 / 0\n", 4),
    ):
        (hidden / "reference.py").write_text(reference + "\n\n" + text)
        done = lab.grader(
            "grade",
            folder,
            "--exercise",
            exercise.folder,
            "--solutions",
            tmp_path / "solutions",
            "--output",
            tmp_path / "out",
        )
        assert done.returncode == status, done.stderr
    assert rows(tmp_path / "out")["ada.py"]["score"] == ""
    assert rows(tmp_path / "out")["broken.py"]["status"] == "not_gradable"


def test_a_batch_in_a_thread_leaves_signals_alone(
    tmp_path: Path, lab: Any, exercise: Exercise
) -> None:
    """A program that grades in one of its threads keeps its own Ctrl-C."""
    import threading

    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    before = signal.getsignal(signal.SIGINT)
    results = []

    def work() -> None:
        result = grade_batch(
            [folder],
            exercise=exercise,
            solutions=find_solutions(exercise),
            secret=Secret(b"s", "file"),
            output=tmp_path / "out",
            progress=False,
        )
        results.append(result)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert (results[0].graded, results[0].exit_code) == (1, 0)
    assert signal.getsignal(signal.SIGINT) is before


def test_less_isolation_than_required_ends_the_batch_before_it_begins(
    tmp_path: Path, lab: Any, exercise: Exercise
) -> None:
    """Nothing is written; where less is accepted the summary counts the levels there were."""
    folder, out = (
        lab.write(tmp_path / "in", {"ada.py": lab.RIGHT}),
        tmp_path / "out",
    )
    weak = Confinement(landlock=False, seccomp=False)

    def grade(
        level: str | None, confinement: Confinement | None
    ) -> BatchResult:
        return grade_batch(
            [folder],
            exercise=exercise,
            solutions=find_solutions(exercise),
            secret=Secret(b"s", "file"),
            output=out,
            require_isolation=level,
            confinement=confinement,
            progress=False,
        )

    with pytest.raises(IsolationError):
        grade("full", weak)
    assert not out.exists()
    with pytest.raises(IsolationError):
        grade(None, weak)
    assert not out.exists()
    assert grade("none", weak).graded == 1
    summary = msgspec.json.decode((out / "summary.json").read_bytes())
    assert "full" not in summary["isolation"]
    assert grade("none", None).kept == 1
    assert grade(None, None).graded == 1
