"""Where submissions are run: templates for .py files and for notebooks, each started when it is first needed."""

import contextlib
import errno
import functools
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import msgspec

from grader.confined.rlimits import KERNEL_DESCRIPTORS
from grader.errors import GraderError
from grader.execution import probe
from grader.execution.contracts import Workers
from grader.execution.fresh import FreshWorkers
from grader.execution.prestart import Early
from grader.execution.session import Session
from grader.execution.settings import Settings, TemplateLost
from grader.model import (
    Case,
    Execution,
    Exercise,
    Isolation,
    Loading,
    Outcome,
    Submission,
)

Kind = Literal["python", "preloaded", "notebook"]
"""`preloaded` is for .py files that import what the exercise preloads: forking a template that has it takes a few
milliseconds, importing it in the worker most of a second. Others are not forked from it, because it
is larger."""

log = logging.getLogger("grader")

_KERNEL_GRACE_CPU_S = 10


class Confinement(msgspec.Struct, frozen=True, kw_only=True):
    """Which mechanisms to use where the machine has them; to switch one off is for tests, and for trouble."""

    landlock: bool = True
    seccomp: bool = True
    fork_server: bool = True


class Runner:
    """Runs submissions of one exercise; may be used from any number of threads. `open_runner` makes it."""

    def __init__(
        self,
        exercise: Exercise,
        solutions: Path | None,
        confinement: Confinement,
        early: Early | None = None,
    ) -> None:
        self._exercise = exercise
        self._solutions = solutions
        self._confinement = confinement
        self._early = early
        self._lock = threading.Lock()
        self._pools: dict[Kind, Workers] = {}
        self._probed: dict[Kind, tuple[tuple[probe.Attempt, ...], Isolation]] = {}
        self._closed = False
        self._workers("python")

    @property
    def attempts(self) -> tuple[probe.Attempt, ...]:
        """What the probe tried from inside a worker, and whether it was refused."""
        return self._probe("python")[0]

    @property
    def isolation(self) -> Isolation:
        """What is really enforced, found by trying."""
        return self._probe("python")[1]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not enforced, and how to get it: one line each."""
        return self._workers("python").missing

    def run(
        self,
        submission: Submission,
        cases: Sequence[Case] | Callable[[], Sequence[Case]],
    ) -> Execution:
        """Call the student's function once per trial; one outcome per trial, in order.

        `cases` may be a function that makes them: it is called while a worker loads the submission,
        and what it raises is raised here.

        What the student's code does is never an exception here, and what goes wrong on our side is
        never a verdict: it gives `grader_error` for all outcomes. If the template is killed from
        outside, a new one is started and the submission is run again, once. A worker that is killed
        from outside has crashed: nobody can tell who did it.
        """
        kind, isolation = self._kind_of(submission), Isolation("none", ())
        made = functools.cache(cases if callable(cases) else lambda: cases)
        for last in (False, True):
            try:
                workers = self._workers(kind)
                try:
                    isolation = self._isolation_of(kind)
                    session = self._session(workers, submission, made)
                    loading, outcomes = session.run()
                except TemplateLost as error:
                    self._drop(kind, workers)
                    if last:
                        return self._failed(
                            made(),
                            isolation,
                            f"{error}, twice while {submission.name} was run",
                        )
                    log.warning(
                        "%s; a new one is started, and %s is run again",
                        error,
                        submission.name,
                    )
                    continue
            except (GraderError, OSError) as error:
                # If it was `cases` that failed, it does so again, and that is raised.
                return self._failed(made(), isolation, str(error))
            return Execution(
                loading=loading,
                outcomes=outcomes,
                isolation=isolation,
                output=session.output,
            )
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End all processes and remove all files. May be called again."""
        with self._lock:
            self._closed = True
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()

    def __enter__(self) -> Self:
        """Give the runner, already started."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    # ----------------------------------------------------------------------------------------------------------- probe

    def _probe(self, kind: Kind) -> tuple[tuple[probe.Attempt, ...], Isolation]:
        """Try once for each kind of worker what it can do."""
        if kind not in self._probed:
            workers = self._workers(kind)
            attempts = probe.probe(workers, self._solutions)
            self._probed[kind] = attempts, probe.isolation(attempts, workers)
        return self._probed[kind]

    def _isolation_of(self, kind: Kind) -> Isolation:
        """Give what is enforced for this kind; GraderError when it is less than what was announced for all."""
        found = self._probe(kind)[1]
        if found.level != self.isolation.level:
            raise GraderError(
                f"isolation is {self.isolation.level} here, but only {found.level} for a {kind}"
            )
        return found

    # --------------------------------------------------------------------------------------------------------- workers

    def _workers(self, kind: Kind) -> Workers:
        with self._lock:
            if self._closed:
                raise GraderError("the runner was closed")
            if kind not in self._pools:
                self._pools[kind] = self._start(kind)
            return self._pools[kind]

    def _kind_of(self, submission: Submission) -> Kind:
        """Choose the template: by what a .py file's text seems to import, since a wrong guess costs only time."""
        if submission.kind == "notebook":
            return "notebook"
        libraries = "|".join(
            sorted(
                {re.escape(name.partition(".")[0]) for name in self._exercise.preload}
            )
        )
        imports = re.compile(
            rf"^[ \t]*(?:import|from)[ \t]+(?:{libraries})\b", re.MULTILINE
        )
        wanted = libraries and any(
            imports.search(unit.source) for unit in submission.units
        )
        return "preloaded" if wanted else "python"

    def _start(self, kind: Kind) -> Workers:
        if not (self._confinement.fork_server and _can_fork_workers()):
            return FreshWorkers(
                self._exercise.limits,
                kernel=self._kernel_config() if kind == "notebook" else None,
            )
        from grader.execution.forked_workers import ForkedWorkers  # Linux only

        exercise, confinement = self._exercise, self._confinement
        settings = Settings(
            limits=exercise.limits,
            forbidden=exercise.rules.forbidden,
            hidden=() if self._solutions is None else (str(self._solutions),),
            landlock=confinement.landlock,
            seccomp=confinement.seccomp,
        )
        if kind == "notebook":
            return ForkedWorkers(self._notebook_settings(settings))
        if kind == "preloaded":
            return ForkedWorkers(
                msgspec.structs.replace(settings, preload=exercise.preload)
            )
        early, self._early = self._early, None
        return ForkedWorkers(settings, early)

    def _notebook_settings(self, settings: Settings) -> Settings:
        """Turn the settings of a template for .py files into those for notebooks: its workers are kernels."""
        limits = settings.limits
        return msgspec.structs.replace(
            settings,
            run="grader.confined.kernel:run",
            prepare="grader.confined.kernel:prepare",
            preload=self._exercise.preload,
            descriptors=KERNEL_DESCRIPTORS,
            cpu_s=int(limits.notebook_s + limits.load_s + limits.total_s)
            + _KERNEL_GRACE_CPU_S,
        )

    def _kernel_config(self) -> dict[str, object]:
        return {
            "preload": self._exercise.preload,
            "forbidden": self._exercise.rules.forbidden,
        }

    def _session(
        self,
        workers: Workers,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
    ) -> Session:
        if submission.kind == "notebook":
            # Loads nbclient and jupyter_client, which .py files are graded without.
            from grader.execution.notebook import NotebookSession

            return NotebookSession(workers, self._exercise, submission, cases)
        return Session(workers, self._exercise, submission, cases)

    def _drop(self, kind: Kind, lost: Workers) -> None:
        """Forget workers whose template is gone, unless another thread has done so already."""
        with self._lock:
            if self._pools.get(kind) is lost:
                del self._pools[kind]
        with contextlib.suppress(GraderError):
            lost.close()

    def _failed(
        self, cases: Sequence[Case], isolation: Isolation, reason: str
    ) -> Execution:
        outcome = Outcome(kind="grader_error", reason=reason)
        outcomes = tuple(outcome for case in cases for _ in case.trials)
        return Execution(
            loading=Loading(state="grader_error", reason=reason),
            outcomes=outcomes,
            isolation=isolation,
        )


def open_runner(
    exercise: Exercise,
    *,
    solutions: Path | None = None,
    confinement: Confinement | None = None,
    early: Early | None = None,
) -> Runner:
    """Start what runs submissions of an exercise; use it as a context manager.

    `early` is an interpreter that was started beforehand (`early.begin`). `solutions` is kept
    unreadable for student code, and the probe tries to read it. GraderError when the machine has no
    process, descriptor or disk left for it.
    """
    return Runner(exercise, solutions, confinement or Confinement(), early)


def _can_fork_workers() -> bool:
    """Whether there is a fork server here: Linux, from 5.3 on, where a process can be named without its pid."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except AttributeError:
        return False  # a Python that was built for an older Linux
    except OSError as error:
        # Any other error passes; to fall back to less isolation because of it would be a way around
        # isolation.
        return error.errno not in (errno.ENOSYS, errno.EPERM)
    return True
