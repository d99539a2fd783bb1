"""One score on its way: to which line item, whether it is there already, and what became of it."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec
from sqlalchemy.engine import Connection

from grader.service.data.launches import set_line_item
from grader.service.data.owed import Owed, end_lease, take_lease
from grader.service.data.platforms import Platform, platform_of
from grader.service.lti import grades, names, words
from grader.service.lti.client import NoAnswerError
from grader.service.passback.asking import Asking

BACKOFF_S: Final = 600
"""The longest wait before a score is tried again."""
TRIES: Final = 2024
"""As many tries as 14 days have, with waits of 1, 2, 4 ... 512 and then 600 seconds."""
_ITEM_LEASE_S: Final = 30

T = TypeVar("T")


class Arrived(msgspec.Struct, frozen=True):
    """The score is in the grade book."""


class Later(msgspec.Struct, frozen=True):
    """The score is to be tried again."""

    why: str
    wait_s: float = 0.0
    """How long at least."""
    rests: bool = False
    """Whether the platform asked to be left alone altogether."""


class Parked(msgspec.Struct, frozen=True):
    """To try again is of no use; the sentence is for the teacher."""

    sentence: str
    nowhere: bool = False
    """Whether there is no place for this score at all."""


Outcome = Arrived | Later | Parked


def backoff(tries: int) -> float:
    """Return how long to wait after so many tries before this one: 1 s, 2 s, ... 10 min."""
    return float(min(2 ** min(tries, 20), BACKOFF_S))


async def deliver(asking: Asking, owed: Owed) -> Outcome:
    """Send a score, unless the grade book has it already."""
    platform = await _platform(asking, owed)
    if platform is None or names.SCOPE_SCORE not in owed.scopes:
        return Parked(words.NO_COLUMN, nowhere=True)
    if not owed.learns:
        return Parked(words.NOT_A_STUDENT, nowhere=True)
    if owed.tries > 1:
        # After a rotation of keys a token may get 500 instead of 401.
        await asking.drop_access(platform)
    try:
        line_item = owed.line_item_url or await _line_item(
            asking, platform, owed
        )
        if line_item is None:
            return Parked(words.NO_COLUMN, nowhere=True)
        return await _send(asking, platform, owed, line_item)
    except NoAnswerError as error:
        return Later(str(error))


async def _send(
    asking: Asking, platform: Platform, owed: Owed, line_item: str
) -> Outcome:
    score = grades.Score(
        sub=owed.sub,
        value=owed.value,
        max_value=owed.max_value,
        stamp=owed.stamp,
        submitted_at=owed.received_at,
    )
    # What became of an earlier try is not known: it may have arrived, and its answer been lost.
    if owed.tries and await _is_there(asking, platform, owed, line_item, score):
        return Arrived()
    answer = await asking.post(
        platform,
        grades.scores_url(line_item),
        names.SCOPE_SCORE,
        grades.score_body(score, canvas=platform.kind == "canvas"),
        names.MEDIA_SCORE,
    )
    meaning = grades.meaning_of(answer.status)
    if meaning == "arrived":
        return Arrived()
    if meaning == "refused":
        return Parked(words.GRADE_REFUSED.format(status=answer.status))
    if meaning == "older":
        if await _is_there(asking, platform, owed, line_item, score):
            return Arrived()
        return Parked(words.GRADE_BOOK_IS_NEWER)
    wait_s = grades.retry_after(answer.headers, time.time())
    return Later(f"answered {answer.status}", wait_s, rests=wait_s > 0)


async def _is_there(
    asking: Asking,
    platform: Platform,
    owed: Owed,
    line_item: str,
    score: grades.Score,
) -> bool:
    """Whether the grade book holds this score; False where it does not tell."""
    if names.SCOPE_RESULT not in owed.scopes:
        return False
    answer = await asking.get(
        platform,
        grades.results_url(line_item, owed.sub),
        names.SCOPE_RESULT,
        names.MEDIA_RESULTS,
    )
    if not answer.is_success:
        return False
    try:
        return grades.results_show(answer.json(), score)
    except NoAnswerError:
        return False


async def _line_item(
    asking: Asking, platform: Platform, owed: Owed
) -> str | None:
    """Return the line item of a link that its launch did not name: look it up, or else make it.

    One sender at a time, or two students would get two columns.
    """
    if owed.line_items_url is None:
        return None
    name = f"line item of link {owed.link_id}"
    if not await _in_transaction(
        asking, lambda db: take_lease(db, name, time.time(), _ITEM_LEASE_S)
    ):
        raise NoAnswerError("its line item is being made for another score")
    try:
        found = await _look_up(asking, platform, owed)
        if found is None and names.SCOPE_LINE_ITEM in owed.scopes:
            found = await _make(asking, platform, owed)
        if found is not None:
            url = found
            await _in_transaction(
                asking, lambda db: set_line_item(db, owed.link_id, url)
            )
        return found
    finally:
        await _in_transaction(asking, lambda db: end_lease(db, name))


async def _look_up(
    asking: Asking, platform: Platform, owed: Owed
) -> str | None:
    may_make = names.SCOPE_LINE_ITEM in owed.scopes
    if not may_make and names.SCOPE_LINE_ITEM_READ not in owed.scopes:
        return None
    assert owed.line_items_url is not None  # noqa: S101 - the caller looked
    answer = await asking.get(
        platform,
        grades.with_query(owed.line_items_url, resource_link_id=owed.lti_id),
        names.SCOPE_LINE_ITEM if may_make else names.SCOPE_LINE_ITEM_READ,
        names.MEDIA_LINE_ITEMS,
    )
    if not answer.is_success:
        raise NoAnswerError(
            f"answered {answer.status} when asked for its line items"
        )
    return grades.find_line_item(answer.json(), owed.lti_id)


async def _make(asking: Asking, platform: Platform, owed: Owed) -> str:
    assert owed.line_items_url is not None  # noqa: S101 - the caller looked
    answer = await asking.post(
        platform,
        owed.line_items_url,
        names.SCOPE_LINE_ITEM,
        grades.line_item_body(
            owed.title, owed.link_max, owed.exercise, owed.lti_id
        ),
        names.MEDIA_LINE_ITEM,
    )
    made = answer.json() if answer.is_success else None
    url = made.get("id") if isinstance(made, dict) else None
    if not isinstance(url, str):
        raise NoAnswerError(f"answered {answer.status}, and made no line item")
    return url


async def _platform(asking: Asking, owed: Owed) -> Platform | None:
    platform_id = owed.platform_id
    if platform_id is None:
        return None
    return await _in_transaction(
        asking, lambda db: platform_of(db, platform_id)
    )


async def _in_transaction(asking: Asking, work: Callable[[Connection], T]) -> T:
    """Return what some statements return, all in one transaction."""

    def whole() -> T:
        with asking.database.begin() as db:
            return work(db)

    return await asking.in_thread(whole)
