"""Names and roles: who is in a course, where the platform tells.

LTI Names and Role Provisioning Services 2.0. It is read when a teacher comes, for the names and
for those who have not begun; the service works without it.
"""

import re
from typing import Annotated, Any, Final

import msgspec

from grader.service.lti.addresses import LENGTH
from grader.service.lti.launch import Id, shown
from grader.service.lti.names import Role, role_in_course

MOST: Final = 10_000
"""The most members of a course that are kept."""
_NEXT: Final = re.compile(r'<([^<>]{1,2000})>\s*;[^,<]*rel\s*=\s*"?next\b')
_HEADER: Final = 5 * LENGTH


class Member(msgspec.Struct, frozen=True):
    """Somebody in a course."""

    sub: str
    name: str | None
    role: Role


class _Sent(msgspec.Struct, frozen=True):
    user_id: Id
    roles: list[str] = []
    status: str = "Active"
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None


class _Page(msgspec.Struct, frozen=True):
    members: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=MOST)]


def read_members(page: Any) -> list[Member]:  # noqa: ANN401 - whatever they sent
    """Return the active members of a page; `ValueError` if it is not a page of members.

    A member that cannot be read is left out: the others still have names.
    """
    found = []
    for sent in msgspec.convert(page, _Page).members:
        try:
            member = msgspec.convert(sent, _Sent)
        except msgspec.ValidationError:
            continue
        if member.status.rpartition("#")[2].lower() == "active":
            found.append(_member(member))
    return found


def next_page(link: str) -> str | None:
    """Return the address of the next page from a `Link` header; None at the end."""
    found = _NEXT.search(link[:_HEADER])
    return found[1] if found else None


def _member(sent: _Sent) -> Member:
    parts = (sent.given_name, sent.family_name)
    name = sent.name or " ".join(part for part in parts if part)
    role = role_in_course(tuple(sent.roles))
    return Member(sent.user_id, shown(name) or None, role)
