"""The grading process of a service: it knows little, and does not outlive its owner."""

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.service.conftest import Running, Served
from tests.service.people import RIGHT


def grading_process(served: Served) -> psutil.Process:
    """Return the one child of the web process."""
    (child,) = psutil.Process(served.process.pid).children()
    return child


def graded(running: Running, name: str) -> float:
    """Return the score of a right file of somebody new."""
    student = running.student(name=name)
    with contextlib.closing(student.client):
        answer = student.hand_in(RIGHT, name)
    assert answer.status_code == 200, answer.text
    value: float = answer.json()["score"]["value"]
    return value


def test_it_has_neither_the_database_nor_a_connection(
    shared_service: Running,
) -> None:
    """No file of the service and no socket of a network is open where student code is judged."""
    assert graded(shared_service, "Ada") == 4.0
    served = shared_service.served
    process = grading_process(served)
    family = [process, *process.children(recursive=True)]
    assert len(family) > 1
    for one in family:
        opened = [file.path for file in one.open_files()]
        assert not [path for path in opened if str(served.data) in path]
        assert one.net_connections(kind="inet") == []


def test_another_one_takes_its_place(serving: Any, open_running: Any) -> None:
    """One that was killed is started again by the next press, which is graded; the log says so."""
    served = serving()
    running = open_running(served)
    assert graded(running, "Ada") == 4.0
    process = grading_process(served)
    process.kill()
    assert graded(running, "Grace") == 4.0
    assert grading_process(served).pid != process.pid
    assert served.end() == (
        "the grading process ended; another one is started\n"
    )


def test_it_ends_with_its_owner(
    serving: Any, open_running: Any, tmp_path: Path
) -> None:
    """Nothing of a web process that was killed is left: no process, and no folder of workers."""
    served = serving(TMPDIR=str(tmp_path))
    assert graded(open_running(served), "Ada") == 4.0
    process = grading_process(served)
    family = [process, *process.children(recursive=True)]
    served.end(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    assert not list(tmp_path.glob("grader-*"))


@pytest.mark.parametrize(
    ("number", "said"),
    [(signal.SIGTERM, ""), (signal.SIGINT, "\ngrader: stopped\n")],
)
def test_it_ends_when_the_service_is_told_to(
    serving: Any, open_running: Any, number: signal.Signals, said: str
) -> None:
    """A signal to all processes of a service ends it as one to the web process does."""
    served = serving()
    assert graded(open_running(served), "Ada") == 4.0
    process = grading_process(served)
    os.kill(process.pid, number)
    assert served.end(number) == said
    until = time.monotonic() + 60
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.05)
