"""The service as a JupyterHub's user reaches it, by the standard library alone.

The server's own token is traded for a session that lasts ten minutes and can do nothing but what
this student can do on a page (`grader.service.web.hub`). It is sent to the service alone, and
printed nowhere.
"""

import contextlib
import http.client
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec

from grader.untrusted import one_line

NO_SERVICE: Final = (
    "Nothing was handed in: there is no address of a grader. "
    "The administrator of the JupyterHub has to set GRADER_SERVICE_URL."
)
NO_HUB: Final = (
    "Nothing was handed in: this is not a server of a JupyterHub. Hand the "
    "file in where your teacher has told you."
)
UNREACHED: Final = (
    "The grader cannot be reached, so it is not known whether this was handed "
    "in. Run this cell again in a minute."
)
NOT_UNDERSTOOD: Final = (
    "The grader's answer cannot be read. Tell the administrator of the "
    "JupyterHub that its version of the grader may differ from the service's."
)
LATER: Final = "Saved, and still being graded. It counts as handed in now."

_ANSWER_BYTES: Final = 20 * 2**20
_PATIENCE_S: Final = 30
_GRADED_S: Final = 120
"""How long a cell waits for a grade."""
_ARRIVED_S: Final = 15
"""How long it waits for the score to arrive in the course platform."""
_LOOK_S: Final = 0.5

Shape = TypeVar("Shape")


class SubmitError(Exception):
    """Nothing comes of it; the message is the sentence that the student reads."""


class _Session(msgspec.Struct):
    token: str
    link: str


class Score(msgspec.Struct):
    """The score that counts, and where it is."""

    value: float
    max_value: float
    state: str
    note: str | None
    arrived_at: float | None
    platform: str | None


class Answered(msgspec.Struct):
    """What the service says of a submission."""

    submission: str
    state: str
    message: str = ""
    provisional: bool = False
    report: msgspec.Raw = msgspec.Raw()
    score: Score | None = None


class _Refusal(msgspec.Struct):
    error: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would take the token elsewhere."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


class Service:
    """The service, as a Hub's user reaches it."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self._open = urllib.request.build_opener(_NoRedirects).open

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Service":
        """Return the service that the Hub has named; `SubmitError` without one."""
        url = environment.get("GRADER_SERVICE_URL", "").rstrip("/")
        token = environment.get("JUPYTERHUB_API_TOKEN", "")
        if not token:
            raise SubmitError(NO_HUB)
        if not url.lower().startswith(("http://", "https://")):
            raise SubmitError(NO_SERVICE)
        return cls(url, token)

    def hand_in(self, exercise: str, name: str, data: bytes) -> Answered:
        """Hand a file in, and return what came of it; `SubmitError` if nothing did."""
        session = self._ask(
            _Session,
            "/api/v1/hub/session",
            {"Authorization": f"token {self._token}"},
            json.dumps({"exercise": exercise}).encode(),
        )
        bearer = {"Authorization": f"Bearer {session.token}"}
        kind, body = _form(session.link, name, data)
        headers = {
            **bearer,
            "Content-Type": kind,
            "Idempotency-Key": secrets.token_hex(16),
        }
        answer = self._ask(Answered, "/api/v1/submissions", headers, body)
        path = f"/api/v1/submissions/{quote(answer.submission, safe='')}"

        def look() -> Answered:
            time.sleep(_LOOK_S)
            return self._ask(Answered, path, bearer | {"Prefer": "wait=10"})

        until = time.monotonic() + _GRADED_S
        while answer.state == "received":
            if time.monotonic() > until:
                raise SubmitError(LATER)
            answer = look()
        if answer.state != "graded":
            raise SubmitError(one_line(answer.message))
        until = time.monotonic() + _ARRIVED_S
        while _is_owed(answer.score) and time.monotonic() < until:
            answer = look()
        return answer

    def _ask(
        self,
        shape: type[Shape],
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Shape:
        data = self._answer(path, headers, body)
        try:
            return msgspec.json.decode(data, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SubmitError(NOT_UNDERSTOOD) from error

    def _answer(
        self, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> bytes:
        try:
            request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
                self._url + path, body, dict(headers)
            )
            with self._open(request, timeout=_PATIENCE_S) as answer:
                data: bytes = answer.read(_ANSWER_BYTES)
        except urllib.error.HTTPError as error:
            with error:
                raise SubmitError(_refusal(error)) from None
        # Anything that is not an address of a service at all raises ValueError.
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SubmitError(UNREACHED) from error
        return data


def _refusal(error: urllib.error.HTTPError) -> str:
    """Return the service's own sentence, or that something else has answered."""
    with contextlib.suppress(
        msgspec.DecodeError, OSError, http.client.HTTPException
    ):
        data = error.read(_ANSWER_BYTES)
        return one_line(msgspec.json.decode(data, type=_Refusal).error)
    return f"Nothing came of it: GRADER_SERVICE_URL answered {error.code}."


def _form(link: str, name: str, data: bytes) -> tuple[str, bytes]:
    """Return the type and the bytes of a form with a link and a file (RFC 7578)."""
    edge = secrets.token_hex(16)
    begin = f"--{edge}\r\nContent-Disposition: form-data; "
    escaped = name.replace("\\", "_").replace('"', "%22")
    shown = "".join(each if each.isprintable() else "_" for each in escaped)
    body = b"".join(
        [
            f'{begin}name="link"\r\n\r\n{link}\r\n'.encode(),
            f'{begin}name="file"; filename="{shown}"\r\n'.encode(),
            b"Content-Type: application/octet-stream\r\n\r\n",
            data,
            f"\r\n--{edge}--\r\n".encode(),
        ]
    )
    return f"multipart/form-data; boundary={edge}", body


def _is_owed(score: Score | None) -> bool:
    return score is not None and score.state == "owed"
