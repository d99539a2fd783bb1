"""What platforms are asked for again and again, with a cache between: their keys, access tokens."""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

import anyio
import anyio.to_thread
import jwt
from sqlalchemy.engine import Connection

from grader.service.data.engine import Database
from grader.service.data.platforms import (
    LIVE_KEYS,
    Platform,
    add_key,
    cached_access,
    cached_keyset,
    drop_access,
    hold_keys,
    keep_access,
    keep_keyset,
    live_keys,
)
from grader.service.lti.access import ask_for_access
from grader.service.lti.addresses import origins_of
from grader.service.lti.client import Answer, Client, NoAnswerError
from grader.service.lti.id_token import UnknownKeyError, key_of
from grader.service.lti.tool_keys import ToolKey, make_key

KEYSET_S: Final = 3600
"""How long a platform's keys are believed without asking again."""
FETCHES: Final = 6
"""How often in a minute they are asked for at most: anybody can name a key that is not there."""
_MINUTE_S: Final = 60
LOG: Final = logging.getLogger("grader")

T = TypeVar("T")


def origins(platform: Platform) -> frozenset[str]:
    """Return where a platform may be asked: at the addresses that the operator registered."""
    return origins_of(
        (
            platform.issuer,
            platform.authorization_url,
            platform.token_url,
            platform.jwks_url,
            *platform.hosts,
        )
    )


class Asking:
    """Asks platforms; one for the whole process."""

    def __init__(self, database: Database, client: Client) -> None:
        self.database = database
        self.client = client
        self._threads = anyio.CapacityLimiter(4)
        self._locks: dict[int, anyio.Lock] = {}
        self._fetched: dict[int, deque[float]] = {}

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Return what blocking work returns, done beside the event loop."""
        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    async def tool_key(self) -> ToolKey:
        """Return the key that this tool signs with; a new service makes its keys now."""

        def work() -> ToolKey:
            with self.database.begin() as db:
                return ensure_keys(db)[0]

        return await self.in_thread(work)

    # ------------------------------------------------------------------- a platform's keys

    async def platform_key(
        self, platform: Platform, key_id: str | None
    ) -> jwt.PyJWK:
        """Return a key of a platform; `NoAnswerError` if it does not say which ones it has.

        `UnknownKeyError` if it does not have this one. Its keys are fetched anew where they are
        old or this one is not among them, but only some times in a minute.
        """
        async with self._locks.setdefault(platform.id, anyio.Lock()):
            known = await self._known_keyset(platform)
            if known is not None:
                document, fetched_at = known
                if time.time() - fetched_at < KEYSET_S:
                    try:
                        return key_of(document, key_id)
                    except UnknownKeyError:
                        self._require_rest(platform)
            document = await self._fetch_keyset(platform, known)
            return key_of(document, key_id)

    async def _known_keyset(
        self, platform: Platform
    ) -> tuple[Any, float] | None:
        def work() -> tuple[Any, float] | None:
            with self.database.read() as db:
                return cached_keyset(db, platform.id)

        return await self.in_thread(work)

    def _require_rest(self, platform: Platform) -> None:
        fetched = self._fetched.get(platform.id)
        if fetched is None or len(fetched) < FETCHES:
            return
        if time.monotonic() - fetched[0] < _MINUTE_S:
            raise UnknownKeyError("its keys were fetched a moment ago")

    async def _fetch_keyset(
        self, platform: Platform, known: tuple[Any, float] | None
    ) -> Any:  # noqa: ANN401 - whatever they sent
        fetched = self._fetched.setdefault(platform.id, deque(maxlen=FETCHES))
        fetched.append(time.monotonic())
        try:
            answer = await self.client.get(
                platform.jwks_url, origins(platform), Accept="application/json"
            )
            document = _keyset(answer)
        except NoAnswerError as error:
            if known is None:
                raise
            LOG.warning(
                "%s: its keys: %s; the known ones are used",
                platform.name,
                error,
            )
            return known[0]

        def work() -> None:
            with self.database.begin() as db:
                keep_keyset(db, platform.id, document, time.time())

        await self.in_thread(work)
        return document

    # ------------------------------------------------------------------- access tokens

    async def access(self, platform: Platform, scope: str) -> str:
        """Return an access token for a scope; `NoAnswerError` if the platform gives none."""

        def known() -> str | None:
            with self.database.read() as db:
                return cached_access(db, platform.id, scope, time.time())

        token = await self.in_thread(known)
        if token is not None:
            return token
        given = await ask_for_access(
            self.client,
            await self.tool_key(),
            client_id=platform.client_id,
            token_url=platform.token_url,
            audience=platform.token_audience or platform.token_url,
            scope=scope,
            origins=origins(platform),
            now=time.time(),
        )

        def keep() -> None:
            with self.database.begin() as db:
                keep_access(
                    db, platform.id, scope, given.token, given.expires_at
                )

        await self.in_thread(keep)
        return given.token

    async def drop_access(
        self, platform: Platform, token: str | None = None
    ) -> None:
        """Forget an access token of a platform that was refused, or all of them."""

        def work() -> None:
            with self.database.begin() as db:
                drop_access(db, platform.id, token)

        await self.in_thread(work)

    async def get(
        self, platform: Platform, url: str, scope: str, accept: str
    ) -> Answer:
        """Read from a service of a platform, with a new token if the old one is not good."""
        return await self._with_token(platform, scope, url, None, Accept=accept)

    async def post(
        self,
        platform: Platform,
        url: str,
        scope: str,
        body: bytes,
        media: str,
    ) -> Answer:
        """Send something to a service of a platform, see `get`."""
        return await self._with_token(
            platform, scope, url, body, Content_Type=media, Accept="*/*"
        )

    async def _with_token(
        self,
        platform: Platform,
        scope: str,
        url: str,
        body: bytes | None,
        **headers: str,
    ) -> Answer:
        allowed = origins(platform)
        for last in (False, True):
            token = await self.access(platform, scope)
            headers["Authorization"] = f"Bearer {token}"
            if body is None:
                answer = await self.client.get(url, allowed, **headers)
            else:
                answer = await self.client.post(url, allowed, body, **headers)
            if last or answer.status not in {401, 403}:
                break
            await self.drop_access(platform, token)
        return answer


def ensure_keys(db: Connection) -> list[ToolKey]:
    """Return the keys of this tool that are in use, the one that signs first; make them if new."""
    keys = [ToolKey(*key) for key in live_keys(db)]
    if len(keys) < LIVE_KEYS:
        hold_keys(db)
        keys = [ToolKey(*key) for key in live_keys(db)]
    while len(keys) < LIVE_KEYS:
        new = make_key()
        add_key(db, new.kid, new.private_pem, new.public_jwk)
        keys.append(new)
    return keys


def _keyset(answer: Answer) -> dict[str, Any]:
    document = answer.json() if answer.is_success else None
    if not isinstance(document, dict) or not isinstance(
        document.get("keys"), list
    ):
        raise NoAnswerError(
            f"answered {answer.status} when asked for its keys, and none came"
        )
    return document
