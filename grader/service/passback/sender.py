"""Sends what is owed, again and again, for as long as the service runs.

Any number of senders may run, in any number of processes: a score is claimed in one transaction,
for a while. A sender that is killed leaves its claim behind, and another takes the score up when
the claim runs out. Since nobody knows then whether the score arrived, the grade book is read first.
"""

import logging
import time
from typing import Final

import anyio
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from grader.service.data import owed as data
from grader.service.data.engine import reason
from grader.service.data.owed import LEASE_S, Owed
from grader.service.lti import words
from grader.service.passback.asking import Asking
from grader.service.passback.delivery import (
    TRIES,
    Arrived,
    Later,
    Outcome,
    Parked,
    backoff,
    deliver,
)

AT_ONCE: Final = 8
"""How many scores are on their way at the same time."""
_POLL_S: Final = 1.0
_DELIVERY_S: Final = LEASE_S - 5
LOG: Final = logging.getLogger("grader")


class Sender:
    """Sends scores until it is cancelled."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._woken = anyio.Event()
        self._slots = anyio.CapacityLimiter(AT_ONCE)

    def wake(self) -> None:
        """Look for scores at once: one has just become owed."""
        self._woken.set()

    async def run(self) -> None:
        """Send what is owed, until cancelled; a database that is away is waited for."""
        async with anyio.create_task_group() as tasks:
            while True:
                await self._slots.acquire_on_behalf_of(claimed := object())
                owed = await self._claim()
                if owed is None:
                    self._slots.release_on_behalf_of(claimed)
                    await self._pause()
                    continue
                tasks.start_soon(self._send, owed, claimed)

    async def _send(self, owed: Owed, slot: object) -> None:
        try:
            await self.send(owed)
        except SQLAlchemyError as error:
            # The claim runs out, and the score is taken up again.
            LOG.warning("scores: the database: %s", reason(error))
        except Exception:
            # Of one score, so that the others go on; it is tried again.
            LOG.exception("scores: a fault of the grader")
        finally:
            self._slots.release_on_behalf_of(slot)

    async def send(self, owed: Owed) -> None:
        """Send one score that was claimed, and note what became of it."""
        outcome: Outcome = Later("stopped on the way")
        try:
            with anyio.move_on_after(_DELIVERY_S) as scope:
                outcome = await deliver(self._asking, owed)
            if scope.cancelled_caught:
                outcome = Later("took too long")
        finally:
            # If this process is told to end, the next one need not wait for the claim to run out.
            with anyio.CancelScope(shield=True):
                await self._note(owed, outcome)

    async def _claim(self) -> Owed | None:
        def work() -> Owed | None:
            database = self._asking.database
            # Mostly nothing is owed, and then nobody has to wait for a turn to write.
            with database.read() as db:
                if not data.is_due(db, time.time()):
                    return None
            with database.begin() as db:
                return data.claim(db, time.time())

        try:
            return await self._asking.in_thread(work)
        except SQLAlchemyError as error:
            LOG.warning("scores: the database: %s", reason(error))
            return None

    async def _pause(self) -> None:
        with anyio.move_on_after(_POLL_S):
            await self._woken.wait()
        self._woken = anyio.Event()

    async def _note(self, owed: Owed, outcome: Outcome) -> None:
        def work() -> None:
            with self._asking.database.begin() as db:
                now = time.time()
                if isinstance(outcome, Arrived):
                    data.note_arrived(db, owed, now)
                elif isinstance(outcome, Parked):
                    state = "nowhere" if outcome.nowhere else "parked"
                    data.note_parked(db, owed, outcome.sentence, state)
                elif owed.tries >= TRIES:
                    why = words.GIVEN_UP.format(why=outcome.why)
                    data.note_parked(db, owed, why)
                else:
                    _note_later(db, owed, outcome, now)

        _tell(owed, outcome)
        await self._asking.in_thread(work)


def _note_later(db: Connection, owed: Owed, outcome: Later, now: float) -> None:
    wait_s = max(backoff(owed.tries), outcome.wait_s)
    data.note_later(db, owed, now + wait_s, words.TRYING)
    if outcome.rests and owed.platform_id is not None:
        data.put_off(db, owed.platform_id, now + outcome.wait_s)


def _tell(owed: Owed, outcome: Outcome) -> None:
    """Tell the operator what did not arrive, without saying who it is."""
    where = f"score of person {owed.person_id} for link {owed.link_id}"
    if isinstance(outcome, Later):
        LOG.warning("%s: try %d: %s", where, owed.tries + 1, outcome.why[:500])
    elif isinstance(outcome, Parked) and not outcome.nowhere:
        LOG.error("%s: %s", where, outcome.sentence)
