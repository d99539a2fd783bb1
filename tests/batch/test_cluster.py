"""A real Dask scheduler and two real worker processes on this machine."""

import contextlib
import csv
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.errors import UsageError

NO_DASHBOARD = ("--no-dashboard",)


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._folder = folder
        self._env = env
        self._processes: list[subprocess.Popen[str]] = []
        self.workers: list[subprocess.Popen[str]] = []
        scheduler = self._start("scheduler", "distributed.cli.dask_scheduler", "--port", "0", *NO_DASHBOARD)
        self.address = self._wait_for("scheduler", r"Scheduler at:", scheduler).split()[-1]
        for number in range(2):
            self.workers.append(
                self._start(
                    f"worker-{number}",
                    "distributed.cli.dask_worker",
                    self.address,
                    "--nthreads",
                    "1",
                    "--no-nanny",
                    "--name",
                    str(number),
                    "--local-directory",
                    str(folder / f"local-{number}"),
                    *NO_DASHBOARD,
                )
            )
        for number in range(2):
            self._wait_for(f"worker-{number}", "Registered to:", self.workers[number])

    def _start(self, name: str, module: str, *arguments: str) -> "subprocess.Popen[str]":
        with (self._folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments, "--host", "127.0.0.1"],
                stdout=log, stderr=log, text=True, env=self._env, cwd=self._folder,
            )  # fmt: skip
        self._processes.append(process)
        return process

    def _wait_for(self, name: str, text: str, process: "subprocess.Popen[str]") -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for line in (self._folder / f"{name}.log").read_text().splitlines():
                if text in line:
                    return line
            assert process.poll() is None, (self._folder / f"{name}.log").read_text()
            time.sleep(0.02)
        raise AssertionError((self._folder / f"{name}.log").read_text())

    def close(self) -> None:
        """End all of it."""
        for process in self._processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path, lab: Any) -> Iterator[Cluster]:
    """Start a cluster for one test."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    started = Cluster(folder, lab.environment())
    yield started
    started.close()


@pytest.fixture
def folder(tmp_path: Path, lab: Any) -> Path:
    """Make a class of forty, with one notebook."""
    files = {f"s{n:02}.py": (lab.RIGHT, lab.FLIPPED)[n % 2] + f"# {n}\n" for n in range(40)}
    return lab.write(tmp_path / "in", files | {"book.ipynb": lab.notebook(lab.RIGHT), "bad.py": lab.BROKEN})


def wait_for(condition: Callable[[], Any], process: "subprocess.Popen[str]") -> None:
    """Wait until `condition` is true; fail when the process ends before."""
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "the batch ended too early"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_cluster_gives_the_same_reports_although_a_worker_dies(
    tmp_path: Path, folder: Path, lab: Any, cluster: Cluster
) -> None:
    """Two workers, one killed in the middle: every report is that of the local run, byte for byte, durations aside."""
    lab.write(tmp_path, {"secret": "correct horse"})
    options = ("--secret-file", tmp_path / "secret")
    lab.grader("grade", folder, "--output", tmp_path / "local", *options)
    remote = tmp_path / "remote"
    process = subprocess.Popen(
        lab.command("grade", folder, "--output", remote, "--scheduler", cluster.address, *options),
        stderr=subprocess.PIPE, text=True, env=lab.environment(),
    )  # fmt: skip
    try:
        wait_for(lambda: len(list(remote.glob("reports/*.json"))) >= 5, process)
        cluster.workers[0].kill()
        _, stderr = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, stderr
    assert lab.outputs(remote) == lab.outputs(tmp_path / "local")
    with (remote / "gradebook.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 42
    assert sorted(lab.journal(remote)) == sorted(path.name for path in folder.iterdir())


def test_the_cluster_is_left_as_it_was(tmp_path: Path, lab: Any, cluster: Cluster) -> None:
    """After a batch no template runs in a worker, and what was sent there is gone."""
    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    done = lab.grader(
        "grade", folder, "--output", tmp_path / "out", "--scheduler", cluster.address, TMPDIR=str(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    left = [child for worker in cluster.workers for child in psutil.Process(worker.pid).children(recursive=True)]
    _, alive = psutil.wait_procs(left, timeout=20)
    assert not alive


def test_an_address_where_nobody_answers_is_wrong_usage(tmp_path: Path, lab: Any) -> None:
    """One line, exit 2."""
    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    done = lab.grader("grade", folder, "--output", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == UsageError.exit_code
    assert "no Dask scheduler answers" in done.stderr
    assert "Traceback" not in done.stderr
