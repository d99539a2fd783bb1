"""How a request waits for a grade: in this process, or for one that another replica makes."""

import asyncio
import re
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import Connection
from starlette.requests import Request

from grader.service.data import Database, submissions
from grader.service.web.who import in_thread
from grader.service.work.handing_in import Kept, Settled

if TYPE_CHECKING:
    from concurrent.futures import Future

WAIT_S: Final = 2.0
"""How long a page waits for its grade; what takes longer is followed."""
LONGEST_WAIT_S: Final = 10
_PAUSE_S: Final = 0.1
"""Between two looks into the database, for all who wait."""
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,3})(?=$|[,;\s])", re.ASCII)


def may_wait_s(request: Request) -> int:
    """Return how long the client wants to wait (RFC 7240, section 4.3); 0 if it does not say."""
    asked = _WAIT.search(request.headers.get("Prefer", ""))
    return min(int(asked[1]), LONGEST_WAIT_S) if asked else 0


async def wait_for_grade(
    elsewhere: "Elsewhere", kept: Kept, wait_s: float
) -> Settled | None:
    """Wait for a grade that is made here, or else until the database has it.

    Returns the outcome if it was made here. Returns None if it must be read from the database, if
    there is none yet, or after a fault.
    """
    if kept.grading is not None:
        return await _made_here(kept.grading, wait_s)
    if kept.submission.state == "received":
        await elsewhere.wait(kept.submission.id, wait_s)
    return None


async def _made_here(
    grading: "Future[Settled]", wait_s: float
) -> Settled | None:
    waiting = asyncio.wrap_future(grading)
    # What comes of it is stored; the wait alone is given up.
    finished, _ = await asyncio.wait([waiting], timeout=wait_s)
    waiting.add_done_callback(
        asyncio.Future.exception
    )  # asyncio logs one that nobody asked for
    for each in finished:
        if each.exception() is None:
            return each.result()
    return None


class Elsewhere:
    """Watches the database for what comes of submissions that are not graded here, or not yet.

    Of two replicas, half of all pages that wait reach the other one. And half of a double click
    waits for the other half, which may be on its way to the line of this very process. All are
    looked for by one question: if each asked for itself, then the longer the line, the more would
    be asked, and the less graded.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[int, set[asyncio.Future[None]]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait(self, submission_id: int, wait_s: float) -> None:
        """Return when something has come of a submission, if it is deleted, or after `wait_s`.

        Raises what the database raises.
        """
        if wait_s <= 0:
            return
        future = asyncio.get_running_loop().create_future()
        # asyncio logs an error that nobody asked for, since the request is gone.
        future.add_done_callback(asyncio.Future.exception)
        self._waiting.setdefault(submission_id, set()).add(future)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            finished, _ = await asyncio.wait([future], timeout=wait_s)
        finally:
            self._forget(submission_id, future)
        for each in finished:
            each.result()

    def _forget(
        self, submission_id: int, future: "asyncio.Future[None]"
    ) -> None:
        waiting = self._waiting.get(submission_id, set())
        waiting.discard(future)
        if not waiting:
            self._waiting.pop(submission_id, None)

    async def _look(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_PAUSE_S)
                await self._look_once(list(self._waiting))
        finally:
            self._looking = None

    async def _look_once(self, ids: list[int]) -> None:
        def look(db: Connection) -> set[int]:
            return submissions.still_received(db, ids)

        try:
            received = await in_thread(lambda: self._database.ask(look))
        except Exception as error:  # noqa: BLE001 - those who wait pass it on
            for each in ids:
                self._end(each, error)
            return
        for each in ids:
            if each not in received:
                self._end(each, None)

    def _end(self, submission_id: int, error: Exception | None) -> None:
        for future in self._waiting.pop(submission_id, ()):
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
