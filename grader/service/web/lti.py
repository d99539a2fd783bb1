"""Launches: a platform's page opens an exercise here, for a person that it has proved.

The login keeps a state, a nonce and a secret; the platform sends a signed launch back; then the
browser proves that it is the one that began, and gets a session. No one way of keeping the secret
works in every browser's frames, so there are three: a partitioned cookie, sessionStorage, and the
platform's own storage (LTI Client Side postMessages). Without any, the person opens a new tab.
"""

import time
from typing import Any, Final
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from grader.service.data import launches
from grader.service.data.launches import Confirmed, Login
from grader.service.data.platforms import (
    Platform,
    find_platform,
    has_deployment,
    platform_of,
)
from grader.service.lti import id_token, words
from grader.service.lti.addresses import is_ours, origin_of
from grader.service.lti.client import NoAnswerError
from grader.service.lti.id_token import UnknownKeyError
from grader.service.lti.launch import Launch, read_launch
from grader.service.lti.registration import Addresses, canvas_configuration
from grader.service.lti.words import LaunchRefusedError
from grader.service.passback.asking import Asking, ensure_keys
from grader.service.web import lti_deep_linking, lti_register
from grader.service.web.launching import Course, enter_course
from grader.service.web.lti_pages import as_page, fields_of, framers, page
from grader.service.web.lti_proof import Confirmation, proof_cookie, take
from grader.service.web.parts import parts_of
from grader.service.web.rosters import read_roster
from grader.service.web.session import open_session, session_answer
from grader.service.web.who import in_thread, read_json, require_own_origin

_TEXT: Final = 4000
"""The most characters of a parameter of a login."""
_KEPT: Final[tuple[str, ...]] = (
    "iss",
    "login_hint",
    "target_link_uri",
    "lti_message_hint",
    "client_id",
    "lti_deployment_id",
)
_OPENID: Final[dict[str, str]] = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
}


def asking_of(request: Request) -> Asking:
    """Return what asks platforms."""
    asking: Asking = request.app.state.asking
    return asking


# --------------------------------------------------------------------------- login


@as_page
async def login(request: Request) -> Response:
    """Begin a login: keep its secret in the browser, and send the person to the platform."""
    given = await fields_of(request)
    parts = parts_of(request)
    asked = _asked(given, parts.settings.url)

    def work() -> tuple[Platform, str, str, str]:
        with parts.database.begin() as db:
            platform = find_platform(db, asked["iss"], asked.get("client_id"))
            if platform is None:
                raise LaunchRefusedError(
                    words.UNKNOWN_PLATFORM,
                    f"issuer {asked['iss']!r} with client id {asked.get('client_id')!r} is not "
                    "registered, or several are: grader serve add-platform",
                )
            launches.drop_old(db, time.time())
            begun = launches.add_login(
                db, platform.id, asked["target_link_uri"], asked, time.time()
            )
            return platform, *begun

    platform, state, nonce, proof = await in_thread(work)
    own = {
        "client_id": platform.client_id,
        "redirect_uri": Addresses(parts.settings.url).launch,
        "state": state,
        "nonce": nonce,
    }
    answer = page(
        title="To your course",
        sentence="One moment.",
        framed_by=framers([platform]),
        script="lti-login.js",
        data={
            "state": state,
            "proof": proof,
            "next": _to_platform(platform, _OPENID | own, asked),
            "storage": _storage(given, platform),
        },
    )
    cookie = proof_cookie(state, proof, launches.LOGIN_S)
    answer.headers.append("Set-Cookie", cookie)
    return answer


def _asked(given: dict[str, str], own: str) -> dict[str, str]:
    """Return what a platform asks for, to begin a login; refuse what is for another service."""
    for name in ("iss", "login_hint", "target_link_uri"):
        if not given.get(name):
            raise LaunchRefusedError(words.MALFORMED, f"a login without {name}")
    asked: dict[str, str] = {
        name: given[name] for name in _KEPT if name in given
    }
    if any(len(value) > _TEXT or "\0" in value for value in asked.values()):
        raise LaunchRefusedError(words.MALFORMED, "a login of a huge size")
    if not is_ours(asked["target_link_uri"], own):
        raise LaunchRefusedError(
            words.NOT_OURS,
            f"target_link_uri {asked['target_link_uri']!r} is not below {own}",
        )
    return asked


def _to_platform(
    platform: Platform, query: dict[str, str], asked: dict[str, str]
) -> str:
    """Return where the platform says who this is; hints go back as they came."""
    hints = {
        name: asked[name]
        for name in ("login_hint", "lti_message_hint")
        if name in asked
    }
    joint = "&" if "?" in platform.authorization_url else "?"
    return f"{platform.authorization_url}{joint}{urlencode(query | hints)}"


# --------------------------------------------------------------------------- launch


