"""Call a student's function in the student's own kernel, and describe what came of it.

There is nothing to protect here: it is the student's own process. But nothing that the function
does may get out of `check`, except an interrupt: `check` shows what there is, and passes it on.

`confined.judging` calls and describes the function, as it does in a worker, and `execution.wire`
reads what it says, as it does for a worker. So a function gets the same answer from both.
"""

import builtins
import contextlib
import io
import signal
import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Self

import msgspec

from grader.confined import calls, frames, judging, loading
from grader.execution import trials, wire
from grader.jupyter.absent import without
from grader.jupyter.limit import Limit, TimeIsUp
from grader.jupyter.source import Sources
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

_PRINTED: Final = 4000
"""How many characters of the function's own output are kept."""
_EXITS: Final = ("exit", "quit")
_HOMES_OF_EXITS: Final = ("IPython.core.autocall", "_sitebuiltins")

Namespace = MutableMapping[str, Any]


class Bounded(io.TextIOBase):
    """A stream that keeps the beginning of what is written to it, and counts the rest."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._room = _PRINTED
        self._dropped = 0

    def write(self, text: str, /) -> int:
        """Keep as much as there is room for."""
        kept = text[: self._room]
        if kept:
            self._kept.append(kept)
        self._room -= len(kept)
        self._dropped += len(text) - len(kept)
        return len(text)

    def text(self) -> str:
        """Return what was kept, and say how much was not."""
        end = (
            f"\n... and {self._dropped:,} characters more"
            if self._dropped
            else ""
        )
        return "".join(self._kept) + end


def functions_of(
    function: object,
    exercise: Exercise,
    namespace: Namespace,
) -> dict[str, object]:
    """Return by name what can be called: `function`, and what else the exercise asks for."""
    names = [name for name, *_ in wire.wanted(exercise)]
    found = {name: namespace[name] for name in names if name in namespace}
    if any(function is each for each in found.values()):
        return found
    own = judging.attribute(function, "__name__")
    place = own if type(own) is str and own in names else exercise.function
    return found | {place: function}


def loading_of(
    function: object,
    exercise: Exercise,
    namespace: Namespace,
) -> Loading:
    """Say whether this is the student's own function, and takes the exercise's arguments."""
    own = judging.Own(namespace, "__main__")
    functions = functions_of(function, exercise, namespace)
    judged = []
    for wanted in (judging.Wanted(*each) for each in wire.wanted(exercise)):
        facts: dict[str, Any] = {"state": "no_function"}
        if wanted.name in functions:
            facts = judging.judge(functions[wanted.name], wanted, own)
        judged.append({**facts, "target": wanted.name})
    message = {
        "op": "loaded",
        "token": "",
        "skipped": [],
        "functions": [*functions],
        **judging.decisive(judged),
    }
    found = wire.decode(frames.pack_frame(message), "", 0)
    if not isinstance(found, Loading):
        raise TypeError(f"the judge's answer is not about loading: {found}")
    return found


class KernelRunner:
    """A `grading.Runner` that calls one function in this process.

    A call that takes too long, or an interrupt, ends the run: the outcome of that call is
    `timed_out`, and those of the trials after it are `not_run`. `stopped` says of an interrupt in
    one line that it was one. `printed` keeps what the function printed.
    """

    isolation = Isolation("none", ("the student's own kernel",))

    def __init__(
        self,
        function: Any,  # noqa: ANN401 - students pass anything; it is called only if `ready`
        found: Loading,
        sources: Sources,
        namespace: Namespace,
        exercise: Exercise,
    ) -> None:
        self.printed = Bounded()
        self.stopped: str | None = None
        self._loading = found
        self._calls = calls.Calls(
            functions_of(function, exercise, namespace),
            exercise.function,
            sources.cells,
        )
        self._namespace = namespace
        self._exercise = exercise
        self._limit = Limit(sources.cells)
        self._left = exercise.limits.total_s

    def run(
        self,
        _submission: Submission,
        cases: Callable[[], Sequence[Case]],
        _probe: object = None,
    ) -> Execution:
        """Call the function once per trial, in order."""
        wanted = [trial for case in cases() for trial in case.trials]
        outcomes: list[Outcome] = []
        if self._loading.state == "ready":
            with (
                _exits_raise(self._namespace),
                without(self._exercise.rules.libraries, self._namespace),
                _put_back(self._exercise.given, self._namespace),
                _with_files(self._exercise),
                _Interrupts() as interrupts,
            ):
                outcomes += self._outcomes(wanted, interrupts)
        rest = len(wanted) - len(outcomes)
        why = "the check was stopped before it"
        if self.stopped is None:
            why = "a case before it did not end"
        not_run = Outcome(kind="not_run", reason=why)
        return Execution(
            loading=self._loading,
            outcomes=(*outcomes, *[not_run] * rest),
            isolation=self.isolation,
        )

    def _outcomes(
        self, wanted: Sequence[Trial], interrupts: "_Interrupts"
    ) -> Iterator[Outcome]:
        for trial in wanted:
            began = time.perf_counter()
            outcome = None
            with (
                contextlib.suppress(KeyboardInterrupt, TimeIsUp),
                interrupts.raised(),
            ):
                outcome = trials.run(trial, self._answer)
            if outcome is None or interrupts.seen:
                seconds = round(time.perf_counter() - began, 1)
                running = (
                    f"the case {trial.case} was still running after {seconds} s"
                )
                self.stopped = f"Stopped: {running}. Nothing is lost."
                yield Outcome(
                    kind="timed_out", duration_s=seconds, limit_s=seconds
                )
                return
            yield outcome
            if outcome.kind == "timed_out":
                return  # the others would take as long, and a student waits for them

    def _answer(
        self, make: trials.Request, arguments: Sequence[Value]
    ) -> Outcome:
        """Do what a request asks for, as a worker does, and read the answer as of a worker."""
        token = wire.new_token()
        header, payload = frames.unpack_frame(make(token))
        limits = self._exercise.limits
        if self._left <= 0:
            return Outcome(kind="timed_out", limit_s=limits.total_s)
        seconds = min(limits.call_s, self._left)
        reply = b""
        began = time.perf_counter()
        with (
            self._limit.of(seconds),
            contextlib.redirect_stdout(self.printed),
            contextlib.redirect_stderr(self.printed),
        ):
            reply = self._calls.answer(header, payload)
        duration = time.perf_counter() - began
        self._left -= duration
        if self._limit.passed:
            return Outcome(
                kind="timed_out",
                duration_s=duration,
                limit_s=seconds,
                still=self._limit.still,
            )
        outcome = wire.decode(reply, token, len(arguments))
        if isinstance(outcome, Outcome):
            outcome = msgspec.structs.replace(outcome, duration_s=duration)
            return trials.with_own(arguments, outcome)
        reason = (
            outcome.reason if isinstance(outcome, wire.Unreadable) else None
        )
        return Outcome(
            kind="invalid_output", duration_s=duration, reason=reason
        )


class _Interrupts:
    """Tells a student who presses stop from student code that raises KeyboardInterrupt.

    Only the main thread can be told; elsewhere every KeyboardInterrupt counts as the student's.
    """

    def __init__(self) -> None:
        self.seen = False
        self._raises = False
        self._before: Any = None

    def __enter__(self) -> Self:
        with contextlib.suppress(ValueError):  # not the main thread
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    @contextlib.contextmanager
    def raised(self) -> Iterator[None]:
        """While this lasts, let an interrupt raise; at any other time it is only noted."""
        self._raises = True
        try:
            yield
        finally:
            self._raises = False

    def _note(self, *_: object) -> None:
        self.seen = True
        if self._raises:
            raise KeyboardInterrupt


def _with_files(exercise: Exercise) -> AbstractContextManager[None]:
    """Work where the exercise's files are, unless the notebook has them beside it."""
    if all(Path(name).is_file() for name in exercise.files):
        return contextlib.nullcontext()
    return contextlib.chdir(exercise.folder)


@contextlib.contextmanager
def _put_back(given: str, namespace: Namespace) -> Iterator[None]:
    """Have what the exercise gives as it is given, and afterwards what the student made of it."""
    before = dict(namespace) if given else {}
    loading.put_back(given, namespace)
    changed = [
        name
        for name in (namespace if given else ())
        if name not in before or namespace[name] is not before[name]
    ]
    try:
        yield
    finally:
        for name in changed:
            if name in before:
                namespace[name] = before[name]
            else:
                namespace.pop(name, None)


@contextlib.contextmanager
def _exits_raise(namespace: Namespace) -> Iterator[None]:
    """Let `exit()` and `quit()` raise SystemExit, as in a script, instead of ending the session."""
    replaced: list[tuple[Namespace, str, Any]] = []
    for place in (namespace, vars(builtins)):
        for name in _EXITS:
            found = place.get(name)
            if type(found).__module__ in _HOMES_OF_EXITS:
                replaced.append((place, name, found))
                place[name] = judging.leave
    try:
        yield
    finally:
        for place, name, found in replaced:
            place[name] = found
