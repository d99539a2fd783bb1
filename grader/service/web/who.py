"""Who asks: the bearer of a token; and whether a page of ours made the request."""

import ipaddress
import math
from collections.abc import Callable
from typing import Final, TypeVar
from urllib.parse import urlsplit

import anyio.to_thread
import msgspec
from sqlalchemy.engine import Connection
from starlette.requests import Request

from grader.service import words
from grader.service.data.tokens import Kind, Who, find_token
from grader.service.problems import RefusedError
from grader.service.web.parts import parts_of

Answer = TypeVar("Answer")
Body = TypeVar("Body", bound=msgspec.Struct)

BODY_BYTES: Final = 64 * 1024
"""The most that a request may have that brings no work."""


async def in_thread(work: Callable[[], Answer]) -> Answer:
    """Call what blocks, such as a transaction, in a thread."""
    return await anyio.to_thread.run_sync(work)


async def who_asks(request: Request, *kinds: Kind) -> Who:
    """Return whom the bearer token of a request stands for, of these kinds; by default a page.

    `RefusedError` "unauthorized" without a valid one.
    """
    refused = words.BAD_API_KEY if kinds == ("api",) else words.ENTER_AGAIN
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise RefusedError("unauthorized", refused)
    database = parts_of(request).database

    def look(db: Connection) -> Who | None:
        return find_token(db, secret.strip(), *(kinds or ("page",)))

    who = await in_thread(lambda: database.ask(look))
    if who is None:
        raise RefusedError("unauthorized", refused)
    return who


def network_of(request: Request) -> str:
    """Return where a request comes from, as it is counted: one line has a whole /64 of IPv6.

    Behind a proxy it is what the proxy says, if uvicorn trusts it (`FORWARDED_ALLOW_IPS`).
    """
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004 - the Internet's
        return str(address)
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def require_own_origin(request: Request) -> None:
    """Refuse a request that a page of another site has made; programs send no `Origin`."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    base = urlsplit(parts_of(request).settings.base_url or "")
    # A stranger writes `Host`: it is compared as it stands, and never parsed.
    own = base.netloc or request.headers.get("Host", "")
    if origin != f"{base.scheme or 'http'}://{own}":
        raise RefusedError("forbidden", words.ELSEWHERE)


async def read_body(request: Request, most: int, too_large: str) -> bytes:
    """Read the body of a request, and refuse it as soon as it is longer than `most` bytes."""
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > most:
        raise RefusedError("too-large", too_large)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise RefusedError("too-large", too_large)
        parts.append(part)
    return b"".join(parts)


async def read_json(
    request: Request, kind: type[Body], most: int = BODY_BYTES
) -> Body:
    """Read the body of a request as JSON of one record, strictly; refuse what is none."""
    data = await read_body(request, most, words.BAD_REQUEST)
    return as_record(data, kind)


def as_record(data: bytes, kind: type[Body]) -> Body:
    """Return JSON as a record; refuse anything else, and numbers that are not finite."""
    try:
        record = msgspec.json.decode(data or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError("invalid", words.BAD_REQUEST) from error
    for value in msgspec.structs.astuple(record):
        if isinstance(value, float) and not math.isfinite(value):
            raise RefusedError("invalid", words.BAD_REQUEST)
    return record
