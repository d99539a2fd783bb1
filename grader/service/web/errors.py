"""What becomes of an error: one sentence for the person, the reason for the operator's log."""

import logging
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from grader.errors import GraderError
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
    code: Code, sentence: str, more: dict[str, object] | None = None
) -> JSONResponse:
    """Return the answer to what is refused."""
    headers = (
        {"Retry-After": "5"} if code in ("too-many", "unavailable") else {}
    )
    return JSONResponse(
        {"error": sentence, "code": code, **(more or {})},
        STATUS[code],
        headers,
    )


def add_error_handlers(app: Starlette) -> None:
    """Let every error of an application become an answer."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _storage)
    app.add_exception_handler(GraderError, _fault)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _fault)


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 - as it was registered
    return refusal(error.code, error.sentence, error.more)


def _gone(_request: Request, _error: Exception) -> Response:
    # A phone lost its network while it sent something: nobody reads this, and nothing is wrong.
    return refusal("invalid", words.BAD_REQUEST)


def _http(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    code, sentence = _BY_STATUS.get(status, ("invalid", words.BAD_REQUEST))
    answer = refusal(code, sentence)
    answer.status_code = status
    return answer


def _storage(request: Request, error: Exception) -> Response:
    LOG.error("%s: the database: %s", _where(request), reason(error))
    return refusal("unavailable", words.NO_STORAGE)


def _fault(request: Request, error: Exception) -> Response:
    LOG.error("%s: %s", _where(request), reason_of(error), exc_info=error)
    return refusal("failed", words.FAULT)


def _where(request: Request) -> str:
    return f"{request.method} {one_line(request.url.path, 200)}"
