"""What a balancer, a monitor and Prometheus ask: `/healthz`, `/readyz`, `/metrics`.

`/healthz` says that the process answers. `/readyz` tries what grading needs: the database, and a
worker with the isolation that is required; 503 where one is missing. It also compares the clock
with the `Date` of each platform's answers, which a launch depends on. The difference is shown
but never means "not ready", since it may be the platform's clock that is wrong.
"""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from grader.service import words
from grader.service.data.engine import reason
from grader.service.data.platforms import Platform, all_platforms
from grader.service.lti.client import NoAnswerError
from grader.service.passback.asking import origins
from grader.service.problems import RefusedError
from grader.service.settings import LOOPBACK
from grader.service.web.parts import parts_of
from grader.service.web.who import in_thread, who_asks

MOST_SKEW_S: Final = 60.0
"""What a launch allows."""
_CLOCKS_S: Final = 600.0
"""How long a comparison of clocks holds."""
_FORWARDED: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


class Clocks(msgspec.Struct):
    """How far the platforms' clocks are ahead of this one, and when that was seen."""

    at: float = 0.0
    ahead_s: dict[str, float | str] = {}


async def healthz(_request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """Try what grading needs, and say what is missing."""
    parts = parts_of(request)

    def database() -> str:
        with parts.database.read() as db:
            db.execute(sa.text("SELECT 1"))
        return "answers"

    said = {
        "database": await in_thread(lambda: _tried(database)),
        "isolation": await in_thread(lambda: _tried(parts.graders.isolation)),
    }
    ready = not any(each.startswith("fault: ") for each in said.values())
    shown: dict[str, Any] = {"ready": ready, **said}
    if said["database"] == "answers":
        shown["clocks"] = await _clocks(request)
    return JSONResponse(shown, 200 if ready else 503)


async def metrics(request: Request) -> Response:
    """Return the metrics: to this machine, or to anyone who has an API key."""
    if not _from_this_machine(request):
        try:
            await who_asks(request, "api")
        except RefusedError:
            raise RefusedError("not-found", words.NOT_FOUND) from None
    text = await in_thread(request.app.state.measures.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _tried(what: Callable[[], str]) -> str:
    try:
        return what()
    except SQLAlchemyError as error:
        return f"fault: {reason(error)}"
    except RefusedError as error:
        return f"fault: {error.sentence}"


async def _clocks(request: Request) -> dict[str, float | str]:
    """Return by how many seconds each platform's clock is ahead, or why nobody knows."""
    clocks: Clocks = request.app.state.clocks
    if time.monotonic() < clocks.at + _CLOCKS_S and clocks.at:
        return clocks.ahead_s
    database = parts_of(request).database

    def find() -> list[Platform]:
        with database.read() as db:
            return all_platforms(db)

    found = {
        platform.name: await _ahead(request, platform)
        for platform in await in_thread(find)
    }
    clocks.at, clocks.ahead_s = time.monotonic(), found
    return found


async def _ahead(request: Request, platform: Platform) -> float | str:
    client = request.app.state.asking.client
    before = time.time()
    try:
        answer = await client.get(platform.jwks_url, origins(platform))
        date = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except NoAnswerError as error:
        return str(error)
    except (KeyError, ValueError, OverflowError):
        return "its answer has no date"
    # The header has whole seconds, cut off.
    ahead = round(date + 0.5 - (before + time.time()) / 2, 1)
    if abs(ahead) <= MOST_SKEW_S:
        return ahead
    return f"{ahead:g} s ahead: launches are refused; set the clock"


def _from_this_machine(request: Request) -> bool:
    """Whether nobody but this machine has asked, and no proxy in between."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    return request.client is not None and request.client.host in LOOPBACK


ROUTES: Final = [
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
]
