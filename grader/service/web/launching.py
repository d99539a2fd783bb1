"""What a verified launch changes: its person, its course, its link, and where grades go."""

import logging
from typing import Final

import msgspec
from sqlalchemy.engine import Connection

from grader.service.data import launches, people
from grader.service.data.launches import Confirmed, Offer, Services
from grader.service.data.owed import wake_link
from grader.service.data.platforms import Platform
from grader.service.data.tokens import Role
from grader.service.lti import words
from grader.service.lti.addresses import is_allowed
from grader.service.lti.launch import Launch, custom_time
from grader.service.lti.words import LaunchRefusedError
from grader.service.passback.asking import origins
from grader.untrusted import quoted

LOG: Final = logging.getLogger("grader")


class Course(msgspec.Struct, frozen=True):
    """Where a launch leads."""

    confirmed: Confirmed
    exercise: str | None
    memberships_url: str | None


def enter_course(
    db: Connection, platform: Platform, launched: Launch, now: float
) -> Course:
    """Keep who came, from where, and for what; `LaunchRefusedError` for what is not here."""
    role = launched.role
    memberships = _allowed(platform, launched.memberships_url)
    person_id = people.ensure_person(
        db, platform.id, launched.sub, launched.name
    )
    context_id = people.ensure_context(
        db,
        platform.id,
        launched.context_id,
        launched.context_title,
        memberships,
    )
    if launched.kind == "deep-link":
        payload = _choosing(platform, launched, role)
        confirmed = Confirmed(
            person_id, context_id, None, (role,), "deep-link", payload
        )
        return Course(confirmed, None, memberships)
    offer = _offer(db, launched)
    link_id = _link(db, context_id, launched, offer)
    services = Services(
        line_item_url=_allowed(platform, launched.line_item_url),
        line_items_url=_allowed(platform, launched.line_items_url),
        scopes=list(launched.scopes),
        due_at=custom_time(launched.custom.get("due")),
        closes_at=custom_time(launched.custom.get("closes")),
    )
    if launches.keep_services(db, link_id, services):
        wake_link(db, link_id, now)
    people.see_member(db, context_id, person_id, (role,))
    confirmed = Confirmed(person_id, context_id, link_id, (role,), "work", {})
    return Course(confirmed, offer.name, memberships)


def _choosing(
    platform: Platform, launched: Launch, role: Role
) -> dict[str, object]:
    if role != "Instructor":
        raise LaunchRefusedError(
            words.ONLY_TEACHERS, "deep linking by a learner", "forbidden"
        )
    if _allowed(platform, launched.return_url) is None:
        raise LaunchRefusedError(
            words.MALFORMED, "deep linking without a return address"
        )
    return {
        "platform_id": platform.id,
        "deployment_id": launched.deployment_id,
        "return_url": launched.return_url,
        "data": launched.return_data,
        "multiple": launched.accept_multiple,
    }


def _offer(db: Connection, launched: Launch) -> Offer:
    name = launched.exercise
    if not name:
        raise LaunchRefusedError(
            words.NO_EXERCISE,
            "a link without the custom parameter `exercise`, such as exercise=convolution",
        )
    for offer in launches.offers(db):
        if offer.name == name:
            return offer
    raise LaunchRefusedError(
        words.UNKNOWN_EXERCISE,
        f"no exercise {quoted(name)!r} here",
        "not-found",
    )


def _link(
    db: Connection, context_id: int, launched: Launch, offer: Offer
) -> int:
    assert launched.link_id is not None  # noqa: S101 - a work launch has one
    before = launches.exercise_of(db, context_id, launched.link_id)
    if before not in (None, offer.name) and not launches.change_exercise(
        db, context_id, launched.link_id, offer.name, offer.points
    ):
        raise LaunchRefusedError(
            words.OTHER_EXERCISE,
            f"link {launched.link_id!r} was for {before}, and names {offer.name} now",
            "conflict",
        )
    title = launched.link_title or offer.title
    return people.ensure_link(
        db, context_id, launched.link_id, offer.name, title, offer.points
    )


def _allowed(platform: Platform, url: str | None) -> str | None:
    """Return an address that a launch names, if it is at a registered host."""
    if url is None or is_allowed(url, origins(platform)):
        return url
    LOG.warning(
        "%s: %r is not at a registered host, so it is not used: add it with "
        "grader serve add-platform --site",
        platform.name,
        quoted(url),
    )
    return None
