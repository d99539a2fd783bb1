"""Call a student's function in this process, as the worker does it in its own, and write down what came of it.

There is nothing to protect here: it is the student's own kernel. What must hold is that nothing
which the function does gets past these calls, except an interrupt, and that one only as a plain
answer.
"""

import contextlib
import inspect
import io
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from grader.jupyter.source import Sources
from grader.model import (
    Array,
    Case,
    Execution,
    Exercise,
    Isolation,
    Loading,
    Outcome,
    Raised,
    Submission,
    Trial,
)

_PRINTED: Final = 4000
"""Characters of the function's own output that are kept."""
_MESSAGE: Final = 500
"""Characters of an exception's message that are kept."""
_SEQUENCES: Final = (list, tuple, int, float, complex, np.number)

Function = Callable[..., Any]


class Bounded(io.TextIOBase):
    """A stream that keeps the beginning of what is written to it and counts the rest."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._room = _PRINTED
        self._dropped = 0

    def write(self, text: str, /) -> int:
        """Keep what there is room for."""
        kept = text[: self._room]
        if kept:
            self._kept.append(kept)
        self._room -= len(kept)
        self._dropped += len(text) - len(kept)
        return len(text)

    def text(self) -> str:
        """Give what was kept, and say how much was not."""
        end = f"\n... and {self._dropped:,} characters more" if self._dropped else ""
        return "".join(self._kept) + end


def loading_of(function: Any, exercise: Exercise) -> Loading:  # noqa: ANN401 - students pass anything
    """Say whether this is a function of the student's own that takes the exercise's arguments."""
    if not callable(function) or inspect.isclass(function):
        return Loading(state="not_callable", type_name=type(function).__name__)
    home = str(getattr(function, "__module__", None) or type(function).__module__)
    if home.partition(".")[0] in (*exercise.rules.forbidden, "numpy", "builtins"):
        return Loading(state="foreign", module=home)
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return Loading(
            state="ready", functions=(exercise.function,)
        )  # nothing to look at: the call itself will tell
    try:
        signature.bind(*exercise.arguments)
    except TypeError:
        return Loading(state="bad_signature", required=_required(signature))
    return Loading(state="ready", functions=(exercise.function,))


def _required(signature: inspect.Signature) -> tuple[str, ...]:
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return tuple(
        one.name
        for one in signature.parameters.values()
        if one.default is one.empty and one.kind not in variadic
    )


class KernelRunner:
    """A `grading.Runner` that calls one function in this process.

    An interrupt ends the run: that call's outcome is `timed_out`, those of the trials after it are
    `not_run`, and `stopped` says so in one line. `printed` keeps what the function printed.
    """

    isolation = Isolation("none", ("the student's own kernel",))

    def __init__(self, function: Any, loading: Loading, sources: Sources) -> None:  # noqa: ANN401 - as `loading_of`
        self.printed = Bounded()
        self.stopped: str | None = None
        self._function = function
        self._loading = loading
        self._sources = sources

    def run(
        self, _submission: Submission, cases: Callable[[], Sequence[Case]]
    ) -> Execution:
        """Call the function once per trial, in order."""
        trials = [trial for case in cases() for trial in case.trials]
        outcomes: list[Outcome] = []
        for trial in trials if self._loading.state == "ready" else ():
            began = time.perf_counter()
            try:
                with (
                    contextlib.redirect_stdout(self.printed),
                    contextlib.redirect_stderr(self.printed),
                ):
                    outcomes.append(_call(self._function, trial, self._sources))
            except KeyboardInterrupt:
                seconds = round(time.perf_counter() - began, 1)
                self.stopped = f"Stopped: the example {trial.case} was still running after {seconds} s. Nothing is lost."
                outcomes.append(
                    Outcome(kind="timed_out", duration_s=seconds, limit_s=seconds)
                )
                break
        rest = len(trials) - len(outcomes)
        outcomes += [
            Outcome(kind="not_run", reason="the check was stopped before it")
        ] * rest
        return Execution(
            loading=self._loading, outcomes=tuple(outcomes), isolation=self.isolation
        )


def _call(function: Function, trial: Trial, sources: Sources) -> Outcome:
    arguments = tuple(array.copy() for array in trial.args)
    began = time.perf_counter()
    try:
        value = function(*arguments)
        duration = time.perf_counter() - began
        array = _array(value)
    except KeyboardInterrupt:
        raise
    except MemoryError:
        return Outcome(kind="out_of_memory", duration_s=time.perf_counter() - began)
    except SystemExit as error:
        # The kernel would take it for its own end.
        code = (
            error.code
            if isinstance(error.code, int)
            else 0
            if error.code is None
            else 1
        )
        return Outcome(
            kind="crashed", duration_s=time.perf_counter() - began, exit_code=code
        )
    except BaseException as error:  # noqa: BLE001 - a student's function may raise anything
        return Outcome(
            kind="raised",
            duration_s=time.perf_counter() - began,
            raised=_raised(error, sources),
        )
    kind = "ndarray" if isinstance(value, np.ndarray) else type(value).__name__
    return Outcome(
        kind="returned",
        duration_s=duration,
        value=array,
        type_name=kind,
        args_after=arguments,
    )


def _array(value: Any) -> Array | None:  # noqa: ANN401 - students return anything
    if isinstance(value, np.ndarray):
        return np.array(value, copy=True, subok=False)
    if not isinstance(value, _SEQUENCES):
        return None
    try:
        array = np.array(value)
    except ValueError:
        return None  # rows of different lengths
    return array if array.dtype.kind in "biufc" else None


def _raised(error: BaseException, sources: Sources) -> Raised:
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - the exception's own class may be the student's
        message = ""
    line, cell = next(sources.places(_frames(error)), (None, None))
    shown = "".join(sign if sign.isprintable() else " " for sign in message[:_MESSAGE])
    return Raised(type=type(error).__name__, message=shown, line=line, cell=cell)


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    """Give file and line of each frame, innermost first."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return reversed(frames)
