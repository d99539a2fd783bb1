"""Whether the browser that brings a launch is the one that began the login."""

import hashlib
import time
from typing import Final

import msgspec
from sqlalchemy.engine import Connection
from starlette.requests import Request

from grader.service.data import launches
from grader.service.data.launches import Confirmed
from grader.service.lti import words
from grader.service.problems import RefusedError

COOKIE: Final = "__Host-lti-"


class Confirmation(msgspec.Struct, forbid_unknown_fields=True):
    """What `POST /lti/confirm` takes."""

    code: str
    state: str
    proof: str | None = None


def take(
    db: Connection,
    request: Request,
    code: str,
    state: str,
    proof: str | None,
) -> Confirmed:
    """Return the launch that a code stands for, if this browser began it; else say what to do."""
    kept = request.cookies.get(_cookie_name(state))
    proofs = [each for each in (kept, proof) if each]
    now = time.time()
    confirmed = launches.take_launch(db, code, proofs, now)
    if confirmed is not None:
        return confirmed
    if launches.is_waiting(db, code, now):
        raise RefusedError("forbidden", words.NEW_TAB)
    raise RefusedError("gone", words.CLICK_AGAIN)


def _cookie_name(state: str) -> str:
    return COOKIE + hashlib.sha256(state.encode()).hexdigest()[:16]


def proof_cookie(state: str, proof: str, lasts_s: int) -> str:
    """Return the header that keeps a login's secret; the partition is the site that embeds us."""
    # Starlette knows `Partitioned` from Python 3.14 on only.
    return (
        f"{_cookie_name(state)}={proof}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; "
        f"Max-Age={lasts_s}"
    )
