"""What the most expensive worker costs: its memory and the kernel's, counted by a memory cgroup.

Runs hostile programs one by one in a cgroup made for this, with the limits that are shipped, and
shows the most that the grader, its template and the worker had at once beyond what they had before.
Needs root, and cgroups of version 1 or 2 that can be written to.

    python benchmarks/worst_worker.py [PROGRAM.py ...]
"""

import argparse
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from grader.execution import open_runner
from grader.exercise import load_exercise
from grader.grading import check
from grader.submission import read_submission

ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / "tests" / "hostile" / "programs"
FAMILY = (
    "exhausting_kernel_memory.py",
    "exhausting_threads.py",
    "exhausting_names_that_do_not_exist.py",
    "exhausting_memory_in_small_pieces.py",
    "exhausting_disk.py",
)
VERSION_1 = Path("/sys/fs/cgroup/memory")
VERSION_2 = Path("/sys/fs/cgroup")


@contextmanager
def counted() -> Iterator[Callable[[], tuple[int, int]]]:
    """Move this process into a cgroup; yield what reads the bytes used, all and by the kernel."""
    first = VERSION_1.is_dir()
    home = VERSION_1 if first else VERSION_2
    group = home / f"worst-worker-{os.getpid()}"
    group.mkdir()

    def read() -> tuple[int, int]:
        if first:
            total = (group / "memory.usage_in_bytes").read_text()
            kernel = (group / "memory.kmem.usage_in_bytes").read_text()
            return int(total), int(kernel)
        total = (group / "memory.current").read_text()
        stat = (group / "memory.stat").read_text()
        rows = dict(line.split() for line in stat.splitlines())
        return int(total), int(rows["kernel"]) + int(rows["sock"])

    try:
        (group / "cgroup.procs").write_text(str(os.getpid()))
        yield read
    finally:
        (home / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


class Peak:
    """The most bytes seen at once while this lasts, beyond those at its beginning."""

    def __init__(self, read: Callable[[], tuple[int, int]]) -> None:
        self._read = read
        self._before = read()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.total = self.kernel = 0

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop looking."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.002):
            total, kernel = self._read()
            self.total = max(self.total, total - self._before[0])
            self.kernel = max(self.kernel, kernel - self._before[1])


def main() -> None:
    """Measure each program."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("programs", nargs="*", type=Path)
    programs = parser.parse_args().programs or [
        PROGRAMS / name for name in FAMILY
    ]
    exercise = load_exercise("convolution")
    with counted() as read, open_runner(exercise) as runner:
        right = ROOT / "solutions" / "convolution" / "samples" / "right.py"
        check(exercise, read_submission(right, exercise), runner)
        print(f"{'program':40} {'all MB':>8} {'kernel MB':>10}")
        for program in programs:
            time.sleep(0.5)
            with Peak(read) as peak:
                check(exercise, read_submission(program, exercise), runner)
            total, kernel = peak.total / 2**20, peak.kernel / 2**20
            print(f"{program.stem:40} {total:8.1f} {kernel:10.1f}", flush=True)


if __name__ == "__main__":
    main()
