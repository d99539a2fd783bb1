"""What a launch says: who, in which course, through which link, and which services are offered.

The claims are a platform's, and what stands in them was typed by teachers and students. Ids are
taken as they are or refused; names and titles are cut, and made to show instead of act.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from grader.service.lti import names, words
from grader.service.lti.words import LaunchRefusedError
from grader.untrusted import one_line

ID_LENGTH: Final = 512
"""The most characters of an id; the standard allows 255."""
NAME_LENGTH: Final = 200

Kind = Literal["work", "deep-link"]
_KINDS: Final[dict[str, Kind]] = {
    names.RESOURCE_LINK_REQUEST: "work",
    names.DEEP_LINKING_REQUEST: "deep-link",
}
# PostgreSQL takes no NUL, no encoder a lone surrogate, and no id has a line end.
Id = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=ID_LENGTH,
        pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]+\Z",
    ),
]


class _Titled(msgspec.Struct, frozen=True):
    id: Id
    title: str | None = None
    label: str | None = None


class _Grades(msgspec.Struct, frozen=True):
    scope: list[str] = []
    lineitem: str | None = None
    lineitems: str | None = None


class _Members(msgspec.Struct, frozen=True):
    context_memberships_url: str | None = None


class _Choosing(msgspec.Struct, frozen=True):
    deep_link_return_url: str
    accept_types: list[str] = []
    accept_multiple: bool | None = None
    data: str | None = None


class _Claims(msgspec.Struct, frozen=True):
    kind: str = msgspec.field(name=names.MESSAGE_TYPE)
    version: str = msgspec.field(name=names.VERSION_CLAIM)
    deployment_id: Id = msgspec.field(name=names.DEPLOYMENT_ID)
    target_link_uri: str | None = msgspec.field(
        name=names.TARGET_LINK_URI, default=None
    )
    sub: Id | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    roles: list[str] = msgspec.field(name=names.ROLES, default_factory=list)
    context: _Titled | None = msgspec.field(name=names.CONTEXT, default=None)
    link: _Titled | None = msgspec.field(name=names.RESOURCE_LINK, default=None)
    custom: dict[str, Any] | None = msgspec.field(
        name=names.CUSTOM, default=None
    )
    grades: _Grades | None = msgspec.field(name=names.ENDPOINT, default=None)
    members: _Members | None = msgspec.field(
        name=names.NAMES_AND_ROLES, default=None
    )
    choosing: _Choosing | None = msgspec.field(
        name=names.DEEP_LINKING_SETTINGS, default=None
    )


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """A launch that its platform signed."""

    kind: Kind
    deployment_id: str
    target_link_uri: str | None
    sub: str
    name: str | None
    role: names.Role
    context_id: str
    context_title: str
    link_id: str | None
    link_title: str
    custom: dict[str, str]
    line_item_url: str | None = None
    line_items_url: str | None = None
    scopes: tuple[str, ...] = ()
    memberships_url: str | None = None
    return_url: str | None = None
    """Where the answer of deep linking goes."""
    return_data: str | None = None
    accept_multiple: bool = False

    @property
    def exercise(self) -> str | None:
        """Which exercise the link names, if it names one."""
        return self.custom.get("exercise")


def read_launch(claims: dict[str, Any]) -> Launch:
    """Return what verified claims say; `LaunchRefusedError` for what cannot be used."""
    try:
        read = msgspec.convert(claims, _Claims)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _malformed(str(error)) from error
    kind = _KINDS.get(read.kind)
    if kind is None:
        raise _malformed(f"a message of type {read.kind!r}")
    if read.version != names.VERSION:
        raise _malformed(f"LTI version {read.version!r}")
    if read.sub is None:
        raise LaunchRefusedError(words.NO_PERSON, "a launch without sub")
    if kind == "work" and read.link is None:
        raise _malformed("a resource link request without resource link")
    if kind == "deep-link" and read.choosing is None:
        raise _malformed("a deep linking request without settings")
    return _launch(read, kind, read.sub)


def custom_time(text: str | None) -> float | None:
    """Return a time that a custom parameter gives, in seconds since 1970; None if it gives none.

    A platform that does not know a variable sends its name, such as
    `$ResourceLink.submission.endDateTime`; one that has no time sends an empty text.
    """
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        aware = at if at.tzinfo else at.replace(tzinfo=UTC)
        return aware.timestamp()
    except (ValueError, OverflowError):
        return None


def shown(text: str | None) -> str:
    """Return a name or title of a stranger on one line, cut, with nothing in it that acts."""
    return one_line(text or "", NAME_LENGTH)


def _launch(read: _Claims, kind: Kind, sub: str) -> Launch:
    grades = read.grades or _Grades()
    choosing = read.choosing
    context_id, context_title = _context(read)
    return Launch(
        kind=kind,
        deployment_id=read.deployment_id,
        target_link_uri=read.target_link_uri,
        sub=sub,
        name=_name(read),
        role=names.role_in_course(tuple(read.roles)),
        context_id=context_id,
        context_title=context_title,
        link_id=read.link.id if read.link else None,
        link_title=shown(read.link.title) if read.link else "",
        custom={
            key: value
            for key, value in (read.custom or {}).items()
            if isinstance(value, str)
        },
        line_item_url=grades.lineitem,
        line_items_url=grades.lineitems,
        scopes=tuple(scope for scope in grades.scope if scope in names.SCOPES),
        memberships_url=(
            read.members.context_memberships_url if read.members else None
        ),
        return_url=choosing.deep_link_return_url if choosing else None,
        return_data=choosing.data if choosing else None,
        accept_multiple=bool(choosing and choosing.accept_multiple),
    )


def _context(read: _Claims) -> tuple[str, str]:
    """Return the id and the title of the course; a link outside of any is a course of its own.

    Ids are unique within a deployment only (LTI Core 1.3, 5.4.1), so its id is part of this one.
    """
    if read.context is not None:
        given, title = read.context.id, read.context.title or read.context.label
    else:
        given, title = f"link {read.link.id if read.link else ''}", None
    return msgspec.json.encode([read.deployment_id, given]).decode(), shown(
        title
    )


def _name(read: _Claims) -> str | None:
    parts = (read.given_name, read.family_name)
    name = read.name or " ".join(part for part in parts if part)
    return shown(name) or None


def _malformed(reason: str) -> LaunchRefusedError:
    return LaunchRefusedError(words.MALFORMED, reason)
