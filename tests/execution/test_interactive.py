"""Where somebody waits, endless code costs little of the machine, and an answer comes in time."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import psutil
import pytest

from grader import load_exercise, open_grader, parse_submission
from grader.execution import Interactive, Runner, open_runner
from grader.execution.interactive import Demotion
from grader.model import Execution, Status, Verdict
from tests.execution.conftest import (
    RIGHT,
    AsNobody,
    cases,
    exercise_with,
    expected,
    submission,
)

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
POLICY = """
import os, threading, time
import numpy as np

def burn(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
"""
"""Code that uses processor time, and asks the kernel how it is scheduled."""
NORMAL, IDLE = 0, 5
"""SCHED_OTHER and SCHED_IDLE, as sched(7) numbers them."""
NEVER = 3600.0
"""For tests of the budget: a lowered worker on a busy machine may get nothing until it is over."""


@pytest.fixture(scope="module")
def patient(solutions: Path) -> Iterator[Runner]:
    """Open a runner that lowers soon, and whose budget no test uses up."""
    exercise = exercise_with(call_s=60.0, load_s=60.0, total_s=200.0)
    soon = Interactive(budget_s=200.0, demote_after_s=0.2)
    with open_runner(exercise, solutions=solutions, interactive=soon) as opened:
        yield opened


@pytest.fixture(scope="module", params=["python", "notebook"])
def kind(request: pytest.FixtureRequest) -> str:
    """Say what is handed in."""
    return str(request.param)


def policies(runner: Runner, body: str) -> list[int]:
    """Run a body once for each of eight trials, and return what it says of its scheduling."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    source = f"{POLICY}\ndef convolve(image, kernel):\n{lines}\n"
    outcomes = runner.run(submission(source), cases()).outcomes
    assert {outcome.kind for outcome in outcomes} == {"returned"}, outcomes
    return [int(np.max(np.asarray(outcome.value))) for outcome in outcomes]


def kinds(execution: Execution) -> list[str]:
    """Return the kinds of all outcomes."""
    return [outcome.kind for outcome in execution.outcomes]


def test_what_is_quick_runs_as_ever(patient: Runner) -> None:
    """A right submission is never lowered nor cut short, and comes to the same."""
    execution = patient.run(submission(RIGHT), cases())
    trials = [trial for case in cases() for trial in case.trials]
    for outcome, trial in zip(execution.outcomes, trials, strict=True):
        assert outcome.value is not None
        assert np.allclose(outcome.value, expected(trial))
    assert not execution.cut_short
    body = "return np.array([[os.sched_getscheduler(0)]])"
    assert policies(patient, body) == [NORMAL] * 8


def test_a_worker_that_has_used_its_share_is_lowered(patient: Runner) -> None:
    """It happens while a call runs, and holds for all calls after it."""
    body = """
while os.sched_getscheduler(0) != 5:
    burn(0.01)
return np.array([[os.sched_getscheduler(0)]])
"""
    assert policies(patient, body) == [IDLE] * 8


@pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="this machine has one processor"
)
def test_lowered_workers_leave_half_of_the_processors_alone(
    patient: Runner,
) -> None:
    """Endless submissions, however many, keep honest ones from no more than that."""
    here = len(os.sched_getaffinity(0))
    body = """
while os.sched_getscheduler(0) != 5:
    burn(0.01)
burn(0.1)
return np.array([[len(os.sched_getaffinity(0))]])
"""
    assert policies(patient, body) == [(here + 1) // 2] * 8


def test_short_calls_add_up(patient: Runner) -> None:
    """Calls that are each over before anybody looks use the same share."""
    body = "burn(0.12)\nreturn np.array([[os.sched_getscheduler(0)]])"
    found = policies(patient, body)
    assert found[0] == NORMAL
    assert found[3:] == [IDLE] * 5


def test_every_thread_is_lowered(patient: Runner) -> None:
    """Threads that were there before, and those that start later."""
    body = """
found = []
def work():
    while os.sched_getscheduler(0) != 5:
        burn(0.01)
    found.append(5)
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
late = threading.Thread(target=lambda: found.append(os.sched_getscheduler(0)))
late.start()
late.join()
return np.array([[min(found)]])
"""
    assert policies(patient, body) == [IDLE] * 8


def test_a_worker_cannot_undo_it(patient: Runner) -> None:
    """No system call that would give it its processor back does anything."""
    body = """
while os.sched_getscheduler(0) != 5:
    burn(0.01)
for undo in (
    lambda: os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0)),
    lambda: os.sched_setparam(0, os.sched_param(0)),
    lambda: os.sched_setaffinity(0, range(os.cpu_count())),
    lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    lambda: os.nice(-5),
    os.fork,
):
    try:
        undo()
    except OSError:
        continue
    return "undone"
return np.array([[os.sched_getscheduler(0)]])
"""
    assert policies(patient, body) == [IDLE] * 8


def test_the_next_worker_of_a_submission_begins_lowered(
    patient: Runner,
) -> None:
    """Ending a worker is no way to a new share."""
    source = POLICY + (
        "def convolve(image, kernel):\n"
        "    if image.shape == (8, 8):\n"
        "        burn(0.5)\n"
        "        os._exit(3)\n"
        "    return np.array([[os.sched_getscheduler(0)]])\n"
    )
    outcomes = patient.run(submission(source), cases(1)).outcomes
    assert outcomes[0].kind == "crashed"
    found = [int(np.max(np.asarray(each.value))) for each in outcomes[1:]]
    assert found == [IDLE] * 3


def test_the_next_submission_has_a_share_of_its_own(patient: Runner) -> None:
    """Nobody pays for the submission before."""
    assert policies(patient, "burn(0.5)\nreturn np.array([[1]])")
    body = "return np.array([[os.sched_getscheduler(0)]])"
    assert policies(patient, body) == [NORMAL] * 8


def test_its_processes_share_the_graders_session(patient: Runner) -> None:
    """Linux may share the processor between sessions first: in another one, lowered is not less.

    They are in another group of processes, so that Ctrl-C in a terminal does not reach them.
    """
    assert patient.run(submission(RIGHT), cases(1)).outcomes
    templates = psutil.Process().children()
    ours = [each.pid for each in templates if "server" in each.cmdline()]
    groups = [os.getpgid(pid) for pid in ours if os.getsid(pid) == os.getsid(0)]
    assert groups
    assert os.getpgid(0) not in groups


IN_A_TERMINAL = """
import fcntl, os, termios
from grader.execution import Interactive, open_runner
from grader.execution.kinds import Confinement
from tests.execution.conftest import cases, exercise_with, submission

fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.close(os.open("/dev/tty", os.O_RDWR))
source = '''
import os
def convolve(image, kernel):
    os.open("/dev/tty", os.O_RDWR)
'''
bare = Confinement(landlock=False, seccomp=False)
with open_runner(exercise_with(), confinement=bare, interactive=Interactive()) as runner:
    print(runner.run(submission(source), cases(1)).outcomes[0])
"""


def test_its_processes_have_no_terminal() -> None:
    """Even where nothing else confines it, student code cannot type or read in a terminal."""
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", IN_A_TERMINAL],
            cwd=ROOT,
            stdin=theirs,
            stdout=subprocess.PIPE,
            start_new_session=True,
            check=True,
            text=True,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "No such device or address" in done.stdout


HANGS = RIGHT.replace(
    "    rows,", "    while image.shape != (8, 8): pass\n    rows,", 1
)


def cut_at(
    seconds: float, source: str, solutions: Path, **limits: float
) -> Execution:
    """Run a submission with a budget."""
    exercise = exercise_with(**limits)
    interactive = Interactive(budget_s=seconds, demote_after_s=NEVER)
    with open_runner(
        exercise, solutions=solutions, interactive=interactive
    ) as runner:
        return runner.run(submission(source), cases(1))


def test_verdicts_up_to_the_end_of_the_budget_count(solutions: Path) -> None:
    """What was known by then is told, the rest was not run, and the execution says so."""
    execution = cut_at(15.0, HANGS, solutions, call_s=10.0)
    assert kinds(execution) == ["returned", "timed_out", "not_run", "not_run"]
    assert execution.cut_short
    assert execution.outcomes[1].limit_s == pytest.approx(10.0)
    assert "time for an answer at once" in str(execution.outcomes[3].reason)


def test_a_call_as_long_as_the_budget_timed_out(solutions: Path) -> None:
    """It says how long it had, and not how long it would have had."""
    execution = cut_at(12.0, HANGS, solutions, call_s=14.0)
    hung = execution.outcomes[1]
    assert hung.kind == "timed_out"
    assert hung.limit_s is not None
    assert hung.limit_s <= 12.0
    assert execution.cut_short


def test_a_file_that_never_ends_still_has_its_definitions(
    solutions: Path,
) -> None:
    """Half of the budget is kept for them."""
    source = RIGHT + "\nwhile True:\n    pass\n"
    execution = cut_at(16.0, source, solutions, load_s=100.0)
    assert kinds(execution) == ["returned"] * 4
    assert execution.loading.definitions_only
    assert execution.cut_short
    assert "still running after" in str(execution.loading.reason)
    assert "100" not in str(execution.loading.reason)


def test_nothing_is_cut_short_without_a_budget(runner: Runner) -> None:
    """Where nobody waits, the exercise's own limits say it all."""
    assert not runner.run(submission(HANGS), cases(1)).cut_short


def notebook(*sources: str) -> bytes:
    """Return a notebook of these cells."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for source in sources
    ]
    return msgspec.json.encode(
        {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    )


def hanging(kind: str) -> tuple[str, bytes]:
    """Return a file or a notebook whose function never ends."""
    source = "def convolve(image, kernel):\n    while True:\n        pass\n"
    if kind == "python":
        return "s.py", source.encode()
    return "s.ipynb", notebook(source)


def test_the_grader_says_what_is_provisional(kind: str) -> None:
    """`judge` says that a report may come to more; `grade` and all else stay as they are."""
    exercise = msgspec.structs.replace(
        load_exercise(ROOT / "exercises" / "convolution"),
        limits=exercise_with(call_s=10.0).limits,
    )
    name, data = hanging(kind)
    with open_grader(
        exercise,
        secret=b"s",
        require_isolation="none",
        interactive=Interactive(budget_s=12.0, demote_after_s=NEVER),
    ) as grader:
        judged = grader.judge(parse_submission(name, data, exercise))
        right = (SAMPLES / "right.py").read_bytes()
        quick = grader.judge(parse_submission("right.py", right, exercise))
    assert judged.cut_short
    assert judged.fault is None
    assert judged.report.status is Status.GRADED
    assert judged.report.score == 0
    found = {case.verdict for case in judged.report.cases}
    assert found == {Verdict.TIMED_OUT, Verdict.NOT_RUN}
    assert not quick.cut_short
    assert quick.report.score == quick.report.max_score


def test_a_notebook_whose_cell_never_ends_is_cut_short() -> None:
    """Half of the budget is kept for its definitions, as for a file."""
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    right = (SAMPLES / "right.py").read_text("utf-8")
    handed_in = parse_submission(
        "s.ipynb", notebook(right, "while True:\n    pass\n"), exercise
    )
    with open_grader(
        exercise,
        secret=b"s",
        require_isolation="none",
        interactive=Interactive(budget_s=24.0, demote_after_s=NEVER),
    ) as grader:
        judged = grader.judge(handed_in)
    assert judged.cut_short
    assert judged.report.score == judged.report.max_score


FOREVER = "while True:\n    pass\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        hanging("python"),
        hanging("notebook"),
        ("s.py", f"{RIGHT}\n{FOREVER}".encode()),
        ("s.ipynb", notebook(RIGHT, FOREVER)),
    ],
    ids=["call", "call of a notebook's", "file", "cell"],
)
def test_what_nobody_waits_for_can_be_called_off(
    name: str, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """It ends long before its budget, says that it was not run, and the log is left alone."""
    exercise = msgspec.structs.replace(
        load_exercise(ROOT / "exercises" / "convolution"),
        limits=exercise_with(call_s=200.0, load_s=200.0, total_s=300.0).limits,
    )
    interactive = Interactive(
        budget_s=400.0, demote_after_s=0.2, when_lowered=Demotion.call_off
    )
    start = time.monotonic()
    with open_grader(
        exercise, secret=b"s", require_isolation="none", interactive=interactive
    ) as grader:
        judged = grader.judge(parse_submission(name, data, exercise))
    assert time.monotonic() - start < 150.0
    assert judged.cut_short
    assert judged.fault is None
    assert {case.verdict for case in judged.report.cases} == {Verdict.NOT_RUN}
    assert not caplog.records


UNPRIVILEGED = """
from grader.execution import Interactive, open_runner
from tests.execution.conftest import cases, exercise_with, submission

source = "def convolve(image, kernel):\\n    while True: pass\\n"
interactive = Interactive(budget_s=20.0, demote_after_s=0.05)
with open_runner(exercise_with(call_s=0.5), interactive=interactive) as runner:
    execution = runner.run(submission(source), cases(1))
    print([each.kind for each in execution.outcomes], execution.cut_short)
"""


def test_it_works_without_rights(as_nobody: AsNobody) -> None:
    """A user who may not raise what was lowered gets the same verdicts, and nothing is left."""
    done = as_nobody(UNPRIVILEGED)
    assert done.stdout.strip() == f"{['timed_out'] * 4} True", done.stderr
