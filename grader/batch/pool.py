"""Local worker processes: tasks go out, results come back in any order, a dead worker is replaced.

One thread decides. Each worker has a thread here that does nothing but read its answers into one
queue, so that one that stops in the middle of an answer holds up nobody; and it reads ahead, so
sending a task does not block. At most `AHEAD` tasks are with a worker, so memory does not depend on
the size of the class.
"""

import collections
import contextlib
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, cast

import msgspec

from grader.batch.messages import (
    Answer,
    Hello,
    Lost,
    Refusal,
    Result,
    Setup,
    Task,
    raise_refusal,
    receive_answer,
    send,
)
from grader.batch.starting import start
from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.model import Isolation

AHEAD = 3
"""One that is graded, and two that are ready: the owner may be waiting for its disk."""
_FALSE_STARTS = 3
_POLL_S = 0.2
_PATIENCE_S = 8.0
_LAST_WORDS_S = 2.0


class Worker:
    """One worker process, seen from the owner of the batch."""

    def __init__(self, setup: Setup, log: Path, cpu: int | None) -> None:
        self.log = log
        self.cpu = cpu
        self.tasks: collections.deque[Task] = collections.deque()
        self.since = time.monotonic()
        self.isolation: Isolation | None = None
        self._process = start(log, cpu)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        self._stdin = cast("IO[bytes]", self._process.stdin)
        with contextlib.suppress(BrokenPipeError):
            send(self._stdin, setup)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def give(self, task: Task) -> None:
        """Hand over one task; a worker that is dead is found so when its answer is awaited."""
        if not self.tasks:
            self.since = time.monotonic()
        self.tasks.append(task)
        with contextlib.suppress(BrokenPipeError):
            send(self._stdin, task)

    def read(self, answers: "queue.SimpleQueue[tuple[Worker, Answer | None]]") -> None:
        """Put every answer into the queue, and None at the end; the body of the worker's thread."""
        with contextlib.suppress(EOFError, ValueError, OSError, msgspec.DecodeError):
            while True:
                answers.put((self, receive_answer(self._stdout)))
        self._stdout.close()
        answers.put((self, None))

    def note(self, answer: Hello | Result) -> None:
        """Remember what an answer tells about the worker."""
        if isinstance(answer, Hello):
            self.isolation = answer.isolation
        self.since = time.monotonic()

    def last_words(self) -> str:
        """Say how it ended, and the last line that it wrote."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            # Its output is closed, so it is at its end; only one that is not gets the signal.
            self._process.wait(_LAST_WORDS_S)
        self._process.kill()
        status = self._process.wait()
        how = (
            f"was ended by signal {-status}"
            if status < 0
            else f"ended with status {status}"
        )
        with contextlib.suppress(OSError), self.log.open("rb") as stderr:
            stderr.seek(max(0, self.log.stat().st_size - 2000))
            lines = stderr.read().decode("utf-8", "replace").split("\n")
            if last := next(
                (line.strip() for line in reversed(lines) if line.strip()), ""
            ):
                return f"the grading process {how}: {last}"
        return f"the grading process {how}"

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def hang_up(self) -> None:
        """Tell it that nothing more comes; it ends what it is doing, and its template."""
        with contextlib.suppress(OSError):
            self._stdin.close()

    def wait(self, deadline: float) -> None:
        """Wait for its end, and make it end at `deadline`."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):
            if self.log.stat().st_size == 0:
                self.log.unlink()


