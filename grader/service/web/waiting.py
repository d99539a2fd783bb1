"""How a request waits for a grade: in this process, or for one that another replica makes."""

import asyncio
import re
import time
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import Connection
from starlette.requests import Request

from grader.service.data import Database, submissions
from grader.service.data.submissions import State
from grader.service.web.who import in_thread
from grader.service.work.handing_in import Kept, Settled

if TYPE_CHECKING:
    from concurrent.futures import Future

WAIT_S: Final = 2.0
"""How long a page waits for its grade; what takes longer is followed."""
LONGEST_WAIT_S: Final = 10
_FIRST_LOOK_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 1.0
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,3})(?=$|[,;\s])", re.ASCII)


def may_wait_s(request: Request) -> int:
    """Return how long the client wants to wait (RFC 7240, section 4.3); 0 if it does not say."""
    asked = _WAIT.search(request.headers.get("Prefer", ""))
    return min(int(asked[1]), LONGEST_WAIT_S) if asked else 0


async def wait_for_grade(
    database: Database, kept: Kept, wait_s: float
) -> Settled | None:
    """Wait for a grade that is made here, or else until the database has it.

    Returns the outcome if it was made here. Returns None if it must be read from the database, if
    there is none yet, or after a fault.
    """
    if kept.grading is not None:
        return await _made_here(kept.grading, wait_s)
    if kept.submission.state == "received":
        await _made_elsewhere(database, kept.submission.id, wait_s)
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


async def _made_elsewhere(
    database: Database, submission_id: int, wait_s: float
) -> None:
    """Ask the database again and again, sooner at first: the grade may be there any moment.

    Half of a double click gets here, if the other half has reached another replica, or is not yet
    in the line.
    """

    def look(db: Connection) -> State | None:
        return submissions.state_of(db, submission_id)

    until, pause_s = time.monotonic() + wait_s, _FIRST_LOOK_S
    while (left_s := until - time.monotonic()) > 0:
        await asyncio.sleep(min(pause_s, left_s))
        if await in_thread(lambda: database.ask(look)) != "received":
            return
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
