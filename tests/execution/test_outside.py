"""What happens from outside: killed templates and workers, an exhausted machine, any end."""

import contextlib
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from grader.errors import GraderError
from grader.execution import Confinement, Runner, fresh, open_runner
from grader.execution.forked_workers import ForkedWorkers
from grader.execution.template import Template
from grader.model import Execution
from tests.execution.conftest import (
    RIGHT,
    AsNobody,
    cases,
    exercise_with,
    submission,
)


@pytest.fixture
def own_runner(solutions: Path) -> Iterator[Runner]:
    """Open a runner that a test may break."""
    with open_runner(
        exercise_with(call_s=20.0, total_s=60.0, load_s=20.0),
        solutions=solutions,
    ) as runner:
        yield runner


def template_of(runner: Runner) -> Template:
    """Reach for the template for .py files."""
    workers = runner._pools["python"]  # noqa: SLF001 - the test breaks what is inside
    assert isinstance(workers, ForkedWorkers)
    return workers.template


def process_of(runner: Runner) -> psutil.Process:
    """Reach for its process."""
    return psutil.Process(template_of(runner)._process.pid)  # noqa: SLF001 - as above


def kill_template(runner: Runner) -> None:
    """Kill it from outside."""
    process = template_of(runner)._process  # noqa: SLF001 - as above
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def run_in_thread(
    runner: Runner, source: str, count: int
) -> tuple[threading.Thread, list[Execution]]:
    """Run a submission beside the test, and wait until its worker is at work."""
    found: list[Execution] = []
    thread = threading.Thread(
        target=lambda: found.append(
            runner.run(submission(source), cases(1)[:count])
        )
    )
    thread.start()
    return thread, found


def busy_worker(runner: Runner) -> psutil.Process:
    """Wait for a worker whose file says that it is in the call."""
    root = Path(template_of(runner).root)
    while True:
        for path in root.glob("*/called"):
            if text := path.read_text("ascii"):
                return psutil.Process(int(text))


CALLED = """
import os, time
def convolve(image, kernel):
    open("called", "w").write(str(os.getpid()))
    time.sleep(100)
"""