class Pool:
    """`jobs` workers, replaced when they die; `run` is a generator of results."""

    def __init__(
        self, setup: Setup, jobs: int, logs: Path, *, task_limit_s: float
    ) -> None:
        self._setup = setup
        self._jobs = jobs
        self._logs = logs
        self._task_limit_s = task_limit_s
        self._answers: queue.SimpleQueue[tuple[Worker, Answer | None]] = (
            queue.SimpleQueue()
        )
        self._workers: list[Worker] = []
        self._cpus = _cpus(jobs)
        self._started = 0
        self._false_starts = 0

    def __enter__(self) -> Self:
        """Start the workers; they warm up while the first tasks are read."""
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
        # Not before all of them are started: `starting` says why.
        for worker in self._workers:
            self._listen(worker)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every worker and whatever it runs; nothing is left."""
        for worker in self._workers:
            worker.hang_up()
        deadline = time.monotonic() + _PATIENCE_S
        for worker in self._workers:
            worker.wait(deadline)

    def _start(self) -> Worker:
        self._started += 1
        taken = collections.Counter(worker.cpu for worker in self._workers)
        cpu = min(self._cpus, key=lambda cpu: taken[cpu], default=None)
        worker = Worker(self._setup, self._logs / f"worker-{self._started}.log", cpu)
        self._workers.append(worker)
        return worker

    def _listen(self, worker: Worker) -> None:
        threading.Thread(target=worker.read, args=(self._answers,), daemon=True).start()

    def run(
        self, tasks: Iterator[Task], stopped: Callable[[], bool]
    ) -> Iterator[Result | Lost | None]:
        """Yield a result per task, `Lost` for one whose worker died twice, and None now and then while waiting.

        Stops handing out tasks, and waiting, once `stopped` says so. Raises GraderError where no
        worker can start.
        """
        again: collections.deque[Task] = collections.deque()
        died: set[int] = set()
        exhausted = False
        while not stopped():
            exhausted = self._fill(tasks, again) or exhausted
            if (
                exhausted
                and not again
                and not any(worker.tasks for worker in self._workers)
            ):
                return
            if self._answers.empty():
                # Nobody waits: time for the owner to force to disk what it has.
                yield None
            try:
                worker, answer = self._answers.get(timeout=_POLL_S)
            except queue.Empty:
                self._end_stuck()
            else:
                yield from self._take(worker, answer, again, died)

    def _fill(self, tasks: Iterator[Task], again: "collections.deque[Task]") -> bool:
        """Give every worker something to do; True once there are no more tasks."""
        for depth in range(AHEAD):
            for worker in self._workers:
                # What killed a worker goes to one that has nothing else: it must not take a
                # neighbour with it.
                if again and not worker.tasks:
                    worker.give(again.popleft())
                elif len(worker.tasks) <= depth and not again:
                    task = next(tasks, None)
                    if task is None:
                        return True
                    worker.give(task)
        return False

    def _take(
        self,
        worker: Worker,
        answer: Answer | None,
        again: "collections.deque[Task]",
        died: set[int],
    ) -> Iterator[Result | Lost]:
        if worker not in self._workers:
            return
        if answer is None:
            yield from self._replace(worker, again, died, worker.last_words())
            return
        if isinstance(answer, Refusal):
            raise_refusal(answer)
        worker.note(answer)
        self._false_starts = 0
        if isinstance(answer, Result):
            task = worker.tasks.popleft()
            if task.number != answer.number:
                raise GraderError("a grading process answered out of order")
            yield answer

    def _replace(
        self,
        worker: Worker,
        again: "collections.deque[Task]",
        died: set[int],
        reason: str,
    ) -> Iterator[Lost]:
        self._workers.remove(worker)
        worker.hang_up()
        worker.wait(time.monotonic())
        if worker.isolation is None:
            self._false_starts += 1
            if self._false_starts >= _FALSE_STARTS:
                raise GraderError(
                    f"{reason} (before it graded anything, {_FALSE_STARTS} times); see {worker.log}"
                )
        elif worker.tasks:
            first = worker.tasks.popleft()
            if first.number in died:
                yield Lost(first.number, f"{reason} (twice)", worker.isolation)
            else:
                died.add(first.number)
                again.append(first)
        again.extend(worker.tasks)
        self._listen(self._start())

    def _end_stuck(self) -> None:
        """End a worker that is far beyond every limit of the exercise: its clock has failed."""
        for worker in self._workers:
            if worker.tasks and time.monotonic() - worker.since > self._task_limit_s:
                worker.kill()


def _cpus(jobs: int) -> list[int]:
    """Give the processors that workers keep to, one each in turn; none where they are better left to the scheduler.

    A grading process and the process with the student's code take turns, so one processor is enough
    for both, and what one has written is in the cache where the other reads it: a fifth of the
    time. Where there are more processors than workers, the second does something too: it forks the
    next worker ahead.
    """
    if not hasattr(os, "sched_getaffinity"):
        return []
    cpus = sorted(os.sched_getaffinity(0))
    return cpus if jobs >= len(cpus) else []
