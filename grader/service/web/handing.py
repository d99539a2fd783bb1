"""The API of running and handing in, and of what came of it."""

import asyncio
import functools
import time
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from grader.model import Report
from grader.render.json import decode_report, encode_report
from grader.service import words
from grader.service.data import scores, submissions
from grader.service.data.scores import Standing
from grader.service.data.submissions import Result, Submission
from grader.service.data.tokens import Who
from grader.service.graders.slots import ClosedError, SupersededError
from grader.service.problems import RefusedError
from grader.service.web.api import own_link
from grader.service.web.described import Answer, Operation
from grader.service.web.feedback import feedback_html
from grader.service.web.parts import Parts, parts_of
from grader.service.web.shapes import (
    GradedShown,
    HandInText,
    Ran,
    Raw,
    Refusal,
    RunText,
    Saved,
)
from grader.service.web.uploads import is_form, read_form, read_text
from grader.service.web.waiting import (
    WAIT_S,
    Elsewhere,
    may_wait_s,
    wait_for_grade,
)
from grader.service.web.who import (
    in_thread,
    require_own_origin,
    who_asks,
)
from grader.service.work.files import work_of_text
from grader.service.work.handing_in import CLICK_LENGTH, Click, Kept

if TYPE_CHECKING:
    from concurrent.futures import Future

    from grader.service.graders.messages import Work

Found = TypeVar("Found")


async def run(request: Request) -> Response:
    """Run a text or a file on the public examples; nothing is kept."""
    require_own_origin(request)
    who = await who_asks(request)
    parts = parts_of(request)
    key = request.path_params["link"]

    def find() -> tuple[str, int]:
        with parts.database.read() as db:
            link, person_id = own_link(db, who, key)
            return link.exercise, person_id

    name, person_id = await in_thread(find)
    if is_form(request):
        work = (await read_form(request)).work
    else:
        given = await read_text(request, RunText)
        work = work_of_text(given.text, parts.exercises.get(name))
    report = await done(parts.bench.run(person_id, name, work))
    return Answer(await in_thread(lambda: _ran(report)))


async def done(future: "Future[Found]") -> Found:
    """Return what comes of a job that nothing is kept of."""
    try:
        return await asyncio.wrap_future(future)
    except SupersededError as error:
        raise RefusedError("conflict", words.NEWER_RUN) from error
    except ClosedError as error:
        raise RefusedError("unavailable", words.ENDING) from error


def _ran(report: Report) -> Ran:
    return Ran(report=Raw(encode_report(report)), html=feedback_html(report))


async def hand_in(request: Request) -> Response:
    """Hand in a text or a file; the same `Idempotency-Key` again is the same submission."""
    require_own_origin(request)
    who = await who_asks(request)
    parts = parts_of(request)
    click = request.headers.get("Idempotency-Key", "")
    if not 0 < len(click) <= CLICK_LENGTH or not click.isprintable():
        raise RefusedError("invalid", words.BAD_REQUEST)
    work: Work | str
    if is_form(request):
        sent = await read_form(request)
        work, fields = sent.work, sent.fields
        pressed = Click(fields.get("link", ""), click, fields.get("for"))
    else:
        given = await read_text(request, HandInText)
        work = given.text
        pressed = Click(given.link, click, given.for_person)
    kept = await in_thread(lambda: parts.desk.hand_in(who, pressed, work))
    # What takes longer anyway is not waited for.
    soon = parts.slots.expected_wait_s() <= WAIT_S
    elsewhere: Elsewhere = request.app.state.elsewhere
    outcome = await wait_for_grade(elsewhere, kept, WAIT_S if soon else 0)
    if outcome is None or outcome.result is None:
        return await _answer(parts, who, kept.submission.key)
    shown = functools.partial(
        _shown,
        kept.submission,
        outcome.result,
        outcome.report,
        outcome.standing,
    )
    return Answer(await in_thread(shown))


