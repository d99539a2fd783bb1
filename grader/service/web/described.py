"""An operation of the API: its route, and what the description says about it, in one place."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.service.web.shapes import encode

Handler = Callable[[Request], Awaitable[Response]]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What `METHOD PATH` does."""

    method: Literal["GET", "POST", "PUT"]
    path: str
    handler: Handler
    summary: str
    gives: dict[int, Any]
    """Status -> the record of the answer; None where it is no JSON."""
    takes: Any = None
    """The record of the request's JSON."""
    file: Sequence[str] | None = None
    """Fields of a form beside `file`, where a file may be sent instead; None where it may not."""
    raw_file: bool = False
    """Whether the body may be the file itself."""
    shown: Literal["page", "key", "hub"] = "page"
    """What proves who asks: the token of a page, an API key, or the token of a Hub's user."""
    headers: tuple[str, ...] = ()
    """Headers that it needs."""
    optional_headers: tuple[str, ...] = ()


def routes(operations: Sequence[Operation]) -> list[Route]:
    """Return the routes of operations."""
    return [
        Route(each.path, each.handler, methods=[each.method])
        for each in operations
    ]


class Answer(Response):
    """A record as JSON."""

    media_type = "application/json"

    def __init__(self, shape: msgspec.Struct, status: int = 200) -> None:
        super().__init__(encode(shape), status)
