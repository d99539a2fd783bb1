"""A JupyterHub's managed service: a user's server shows its token, and the Hub says whose it is.

Nothing is kept of a token, so one that the Hub has revoked is worth nothing at once. It must have
the scope for this service, as every service of a Hub asks: a token that was made for something
else hands in nothing.

Source of the protocol: https://jupyterhub.readthedocs.io/en/stable/reference/services.html
"""

import logging
from typing import Any, Final

import httpx
import msgspec
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from grader.service import words
from grader.service.data import people
from grader.service.data.tokens import Holder, add_token
from grader.service.problems import RefusedError
from grader.service.settings import Hub, Settings
from grader.service.web.described import Answer, Operation
from grader.service.web.errors import refusal
from grader.service.web.parts import parts_of
from grader.service.web.shapes import EnterFromHub, HubSession, Refusal
from grader.service.web.standalone import TITLE
from grader.service.web.who import in_thread, read_json, require_own_origin

LOG: Final = logging.getLogger("grader")

LASTS_S: Final = 600
"""Long enough to hand in, and to see the score arrive."""
PER_MINUTE: Final = 30
NAME_LENGTH: Final = 255
_PATIENCE_S: Final = 8
_TOKEN_LENGTH: Final = 1000


class _User(msgspec.Struct):
    """Whose a token is, as a Hub says it."""

    kind: str
    name: str
    scopes: list[str]


class Asking:
    """Asks the Hub whose a token is; one for the whole process, closed when it ends."""

    def __init__(self, hub: Hub | None) -> None:
        self._hub = hub
        self._http = httpx.AsyncClient(
            timeout=_PATIENCE_S, follow_redirects=False, trust_env=False
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def name_of(self, token: str) -> str:
        """Return the name of the user whose token this is; refuse any other."""
        if self._hub is None:
            raise RefusedError("not-found", words.NO_HUB)
        try:
            answer = await self._http.get(
                f"{self._hub.api_url}/user",
                headers={"Authorization": f"token {token}"},
            )
        except httpx.HTTPError as error:
            what = str(error) or type(error).__name__
            LOG.warning("the JupyterHub: no answer: %s", what)
            raise RefusedError("unavailable", words.HUB_SILENT) from error
        if answer.status_code in (401, 403):
            raise RefusedError("unauthorized", words.NOT_OF_THE_HUB)
        user = _read_user(answer)
        if not self._hub.scopes.intersection(user.scopes):
            raise RefusedError("forbidden", words.HUB_SCOPE)
        plain = user.name.isprintable() and len(user.name) <= NAME_LENGTH
        # A Hub's services have tokens, too, and are nobody.
        if user.kind != "user" or not user.name or not plain:
            raise RefusedError("unauthorized", words.NOT_OF_THE_HUB)
        return user.name


def _read_user(answer: httpx.Response) -> _User:
    try:
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=_User)
    except (httpx.HTTPStatusError, msgspec.DecodeError) as error:
        LOG.warning("the JupyterHub answered %s", answer.status_code)
        raise RefusedError("unavailable", words.HUB_SILENT) from error


async def enter_from_hub(request: Request) -> Response:
    """Trade the token of a user's server for a session, for one exercise."""
    require_own_origin(request)
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    plain = secret.isascii() and secret.isprintable()
    if scheme.lower() != "token" or not plain or len(secret) > _TOKEN_LENGTH:
        raise RefusedError("unauthorized", words.NOT_OF_THE_HUB)
    given = await read_json(request, EnterFromHub)
    asking: Asking = request.app.state.hub
    name = await asking.name_of(secret)
    parts = parts_of(request)
    parts.rates.require("hub", name, PER_MINUTE)
    hub = parts.settings.hub
    assert hub is not None  # noqa: S101 - it was asked just now

    def work() -> HubSession:
        with parts.database.begin() as db:
            person_id, link = _person(db, hub, name, given.exercise)
            holder = Holder(
                person_id=person_id,
                context_id=link.context_id,
                link_id=link.id,
                roles=("Learner",),
            )
            token = add_token(db, "page", holder, lasts_s=LASTS_S)
        return HubSession(token=token, link=link.key, name=name)

    return Answer(await in_thread(work))


def _person(
    db: Connection, hub: Hub, name: str, exercise: str
) -> tuple[int, people.Link]:
    """Return who a Hub's user is here, and what sets the exercise for them."""
    if hub.platform is not None:
        found = people.link_of_learner(db, hub.platform, name, exercise)
        if found is None:
            raise RefusedError("not-found", words.COURSE_FIRST)
        return found
    context_id = people.ensure_context(db, None, people.LOCAL, TITLE)
    link = people.link_of_exercise(db, context_id, exercise)
    if link is None:
        raise RefusedError("not-found", words.NOT_SET)
    person_id = people.ensure_person(db, None, f"hub:{name}", name)
    people.see_member(db, context_id, person_id, ("Learner",))
    return person_id, link


class UnderPrefix:
    """Answers what comes through the Hub's proxy: the API there, and where the pages are.

    The pages have an address of their own: the Hub's is shared with whatever its users serve.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request."""
        hub = self._settings.hub
        path = scope.get("path", "")
        if hub is None or not path.startswith(hub.prefix):
            await self._app(scope, receive, send)
        elif path.startswith(f"{hub.prefix}api/"):
            inner: dict[str, Any] = {
                **scope,
                "path": f"/{path[len(hub.prefix) :]}",
            }
            inner.pop("raw_path", None)
            await self._app(inner, receive, send)
        else:
            await self._elsewhere()(scope, receive, send)

    def _elsewhere(self) -> Response:
        if self._settings.base_url is not None:
            return RedirectResponse(self._settings.base_url, 303)
        said = words.PAGES_ELSEWHERE.format(url=self._settings.url)
        return refusal("not-found", said)


OPERATIONS: Final = [
    Operation(
        method="POST",
        path="/api/v1/hub/session",
        handler=enter_from_hub,
        summary="A session of a JupyterHub's user, for one exercise",
        takes=EnterFromHub,
        shown="hub",
        gives={200: HubSession, 403: Refusal, 404: Refusal},
    ),
]
