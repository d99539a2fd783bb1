"""The pages between a course platform and an exercise, and who may show them in a frame."""

import functools
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from jinja2 import Environment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from grader.render.templates import open_templates
from grader.service.data.platforms import Platform, all_platforms
from grader.service.lti import words
from grader.service.lti.addresses import for_browsers
from grader.service.lti.words import LaunchRefusedError
from grader.service.passback.asking import origins
from grader.service.problems import RefusedError
from grader.service.web.errors import STATUS
from grader.service.web.headers import html_page, new_nonce
from grader.service.web.parts import parts_of
from grader.service.web.who import in_thread, read_body
from grader.untrusted import one_line

_HERE: Final = Path(__file__).parent
_FORM_BYTES: Final = 256 * 1024
_FIELDS: Final = 100
LOG: Final = logging.getLogger("grader")
Handler = Callable[[Request], Awaitable[Response]]


def framers(platforms: Iterable[Platform]) -> str:
    """Return whose pages may show ours in a frame, as a content security policy names them."""
    found = {
        shown
        for platform in platforms
        for origin in origins(platform)
        if (shown := for_browsers(origin))
    }
    return " ".join(["'self'", *sorted(found)]) if found else "'none'"


async def all_framers(request: Request) -> str:
    """Return the pages of all platforms that are registered, see `framers`."""
    database = parts_of(request).database

    def work() -> str:
        with database.read() as db:
            return framers(all_platforms(db))

    return await in_thread(work)


def page(
    *,
    title: str,
    sentence: str,
    framed_by: str,
    script: str | None = None,
    data: dict[str, Any] | None = None,
    form_action: str = "'none'",
    status: int = 200,
    **more: object,
) -> HTMLResponse:
    """Return a page with one sentence, a script of ours and the data that it works with."""
    nonce = new_nonce()
    html = (
        _templates()
        .get_template("lti.html")
        .render(
            nonce=nonce,
            title=title,
            sentence=sentence,
            data=_as_data(data or {}),
            script=None if script is None else _script(script),
            **{"choices": [], "multiple": False, "button": None, **more},
        )
    )
    return html_page(
        html,
        nonce,
        frame_ancestors=framed_by,
        form_action=form_action,
        status=status,
    )


def as_page(handler: Handler) -> Handler:
    """Let what a handler refuses be a page with one sentence, and a line in the log."""

    @functools.wraps(handler)
    async def handled(request: Request) -> Response:
        try:
            return await handler(request)
        except RefusedError as error:
            reason = getattr(error, "log", error.sentence)
            where = f"{request.method} {request.url.path}"
            LOG.warning("%s: refused: %s", where, one_line(reason, 500))
            return page(
                title="This cannot be opened",
                sentence=error.sentence,
                framed_by=await all_framers(request),
                status=STATUS[error.code],
            )

    return handled


async def fields_of(request: Request) -> dict[str, str]:
    """Return the parameters of a request, from its address or its form, each once."""
    if request.method == "GET":
        sent = request.url.query
    else:
        body = await read_body(request, _FORM_BYTES, words.MALFORMED)
        sent = body.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(sent, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError as error:
        raise LaunchRefusedError(words.MALFORMED, str(error)) from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise LaunchRefusedError(words.MALFORMED, "a parameter is there twice")
    return fields


def _as_data(data: dict[str, Any]) -> Markup:
    """Return JSON that can stand in a script element: nothing in it ends the element."""
    text = json.dumps(data).replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(text.replace("&", "\\u0026"))  # noqa: S704 - nothing of markup is left


@functools.cache
def _templates() -> Environment:
    return open_templates(_HERE / "templates")


@functools.cache
def _script(name: str) -> Markup:
    return Markup((_HERE / "static" / name).read_text("utf-8"))  # noqa: S704 - our own
