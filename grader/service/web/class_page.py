"""What teachers fetch: their classes, live, one attempt beside its feedback, and tables to keep."""

import functools
import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from markupsafe import Markup
from sqlalchemy.engine import Connection
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from grader.classbook.facts import Facts, facts_of
from grader.classbook.gradebook import csv_line
from grader.classbook.lateness import spoken
from grader.classbook.student_page import student_body
from grader.render.json import decode_report
from grader.service import words
from grader.service.data import classes, owed, people
from grader.service.data.tokens import Who
from grader.service.problems import RefusedError
from grader.service.web.live_class import Person, Shown, live_page
from grader.service.web.live_class import people as people_of
from grader.service.web.parts import Parts, parts_of
from grader.service.web.standalone import how_to_join
from grader.service.web.who import in_thread, require_own_origin, who_asks
from grader.submission import HandedIn
from grader.vocabulary import number

_KEPT_FACTS: Final = 20_000
_COMPRESSED: Final = [Middleware(GZipMiddleware, minimum_size=1000)]


class _Kept:
    """Facts of reports, which do not change: the newest are kept, so that a refresh reads few."""

    def __init__(self) -> None:
        self._facts: dict[int, Facts] = {}

    def of(self, db: Connection, ids: Sequence[int]) -> Mapping[int, Facts]:
        """Return the facts of these submissions."""
        new = [each for each in ids if each not in self._facts]
        self._facts.update(facts_by_submission(db, new))
        found = {each: self._facts[each] for each in ids if each in self._facts}
        while len(self._facts) > _KEPT_FACTS:
            self._facts.pop(next(iter(self._facts)))
        return found


def facts_by_submission(db: Connection, ids: Sequence[int]) -> dict[int, Facts]:
    """Return the facts of the submissions among these that are graded."""
    return {
        at: facts_of(decode_report(data), None)
        for at, data in classes.reports(db, ids)
    }


@functools.cache
def _kept(database: object) -> _Kept:
    del database  # one of each
    return _Kept()


async def _teacher(request: Request) -> Who:
    who = await who_asks(request)
    if not who.teaches or who.context_id is None:
        raise RefusedError("forbidden", words.NOT_ALLOWED)
    return who


def _link(db: Connection, who: Who, request: Request) -> people.Link:
    assert who.context_id is not None  # noqa: S101 - _teacher has looked
    found = people.find_link(db, who.context_id, request.path_params["link"])
    if found is None:
        raise RefusedError("not-found", words.NOT_FOUND)
    return found


def _people(
    db: Connection, parts: Parts, who: Who, link_id: int
) -> list[Person]:
    assert who.context_id is not None  # noqa: S101 - _teacher has looked
    tries = classes.tries(db, link_id)
    latest: dict[int, int] = {
        each.person_id: each.id for each in tries if each.status is not None
    }
    return people_of(
        classes.members(db, who.context_id),
        tries,
        classes.drafted(db, link_id),
        _kept(parts.database).of(db, list(latest.values())),
    )


# ------------------------------------------------------------------------- one exercise, live


async def one_class(request: Request) -> Response:
    """Return the page of a class at one exercise, unless it is as the asker has `seen` it."""
    who = await _teacher(request)
    parts = parts_of(request)
    seen = request.query_params.get("seen", "")

    def work() -> dict[str, Any]:
        with parts.database.read() as db:
            link = _link(db, who, request)
            everybody = _people(db, parts, who, link.id)
            sent = classes.sent(db, link.id)
            platform = classes.platform_name(db, who.platform_id)
        now = time.time()
        answer: dict[str, Any] = {"now": now, "title": link.title}
        answer["version"] = _version(everybody, sent, link)
        if answer["version"] == seen:
            return answer
        shown = Shown(
            exercise=parts.exercises.get(link.exercise),
            max_score=_most(everybody, link),
            due_at=link.due_at,
            people=everybody,
            sent=sent,
            platform=platform,
            now=now,
        )
        answer["html"] = str(live_page(shown))
        answer["people"] = [
            {"key": each.member.key, "name": each.name} for each in everybody
        ]
        return answer

    return JSONResponse(await in_thread(work))


