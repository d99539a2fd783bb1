"""Run an author's own code without a worker: its functions are called here, in a child process.

What comes of a call is read and written as a worker does it, so that it is the same; only nothing
is confined. It is for code of the author's, and for mutants of it: thousands of them, for which
starting workers would take too long. `bounded` ends what does not end by itself.
"""

import contextlib
import signal
import sys
import time
import types
from collections.abc import Callable, Collection, Sequence
from importlib.machinery import ModuleSpec
from typing import Any, Final, Self

import msgspec

from grader.confined import calls, frames
from grader.confined.inert import InertModule
from grader.confined.stand_ins import StandIns
from grader.execution import trials, wire
from grader.exercise.author_file import run_source
from grader.model import (
    Case,
    Execution,
    Exercise,
    Isolation,
    Loading,
    Outcome,
    Submission,
    Trial,
    Value,
)

_SECONDS: Final = 0.3
"""Seconds of a processor that one trial may take: those of a call are for slow machines."""
_LOADING_SECONDS: Final = 2.0
"""For running the file, which may import a library."""
_ENDED: Final = Outcome(kind="timed_out", limit_s=_SECONDS)


class TooLongError(BaseException):
    """The code takes longer than it may."""


class Program:
    """A source of an author's that was run: its functions can be called, trial by trial."""

    def __init__(self, exercise: Exercise, source: str) -> None:
        self._exercise = exercise
        self.ended = False
        """Whether it took too long to load, or a trial did: then the others are not tried."""
        self.names = self._run(source)
        self._calls = calls.Calls(self.names, exercise.function, {})

    def _run(self, source: str) -> dict[str, Any]:
        """Run the source, then what the stub gives, and return all names; none if it raises."""
        exercise = self._exercise
        path = exercise.folder / exercise.file
        names: dict[str, Any] = {}
        clock = _Clock(_LOADING_SECONDS)
        try:
            with _StoodIn(exercise.preload), clock:
                names = run_source(
                    source, path, exercise.folder, exercise.files
                )
        except (Exception, SystemExit, TooLongError):  # noqa: BLE001 - a mutant may raise anything
            names = {}
        self.ended = clock.has_rung
        if names and exercise.given:
            with contextlib.suppress(Exception):
                exec(exercise.given, names)  # noqa: S102 - the stub, which is the author's
        return {} if self.ended else names

    def outcome(self, trial: Trial) -> Outcome:
        """Return what comes of a trial, as a worker would report it."""
        if self.ended:
            return _ENDED
        try:
            with _StoodIn(self._exercise.preload), _Clock(_SECONDS) as clock:
                outcome = trials.run(trial, self._answer)
        except TooLongError:
            outcome = _ENDED
        # What was raised in a call has been taken for the call's own exception.
        self.ended = clock.has_rung
        return _ENDED if self.ended else outcome

    def _answer(
        self, make: trials.Request, arguments: Sequence[Value]
    ) -> Outcome:
        token = wire.new_token()
        header, payload = frames.unpack_frame(make(token))
        began = time.perf_counter()
        reply = self._calls.answer(header, payload)
        duration = time.perf_counter() - began
        outcome = wire.decode(reply, token, len(arguments))
        if isinstance(outcome, Outcome):
            return msgspec.structs.replace(outcome, duration_s=duration)
        return Outcome(kind="invalid_output", duration_s=duration)


class _StoodIn:
    """Imports what a worker stands in for as a worker does: no plot is drawn, none costs time."""

    def __init__(self, real: Collection[str]) -> None:
        self._stand_ins = StandIns(real)
        self._made: list[str] = []

    def __enter__(self) -> None:
        finder: Any = self  # as in `loading`: no importlib.abc.MetaPathFinder
        sys.meta_path.insert(0, finder)

    def __exit__(self, *_: object) -> None:
        finder: Any = self
        sys.meta_path.remove(finder)
        for name in self._made:
            sys.modules.pop(name, None)

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """Return how a library is stood in for; leave one that this process has as it is."""
        del path, target
        library = fullname.partition(".")[0]
        known = sys.modules.get(library)
        is_real = known is not None and not isinstance(known, InertModule)
        if is_real or library not in self._stand_ins:
            return None
        self._made.append(fullname)
        return self._stand_ins.spec(fullname)


class _Clock:
    """Raises `TooLongError` in code that takes more than some seconds of a processor.

    They are not those on the wall, so that another process cannot make right code late.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._before: Any = None
        self.has_rung = False

    def __enter__(self) -> Self:
        if hasattr(signal, "setitimer"):  # not on Windows
            self._before = signal.signal(signal.SIGVTALRM, self._ring)
            # Again and again, since code may catch whatever is raised in it.
            signal.setitimer(
                signal.ITIMER_VIRTUAL, self._seconds, self._seconds / 10
            )
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, self._before)

    def _ring(self, _number: int, _frame: types.FrameType | None) -> None:
        self.has_rung = True
        raise TooLongError


class LocalRunner:
    """A `grading.Runner` for an author's own code."""

    isolation = Isolation("none", ("the author's own process",))

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    def run(
        self,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
        _probe: object = None,
    ) -> Execution:
        """Call the functions of a submission, trial by trial."""
        source = "\n".join(unit.source for unit in submission.units)
        program = Program(self._exercise, source)
        ready = all(
            target.name in program.names for target in self._exercise.targets
        )
        loading = Loading(
            state="ready" if ready else "no_function",
            functions=tuple(program.names) if ready else (),
        )
        outcomes = [
            program.outcome(trial) for case in cases() for trial in case.trials
        ]
        return Execution(
            loading=loading,
            outcomes=tuple(outcomes),
            isolation=self.isolation,
        )
