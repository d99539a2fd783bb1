"""How grading processes start: forked where that is safe, each in a session of its own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.batch.conftest import RIGHT, command, environment, write
from tests.batch.watching import grading_processes

pytestmark = pytest.mark.skipif(
    sys.platform != "linux",
    reason="only Linux has a safe fork and tells of descriptors",
)
OWNER = """
import io, sys, threading, time
from pathlib import Path
from grader.startup import settle
settle()
from grader.batch.starting import start
if sys.argv[1] == "threads":
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
held = open(sys.argv[2] + ".held", "wb")
sys.stderr = io.StringIO()  # as a progress bar does
process = start(Path(sys.argv[2]), int(sys.argv[3]))
print(process.pid, flush=True)
process.stdin.write(sys.stdin.read().encode())
process.stdin.close()
print(process.wait(200), flush=True)
"""
CPU = min(os.sched_getaffinity(0)) if sys.platform == "linux" else 0


def until(happened: Callable[[], bool]) -> bool:
    """Wait until `happened` returns true, for a minute at most; return whether it did."""
    deadline = time.monotonic() + 60
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened()


@pytest.fixture(params=["alone", "threads"])
def owner(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[subprocess.Popen[str]]:
    """Start a program that starts one grading process, from one thread or beside another."""
    arguments = [
        sys.executable,
        "-c",
        OWNER,
        request.param,
        str(tmp_path / "log"),
        str(CPU),
    ]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.kind = request.param  # type: ignore[attr-defined] # set for these tests
        yield process
        process.kill()


def test_a_process_is_forked_only_where_no_other_thread_runs(
    owner: subprocess.Popen[str],
) -> None:
    """A fork would keep locks of other threads for good, so beside one it is a new interpreter."""
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    forked = (
        psutil.Process(pid).cmdline() == psutil.Process(owner.pid).cmdline()
    )
    assert forked == (owner.kind == "alone")  # type: ignore[attr-defined] # set for these tests


def test_a_process_has_its_own_session_its_processor_and_no_file_of_its_owner(
    owner: subprocess.Popen[str],
) -> None:
    """Ctrl-C does not reach it, it keeps to its processor, and the owner's lock is not in it."""
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    assert until(lambda: os.getsid(pid) == pid)
    assert until(lambda: os.sched_getaffinity(pid) == {CPU})
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            links.append(str(link.readlink()))
    assert links
    assert not [link for link in links if link.endswith(".held")]


def test_a_process_ends_when_its_owner_hangs_up(
    owner: subprocess.Popen[str],
) -> None:
    """The end of its input ends its work, without an error."""
    assert owner.stdout is not None
    assert owner.stdin is not None
    owner.stdout.readline()
    owner.stdin.close()
    assert owner.stdout.readline() == "0\n"


def test_the_error_that_ends_a_process_is_in_its_log(
    owner: subprocess.Popen[str], tmp_path: Path
) -> None:
    """It goes to the log, whatever the owner has made its own standard error."""
    assert owner.stdout is not None
    assert owner.stdin is not None
    owner.stdout.readline()
    owner.stdin.write("\0\0\0\1x")
    owner.stdin.close()
    assert owner.stdout.readline() == "1\n"
    assert (
        "Error"
        in (tmp_path / "log").read_text(encoding="utf-8").splitlines()[-1]
    )


def test_with_a_job_for_each_processor_each_job_keeps_to_its_own(
    tmp_path: Path,
) -> None:
    """As many jobs as processors are spread over them, one each."""
    cpus = sorted(os.sched_getaffinity(0))
    # As long as loading may take, so that all of them are at work at once on a busy machine too.
    slow = RIGHT + "\nimport time\ntime.sleep(100)\n"
    write(
        tmp_path / "class",
        {f"{number}.py": slow for number in range(len(cpus))},
    )
    arguments = command(
        "grade",
        tmp_path / "class",
        "--output",
        tmp_path / "out",
        "--jobs",
        str(len(cpus)),
    )
    with subprocess.Popen(
        arguments, env=environment(), stderr=subprocess.DEVNULL
    ) as batch:
        me = psutil.Process(batch.pid)

        def each_has_its_own() -> bool:
            found = sorted(
                each.cpu_affinity() for each in grading_processes(batch)
            )
            return found == [[cpu] for cpu in cpus]

        # As long as the batch runs: how soon they start depends on what else the machine does.
        while not each_has_its_own():
            assert batch.poll() is None
            time.sleep(0.02)
        assert me.cpu_affinity() == cpus
        assert batch.wait(120) == 0
