"""The API that pages and programs use."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from grader.service.web.parts import parts_of
from grader.service.web.session import about
from grader.service.web.who import in_thread, who_asks


async def me(request: Request) -> Response:
    """Return who asks, where, and the exercises that are set there."""
    who = await who_asks(request)
    database = parts_of(request).database

    def work() -> dict[str, Any]:
        with database.read() as db:
            return about(db, who)

    return JSONResponse(await in_thread(work))


ROUTES: Final = [Route("/api/v1/me", me)]
