"""A real Dask scheduler and two real Dask workers on this machine."""

import contextlib
import csv
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.batch import cluster as executor
from grader.batch.messages import Setup
from grader.errors import UsageError
from grader.exercise import find_solutions
from grader.model import Exercise

NO_DASHBOARD = ("--no-dashboard",)


class Cluster:
    """A scheduler and its Dask workers, each a process of its own."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._folder = folder
        self._env = env
        self._processes: list[subprocess.Popen[str]] = []
        self.workers: list[subprocess.Popen[str]] = []
        scheduler = self._start(
            "scheduler",
            "distributed.cli.dask_scheduler",
            "--port",
            "0",
            *NO_DASHBOARD,
        )
        self.address = self._wait_for(
            "scheduler", r"Scheduler at:", scheduler
        ).split()[-1]
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
            self._wait_for(
                f"worker-{number}", "Registered to:", self.workers[number]
            )

    def _start(
        self, name: str, module: str, *arguments: str
    ) -> "subprocess.Popen[str]":
        with (self._folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    module,
                    *arguments,
                    "--host",
                    "127.0.0.1",
                ],
                stdout=log,
                stderr=log,
                text=True,
                env=self._env,
                cwd=self._folder,
            )
        self._processes.append(process)
        return process

    def _wait_for(
        self, name: str, text: str, process: "subprocess.Popen[str]"
    ) -> str:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for line in (self._folder / f"{name}.log").read_text().splitlines():
                if text in line:
                    return line
            assert process.poll() is None, (
                self._folder / f"{name}.log"
            ).read_text()
            time.sleep(0.02)
        raise AssertionError((self._folder / f"{name}.log").read_text())

    def close(self) -> None:
        """End the scheduler and the Dask workers."""
        for process in self._processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children(
                    recursive=True
                ):
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
    files = {
        f"s{n:02}.py": (lab.RIGHT, lab.FLIPPED)[n % 2] + f"# {n}\n"
        for n in range(40)
    }
    files |= {"book.ipynb": lab.notebook(lab.RIGHT), "bad.py": lab.BROKEN}
    written: Path = lab.write(tmp_path / "in", files)
    return written


def wait_for(
    condition: Callable[[], Any], process: "subprocess.Popen[str]"
) -> None:
    """Wait until `condition` is true; fail if the process ends before."""
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, "the batch ended too early"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_cluster_gives_the_same_reports_although_a_worker_dies(
    tmp_path: Path, folder: Path, lab: Any, cluster: Cluster
) -> None:
    """With one of two Dask workers killed, every report is that of a local run, durations aside."""
    lab.write(tmp_path, {"secret": "correct horse"})
    options = ("--secret-file", tmp_path / "secret")
    lab.grader("grade", folder, "--output", tmp_path / "local", *options)
    remote = tmp_path / "remote"
    process = subprocess.Popen(
        lab.command(
            "grade",
            folder,
            "--output",
            remote,
            "--scheduler",
            cluster.address,
            *options,
        ),
        stderr=subprocess.PIPE,
        text=True,
        env=lab.environment(),
    )
    try:
        wait_for(lambda: len(list(remote.glob("reports/*.json"))) >= 5, process)
        cluster.workers[0].kill()
        _, stderr = process.communicate(timeout=240)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, stderr
    assert lab.outputs(remote) == lab.outputs(tmp_path / "local")
    with (remote / "gradebook.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 42
    assert sorted(lab.journal(remote)) == sorted(
        path.name for path in folder.iterdir()
    )


def test_the_cluster_is_left_as_it_was(
    tmp_path: Path, lab: Any, cluster: Cluster
) -> None:
    """After a batch no template runs in a Dask worker, and what was sent there is gone."""
    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    done = lab.grader(
        "grade",
        folder,
        "--output",
        tmp_path / "out",
        "--scheduler",
        cluster.address,
        TMPDIR=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    left = [
        child
        for worker in cluster.workers
        for child in psutil.Process(worker.pid).children(recursive=True)
    ]
    _, alive = psutil.wait_procs(left, timeout=60)
    assert not alive


@pytest.mark.usefixtures("cluster")
def test_a_dask_worker_is_not_a_scheduler(tmp_path: Path, lab: Any) -> None:
    """The address of a Dask worker, which its log shows too, is wrong usage at once."""
    log = (tmp_path / "cluster" / "worker-0.log").read_text()
    address = next(
        line.split()[-1]
        for line in log.splitlines()
        if "Start worker at:" in line
    )
    done = lab.grader(
        "grade",
        Path(__file__).parent,
        "--output",
        tmp_path / "out",
        "--scheduler",
        address,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (
        UsageError.exit_code,
        1,
    ), done.stderr
    assert "is a Dask worker, not the scheduler" in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "bogus",
        "",
        "127.0.0.1",
        "tcp://:8786",
        "a b:1",
        "tcp://h:0",
        "tcp://h:70000",
        "h:1\n",
    ],
)
def test_text_that_is_not_an_address_is_wrong_usage_at_once(
    setup: Setup, address: str
) -> None:
    """The one line shows the form of an address; nothing is connected to."""
    with pytest.raises(
        UsageError,
        match=r"not the address of a Dask scheduler, such as tcp://\S+:\d+",
    ) as error:
        executor.Cluster(setup, address)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.5:8786",
        "tls://dask-1.example.org:8786",
        "tcp://[fe80::1%eth0]:8786",
    ],
)
def test_an_address_may_have_a_scheme_a_name_and_colons(
    setup: Setup, address: str
) -> None:
    """All of these have the form of an address."""
    executor.Cluster(setup, address)


@pytest.fixture
def setup(exercise: Exercise) -> Setup:
    """Return what a grading process would be sent first."""
    return Setup(
        exercise=str(exercise.folder),
        solutions=str(find_solutions(exercise)),
        exercise_digest="",
        solutions_digest="",
        secret=b"",
        secret_source="default",
    )


@contextlib.contextmanager
def listening(says: bytes) -> Iterator[int]:
    """Yield the port of a server that sends `says` to everybody who connects."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                connection.sendall(says)
                connections.append(connection)

    connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("tcp://127.0.0.1:{}", b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n" * 9),
        ("tls://127.0.0.1:{}", b""),
        ("ws://127.0.0.1:{}", b"HTTP/1.1 404 Not Found\r\n\r\n"),
        ("http://127.0.0.1:{}", b""),
        ("tcp://127.0.0.1:{}", b""),
    ],
)
def test_a_server_that_is_not_a_scheduler_is_wrong_usage(
    setup: Setup, monkeypatch: pytest.MonkeyPatch, form: str, says: bytes
) -> None:
    """Whatever answers, and however it fails: one line, and no client, which could not be ended."""
    monkeypatch.setattr(executor, "_CONNECT_S", 0.5)
    monkeypatch.setattr(executor, "Client", None)
    with (
        listening(says) as port,
        pytest.raises(UsageError, match="no Dask scheduler answers") as error,
        executor.Cluster(setup, form.format(port)),
    ):
        pass
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("address", ["bogus", ""])
def test_a_wrong_address_ends_the_command_at_once(
    tmp_path: Path, lab: Any, address: str
) -> None:
    """One line and exit status 2, without an attempt to connect."""
    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    done = lab.grader(
        "grade", folder, "--output", tmp_path / "out", "--scheduler", address
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (
        UsageError.exit_code,
        1,
    ), done.stderr
    assert "is not the address of a Dask scheduler" in done.stderr


def test_an_address_where_nobody_answers_is_wrong_usage(
    tmp_path: Path, lab: Any
) -> None:
    """One line and exit status 2."""
    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    done = lab.grader(
        "grade",
        folder,
        "--output",
        tmp_path / "out",
        "--scheduler",
        "tcp://127.0.0.1:9",
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (
        UsageError.exit_code,
        1,
    ), done.stderr
    assert "no Dask scheduler answers" in done.stderr
