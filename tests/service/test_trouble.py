"""A full disk, a database that goes away, an exercise that is broken: nothing is lost."""

import contextlib
import resource
import shutil
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.service import words
from tests.service.conftest import SOLUTIONS, Cluster
from tests.service.people import RIGHT, Student


def saved_and_graded(student: Student, click: str) -> bool:
    """Return whether a press sent again is graded."""
    answer = student.hand_in(RIGHT, click)
    return answer.status_code == 200 and answer.json()["score"]["value"] == 4.0


def test_a_full_disk(serving: Any, open_running: Any) -> None:
    """While nothing can be written, a press is refused in a sentence; then it goes through."""
    served = serving()
    ada = open_running(served).student()
    assert saved_and_graded(ada, "before")
    pid = served.process.pid
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    # Every write to a file fails, as it does where a disk is full.
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    link = ada.links["convolution"]
    draft = {"text": "x", "version": 0}
    for answer in (
        ada.hand_in(RIGHT, "during"),
        ada.client.put(f"/api/v1/drafts/{link}", json=draft),
    ):
        assert answer.status_code == 503
        assert answer.json()["error"] == words.NO_STORAGE
        assert answer.headers["Retry-After"]
    assert ada.client.get(f"/api/v1/work/{link}").status_code == 200
    resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    assert saved_and_graded(ada, "during")
    assert len(ada.work()["history"]) == 2
    said = served.end()
    assert "POST /api/v1/submissions: the database: " in said
    assert "def convolve" not in said


def test_a_database_that_goes_away_and_comes_back(
    serving: Any, open_running: Any, own_cluster: Cluster
) -> None:
    """The service stays; a press is refused in a sentence while it is away, and then taken."""
    served = serving("--database", own_cluster.new_database())
    ada = open_running(served).student()
    assert saved_and_graded(ada, "before")
    own_cluster.stop()
    answer = ada.hand_in(RIGHT, "during")
    assert answer.status_code == 503
    assert answer.json()["error"] == words.NO_STORAGE
    own_cluster.start()
    assert saved_and_graded(ada, "during")
    assert saved_and_graded(ada, "before")
    assert len(ada.work()["history"]) == 2
    said = served.end()
    assert "the database: " in said
    assert "Traceback" not in said


def course(folder: Path, *names: str) -> Path:
    """Copy some exercises, and return the folder of their hidden halves."""
    for name in names:
        for half in ("exercises", "solutions"):
            shutil.copytree(
                SOLUTIONS.parent / half / name, folder / half / name
            )
    return folder / "solutions"


def test_a_hidden_half_that_is_gone(
    serving: Any, open_running: Any, tmp_path: Path
) -> None:
    """What is handed in meanwhile is kept, the log says why, and it is graded when it is back."""
    solutions = course(tmp_path, "convolution")
    served = serving("--solutions", str(solutions))
    running = open_running(served)
    ada = running.student()
    hidden = solutions / "convolution"
    hidden.rename(tmp_path / "away")
    answer = ada.hand_in(RIGHT, "click")
    assert answer.status_code == 202
    shown = answer.json()
    assert (shown["state"], shown["message"]) == ("failed", words.SAVED_FAILED)
    ran = ada.client.post(
        f"/api/v1/run/{ada.links['convolution']}", json={"text": RIGHT}
    )
    assert ran.status_code == 503
    assert ran.json()["error"] == words.NOT_GRADABLE_NOW
    said = served.end()
    assert "convolution: cannot be used: " in said
    (tmp_path / "away").rename(hidden)
    again = serving("--solutions", str(solutions))
    ada.client.base_url = again.url
    key = shown["submission"]
    while True:
        answer = ada.client.get(f"/api/v1/submissions/{key}")
        if answer.status_code == 200:
            break
    assert answer.json()["score"]["value"] == 4.0


def test_a_broken_exercise_does_not_keep_the_others_away(
    serving: Any, tmp_path: Path
) -> None:
    """It is not offered, and the log names it and what is wrong."""
    solutions = course(tmp_path, "convolution", "softmax", "sigmoid")
    broken = tmp_path / "exercises" / "softmax" / "exercise.toml"
    broken.write_text("title =", "utf-8")
    shutil.rmtree(tmp_path / "exercises" / "sigmoid")
    served = serving("--solutions", str(solutions))
    session = served.enter()
    assert [each["exercise"] for each in session["links"]] == ["convolution"]
    said = served.end()
    assert "softmax: is not offered: " in said
    assert "sigmoid: is not offered: " in said


def test_templates_that_are_killed(serving: Any, open_running: Any) -> None:
    """Whatever kills the processes that grade, the next press is graded."""
    served = serving()
    ada = open_running(served).student()
    assert saved_and_graded(ada, "before")
    for child in psutil.Process(served.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # a worker ends
            child.kill()
    assert saved_and_graded(ada, "after")


def test_a_second_service_with_one_folder(serving: Any, tmp_path: Path) -> None:
    """SQLite has one service: a second one says so in a line."""
    serving(data=tmp_path / "data")
    with pytest.raises(AssertionError, match="uses this folder already"):
        serving(data=tmp_path / "data")
