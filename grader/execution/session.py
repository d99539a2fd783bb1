"""One submission, the whole way: load it, call its function for every trial, and say what became of each.

Workers are kept as long as they answer. One that hangs or dies costs the rest of its case; the next
case gets a new one. When loading itself hangs or dies, a new worker loads the definitions only.
"""

import time
from collections.abc import Callable, Iterator, Sequence

import msgspec

from grader.errors import GraderError
from grader.execution import wire
from grader.execution.contracts import Ended, Worker, Workers, nothing
from grader.model import Case, Exercise, Loading, Outcome, Submission, Trial

_UNDONE = frozenset({"timed_out", "out_of_memory", "crashed", "invalid_output"})
NOT_RUN = Outcome(kind="not_run")


class Session:
    """The execution of one submission; `output` is what it printed.

    `cases` is called more than once, first while a worker loads the submission: drawing inputs
    takes as long.
    """

    def __init__(
        self,
        workers: Workers,
        exercise: Exercise,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
    ) -> None:
        self._workers = workers
        self._exercise = exercise
        self._limits = exercise.limits
        self._submission = submission
        self._cases = cases
        self._errand: Callable[[], object] = cases
        """What to do on this side while the worker is busy with the next thing that it is asked."""
        self._worker: Worker | None = None
        self._left = exercise.limits.total_s
        self._output = bytearray()

    @property
    def output(self) -> str:
        """What the submission printed, bounded and without control characters except line ends and tabs."""
        text = bytes(self._output[: self._limits.output_kb * 1024]).decode(
            "utf-8", "replace"
        )
        return wire.clean_lines(text)

    def run(self) -> tuple[Loading, tuple[Outcome, ...]]:
        """Give what loading came to, and one outcome for each trial of each case, in order."""
        try:
            loading = self._load(definitions_only=False)
            if loading.state in _UNDONE:
                loading = self._load_again(loading)
            outcomes = [
                outcome
                for case in self._all_cases()
                for outcome in self._run_case(case, loading)
            ]
        finally:
            self._end_worker()
        return loading, tuple(outcomes)

    # --------------------------------------------------------------------------------------------------------- loading

    def _load(self, *, definitions_only: bool) -> Loading:
        """Give a new worker the submission."""
        self._end_worker()
        self._worker = self._workers.worker()
        return self._ask_to_load(definitions_only=definitions_only)

    def _load_again(self, first: Loading) -> Loading:
        """Load the definitions alone; if that works, say what was wrong with everything."""
        second = self._load(definitions_only=True)
        if second.state in _UNDONE or second.reason:
            return second
        reason = first.reason or ""
        if self._submission.kind == "python":
            reason = _what_went_wrong(first, self._limits.load_s)
        return msgspec.structs.replace(second, reason=reason)

    def _ask_to_load(self, *, definitions_only: bool) -> Loading:
        """Let the worker load the submission, and read what it came to."""
        token = wire.new_token()
        request = wire.load_request(
            token,
            units=self._submission.units,
            function=self._exercise.function,
            arguments=len(self._exercise.arguments),
            forbidden=self._exercise.rules.forbidden,
            definitions_only=definitions_only,
        )
        answer = self._ask(request, self._limits.load_s)
        if not isinstance(answer, Ended):
            record = wire.decode(answer, token, 0)
            if isinstance(record, Loading):
                return msgspec.structs.replace(
                    record, definitions_only=definitions_only
                )
            answer = self._invalid(record)
        return Loading(
            state=answer.kind, definitions_only=definitions_only, reason=answer.reason
        )

    # ----------------------------------------------------------------------------------------------------------- calls

    def _all_cases(self) -> Iterator[Case]:
        """Give the cases; with the last one the next submission's worker is begun, so that nobody waits for it.

        Not sooner: two processes that copy the template's pages at once wait for each other.
        """
        cases = self._cases()
        yield from cases[:-1]
        self._errand = self._workers.prepare
        yield from cases[-1:]

    def _run_case(self, case: Case, loading: Loading) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for trial in case.trials:
            outcome = self._run_trial(trial, loading)
            outcomes.append(outcome)
            if self._worker is None or outcome.kind == "not_run":
                break  # what ended the worker is this case's news; its other trials would only repeat it
        return outcomes + [NOT_RUN] * (len(case.trials) - len(outcomes))

    def _run_trial(self, trial: Trial, loading: Loading) -> Outcome:
        if loading.state in _UNDONE:
            return _undone(loading, self._limits.load_s)
        if loading.state != "ready":
            return NOT_RUN
        if self._left <= 0:
            self._end_worker()
            return Outcome(
                kind="timed_out",
                limit_s=self._limits.total_s,
                reason="the time for all calls together was used up",
            )
        if self._worker is None:
            again = self._load(definitions_only=loading.definitions_only)
            if again.state != "ready":
                self._end_worker()
                return _undone(again, self._limits.load_s)
        return self._call(trial)

    def _call(self, trial: Trial) -> Outcome:
        token, seconds = wire.new_token(), min(self._limits.call_s, self._left)
        request = wire.call_request(token, trial.args)
        start = time.monotonic()
        answer = self._ask(request, seconds)
        duration = time.monotonic() - start
        self._left -= duration
        if not isinstance(answer, Ended):
            record = wire.decode(answer, token, len(trial.args))
            if isinstance(record, Outcome):
                return msgspec.structs.replace(record, duration_s=duration)
            answer = self._invalid(record)
        limit = (
            self._limits.call_s
            if seconds == self._limits.call_s
            else self._limits.total_s
        )
        return Outcome(
            kind=answer.kind,
            duration_s=duration,
            signal=answer.signal,
            exit_code=answer.exit_code,
            reason=answer.reason,
            limit_s=limit if answer.kind == "timed_out" else None,
        )

    # ---------------------------------------------------------------------------------------------------------- worker

    def _ask(self, frame: bytes, seconds: float) -> bytes | Ended:
        if self._worker is None:
            raise GraderError("there is no worker to ask")
        errand, self._errand = self._errand, nothing
        answer = self._worker.ask(frame, seconds, errand)
        if isinstance(answer, Ended):
            self._end_worker()
            if answer.kind == "grader_error":
                raise GraderError(answer.reason or "a worker failed")
        return answer

    def _invalid(self, record: object) -> Ended:
        """End a worker that does not keep to the wire: nothing that it says from now on means anything."""
        self._end_worker()
        reason = (
            record.reason
            if isinstance(record, wire.Unreadable)
            else "a message does not answer the request"
        )
        return Ended(kind="invalid_output", reason=reason)

    def _end_worker(self) -> None:
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.close()
            self._output += worker.output[
                : self._limits.output_kb * 1024 - len(self._output)
            ]


def _what_went_wrong(loading: Loading, limit_s: float) -> str:
    """Say in a few words why a file could not be run to its end."""
    if loading.state == "timed_out":
        return f"it was still running after {limit_s:g} s"
    if loading.state == "out_of_memory":
        return "it used up the memory"
    if loading.state == "crashed":
        return f"it {loading.reason or 'ended the process'}"
    return "its answer could not be read"


def _undone(loading: Loading, limit_s: float) -> Outcome:
    """Give the outcome of a trial whose submission could not be loaded."""
    if loading.state not in _UNDONE:
        reason = "the submission could be loaded only once"
        return Outcome(kind="crashed", reason=reason)
    return Outcome(
        kind=loading.state,  # type: ignore[arg-type]  # one of _UNDONE, which are kinds of outcomes too
        reason=loading.reason,
        limit_s=limit_s if loading.state == "timed_out" else None,
    )
