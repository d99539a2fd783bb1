"""What a submission gets while somebody waits for its grade: a budget, and a share of the machine.

Theory of operation. Most submissions need milliseconds, a few never end. Side by side, both would
get the same share of a processor, so that a handful of endless loops holds up a class. So a worker
that has used more processor time than an honest submission needs is lowered to SCHED_IDLE: it goes
on where nobody else wants the processor. The trusted side does that, from outside, for all threads
of the worker; the threads that these start inherit it, and a worker's filter of system calls has
none that would undo it. The kernel counts the processor time (its clock of that process).

Lowered workers keep to half of the processors. Linux moves work to a processor as soon as that has
none, but not as soon as it has only such work: where they run everywhere, honest submissions wait
in line on one processor while an endless one has the other.

Raising a process again takes CAP_SYS_NICE, or a limit RLIMIT_NICE of 20 (`LimitNICE=+0` in a unit
of systemd). It is tried before a lowered worker is killed: dying takes processor time too.
"""

import contextlib
import math
import os
import time
from collections.abc import Callable, Iterable

import msgspec

_FIRST_LOADING = 0.5
"""The part of what is left that running the whole file may use: then its definitions alone have
time to be loaded and called."""
_MOST_PASSES = 4
_LONG_S = 1.0
"""After so many seconds a submission takes long, whatever it does: it may be asleep."""
_CPUCLOCK_SCHED = 2


class Interactive(msgspec.Struct, frozen=True, kw_only=True):
    """How much a submission may use while somebody waits; less than the exercise's own limits."""

    budget_s: float = 4.0
    """Wall-clock seconds for the whole submission."""
    demote_after_s: float = 0.05
    """Processor time of its workers together, after which they get what nobody else wants."""
    when_lowered: "Callable[[Demotion], object] | None" = None
    """Called once, by the thread that grades it, for a submission that is lowered or takes long."""


class Share:
    """What one submission has left of its budget, and whether it was cut short by it.

    Without `interactive` there is no budget, and nothing is ever cut short.
    """

    def __init__(self, interactive: Interactive | None) -> None:
        self.demotion: Demotion | None = None
        self.cut_short = False
        self._until = math.inf
        if interactive is not None:
            self.demotion = Demotion(
                interactive.demote_after_s, interactive.when_lowered
            )
            self._until = time.monotonic() + interactive.budget_s

    @property
    def left_s(self) -> float:
        """Seconds that are left of the budget; infinite where there is none."""
        return 0.0 if self.called_off else self._until - time.monotonic()

    @property
    def called_off(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.demotion is not None and self.demotion.called_off

    def loading_s(self, limit_s: float, *, again: bool) -> float:
        """Return how long loading may take; the first time half of what is left at most."""
        left = self.left_s if again else self.left_s * _FIRST_LOADING
        return max(0.0, min(limit_s, left))

    def is_over(self) -> bool:
        """Return whether the budget is used up; then the submission is cut short by it."""
        if self.demotion is None or self.left_s > 0:
            return False
        self.cut_short = True
        return True

    def ran_out(self, allowed_s: float, limit_s: float) -> None:
        """Note that time was up after `allowed_s`, where the exercise itself allows `limit_s`.

        A lowered worker did not have the processor to itself, so its clock proves nothing.
        """
        lowered = self.demotion is not None and self.demotion.happened
        if lowered or allowed_s < limit_s:
            self.cut_short = True


class Demotion:
    """Lowers the workers of one submission once they have used `after_s` together. Linux only."""

    def __init__(
        self,
        after_s: float,
        when_lowered: "Callable[[Demotion], object] | None" = None,
    ) -> None:
        self._after = after_s
        self._when_lowered = when_lowered
        self._used: dict[int, float] = {}
        self._since = time.monotonic()
        self._told = False
        self.happened = False
        self.called_off = False

    def call_off(self) -> None:
        """Let the budget of this submission be over; any thread may say so."""
        self.called_off = True

    def look(self, pid: int) -> None:
        """Lower a worker if it is time; called again, it lowers threads that came in between."""
        with contextlib.suppress(OSError):  # it has ended
            self._used[pid] = used_s(pid)
        if sum(self._used.values()) >= self._after:
            _schedule(pid, os.SCHED_IDLE, _half(os.sched_getaffinity(0)))
            self.happened = True
        if self.happened or time.monotonic() - self._since > _LONG_S:
            self._tell()

    def _tell(self) -> None:
        if not self._told and self._when_lowered is not None:
            self._told = True
            self._when_lowered(self)

    def undo(self, pid: int) -> bool:
        """Give a worker that is to die its processor back, if the system lets us.

        Returns whether it has one.
        """
        return not self.happened or _schedule(
            pid, os.SCHED_OTHER, os.sched_getaffinity(0)
        )


def used_s(pid: int) -> float:
    """Return the processor time that a process has used; OSError if it is gone. Linux only.

    The clock's number is made as clock_getcpuclockid(3) does it.
    """
    return time.clock_gettime((~pid << 3) | _CPUCLOCK_SCHED)


def _half(processors: Iterable[int]) -> list[int]:
    """Return half of some processors, rounded up; the same ones for everybody."""
    ordered = sorted(processors, reverse=True)
    return ordered[: (len(ordered) + 1) // 2]


def _schedule(pid: int, policy: int, processors: Iterable[int]) -> bool:
    """Set how all threads of a process are scheduled, and where; return whether that was allowed.

    A thread may start others before its turn comes: so it is looked again until there is no new
    one. A process that starts them faster than that is met again at the next look.
    """
    done: set[str] = set()
    for _ in range(_MOST_PASSES):
        try:
            found = set(os.listdir(f"/proc/{pid}/task")) - done  # noqa: PTH208 - names will do
        except OSError:
            return True  # it has ended
        if not found:
            return True
        for thread in found:
            try:
                os.sched_setscheduler(int(thread), policy, os.sched_param(0))
                os.sched_setaffinity(int(thread), processors)
            except ProcessLookupError:
                continue
            except PermissionError:
                return False
        done |= found
    return True
