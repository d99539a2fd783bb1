"""Dynamic registration: the operator gives a link for one platform, and it connects itself."""

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from grader.service.data import platforms
from grader.service.data.tokens import drop_token, find_token
from grader.service.lti import registration, words
from grader.service.lti.addresses import for_browsers, is_allowed
from grader.service.lti.client import NoAnswerError
from grader.service.lti.registration import Addresses, Registration
from grader.service.lti.words import LaunchRefusedError
from grader.service.web.lti_pages import as_page, fields_of, page
from grader.service.web.parts import parts_of
from grader.service.web.who import in_thread


@as_page
async def register(request: Request) -> Response:
    """Show whom this connects; when that is wanted, register at the platform."""
    given = await fields_of(request)
    key, url = given.get("key", ""), given.get("openid_configuration", "")
    database = parts_of(request).database

    def host_of() -> str | None:
        with database.read() as db:
            who = find_token(db, key, "registration")
            return None if who is None else who.label

    host = await in_thread(host_of)
    if host is None:
        raise LaunchRefusedError(
            words.BAD_REGISTRATION, "a key that is unknown, old or used", "gone"
        )
    origins = registration.origins_of_host(host)
    if not is_allowed(url, origins):
        raise LaunchRefusedError(
            words.REGISTRATION_FAILED,
            f"the link is for {host}, and the configuration is at {url!r}",
        )
    if request.method == "POST":
        return await _register(request, given, host)
    shown = (for_browsers(origin) or "" for origin in sorted(origins))
    return page(
        title=f"Connect with {host}",
        sentence=f"The course platform at {host} can then open exercises of this service.",
        framed_by=" ".join(shown),
        form_action="'self'",
        hidden=[
            ("key", key),
            ("openid_configuration", url),
            ("registration_token", given.get("registration_token", "")),
        ],
        button="Connect",
    )


async def _register(
    request: Request, given: dict[str, str], host: str
) -> Response:
    settings, database = parts_of(request).settings, parts_of(request).database
    try:
        made = await registration.register(
            request.app.state.asking.client,
            Addresses(settings.url),
            given["openid_configuration"],
            given.get("registration_token") or None,
            host,
        )
    except NoAnswerError as error:
        raise LaunchRefusedError(
            words.REGISTRATION_FAILED, f"{host}: {error}", "unavailable"
        ) from error

    def work() -> None:
        with database.begin() as db:
            if not drop_token(db, given["key"]):
                raise LaunchRefusedError(
                    words.BAD_REGISTRATION, "a key that was used", "gone"
                )
            keep(db, made)

    await in_thread(work)
    origins = registration.origins_of_host(host)
    shown = (for_browsers(origin) or "" for origin in sorted(origins))
    return page(
        title="Connected",
        sentence=f"The course platform at {host} is connected. You can close this page.",
        framed_by=" ".join(shown),
        script="lti-connected.js",
    )


def keep(db: Connection, made: Registration) -> int:
    """Keep a platform that this service was registered at, and return its id."""
    configuration = made.configuration
    platform_id = platforms.add_platform(
        db,
        platforms.Registered(
            name=made.name,
            issuer=configuration.issuer,
            client_id=made.client_id,
            kind=made.kind,
            authorization_url=configuration.authorization_endpoint,
            token_url=configuration.token_endpoint,
            token_audience=configuration.authorization_server,
            jwks_url=configuration.jwks_uri,
        ),
    )
    if made.deployment_id is not None:
        platforms.add_deployment(db, platform_id, made.deployment_id)
    return platform_id
