"""The API of other programs: a key, a file in, the report out. Nothing is kept."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from grader.model import Report
from grader.render.json import encode_report
from grader.service.web import api, handing, hub
from grader.service.web.described import Operation
from grader.service.web.openapi import description
from grader.service.web.parts import parts_of
from grader.service.web.shapes import Refusal
from grader.service.web.uploads import is_form, read_form, read_raw
from grader.service.web.who import in_thread, who_asks


async def grade(request: Request) -> Response:
    """Grade a file against the hidden cases, and return the report that `grader grade` writes."""
    who = await who_asks(request, "api")
    parts = parts_of(request)
    name = request.path_params["name"]
    if is_form(request):
        work = (await read_form(request)).work
    else:
        work = await read_raw(request)
    graded = await handing.done(parts.bench.grade(who.label, name, work))
    data = await in_thread(lambda: encode_report(graded.report))
    return Response(data, media_type="application/json")


async def openapi(_request: Request) -> Response:
    """Return the description of this API."""
    return JSONResponse(description(OPERATIONS))


OPERATIONS: Final = [
    *api.OPERATIONS,
    *handing.OPERATIONS,
    *hub.OPERATIONS,
    Operation(
        method="POST",
        path="/api/v1/exercises/{name}/grade",
        handler=grade,
        summary="Grade a file; needs an API key, and keeps nothing",
        file=(),
        raw_file=True,
        shown="key",
        gives={200: Report, 400: Refusal, 404: Refusal, 413: Refusal},
    ),
    Operation(
        method="GET",
        path="/api/v1/openapi.json",
        handler=openapi,
        summary="This description",
        gives={200: dict},
    ),
]
