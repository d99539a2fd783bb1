"""The execution of one submission: load it, and call its function for every trial.

A worker is kept as long as it answers. One that hangs or dies costs the rest of its case; the next
case gets a new one. When loading itself hangs or dies, a new worker loads only the definitions.
"""

import time
from collections.abc import Callable, Iterator, Sequence

import msgspec

from grader.errors import GraderError
from grader.execution import cleaning, trials, wire
from grader.execution.contracts import Ended, Worker, Workers, nothing
from grader.execution.endings import UNDONE, undone, what_went_wrong
from grader.execution.interactive import Interactive, Share
from grader.model import (
    Case,
    Exercise,
    Loading,
    Outcome,
    Submission,
    Trial,
    Value,
)

_TIMES_AGAIN = 5
"""How often a trial that was too slow is asked again."""
_HOPELESS = 4
"""How many times as long as is allowed no noise explains."""
NOT_RUN = Outcome(kind="not_run")
_TRIAL_CAP = 4 * wire.FRAME_CAP
_CUT_SHORT = Outcome(
    kind="not_run", reason="the time for an answer at once was used up"
)
_TOO_MUCH = Outcome(
    kind="invalid_output",
    reason=f"the results of one trial are more than {_TRIAL_CAP >> 20} MB together",
)


class Session:
    """The execution of one submission; `output` is what it printed.

    `cases` is called more than once, and first while a worker loads the submission, because drawing
    the inputs takes as long as that.
    """

    def __init__(
        self,
        workers: Workers,
        exercise: Exercise,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
        probe: Callable[[], Trial | None] = nothing,
        interactive: Interactive | None = None,
    ) -> None:
        self.share = Share(interactive)
        self._workers = workers
        self._exercise = exercise
        self._limits = exercise.limits
        self._submission = submission
        self._cases = cases
        self._probe = probe
        self.probed: Outcome | None = None
        """What came of the call that is not graded."""
        self._errand: Callable[[], object] = cases
        """What to do on this side while the worker is busy with its next request."""
        self._worker: Worker | None = None
        self._left = exercise.limits.total_s
        self._loading_s = exercise.limits.load_s
        self._output = bytearray()

    @property
    def output(self) -> str:
        """What the submission printed, bounded and harmless to show."""
        kept = bytes(self._output[: self._limits.output_kb * 1024])
        return cleaning.clean_lines(kept.decode("utf-8", "replace"))

    def run(self) -> tuple[Loading, tuple[Outcome, ...]]:
        """Return how loading went, and one outcome for each trial of each case, in order."""
        outcomes: list[Outcome] = []
        try:
            loading = self._load(definitions_only=False)
            if loading.state in UNDONE and not self.share.called_off:
                loading = self._load_again(loading)
            for case in self._all_cases():
                outcomes += self._run_case(case, loading)
            self.probed = self._run_probe(loading, outcomes)
        finally:
            self._end_worker()
        return loading, tuple(outcomes)

    # ------------------------------------------------------------------------ loading

    def _load(self, *, definitions_only: bool) -> Loading:
        """Load the submission in a new worker."""
        self._end_worker()
        self._worker = self._workers.worker(self.share.demotion)
        return self._ask_to_load(definitions_only=definitions_only)

    def _load_again(self, first: Loading) -> Loading:
        """Load only the definitions; if that works, say why the whole could not be loaded."""
        allowed_s = self._loading_s
        second = self._load(definitions_only=True)
        if second.state in UNDONE or second.reason:
            return second
        reason = first.reason or ""
        if self._submission.kind == "python":
            reason = what_went_wrong(first, allowed_s)
        return msgspec.structs.replace(second, reason=reason)

    def _ask_to_load(self, *, definitions_only: bool) -> Loading:
        """Let the worker load the submission, and return how that went."""
        token = wire.new_token()
        request = wire.load_request(
            token,
            self._exercise,
            self._submission,
            definitions_only=definitions_only,
        )
        limit_s = self._limits.load_s
        self._loading_s = self.share.loading_s(limit_s, again=definitions_only)
        answer = self._ask(request, self._loading_s, limit_s)
        if not isinstance(answer, Ended):
            record = wire.decode(answer, token, 0)
            if isinstance(record, Loading):
                names = [each[0] for each in wire.wanted(self._exercise)]
                return msgspec.structs.replace(
                    record,
                    definitions_only=definitions_only,
                    target=record.target if record.target in names else None,
                )
            answer = self._invalid(record)
        return Loading(
            state=answer.kind,
            definitions_only=definitions_only,
            reason=answer.reason,
            still=wire.last_words(answer.last_words),
        )

    # -------------------------------------------------------------------------- calls

    def _all_cases(self) -> Iterator[Case]:
        """Yield the cases; with the last one, begin to start the next submission's worker.

        So nobody waits for that worker. It is not begun sooner, because two processes that copy the
        template's pages at once wait for each other.
        """
        cases = self._cases()
        yield from cases[:-1]
        self._errand = self._workers.prepare
        yield from cases[-1:]

    def _run_case(
        self,
        case: Case,
        loading: Loading,
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for trial in case.trials:
            outcome = self._run_trial(trial, loading)
            outcomes.append(outcome)
            if self._worker is None or outcome.kind == "not_run":
                break  # the other trials of this case would only repeat what ended the worker
        return outcomes + [NOT_RUN] * (len(case.trials) - len(outcomes))

    def _run_probe(
        self, loading: Loading, outcomes: Sequence[Outcome]
    ) -> Outcome | None:
        """Call once more, with a size that is not tested; None if it is not to be called.

        It is called after every submission whose calls have all returned, right or wrong: nothing
        can be learnt from being called.
        """
        trial = self._probe()
        if trial is None or any(each.kind != "returned" for each in outcomes):
            return None
        try:
            return self._run_trial(trial, loading)
        except GraderError:
            return None  # a fault of ours after everything was done costs nobody a grade

    def _run_trial(
        self,
        trial: Trial,
        loading: Loading,
    ) -> Outcome:
        if loading.state in UNDONE:
            called_off = self.share.called_off
            why = undone(loading, self._loading_s)
            return self._ended_early() if called_off else why
        if loading.state != "ready":
            return NOT_RUN
        if (over := self._over()) is not None:
            return over
        if self._worker is None:
            again = self._load(definitions_only=loading.definitions_only)
            if again.state != "ready":
                self._end_worker()
                return undone(again, self._loading_s)
        outcome = self._call(trial)
        if self._is_too_slow(trial, outcome):
            return self._asked_again(trial, outcome, loading)
        return outcome

    @staticmethod
    def _is_too_slow(
        trial: Trial,
        outcome: Outcome,
    ) -> bool:
        if trial.allowed_s is None or outcome.kind != "returned":
            return False
        return outcome.duration_s > trial.allowed_s

    def _asked_again(
        self,
        trial: Trial,
        first: Outcome,
        loading: Loading,
    ) -> Outcome:
        """Return the first answer, with the least time of several: noise costs nobody a grade.

        Each time in a new worker, in which nobody can have kept the answer. What is allowed is
        measured anew before and after, since whatever keeps the machine busy delays both.
        """
        least, allowed = first, trial.allowed_s or 0.0
        measure = trial.allowed_now or (lambda: allowed)
        for number in range(_TIMES_AGAIN):
            hopeless = number and _HOPELESS * allowed < least.duration_s
            if self._left <= 0 or hopeless or self.share.is_over():
                break
            allowed = max(allowed, measure())
            again = self._load(definitions_only=loading.definitions_only)
            if again.state != "ready":
                self._end_worker()
                break
            outcome = self._call(trial)
            allowed = max(allowed, measure())
            if outcome.kind == "returned":
                least = min(least, outcome, key=lambda one: one.duration_s)
            if least.duration_s <= allowed:
                break
        if least.duration_s > allowed:
            self.share.ran_out(allowed, allowed)
        return msgspec.structs.replace(
            first, duration_s=least.duration_s, allowed_s=allowed
        )

    def _over(self) -> Outcome | None:
        """Return what becomes of a call that there is no time for; None while there is."""
        if self.share.is_over():
            return self._ended_early()
        return self._used_up() if self._left <= 0 else None

    def _ended_early(self) -> Outcome:
        self._end_worker()
        return _CUT_SHORT

    def _used_up(self) -> Outcome:
        self._end_worker()
        return Outcome(
            kind="timed_out",
            limit_s=self._limits.total_s,
            reason="the time for all calls together was used up",
        )

    def _call(self, trial: Trial) -> Outcome:
        """Make the calls of a trial, up to one that does not return."""
        received = 0

        def call_once(
            make: trials.Request, arguments: Sequence[Value]
        ) -> Outcome:
            nonlocal received
            outcome, size = self._call_once(make, arguments)
            received += size
            return _TOO_MUCH if received > _TRIAL_CAP else outcome

        return trials.run(trial, call_once)

    def _call_once(
        self, make: trials.Request, arguments: Sequence[Value]
    ) -> tuple[Outcome, int]:
        """Return what came of one call, and how long the answer was."""
        if (over := self._over()) is not None:
            return over, 0
        limits = self._limits
        token, limit = wire.new_token(), min(limits.call_s, self._left)
        seconds = min(limit, max(0.0, self.share.left_s))
        try:
            request = make(token)
        except ValueError as error:
            raise GraderError(f"an argument cannot be sent: {error}") from error
        start = time.monotonic()
        answer = self._ask(request, seconds, limit)
        duration = time.monotonic() - start
        self._left -= duration
        if not isinstance(answer, Ended):
            record = wire.decode(answer, token, len(arguments))
            if isinstance(record, Outcome):
                outcome = msgspec.structs.replace(record, duration_s=duration)
                return trials.with_own(arguments, outcome), len(answer)
            answer = self._invalid(record)
        called_off = self.share.called_off
        if answer.kind == "timed_out" and (called_off or seconds < limit / 2):
            return self._ended_early(), 0  # which says little about the code
        if seconds < limit:
            limit = round(seconds, 1)
        elif limit < limits.call_s:
            limit = limits.total_s
        outcome = Outcome(
            kind=answer.kind,
            duration_s=duration,
            signal=answer.signal,
            exit_code=answer.exit_code,
            reason=answer.reason,
            limit_s=limit if answer.kind == "timed_out" else None,
            still=wire.last_words(answer.last_words),
        )
        return outcome, 0

    # ------------------------------------------------------------------------- worker

    def _ask(
        self,
        frame: bytes,
        seconds: float,
        limit_s: float,
    ) -> bytes | Ended:
        """Ask the worker, for as long as is left of what the exercise allows."""
        if self._worker is None:
            raise GraderError("there is no worker to ask")
        errand, self._errand = self._errand, nothing
        answer = self._worker.ask(frame, seconds, errand)
        if isinstance(answer, Ended):
            self._end_worker()
            if answer.kind == "timed_out":
                self.share.ran_out(seconds, limit_s)
            if answer.kind == "grader_error":
                raise GraderError(answer.reason or "a worker failed")
        return answer

    def _invalid(self, record: object) -> Ended:
        """End a worker that broke the protocol: nothing that it says from now on has a meaning."""
        self._end_worker()
        return Ended(kind="invalid_output", reason=wire.why_invalid(record))

    def _end_worker(self) -> None:
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.close()
            room = self._limits.output_kb * 1024 - len(self._output)
            self._output += worker.output[:room]
