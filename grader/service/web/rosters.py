"""Names and roles: who is in a course, read when a teacher comes."""

import logging
from typing import Final

import sqlalchemy as sa

from grader.service.data import people
from grader.service.data.platforms import Platform
from grader.service.data.schema import context
from grader.service.lti import names
from grader.service.lti.client import NoAnswerError
from grader.service.lti.members import MOST, Member, next_page, read_members
from grader.service.passback.asking import Asking

_PAGES: Final = 100
LOG: Final = logging.getLogger("grader")


async def read_roster(
    asking: Asking, platform: Platform, context_id: int
) -> int:
    """Keep who is in a course, as the platform tells it; return how many.

    What cannot be read is left as it was, and the operator's log says why.
    """

    def url_of() -> str | None:
        with asking.database.read() as db:
            found = sa.select(context.c.memberships_url).where(
                context.c.id == context_id
            )
            url: str | None = db.execute(found).scalar_one_or_none()
            return url

    url = await asking.in_thread(url_of)
    try:
        members = [] if url is None else await _members(asking, platform, url)
    except (NoAnswerError, ValueError) as error:
        LOG.warning("%s: who is in the course: %s", platform.name, error)
        return 0

    def keep() -> None:
        with asking.database.begin() as db:
            for member in members:
                person_id = people.ensure_person(
                    db, platform.id, member.sub, member.name
                )
                people.see_member(db, context_id, person_id, (member.role,))

    await asking.in_thread(keep)
    return len(members)


async def _members(
    asking: Asking, platform: Platform, url: str
) -> list[Member]:
    found: list[Member] = []
    following: str | None = url
    for _page in range(_PAGES):
        if following is None or len(found) >= MOST:
            break
        answer = await asking.get(
            platform, following, names.SCOPE_MEMBERS, names.MEDIA_MEMBERS
        )
        if not answer.is_success:
            raise NoAnswerError(f"answered {answer.status}")
        found += read_members(answer.json())
        following = next_page(answer.headers.get("link", ""))
    return found[:MOST]