@as_page
async def launch(request: Request) -> Response:
    """Take a launch that a platform signed; it opens nothing before the browser proves itself."""
    given = await fields_of(request)
    begun, platform = await _begun(request, given)
    launched = await _verified(request, given["id_token"], begun, platform)
    settings, database = parts_of(request).settings, parts_of(request).database

    def work() -> tuple[str, Confirmed, Course]:
        with database.begin() as db:
            if not has_deployment(db, platform.id, launched.deployment_id):
                raise LaunchRefusedError(
                    words.UNKNOWN_DEPLOYMENT,
                    f"{platform.name}: deployment {launched.deployment_id!r} is not registered: "
                    "grader serve add-platform",
                )
            if not launches.use_login(db, begun):
                raise LaunchRefusedError(words.CLICK_AGAIN, "a replay")
            course = enter_course(db, platform, launched, time.time())
            confirmed = course.confirmed
            code = launches.add_launch(
                db, confirmed, begun.proof_hash, time.time()
            )
            return code, confirmed, course

    code, confirmed, course = await in_thread(work)
    data = {
        "state": begun.state,
        "code": code,
        "again": f"{Addresses(settings.url).login}?{urlencode(begun.request)}",
        "storage": _storage(given, platform),
    }
    if confirmed.kind == "deep-link":
        return await lti_deep_linking.chooser(
            request, platform, confirmed, data
        )
    answer = page(
        title="To your exercise",
        sentence="One moment.",
        framed_by=framers([platform]),
        script="lti-launch.js",
        data={**data, "next": f"/work/{course.exercise}"},
    )
    if launched.role == "Instructor" and course.memberships_url:
        answer.background = BackgroundTask(
            read_roster, asking_of(request), platform, confirmed.context_id
        )
    return answer


async def _begun(
    request: Request, given: dict[str, str]
) -> tuple[Login, Platform]:
    if "error" in given:
        said = f"{given['error']!r}: {given.get('error_description', '')!r}"
        raise LaunchRefusedError(
            words.PLATFORM_REFUSED, f"the platform refused the login: {said}"
        )
    if not given.get("id_token") or not given.get("state"):
        raise LaunchRefusedError(
            words.MALFORMED, "a launch without id_token or state"
        )
    database = parts_of(request).database

    def work() -> tuple[Login, Platform] | None:
        with database.read() as db:
            begun = launches.find_login(db, given["state"], time.time())
            if begun is None:
                return None
            return begun, platform_of(db, begun.platform_id)

    found = await in_thread(work)
    if found is None:
        raise LaunchRefusedError(
            words.CLICK_AGAIN,
            "no login with this state waits: a replay, or late",
        )
    return found


async def _verified(
    request: Request, token: str, begun: Login, platform: Platform
) -> Launch:
    """Return a launch that this platform signed, for this login, just now, and for a page here."""
    try:
        key_id = id_token.key_id_of(token)
        key = await asking_of(request).platform_key(platform, key_id)
        claims = id_token.verified(token, key)
        id_token.require_addressed(
            claims, platform.issuer, platform.client_id, begun.nonce
        )
        id_token.require_timely(claims, time.time())
        launched = read_launch(claims)
    except NoAnswerError as error:
        raise LaunchRefusedError(
            words.PLATFORM_SILENT,
            f"{platform.name}: {platform.jwks_url}: {error}",
            "unavailable",
        ) from error
    except UnknownKeyError as error:
        raise LaunchRefusedError(
            words.NOT_GENUINE, f"{platform.name}: {error}", "unauthorized"
        ) from error
    except LaunchRefusedError as error:
        error.log = f"{platform.name}: {error.log}"
        raise
    own = parts_of(request).settings.url
    target = launched.target_link_uri
    if target is not None and not is_ours(target, own):
        raise LaunchRefusedError(
            words.NOT_OURS,
            f"{platform.name}: target_link_uri {target!r} is not below {own}",
        )
    return launched


# --------------------------------------------------------------------------- confirm


async def confirm(request: Request) -> Response:
    """Trade a code and a proof, each fit for once, for a session."""
    require_own_origin(request)
    given = await read_json(request, Confirmation)
    database = parts_of(request).database

    def work() -> dict[str, Any]:
        with database.begin() as db:
            confirmed = take(db, request, given.code, given.state, given.proof)
            return open_session(
                db,
                confirmed.person_id,
                confirmed.context_id,
                confirmed.roles,
                link_id=confirmed.link_id,
            )

    answer = session_answer(request, await in_thread(work))
    answer.headers.append("Set-Cookie", proof_cookie(given.state, "", 0))
    return answer


def _storage(
    given: dict[str, str], platform: Platform
) -> dict[str, str] | None:
    """Return the frame of the platform that keeps things for tools, and its origin."""
    frame = given.get("lti_storage_target", "")
    origin = origin_of(platform.authorization_url)
    if not frame or len(frame) > _TEXT or origin is None:
        return None
    default = {"https": ":443", "http": ":80"}[origin.partition(":")[0]]
    return {"frame": frame, "origin": origin.removesuffix(default)}


# --------------------------------------------------------------------------- what platforms read


async def jwks(request: Request) -> Response:
    """Answer with the public keys of this tool."""
    database = parts_of(request).database

    def work() -> list[dict[str, Any]]:
        with database.begin() as db:
            return [key.public_jwk for key in ensure_keys(db)]

    keys = await in_thread(work)
    return JSONResponse(
        {"keys": keys}, headers={"Cache-Control": "public, max-age=300"}
    )


async def canvas(request: Request) -> Response:
    """Answer with what Canvas reads to make a developer key."""
    addresses = Addresses(parts_of(request).settings.url)
    return JSONResponse(canvas_configuration(addresses))


ROUTES: Final = [
    Route("/lti/login", login, methods=["GET", "POST"]),
    Route("/lti/launch", launch, methods=["POST"]),
    Route("/lti/confirm", confirm, methods=["POST"]),
    Route("/lti/jwks", jwks),
    Route("/lti/canvas.json", canvas),
    Route("/lti/deep-link", lti_deep_linking.choose, methods=["POST"]),
    Route("/lti/register", lti_register.register, methods=["GET", "POST"]),
]