def test_a_killed_template_is_replaced(
    own_runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    """A new one is started, one line says so, and the submission is graded."""
    assert own_runner.run(submission(RIGHT), cases(1)).loading.state == "ready"
    kill_template(own_runner)
    with caplog.at_level(logging.WARNING, "grader"):
        execution = own_runner.run(submission(RIGHT), cases(1))
    assert {outcome.kind for outcome in execution.outcomes} == {"returned"}
    assert [record.getMessage() for record in caplog.records] == [
        (
            "the template process was killed by signal 9; a new one is started, "
            "and s01.py is run again"
        )
    ]


def test_a_template_that_is_killed_again_is_our_fault(
    own_runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    """Killed in the middle of a call, twice: no verdict for the student, but the reason."""
    with caplog.at_level(logging.CRITICAL, "grader"):
        thread, found = run_in_thread(own_runner, CALLED, 1)
        busy_worker(own_runner)
        first = template_of(own_runner)
        kill_template(own_runner)
        pools = own_runner._pools  # noqa: SLF001 - as above
        while getattr(pools.get("python"), "template", first) is first:
            pass
        busy_worker(own_runner)
        kill_template(own_runner)
        thread.join()
    (execution,) = found
    assert execution.loading.state == "grader_error"
    assert [outcome.kind for outcome in execution.outcomes] == ["grader_error"]
    assert execution.outcomes[0].reason == (
        "the template process was killed by signal 9, twice while s01.py was run"
    )
    assert own_runner.run(submission(RIGHT), cases(1)).loading.state == "ready"


def test_a_killed_worker_has_crashed(own_runner: Runner) -> None:
    """Nobody can tell who sent the signal: the call has crashed, later cases are unaffected."""
    thread, found = run_in_thread(
        own_runner,
        CALLED.replace(
            "time.sleep(100)", "time.sleep(100 * (image.shape == (8, 8)))"
        ),
        2,
    )
    busy_worker(own_runner).kill()
    thread.join()
    assert [(one.kind, one.signal) for one in found[0].outcomes] == [
        ("crashed", 9),
        ("returned", None),
    ]


def test_a_spare_worker_that_was_killed_is_not_used(own_runner: Runner) -> None:
    """A worker that dies before it has anything to do costs nobody anything."""
    own_runner.run(submission(RIGHT), cases(1)[:1])
    template = template_of(own_runner)
    template.spawn_ahead()
    with template._lock:  # noqa: SLF001 - the test reaches for the spare
        template._finish_ahead()  # noqa: SLF001 - as above
        (spare,) = template._spares  # noqa: SLF001 - as above
    signal.pidfd_send_signal(spare.pidfd, signal.SIGKILL)
    select.select([spare.pidfd], [], [])
    execution = own_runner.run(submission(RIGHT), cases(1))
    assert {outcome.kind for outcome in execution.outcomes} == {"returned"}


@pytest.mark.parametrize("processors", [1, 2])
def test_the_next_worker_is_forked_ahead_where_a_processor_is_free(
    own_runner: Runner, monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    """So nobody waits for it; on a single processor it would be in the way of the busy one."""
    monkeypatch.setattr(
        os, "sched_getaffinity", lambda _: set(range(processors))
    )
    for _ in range(4):
        own_runner.run(submission(RIGHT), cases(1))
    template = template_of(own_runner)
    with template._lock:  # noqa: SLF001 - the test reaches for the spare
        template._finish_ahead()  # noqa: SLF001 - as above
        assert len(template._spares) == processors - 1  # noqa: SLF001 - as above


def test_closing_leaves_nothing(solutions: Path) -> None:
    """No process and no folder, even with a call under way in another thread."""
    runner = open_runner(
        exercise_with(call_s=100.0, total_s=100.0), solutions=solutions
    )
    root, process = Path(template_of(runner).root), process_of(runner)
    thread, found = run_in_thread(runner, CALLED, 1)
    worker = busy_worker(runner)
    runner.close()
    thread.join()
    assert found[0].loading.state == "grader_error"
    assert not root.exists()
    assert not process.is_running()
    assert not worker.is_running()
    runner.close()
    assert (
        runner.run(submission(RIGHT), cases(1)).loading.reason
        == "the runner was closed"
    )


GRADER = """
import sys
from pathlib import Path
from tests.execution.conftest import cases, exercise_with, submission
from tests.execution.test_outside import CALLED, template_of
from grader.execution import open_runner
with open_runner(exercise_with(call_s=100.0, total_s=100.0)) as runner:
    print(template_of(runner).root, flush=True)
    try:
        runner.run(submission(CALLED), cases(1))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


def test_a_grader_that_ends_before_it_begins_leaves_nothing() -> None:
    """A template that is started and never told what to do removes its folder and ends."""
    code = (
        "import os\nfrom grader.execution import PrestartedTemplate\n"
        "print(PrestartedTemplate().root, flush=True)\nos._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    root = Path(done.stdout.strip())
    psutil.wait_procs(
        [
            process
            for process in psutil.process_iter()
            if _cwd(process) == str(root)
        ],
        timeout=30,
    )
    assert not root.exists()


def _cwd(process: psutil.Process) -> str:
    try:
        return str(process.cwd())
    except psutil.Error:
        return ""


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]
)
def test_whatever_ends_the_grader_leaves_nothing(
    number: signal.Signals,
) -> None:
    """The template notices SIGKILL, SIGTERM and Ctrl-C, and ends its worker and itself."""
    with subprocess.Popen(
        [sys.executable, "-c", GRADER],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        text=True,
    ) as grader:
        assert grader.stdout is not None
        root = Path(grader.stdout.readline().strip())
        while not list(root.glob("*/called")):
            pass
        processes = psutil.Process(grader.pid).children(recursive=True)
        assert len(processes) >= 2
        grader.send_signal(number)
    psutil.wait_procs(processes, timeout=30)
    assert not [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]
    assert not root.exists()


@contextlib.contextmanager
def no_descriptors() -> Iterator[None]:
    """Hold all file descriptors that this process may have."""
    held = []
    try:
        with contextlib.suppress(OSError):
            while True:
                held.append(os.open("/dev/null", os.O_RDONLY))
        yield
    finally:
        for fd in held:
            os.close(fd)


def test_without_descriptors_there_is_one_clear_line(
    own_runner: Runner,
) -> None:
    """Without file descriptors there is a reason and no verdict; with some, all works again."""
    with no_descriptors():
        execution = own_runner.run(submission(RIGHT), cases(1))
    with (
        no_descriptors(),
        pytest.raises(GraderError, match="Too many open files"),
    ):
        open_runner(exercise_with())
    assert execution.loading.state == "grader_error"
    assert execution.loading.reason is not None
    assert "\n" not in execution.loading.reason
    assert {outcome.kind for outcome in execution.outcomes} == {"grader_error"}
    assert own_runner.run(submission(RIGHT), cases(1)).loading.state == "ready"


NO_PROCESSES = """
import os, resource
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # nothing is forked ahead then
from tests.execution.conftest import RIGHT, cases, exercise_with, submission
from tests.execution.test_outside import template_of
from grader.errors import GraderError
from grader.execution import open_runner
with open_runner(exercise_with()) as runner:
    assert runner.isolation.level == "full"
    pid = template_of(runner)._process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NPROC)
    resource.prlimit(pid, resource.RLIMIT_NPROC, (1, before[1]))
    print(runner.run(submission(RIGHT), cases(1)).loading.reason)
    resource.prlimit(pid, resource.RLIMIT_NPROC, before)
    print(runner.run(submission(RIGHT), cases(1)).loading.state)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
try:
    open_runner(exercise_with())
except GraderError as error:
    print(error)
"""


def test_without_processes_there_is_one_clear_line(as_nobody: AsNobody) -> None:
    """Without processes, in the template and at its start, there is a reason and no verdict."""
    done = as_nobody(NO_PROCESSES)
    assert done.stderr == ""
    first, second, third = done.stdout.splitlines()
    assert (
        first
        == "the template process could not do its work: fork: Resource temporarily unavailable"
    )
    assert second == "ready"
    assert (
        third
        == "cannot start the template process: Resource temporarily unavailable"
    )


@pytest.mark.parametrize("fork_server", [True, False])
def test_without_a_temporary_folder_there_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fork_server: bool
) -> None:
    """No space or no right to make the scratch folder: a GraderError that says so."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(GraderError, match="No such file or directory"):
        open_runner(
            exercise_with(), confinement=Confinement(fork_server=fork_server)
        ).close()


def test_a_full_disk_is_the_submissions_own_trouble(own_runner: Runner) -> None:
    """A file beyond the limit cannot be written: an ordinary OSError in the student's code."""
    source = (
        "def convolve(image, kernel):\n"
        "    open('big', 'wb').write(bytes(5 * 2 ** 20))\n"
        "    return image"
    )
    outcome = own_runner.run(submission(source), cases(1)[:1]).outcomes[0]
    assert outcome.raised is not None
    assert outcome.raised.type == "OSError"


def test_descriptors_do_not_leak(own_runner: Runner) -> None:
    """After 100 submissions as many are open as after ten, here and in the template."""

    def count() -> tuple[int, int]:
        template = template_of(own_runner)
        with template._lock:  # noqa: SLF001 - no fork is under way while counting
            template._finish_ahead()  # noqa: SLF001 - as above
        return psutil.Process().num_fds(), process_of(own_runner).num_fds()

    for _ in range(10):
        own_runner.run(submission(RIGHT), cases(1)[:1])
    before = count()
    for _ in range(100):
        own_runner.run(submission(RIGHT), cases(1)[:1])
        own_runner.run(submission("import os\nos._exit(1)"), cases(1)[:1])
    after = count()
    assert after[0] <= before[0] + 12
    assert after[1] <= before[1] + 12


def test_a_fallback_worker_leaves_nothing() -> None:
    """Killed in a call: its process is gone, and its folder with it."""
    workers = fresh.FreshWorkers(exercise_with().limits)
    worker = workers.worker()
    process = psutil.Process(worker._process.pid)  # noqa: SLF001 - to see that it is gone
    root = Path(workers.outside).parent
    assert len(list(root.iterdir())) == 1
    worker.close()
    assert not process.is_running()
    assert list(root.iterdir()) == []
    workers.close()
    assert not root.exists()


def test_orphans_are_killed_where_forking_was_possible(solutions: Path) -> None:
    """Without seccomp a worker may fork: what it leaves behind is found and killed."""
    source = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n"
        "    if os.fork() == 0:\n        time.sleep(1000)\n    os._exit(0)\n"
        + RIGHT
    )
    confinement = Confinement(landlock=False, seccomp=False)
    with open_runner(
        exercise_with(load_s=20.0), solutions=solutions, confinement=confinement
    ) as runner:
        loading = runner.run(submission(source), cases(1)).loading
        assert loading.state == "ready"
        # A limit on processes, which does not bind root, refuses the fork itself.
        assert [one.raised.type for one in loading.skipped] == (
            [] if os.geteuid() == 0 else ["BlockingIOError"]
        )
        assert process_of(runner).children(recursive=True) == []
