"""What becomes of an error: one sentence for the person, the reason for the operator's log."""

import logging
from typing import Final

from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.log import reason_of
from grader.service import words
from grader.service.data.engine import reason
from grader.service.problems import Code, RefusedError
from grader.untrusted import one_line

STATUS: Final[dict[Code, int]] = {
    "invalid": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not-found": 404,
    "conflict": 409,
    "gone": 410,
    "too-large": 413,
    "too-many": 429,
    "failed": 500,
    "unavailable": 503,
}
_BY_STATUS: Final[dict[int, tuple[Code, str]]] = {
    404: ("not-found", words.NOT_FOUND),
    405: ("not-found", words.METHOD),
}
LOG: Final = logging.getLogger("grader")


def refusal(
    code: Code,
    sentence: str,
    more: dict[str, object] | None = None,
    *,
    wait_s: int = 5,
) -> JSONResponse:
    """Return the answer to what is refused."""
    again = code in ("too-many", "unavailable")
    headers = {"Retry-After": str(wait_s)} if again else {}
    return JSONResponse(
        {"error": sentence, "code": code, **(more or {})},
        STATUS[code],
        headers,
    )


def add_error_handlers(app: Starlette) -> None:
    """Let every error of an application become an answer."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _nonsense)
    app.add_exception_handler(UnicodeError, _nonsense)
    app.add_exception_handler(SQLAlchemyError, _storage)
    app.add_exception_handler(ClientDisconnect, _gone)


class Faults:
    """Answers what nobody foresaw, so that it becomes a sentence and a line in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            answer = _fault(Request(scope), error)
            await answer(scope, receive, send)


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 - as it was registered
    return refusal(error.code, error.sentence, error.more, wait_s=error.wait_s)


def _gone(_request: Request, _error: Exception) -> Response:
    # A phone lost its network while it sent something: nobody reads this, and nothing is wrong.
    return refusal("invalid", words.BAD_REQUEST)


def _http(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    code, sentence = _BY_STATUS.get(status, ("invalid", words.BAD_REQUEST))
    answer = refusal(code, sentence)
    answer.status_code = status
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def _nonsense(_request: Request, _error: Exception) -> Response:
    # Characters that no text has; where they came from, nobody types them.
    return refusal("invalid", words.BAD_REQUEST)


def _storage(request: Request, error: Exception) -> Response:
    LOG.error("%s: the database: %s", _where(request), reason(error))
    return refusal("unavailable", words.NO_STORAGE)


def _fault(request: Request, error: Exception) -> Response:
    LOG.error("%s: %s", _where(request), reason_of(error), exc_info=error)
    return refusal("failed", words.FAULT)


def _where(request: Request) -> str:
    return f"{request.method} {one_line(request.url.path, 200)}"
