"""Local grading processes: tasks go out, results come back in any order, the dead are replaced.

One thread decides. Each grading process has a thread here that only reads its answers into one
queue, so a process that stops in the middle of an answer holds up nobody. Grading processes read
ahead, so handing over a task does not block. Each has at most `AHEAD` tasks, so memory does not
depend on the size of the class.
"""

import collections
import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from grader.batch.messages import (
    Answer,
    Lost,
    Refusal,
    Result,
    Setup,
    Task,
    raise_refusal,
)
from grader.batch.owned_process import Answers, OwnedProcess
from grader.errors import GraderError

AHEAD = 3
"""Tasks at one grading process: one under way, two ready while the owner waits for its disk."""
_FALSE_STARTS = 3
_POLL_S = 0.2
_PATIENCE_S = 8.0
"""For grading processes to end when all is done."""
_LESS_PATIENCE_S = 1.0
"""When the batch was stopped."""

Tasks = collections.deque[Task]


class Pool:
    """`jobs` grading processes, replaced when they die; `run` is a generator of results."""

    def __init__(
        self, setup: Setup, jobs: int, logs: Path, *, task_limit_s: float
    ) -> None:
        self._setup = setup
        self._jobs = jobs
        self._logs = logs
        self._task_limit_s = task_limit_s
        self._answers: Answers = queue.SimpleQueue()
        self._processes: list[OwnedProcess] = []
        self._cpus = _cpus(jobs)
        self._started = 0
        self._false_starts = 0
        self._again: Tasks = collections.deque()
        """Tasks of processes that died."""
        self._killers: set[int] = set()
        """Numbers of the tasks during which a process died."""
        self._was_stopped = False

    def __enter__(self) -> Self:
        """Start the grading processes; they warm up while the first submissions are read."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as started:
            started.push(self.__exit__)
            try:
                for _ in range(self._jobs):
                    self._start()
            except OSError as error:
                raise GraderError(
                    f"cannot start a grading process: {error.strerror}; try fewer --jobs"
                ) from error
            started.pop_all()
        # Only now, since no thread may run while processes are forked: `starting` says why.
        for process in self._processes:
            self._listen(process)
        return self

    def __exit__(self, *_: object) -> None:
        """End every grading process and whatever it runs."""
        self._hang_up()
        patience = _LESS_PATIENCE_S if self._was_stopped else _PATIENCE_S
        deadline = time.monotonic() + patience
        for process in self._processes:
            process.wait(deadline)

    def _hang_up(self) -> None:
        for process in self._processes:
            process.hang_up()

    def _start(self) -> OwnedProcess:
        self._started += 1
        taken = collections.Counter(process.cpu for process in self._processes)
        cpu = min(self._cpus, key=lambda cpu: taken[cpu], default=None)
        log = self._logs / f"grading-process-{self._started}.log"
        process = OwnedProcess(self._setup, log, cpu)
        self._processes.append(process)
        return process

    def _listen(self, process: OwnedProcess) -> None:
        thread = threading.Thread(
            target=process.read, args=(self._answers,), daemon=True
        )
        thread.start()

    def run(
        self, tasks: Iterator[Task], stopped: Callable[[], bool]
    ) -> Iterator[Result | Lost | None]:
        """Yield a result per task, and None now and then while waiting.

        A task during which a process died twice yields `Lost`. Once `stopped` returns true, no task
        is handed out or waited for. Raises GraderError where no grading process can start.
        """
        exhausted = False
        while not stopped():
            exhausted = self._fill(tasks) or exhausted
            if exhausted and not self._is_busy():
                return
            if self._answers.empty():
                # Nobody waits: time for the owner to force to disk what it has.
                yield None
            try:
                process, answer = self._answers.get(timeout=_POLL_S)
            except queue.Empty:
                self._end_stuck()
            else:
                yield from self._take(process, answer)
        # At once: they end while the owner looks at what is finished already.
        self._was_stopped = True
        self._hang_up()

    def _is_busy(self) -> bool:
        return bool(self._again) or any(
            process.tasks for process in self._processes
        )

    def _fill(self, tasks: Iterator[Task]) -> bool:
        """Give every process something to do; return True once there are no more tasks."""
        for depth in range(AHEAD):
            for process in self._processes:
                # What killed a process goes to an idle one: it must take no neighbour with it.
                if self._again and not process.tasks:
                    process.give(self._again.popleft())
                elif len(process.tasks) <= depth and not self._again:
                    task = next(tasks, None)
                    if task is None:
                        return True
                    process.give(task)
        return False

    def _take(
        self, process: OwnedProcess, answer: Answer | None
    ) -> Iterator[Result | Lost]:
        if process not in self._processes:
            return
        if answer is None:
            yield from self._replace(process, process.last_words())
            return
        if isinstance(answer, Refusal):
            raise_refusal(answer)
        process.note(answer)
        self._false_starts = 0
        if isinstance(answer, Result):
            task = process.tasks.popleft()
            if task.number != answer.number:
                raise GraderError("a grading process answered out of order")
            yield answer

    def _replace(self, process: OwnedProcess, reason: str) -> Iterator[Lost]:
        self._processes.remove(process)
        process.hang_up()
        process.wait(time.monotonic())
        if process.isolation is None:
            self._count_false_start(process, reason)
        elif process.tasks:
            killer = process.tasks.popleft()
            if killer.number in self._killers:
                yield Lost(
                    killer.number, f"{reason} (twice)", process.isolation
                )
            else:
                self._killers.add(killer.number)
                self._again.append(killer)
        self._again.extend(process.tasks)
        self._listen(self._start())

    def _count_false_start(self, process: OwnedProcess, reason: str) -> None:
        self._false_starts += 1
        if self._false_starts >= _FALSE_STARTS:
            raise GraderError(
                f"{reason} (before it graded anything, {_FALSE_STARTS} times); see {process.log}"
            )

    def _end_stuck(self) -> None:
        """Kill a process that is far beyond every limit of the exercise: its clock has failed."""
        now = time.monotonic()
        for process in self._processes:
            if process.tasks and now - process.since > self._task_limit_s:
                process.kill()


def _cpus(jobs: int) -> list[int]:
    """Return the processors that grading processes keep to, one each in turn.

    A grading process and its worker take turns, so one processor is enough for both, and what one
    has written is in the cache where the other reads it: a fifth of the time. Where there are more
    processors than grading processes, none is returned and the scheduler decides: a second
    processor forks the next worker ahead.
    """
    if not hasattr(os, "sched_getaffinity"):
        return []
    cpus = sorted(os.sched_getaffinity(0))
    return cpus if jobs >= len(cpus) else []