def _version(
    everybody: Sequence[Person],
    sent: Sequence[classes.Sent],
    link: people.Link,
) -> str:
    """Return a name for what the page shows: a new one each minute, since it shows times."""
    told = [
        [(each.name, each.begun, each.tries) for each in everybody],
        sent,
        link.due_at,
        int(time.time() // 60),
    ]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


def _most(everybody: Iterable[Person], link: people.Link) -> float:
    """Return the most that can be had: as reports say, since a platform may count otherwise."""
    found = [
        each.latest.max_score
        for each in everybody
        if each.latest is not None and each.latest.max_score is not None
    ]
    return max(found, default=link.max_score)


async def class_table(request: Request) -> Response:
    """Return the class at one exercise as CSV."""
    who = await _teacher(request)
    parts = parts_of(request)

    def work() -> bytes:
        with parts.database.read() as db:
            link = _link(db, who, request)
            everybody = _people(db, parts, who, link.id)
        heads = (
            "name",
            "attempts",
            "best",
            "of",
            "last attempt",
            "late",
            "shows",
        )
        most = _most(everybody, link)
        lines = [csv_line(heads)]
        lines += [csv_line(_cells(each, most, link)) for each in everybody]
        return b"".join(lines)

    return _csv(await in_thread(work))


def _cells(person: Person, most: float, link: people.Link) -> list[str]:
    last = person.tries[-1].received_at if person.tries else None
    late = last is not None and link.due_at is not None and last > link.due_at
    shows = person.facts.misconceptions if person.facts is not None else ()
    return [
        person.name,
        str(len(person.tries)),
        "" if person.best is None else number(person.best),
        number(most),
        "" if last is None else _iso(last),
        "late" if late else "",
        "; ".join(shows),
    ]


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _csv(data: bytes) -> Response:
    return Response(data, media_type="text/csv; charset=utf-8")


async def send_again(request: Request) -> Response:
    """Let all scores of an exercise be sent again."""
    require_own_origin(request)
    who = await _teacher(request)
    parts = parts_of(request)

    def work() -> int:
        with parts.database.begin() as db:
            link = _link(db, who, request)
            return owed.send_again(db, link.id, time.time())

    return JSONResponse({"owed": await in_thread(work)})


# -------------------------------------------------------------------------- all exercises


def _require_context(who: Who, request: Request) -> int:
    if (
        who.context_id is None
        or who.context_key != request.path_params["context"]
    ):
        raise RefusedError("not-found", words.NOT_FOUND)
    return who.context_id


async def all_classes(request: Request) -> Response:
    """Return how far a course is with each of its exercises."""
    who = await _teacher(request)
    parts = parts_of(request)
    context_id = _require_context(who, request)

    def work() -> dict[str, Any]:
        with parts.database.read() as db:
            members = classes.members(db, context_id)
            links = [
                _progress(
                    link,
                    people_of(members, classes.tries(db, link.id), set(), {}),
                )
                for link in people.links_of(db, context_id)
            ]
        students = sum(not each.teaches for each in members)
        join = None
        if who.platform_id is None:
            join = how_to_join(parts.settings)
        return {"students": students, "links": links, "join": join}

    return JSONResponse(await in_thread(work))


def _progress(link: people.Link, everybody: Sequence[Person]) -> dict[str, Any]:
    own = [each for each in everybody if not each.member.teaches]
    most = _most(everybody, link)
    last = [each.tries[-1].received_at for each in everybody if each.tries]
    return {
        "key": link.key,
        "title": link.title,
        "handed_in": sum(bool(each.tries) for each in own),
        "full": sum((each.best or 0) >= most for each in own if each.tries),
        "stuck": sum(each.stuck for each in own),
        "last_at": max(last, default=None),
    }


async def gradebook(request: Request) -> Response:
    """Return what everybody of a course got in each exercise, as CSV."""
    who = await _teacher(request)
    parts = parts_of(request)
    context_id = _require_context(who, request)

    def work() -> bytes:
        with parts.database.read() as db:
            members = classes.members(db, context_id)
            links = people.links_of(db, context_id)
            best = classes.best_scores(db, context_id)
        lines = [csv_line(["name", *(link.title for link in links)])]
        for member in members:
            got = [best.get((member.id, link.id)) for link in links]
            if not member.teaches or any(got):
                lines.append(csv_line([member.name, *map(_points, got)]))
        return b"".join(lines)

    return _csv(await in_thread(work))


def _points(best: tuple[float, float] | None) -> str:
    return "" if best is None else number(best[0])


# -------------------------------------------------------------------------- one attempt


async def review(request: Request) -> Response:
    """Return one attempt: what was handed in beside the feedback on it, and the ones around it."""
    who = await _teacher(request)
    parts = parts_of(request)
    key = request.path_params["submission"]

    def work() -> dict[str, Any]:
        assert who.context_id is not None  # noqa: S101 - _teacher has looked
        with parts.database.read() as db:
            found = classes.find_try(db, who.context_id, key)
            if found is None:
                raise RefusedError("not-found", words.NOT_FOUND)
            own = [
                each
                for each in classes.tries(db, found.link_id)
                if each.person_id == found.person_id
            ]
        if found.report is None or found.data is None:
            raise RefusedError("gone", words.NOT_GRADED_YET)
        handed_in = HandedIn(found.name, found.data)
        submission = handed_in.submission(parts.exercises.get(found.exercise))
        report = decode_report(found.report)
        late = 0.0 if found.due_at is None else found.received_at - found.due_at
        return {
            "student": found.person_name or found.sub,
            "title": found.title,
            "link": found.link_key,
            "name": found.name,
            "received_at": found.received_at,
            "late_by": spoken(timedelta(seconds=late)) if late > 0 else "",
            "attempts": [
                {"key": each.key, "received_at": each.received_at}
                for each in own
            ],
            "html": str(
                student_body(report, submission, Markup(), titled=False)
            ),
        }

    return JSONResponse(await in_thread(work))


ROUTES: Final = [
    Route("/api/v1/class/links/{link}.csv", class_table),
    Route("/api/v1/class/links/{link}", one_class, middleware=_COMPRESSED),
    Route("/api/v1/class/{link}/send-again", send_again, methods=["POST"]),
    Route("/api/v1/class/{context}.csv", gradebook),
    Route("/api/v1/class/{context}", all_classes),
    Route("/api/v1/review/{submission}", review, middleware=_COMPRESSED),
]