async def one_submission(request: Request) -> Response:
    """Return what came of a submission: one's own, or as a teacher anybody's of the course.

    With `Prefer: wait=10` it waits that long for the grade, ten seconds at most.
    """
    who = await who_asks(request)
    parts = parts_of(request)
    key = request.path_params["submission"]
    wait_s = may_wait_s(request)
    if wait_s:

        def find() -> Submission:
            with parts.database.read() as db:
                return _find(db, who, key)

        found = await in_thread(find)
        kept = Kept(found, parts.desk.grading_of(found))
        await wait_for_grade(request.app.state.elsewhere, kept, wait_s)
    return await _answer(parts, who, key)


async def file_of(request: Request) -> Response:
    """Return a submission's file, byte for byte as it was handed in."""
    who = await who_asks(request)
    parts = parts_of(request)
    key = request.path_params["submission"]

    def work() -> tuple[str, bytes | None]:
        with parts.database.read() as db:
            found = _find(db, who, key)
            return found.name, submissions.read_data(db, found.id)

    name, data = await in_thread(work)
    if data is None:
        raise RefusedError("gone", words.DELETED)
    return Response(
        data,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"
        },
    )


def _find(db: Connection, who: Who, key: str) -> Submission:
    if who.context_id is None or who.person_id is None:
        raise RefusedError("not-found", words.NOT_FOUND)
    own = None if who.teaches else who.person_id
    found = submissions.find_submission(db, who.context_id, key, own)
    if found is None:
        raise RefusedError("not-found", words.NOT_FOUND)
    return found


async def _answer(parts: Parts, who: Who, key: str) -> Response:
    def work() -> Saved | GradedShown:
        with parts.database.read() as db:
            found = _find(db, who, key)
            result = submissions.read_result(db, found.id)
            standing = scores.standing(db, found.person_id, found.link_id)
        if found.state != "graded" or result is None:
            return Saved(
                submission=found.key,
                state="received" if found.state == "graded" else found.state,
                received_at=found.received_at,
                saved_at=found.received_at,
                message=_message(found),
            )
        return _shown(found, result, None, standing)

    shown = await in_thread(work)
    return Answer(shown, 200 if isinstance(shown, GradedShown) else 202)


def _shown(
    found: Submission,
    result: Result,
    report: Report | None,
    standing: Standing | None,
) -> GradedShown:
    """Return what the page shows; `report` is that of the result, where it is at hand."""
    return GradedShown(
        submission=found.key,
        received_at=found.received_at,
        saved_at=found.received_at,
        provisional=result.provisional,
        report=Raw(result.report),
        html=feedback_html(report or decode_report(result.report)),
        score=standing,
    )


def _message(found: Submission) -> str:
    at = time.strftime("%H:%M:%S", time.gmtime(found.received_at))
    sentences = {
        "failed": words.SAVED_FAILED,
        "superseded": words.SUPERSEDED,
    }
    return sentences.get(found.state, words.SAVED.format(at=at))


OPERATIONS: Final = [
    Operation(
        method="POST",
        path="/api/v1/run/{link}",
        handler=run,
        summary="Run the public examples; nothing is kept",
        takes=RunText,
        file=(),
        gives={
            200: Ran,
            404: Refusal,
            409: Refusal,
            413: Refusal,
            429: Refusal,
        },
    ),
    Operation(
        method="POST",
        path="/api/v1/submissions",
        handler=hand_in,
        summary="Hand in; sent again with the same key, it is the same submission",
        takes=HandInText,
        file=("link", "for"),
        headers=("Idempotency-Key",),
        gives={
            200: GradedShown,
            202: Saved,
            403: Refusal,
            404: Refusal,
            410: Refusal,
            413: Refusal,
            429: Refusal,
            503: Refusal,
        },
    ),
    Operation(
        method="GET",
        path="/api/v1/submissions/{submission}",
        handler=one_submission,
        summary="What came of a submission",
        optional_headers=("Prefer",),
        gives={200: GradedShown, 202: Saved, 404: Refusal},
    ),
    Operation(
        method="GET",
        path="/api/v1/submissions/{submission}/file",
        handler=file_of,
        summary="The file, as it was handed in",
        gives={200: None, 404: Refusal, 410: Refusal},
    ),
]
