"""Where submissions are run.

There is a template for .py files and one for notebooks; each starts when it is first needed.
"""

import contextlib
import errno
import functools
import os
import re
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import msgspec

from grader.confined.rlimits import KERNEL_DESCRIPTORS
from grader.errors import GraderError
from grader.execution import probe
from grader.execution.contracts import Workers, processor_time
from grader.execution.prestart import PrestartedTemplate
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

if TYPE_CHECKING:
    import logging

Kind = Literal["python", "preloaded", "notebook"]
"""`preloaded` is for .py files that import what the exercise preloads.

A worker takes a few milliseconds to fork from a template that has imported it, and most of a second
to import it itself. Other files are not forked from that template, because it is larger.
"""


class Confinement(msgspec.Struct, frozen=True, kw_only=True):
    """Which mechanisms to use where the machine has them; to switch one off is for tests."""

    landlock: bool = True
    seccomp: bool = True
    fork_server: bool = True


class Runner:
    """Runs submissions of one exercise, from any number of threads; made by `open_runner`."""

    def __init__(
        self,
        exercise: Exercise,
        solutions: Path | None,
        confinement: Confinement,
        *,
        single: bool = False,
        prestarted: PrestartedTemplate | None = None,
    ) -> None:
        self._exercise = exercise
        self._solutions = solutions
        self._confinement = confinement
        self._single = single
        self._prestarted = prestarted
        self._lock = threading.Lock()
        self._pools: dict[Kind, Workers] = {}
        self._probed: dict[
            Kind, tuple[tuple[probe.Attempt, ...], Isolation]
        ] = {}
        self._closed = False
        self._workers("python")

    @property
    def attempts(self) -> tuple[probe.Attempt, ...]:
        """What the probe tried from inside a worker, and what was refused."""
        return self._probe("python")[0]

    @property
    def isolation(self) -> Isolation:
        """What is really enforced, found by trying; waits for it on first use."""
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
        """Call the student's function once per trial, and return one outcome per trial, in order.

        `cases` may be a function that makes them. It is called while a worker loads the submission,
        and what it raises is raised here.

        Whatever the student's code does, nothing is raised here. Whatever goes wrong on our side is
        never a verdict: all outcomes become `grader_error`. If the template is killed from outside,
        a new one is started and the submission is run again, once. A worker that is killed from
        outside counts as crashed, since nobody can tell who did it.
        """
        made = functools.cache(cases if callable(cases) else lambda: cases)
        try:
            try:
                return self._run_once(submission, made)
            except TemplateLost as error:
                log().warning(
                    "%s; a new one is started, and %s is run again",
                    error,
                    submission.name,
                )
                return self._run_once(submission, made)
        except TemplateLost as error:
            reason = f"{error}, twice while {submission.name} was run"
        except (GraderError, OSError) as error:
            reason = str(error)
        # If it was `cases` that failed, it fails again here, and that is raised.
        return _failed(
            made(), self._known_isolation(self._kind_of(submission)), reason
        )

    def _run_once(
        self, submission: Submission, cases: Callable[[], Sequence[Case]]
    ) -> Execution:
        kind = self._kind_of(submission)
        workers = self._workers(kind)
        try:
            isolation = self._isolation_of(kind)
            session = self._session(workers, submission, cases)
            loading, outcomes = session.run()
        except TemplateLost:
            self._drop(kind, workers)
            raise
        if self._single:
            self._hang_up()
        return Execution(
            loading=loading,
            outcomes=outcomes,
            isolation=isolation,
            output=session.output,
        )

    def _hang_up(self) -> None:
        """Let all processes end while the caller goes on; `close` waits until they have."""
        with self._lock:
            for pool in self._pools.values():
                pool.hang_up()

    def close(self) -> None:
        """End all processes and remove all files. May be called again."""
        with self._lock:
            self._closed = True
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()

    def __enter__(self) -> Self:
        """Return the runner, already started."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    # ---------------------------------------------------------------------------- probe

    def _probe(self, kind: Kind) -> tuple[tuple[probe.Attempt, ...], Isolation]:
        """Try once for each kind of worker what it can do."""
        if kind not in self._probed:
            workers = self._workers(kind)
            attempts = probe.probe(workers, self._solutions)
            self._probed[kind] = attempts, probe.isolation(attempts, workers)
        return self._probed[kind]

    def _isolation_of(self, kind: Kind) -> Isolation:
        """Return what is enforced for this kind; GraderError where it differs from `isolation`."""
        found = self._probe(kind)[1]
        announced = self.isolation.level
        if found.level != announced:
            raise GraderError(
                f"isolation is {announced} here, but {found.level} for a {kind}"
            )
        return found

    def _known_isolation(self, kind: Kind) -> Isolation:
        return (
            self._probed[kind][1]
            if kind in self._probed
            else Isolation("none", ())
        )

    # ---------------------------------------------------------------------------- workers

    def _workers(self, kind: Kind) -> Workers:
        with self._lock:
            if self._closed:
                raise GraderError("the runner was closed")
            if kind not in self._pools:
                self._pools[kind] = self._start(kind)
            return self._pools[kind]

    def _kind_of(self, submission: Submission) -> Kind:
        """Choose the template, by what the text seems to import: a wrong guess only costs time."""
        if submission.kind == "notebook":
            return "notebook"
        names = {name.partition(".")[0] for name in self._exercise.preload}
        libraries = "|".join(sorted(map(re.escape, names)))
        if not libraries:
            return "python"
        pattern = rf"^[ \t]*(?:import|from)[ \t]+(?:{libraries})\b"
        imports = re.compile(pattern, re.MULTILINE)
        if any(imports.search(unit.source) for unit in submission.units):
            return "preloaded"
        return "python"

    def _start(self, kind: Kind) -> Workers:
        if not (self._confinement.fork_server and _can_fork_workers()):
            # Not needed on Linux.
            from grader.execution.fresh import FreshWorkers

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
            single=self._single,
        )
        if kind == "notebook":
            return ForkedWorkers(self._notebook_settings(settings))
        if kind == "preloaded":
            return ForkedWorkers(
                msgspec.structs.replace(settings, preload=exercise.preload)
            )
        prestarted, self._prestarted = self._prestarted, None
        return ForkedWorkers(settings, prestarted)

    def _notebook_settings(self, settings: Settings) -> Settings:
        """Return the settings of the template for notebooks, whose workers are kernels."""
        return msgspec.structs.replace(
            settings,
            run="grader.confined.kernel:run",
            prepare="grader.confined.kernel:prepare",
            preload=self._exercise.preload,
            descriptors=KERNEL_DESCRIPTORS,
            cpu_s=processor_time(settings.limits, kernel=True),
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
            # It loads nbclient and jupyter_client, which a .py file must not pay for.
            from grader.execution.notebook import NotebookSession

            return NotebookSession(workers, self._exercise, submission, cases)
        return Session(workers, self._exercise, submission, cases)

    def _drop(self, kind: Kind, lost: Workers) -> None:
        """Forget workers whose template is gone, unless another thread already has."""
        with self._lock:
            if self._pools.get(kind) is lost:
                del self._pools[kind]
        with contextlib.suppress(GraderError):
            lost.close()


def open_runner(
    exercise: Exercise,
    *,
    solutions: Path | None = None,
    confinement: Confinement | None = None,
    single: bool = False,
    prestarted: PrestartedTemplate | None = None,
) -> Runner:
    """Start what runs submissions of an exercise; use it as a context manager.

    `solutions` is kept unreadable for student code, and the probe tries to read it. `single` says
    that one submission is all that will come: then nothing is warmed up for more. `prestarted` is
    an interpreter that already starts (`grader.execution.prestart`). GraderError where the machine
    has no process, descriptor or disk left for it.
    """
    return Runner(
        exercise,
        solutions,
        confinement or Confinement(),
        single=single,
        prestarted=prestarted,
    )


def _failed(
    cases: Sequence[Case], isolation: Isolation, reason: str
) -> Execution:
    outcome = Outcome(kind="grader_error", reason=reason)
    outcomes = tuple(outcome for case in cases for _ in case.trials)
    return Execution(
        loading=Loading(state="grader_error", reason=reason),
        outcomes=outcomes,
        isolation=isolation,
    )


def log() -> "logging.Logger":
    """Return the logger of the grader; importing `logging` takes 3 ms, so only trouble does."""
    import logging

    return logging.getLogger("grader")


def _can_fork_workers() -> bool:
    """Return whether there is a fork server: Linux 5.3 or later, which has pidfds."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except AttributeError:
        return False  # this Python was built for an older Linux
    except OSError as error:
        # Any other error passes. Falling back because of it would be a way around isolation.
        return error.errno not in (errno.ENOSYS, errno.EPERM)
    return True
