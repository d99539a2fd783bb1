"""Where submissions are run: by workers of the kind that each needs (`kinds`)."""

import contextlib
import functools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from grader.errors import GraderError
from grader.execution import probe
from grader.execution.contracts import Workers, nothing
from grader.execution.interactive import Interactive
from grader.execution.kinds import Confinement, Kind, kind_of, start_workers
from grader.execution.prestart import PrestartedTemplate
from grader.execution.session import Session
from grader.execution.settings import TemplateLost
from grader.model import (
    Case,
    Execution,
    Exercise,
    Isolation,
    Loading,
    Outcome,
    Submission,
    Trial,
)

if TYPE_CHECKING:
    import logging


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
        interactive: Interactive | None = None,
    ) -> None:
        self._interactive = interactive
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
        probe: Callable[[], Trial | None] = nothing,
    ) -> Execution:
        """Call the student's function once per trial, and return one outcome per trial, in order.

        If all calls have returned, there is one more, of the trial that `probe` returns.

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
                return self._run_once(submission, made, probe)
            except TemplateLost as error:
                log().warning(
                    "%s; a new one is started, and %s is run again",
                    error,
                    submission.name,
                )
                return self._run_once(submission, made, probe)
        except TemplateLost as error:
            reason = f"{error}, twice while {submission.name} was run"
        except (GraderError, OSError) as error:
            reason = str(error)
        # If it was `cases` that failed, it fails again here, and that is raised.
        return _failed(
            made(),
            self._known_isolation(kind_of(submission, self._exercise)),
            reason,
        )

    def _run_once(
        self,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
        probe: Callable[[], Trial | None],
    ) -> Execution:
        kind = kind_of(submission, self._exercise)
        workers = self._workers(kind)
        try:
            isolation = self._isolation_of(kind)
            session = self._session(workers, submission, cases, probe)
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
            probe=session.probed,
            output=session.output,
            cut_short=session.share.cut_short,
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

    def __exit__(self, *_: object) -> None:
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

    def _start(self, kind: Kind) -> Workers:
        prestarted = None
        if kind == "python":
            prestarted, self._prestarted = self._prestarted, None
        return start_workers(
            kind,
            self._exercise,
            self._solutions,
            self._confinement,
            single=self._single,
            same_session=self._interactive is not None,
            prestarted=prestarted,
        )

    def _session(
        self,
        workers: Workers,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
        probe: Callable[[], Trial | None],
    ) -> Session:
        if submission.kind == "notebook":
            # It loads nbclient and jupyter_client, which a .py file must not pay for.
            from grader.execution.notebook import NotebookSession

            return NotebookSession(
                workers,
                self._exercise,
                submission,
                cases,
                probe,
                self._interactive,
            )
        return Session(
            workers,
            self._exercise,
            submission,
            cases,
            probe,
            self._interactive,
        )

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
    interactive: Interactive | None = None,
) -> Runner:
    """Start what runs submissions of an exercise; use it as a context manager.

    `solutions` is kept unreadable for student code, and the probe tries to read it. `single` says
    that one submission is all that will come: then nothing is warmed up for more. `prestarted` is
    an interpreter that already starts (`grader.execution.prestart`). `interactive` says that
    somebody waits for each answer: then a submission may use less. GraderError where the machine
    has no process, descriptor or disk left for it.
    """
    return Runner(
        exercise,
        solutions,
        confinement or Confinement(),
        single=single,
        prestarted=prestarted,
        interactive=interactive,
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
