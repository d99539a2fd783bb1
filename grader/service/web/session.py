"""Sessions: a key is traded for a bearer token, which the page keeps in memory.

A cookie does one thing: `POST /session/resume` trades it for the session that it was set with. It
is `HttpOnly`, partitioned by the site that embeds the page, and there is one for each course.
"""

import time
from typing import Any, Final

import msgspec
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from grader.service import words
from grader.service.data import people
from grader.service.data.tokens import (
    Holder,
    Role,
    Who,
    add_token,
    find_token,
    new_secret,
)
from grader.service.problems import RefusedError
from grader.service.web.about import about
from grader.service.web.parts import parts_of
from grader.service.web.who import (
    in_thread,
    network_of,
    read_json,
    require_own_origin,
)
from grader.service.work.trying import JOINS_PER_MINUTE
from grader.untrusted import visible

LOCAL_S: Final = 30 * 86400
"""How long a session lasts that no platform has launched."""
LAUNCHED_S: Final = 12 * 3600
COOKIE: Final = "__Host-exercises-"
NAME_LENGTH: Final = 80


class Enter(msgspec.Struct, forbid_unknown_fields=True):
    """What `POST /session/enter` takes."""

    key: str


class Join(msgspec.Struct, forbid_unknown_fields=True):
    """What `POST /session/join` takes."""

    key: str
    name: str


class Resume(msgspec.Struct, forbid_unknown_fields=True):
    """What `POST /session/resume` takes: the course, if the page knows it."""

    context: str | None = None


def open_session(
    db: Connection,
    person_id: int,
    context_id: int,
    roles: tuple[Role, ...],
    *,
    link_id: int | None = None,
    lasts_s: float = LAUNCHED_S,
) -> dict[str, Any]:
    """Open a session of a person in a course, and return what the page is sent, token included."""
    people.see_member(db, context_id, person_id, roles)
    holder = Holder(
        person_id=person_id,
        context_id=context_id,
        link_id=link_id,
        roles=roles,
    )
    secret = add_token(db, "page", holder, lasts_s=lasts_s)
    who = find_token(db, secret, "page")
    assert who is not None  # noqa: S101 - it was added just now
    return {"token": secret, **_shown(db, who)}


def _shown(db: Connection, who: Who) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(about(db, who))
    return shown


def session_answer(request: Request, session: dict[str, Any]) -> Response:
    """Return a session to its page, with the cookie that resumes it."""
    answer = JSONResponse(session)
    lasts = session.pop("lasts_s", LOCAL_S)
    # Starlette knows `Partitioned` from Python 3.14 on only.
    answer.headers.append(
        "Set-Cookie",
        f"{COOKIE}{session['context']['key']}={session['token']}; Path=/; Secure; HttpOnly; "
        f"SameSite=None; Partitioned; Max-Age={int(lasts)}",
    )
    del request
    return answer


async def enter(request: Request) -> Response:
    """Trade the key of an owner's or a personal link for a session; say so if it is a join link."""
    require_own_origin(request)
    given = await read_json(request, Enter)
    database = parts_of(request).database

    def work() -> dict[str, Any]:
        with database.begin() as db:
            who = find_token(db, given.key, "owner", "personal", "join")
            if who is None or who.context_id is None:
                raise RefusedError("unauthorized", words.BAD_KEY)
            if who.person_id is None:
                return {"join": True, "context": {"title": who.context_title}}
            return open_session(
                db, who.person_id, who.context_id, who.roles, lasts_s=LOCAL_S
            )

    session = await in_thread(work)
    if "token" not in session:
        return JSONResponse(session)
    return session_answer(request, session)


async def join(request: Request) -> Response:
    """Make a person of the name that is given, and open a session; a personal link comes with it.

    The name is what a teacher sees. It proves nothing, and two people may have the same one.
    """
    require_own_origin(request)
    given = await read_json(request, Join)
    name = " ".join(given.name.split())
    # Not `isprintable`: it refuses the joiners in Persian names, and lets blank fillers pass.
    if not 0 < len(name) <= NAME_LENGTH or visible(name) != name:
        raise RefusedError("invalid", words.NAME)
    parts = parts_of(request)
    parts.rates.require(
        "join", network_of(request), JOINS_PER_MINUTE, words.MANY_JOIN
    )
    database = parts.database

    def work() -> dict[str, Any]:
        with database.begin() as db:
            who = find_token(db, given.key, "join")
            if who is None or who.context_id is None:
                raise RefusedError("unauthorized", words.BAD_KEY)
            person_id = people.ensure_person(db, None, new_secret(), name)
            holder = Holder(
                person_id=person_id,
                context_id=who.context_id,
                roles=("Learner",),
            )
            personal = add_token(db, "personal", holder)
            session = open_session(
                db, person_id, who.context_id, ("Learner",), lasts_s=LOCAL_S
            )
            return {**session, "personal_key": personal}

    return session_answer(request, await in_thread(work))


async def resume(request: Request) -> Response:
    """Return the session that a cookie was set with, of the course that is named or any."""
    if request.headers.get("Origin") is None:
        raise RefusedError("forbidden", words.ELSEWHERE)
    require_own_origin(request)
    given = await read_json(request, Resume)
    secrets = [
        value
        for name, value in request.cookies.items()
        if name.startswith(COOKIE)
        and given.context in (None, name.removeprefix(COOKIE))
    ]
    database = parts_of(request).database

    def work() -> dict[str, Any]:
        with database.read() as db:
            found = [
                (who, secret)
                for secret in secrets[:20]
                if (who := find_token(db, secret, "page")) is not None
            ]
            if not found:
                raise RefusedError("unauthorized", words.ENTER_AGAIN)
            who, secret = max(found, key=lambda each: each[0].expires_at or 0)
            lasts = (who.expires_at or 0) - time.time()
            return {"token": secret, "lasts_s": lasts, **_shown(db, who)}

    return session_answer(request, await in_thread(work))


ROUTES: Final = [
    Route("/session/enter", enter, methods=["POST"]),
    Route("/session/join", join, methods=["POST"]),
    Route("/session/resume", resume, methods=["POST"]),
]
