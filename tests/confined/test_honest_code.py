"""What honest code does still works in a confined worker, whatever is refused to the rest."""

from collections.abc import Iterator

import pytest

from grader.execution import Runner, open_runner
from tests.execution.conftest import cases, exercise_with, submission

HONEST = {
    "a thread that is waited for": """
        import threading
        found = []
        thread = threading.Thread(target=found.append, args=(1,))
        thread.start()
        thread.join()
        assert found == [1]
    """,
    "a thread of the C library that is waited for": """
        import ctypes
        libc = ctypes.CDLL(None)
        thread = ctypes.c_ulong()
        assert libc.pthread_create(ctypes.byref(thread), None, libc.getpid, None) == 0
        assert libc.pthread_join(thread, None) == 0
    """,
    "a pool of threads": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(abs, range(100))) == 4950
    """,
    "threads that wait for each other": """
        import threading
        barrier = threading.Barrier(3)
        threads = [threading.Thread(target=barrier.wait) for _ in range(2)]
        for thread in threads:
            thread.start()
        barrier.wait(10)
    """,
    "an event loop": """
        import asyncio
        async def wait():
            await asyncio.sleep(0.001)
            return await asyncio.to_thread(abs, -1)
        assert asyncio.run(wait()) == 1
    """,
    "its own clocks": """
        import time
        time.sleep(0.001)
        clocks = (time.CLOCK_REALTIME, time.CLOCK_MONOTONIC, time.CLOCK_PROCESS_CPUTIME_ID)
        assert all(time.clock_gettime(clock) > 0 for clock in clocks)
        assert time.process_time() >= 0 and time.thread_time() >= 0
        assert time.get_clock_info("process_time").resolution > 0
    """,
    "a timer": """
        import signal
        rang = []
        signal.signal(signal.SIGALRM, lambda *_: rang.append(1))
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        signal.pause()  # it rings again, if it has before anybody waits
        assert rang
    """,
    "a file that is written, flushed and read": """
        import os
        with open("notes.txt", "w") as file:
            file.write("hello")
            file.flush()
            os.fsync(file.fileno())
        assert open("notes.txt").read() == "hello"
        assert os.stat("notes.txt").st_mode & 0o777 == 0o666 & ~0o022
    """,
    "an array in a file": """
        kept = np.memmap("array", float, "w+", shape=(3, 3))
        kept[:] = 2
        kept.flush()
        assert np.memmap("array", float, "r", shape=(3, 3)).sum() == 18
        np.save("saved", np.eye(3))
        assert np.load("saved.npy", mmap_mode="r").sum() == 3
    """,
    "a large array": """
        assert np.zeros(20_000_000).sum() == 0
    """,
    "a path that is resolved": """
        import os, pathlib, sys
        assert pathlib.Path("x").resolve().name == "x"
        assert os.path.realpath(sys.base_prefix)
    """,
    "how many processors it may use": """
        import os
        assert os.cpu_count() >= 1
        assert len(os.sched_getaffinity(0)) >= 1
        assert len(os.sched_getaffinity(os.getpid())) >= 1
    """,
    "its own limits, group and priority": """
        import os, resource
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 64
        assert os.getpgid(0) == os.getpgrp()
        assert os.getpriority(os.PRIO_PROCESS, 0) <= 19
    """,
    "a pair of sockets": """
        import socket
        one, other = socket.socketpair()
        one.sendall(b"hello")
        assert other.recv(10) == b"hello"
    """,
}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """Open a runner with all that this machine can enforce."""
    with open_runner(exercise_with(call_s=60.0, memory_mb=1024)) as opened:
        assert opened.isolation.level == "full"
        yield opened


@pytest.mark.parametrize("what", HONEST)
def test_honest_code_works(what: str, runner: Runner) -> None:
    """A function may use threads, clocks, files and its own figures."""
    source = f"import numpy as np\ndef convolve(image, kernel):\n{HONEST[what]}"
    source = source.replace("\n        ", "\n    ")
    outcome = runner.run(submission(source), cases(1)[:1]).outcomes[0]
    assert outcome.raised is None
    assert outcome.kind == "returned"
