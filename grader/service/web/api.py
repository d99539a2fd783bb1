"""The API of one's own work: who one is, one exercise, its draft."""

import functools
import time
from pathlib import Path
from typing import Final

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from grader.model import Exercise
from grader.service import words
from grader.service.data import drafts, people, scores, submissions
from grader.service.data.drafts import Draft
from grader.service.data.tokens import Holder, Who, add_token
from grader.service.problems import RefusedError
from grader.service.settings import PY_BYTES
from grader.service.web.about import about, link_shown
from grader.service.web.described import Answer, Operation
from grader.service.web.parts import parts_of
from grader.service.web.shapes import (
    AttemptShown,
    DraftSaved,
    Me,
    OtherDraft,
    PersonalKey,
    Refusal,
    SaveDraft,
    WorkShown,
)
from grader.service.web.uploads import read_text
from grader.service.web.who import in_thread, who_asks
from grader.service.work.trying import DRAFTS_PER_MINUTE, LINKS_PER_MINUTE


def own_link(db: Connection, who: Who, key: str) -> tuple[people.Link, int]:
    """Return an exercise of the asker's course, and who asks; refuse any other."""
    link = None
    if who.context_id is not None:
        link = people.find_link(db, who.context_id, key)
    if link is None or who.person_id is None:
        raise RefusedError("not-found", words.NOT_FOUND)
    return link, who.person_id


async def me(request: Request) -> Response:
    """Return who asks, where, and the exercises that are set there."""
    who = await who_asks(request)
    database = parts_of(request).database

    def work() -> Me:
        with database.read() as db:
            return about(db, who)

    return Answer(await in_thread(work))


async def personal_link(request: Request) -> Response:
    """Make a key that opens one's own work from another device, in a course without a platform."""
    who = await who_asks(request)
    if who.platform_id is not None or who.person_id is None:
        raise RefusedError("forbidden", words.FROM_THE_COURSE)
    parts = parts_of(request)
    # A link stays valid, so each of them is kept.
    parts.rates.require("link", str(who.person_id), LINKS_PER_MINUTE)
    database = parts.database
    holder = Holder(
        person_id=who.person_id, context_id=who.context_id, roles=who.roles
    )

    def work() -> str:
        with database.begin() as db:
            return add_token(db, "personal", holder)

    return Answer(PersonalKey(key=await in_thread(work)))


async def one_work(request: Request) -> Response:
    """Return all that the page of an exercise needs about its person."""
    who = await who_asks(request)
    parts = parts_of(request)
    key = request.path_params["link"]

    def work() -> WorkShown:
        with parts.database.read() as db:
            link, person_id = own_link(db, who, key)
            exercise = parts.exercises.get(link.exercise)
            return _work_shown(db, link, person_id, exercise)

    return Answer(await in_thread(work))


def _work_shown(
    db: Connection, link: people.Link, person_id: int, exercise: Exercise
) -> WorkShown:
    draft = drafts.read_draft(db, person_id, link.id)
    history = submissions.history(db, person_id, link.id)
    standing = scores.standing(db, person_id, link.id)
    return WorkShown(
        link=link_shown(
            link,
            None if standing is None else standing.value,
            begun=draft is not None or bool(history),
        ),
        statement=_statement(exercise.folder),
        stub=exercise.stub,
        file=exercise.file or "submission.py",
        draft=draft,
        history=tuple(_attempt_shown(each, link) for each in history),
        score=standing,
    )


@functools.lru_cache(100)
def _statement(folder: Path) -> str:
    return (folder / "README.md").read_text("utf-8")


def _attempt_shown(
    attempt: submissions.Attempt, link: people.Link
) -> AttemptShown:
    late = link.due_at is not None and attempt.received_at > link.due_at
    return AttemptShown(
        key=attempt.key,
        name=attempt.name,
        kind=attempt.kind,
        received_at=attempt.received_at,
        state=attempt.state,
        score=attempt.score,
        max_score=attempt.max_score,
        provisional=attempt.provisional,
        late=late,
        by=attempt.by,
    )


async def read_draft(request: Request) -> Response:
    """Return one's draft of an exercise; its stub as version 0 before there is one."""
    who = await who_asks(request)
    parts = parts_of(request)
    key = request.path_params["link"]

    def work() -> Draft:
        with parts.database.read() as db:
            link, person_id = own_link(db, who, key)
            exercise = parts.exercises.get(link.exercise)
            draft = drafts.read_draft(db, person_id, link.id)
            return draft or Draft(exercise.stub, 0, link.created_at)

    return Answer(await in_thread(work))


async def save_draft(request: Request) -> Response:
    """Save one's draft; where another tab or device was first, return what it has saved."""
    who = await who_asks(request)
    parts = parts_of(request)
    key = request.path_params["link"]
    given = await read_text(request, SaveDraft)
    if len(given.text.encode("utf-8", "surrogatepass")) > PY_BYTES:
        raise RefusedError("too-large", words.TEXT_TOO_LARGE)
    parts.rates.require("draft", str(who.person_id), DRAFTS_PER_MINUTE)
    # PostgreSQL has no text with these; an editor has none either.
    text = given.text.replace("\0", "").encode("utf-8", "replace").decode()
    new = Draft(text, given.version, time.time())

    def save(db: Connection) -> tuple[bool, Draft | None]:
        link, person_id = own_link(db, who, key)
        saved = drafts.save_draft(db, person_id, link.id, new)
        return saved, drafts.read_draft(db, person_id, link.id)

    def work() -> DraftSaved:
        saved, there = parts.database.write(save)
        if not saved and there is not None and there.text != text:
            more = {
                "text": there.text,
                "version": there.version,
                "updated_at": there.updated_at,
            }
            raise RefusedError("conflict", words.OTHERS_TEXT, more)
        if there is None:  # a version of nothing: the draft was deleted
            raise RefusedError("not-found", words.NOT_FOUND)
        return DraftSaved(version=there.version, updated_at=there.updated_at)

    return Answer(await in_thread(work))


OPERATIONS: Final = [
    Operation(
        method="GET",
        path="/api/v1/me",
        handler=me,
        summary="Who asks, where, and the exercises that are set there",
        gives={200: Me},
    ),
    Operation(
        method="POST",
        path="/api/v1/me/personal-link",
        handler=personal_link,
        summary="A key that opens one's own work from another device",
        gives={200: PersonalKey, 403: Refusal, 429: Refusal},
    ),
    Operation(
        method="GET",
        path="/api/v1/work/{link}",
        handler=one_work,
        summary="One exercise: statement, stub, draft, attempts, score",
        gives={200: WorkShown, 404: Refusal},
    ),
    Operation(
        method="GET",
        path="/api/v1/drafts/{link}",
        handler=read_draft,
        summary="One's draft",
        gives={200: Draft, 404: Refusal},
    ),
    Operation(
        method="PUT",
        path="/api/v1/drafts/{link}",
        handler=save_draft,
        summary="Save one's draft over the version that it was written over",
        takes=SaveDraft,
        gives={200: DraftSaved, 404: Refusal, 409: OtherDraft, 413: Refusal},
    ),
]
