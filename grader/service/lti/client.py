"""Asks platforms over HTTP: only registered hosts, no redirects, bounded time and bounded answers.

A platform that is down, slow or answers nonsense costs its own request: 3 s to connect, 8 s in
all, 1 MiB to read.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import anyio
import httpx
import msgspec

from grader.service.lti.addresses import is_allowed
from grader.version import __version__

CONNECT_S: Final = 3
TOTAL_S: Final = 8
MOST_BYTES: Final = 1024 * 1024


class NoAnswerError(Exception):
    """A platform was not asked, or did not answer in time, in full, or at all."""


class Answer(msgspec.Struct, frozen=True):
    """What a platform answered."""

    status: int
    headers: Mapping[str, str]
    """By lower-case names."""
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever they sent
        """Return the body as JSON; raises `NoAnswerError` if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise NoAnswerError(
                f"answered {self.status} with something that is not JSON"
            ) from error

    @property
    def is_success(self) -> bool:
        """Whether it says that what was asked is done."""
        return 200 <= self.status < 300  # noqa: PLR2004 - as HTTP defines it


class Client:
    """Asks platforms; one for the whole process, closed when it ends."""

    def __init__(self) -> None:
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=64),
            headers={
                "User-Agent": f"exercise-grader/{__version__}",
                # A compressed answer of a megabyte may hold a gigabyte.
                "Accept-Encoding": "identity",
            },
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def get(
        self, url: str, origins: frozenset[str], **headers: str
    ) -> Answer:
        """Ask for an address at one of these origins; `NoAnswerError` where nothing comes."""
        return await self._ask("GET", url, origins, None, headers)

    async def post(
        self, url: str, origins: frozenset[str], body: bytes, **headers: str
    ) -> Answer:
        """Send a body to an address at one of these origins; see `get`."""
        return await self._ask("POST", url, origins, body, headers)

    async def _ask(
        self,
        method: str,
        url: str,
        origins: frozenset[str],
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> Answer:
        if not is_allowed(url, origins):
            raise NoAnswerError(
                f"{url[:200]!r} is not at a registered host, so it was not asked"
            )
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        try:
            with anyio.fail_after(TOTAL_S):
                return await self._read(method, url, body, named)
        except TimeoutError as error:
            raise NoAnswerError(f"no answer within {TOTAL_S} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            what = str(error) or type(error).__name__
            raise NoAnswerError(f"no answer: {what}") from error

    async def _read(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> Answer:
        async with self._http.stream(
            method, url, content=body, headers=headers
        ) as response:
            parts, size = [], 0
            async for part in response.aiter_raw():
                size += len(part)
                if size > MOST_BYTES:
                    raise NoAnswerError(
                        f"answered more than {MOST_BYTES} bytes"
                    )
                parts.append(part)
        lower = {name.lower(): text for name, text in response.headers.items()}
        return Answer(response.status_code, lower, b"".join(parts))
