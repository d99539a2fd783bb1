"""How a platform learns of this tool: dynamic registration, and Canvas's JSON address.

LTI Dynamic Registration 1.0 (OpenID Connect Dynamic Client Registration 1.0). The operator gives a
link for one platform's host; opening it there connects that host and no other.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from grader.service.lti import deep_linking, names
from grader.service.lti.addresses import is_allowed, origin_of
from grader.service.lti.client import Answer, Client, NoAnswerError
from grader.service.lti.launch import Id, shown

TITLE: Final = "Coding exercises"
DESCRIPTION: Final = (
    "Exercises in the browser, graded at once, with the reason for each point."
)
CUSTOM: Final[Mapping[str, str]] = {
    "due": deep_linking.DUE,
    "closes": deep_linking.CLOSES,
}
_CANVAS_CUSTOM: Final[Mapping[str, str]] = {
    "due": "$Canvas.assignment.dueAt.iso8601",
    "closes": "$Canvas.assignment.lockAt.iso8601",
}
_Read = TypeVar("_Read")
_PLACEMENTS: Final = ("assignment_selection", "link_selection")


class Addresses(msgspec.Struct, frozen=True):
    """The addresses of this tool, as platforms are given them."""

    base: str

    @property
    def login(self) -> str:
        """Where a launch begins."""
        return f"{self.base}/lti/login"

    @property
    def launch(self) -> str:
        """Where a launch is posted, and what links of exercises point to."""
        return f"{self.base}/lti/launch"

    @property
    def jwks(self) -> str:
        """Where our public keys are."""
        return f"{self.base}/lti/jwks"

    @property
    def host(self) -> str:
        """The host alone."""
        return urlsplit(self.base).hostname or ""


class _PlatformConfiguration(msgspec.Struct, frozen=True):
    product_family_code: str = ""


class Configuration(msgspec.Struct, frozen=True):
    """What a platform publishes about itself (its OpenID configuration)."""

    issuer: Id
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    authorization_server: str | None = None
    platform: _PlatformConfiguration = msgspec.field(
        name=names.PLATFORM_CONFIGURATION,
        default_factory=_PlatformConfiguration,
    )


class _ToolConfiguration(msgspec.Struct, frozen=True):
    deployment_id: Id | None = None


class _Registered(msgspec.Struct, frozen=True):
    client_id: Id
    tool: _ToolConfiguration = msgspec.field(
        name=names.TOOL_CONFIGURATION, default_factory=_ToolConfiguration
    )


class Registration(msgspec.Struct, frozen=True):
    """A platform that this tool is registered at."""

    name: str
    configuration: Configuration
    client_id: str
    deployment_id: str | None

    @property
    def kind(self) -> str:
        """The platform's product, such as `moodle` or `canvas`."""
        return shown(self.configuration.platform.product_family_code).lower()


async def register(
    client: Client,
    addresses: Addresses,
    configuration_url: str,
    token: str | None,
    host: str,
) -> Registration:
    """Register this tool at a platform; `NoAnswerError` where that does not work.

    `host` is the one, with a port where it has one, that the operator gave the link for: all
    addresses of the platform must be there.
    """
    origins = origins_of_host(host)
    answer = await client.get(
        configuration_url, origins, Accept="application/json"
    )
    if not answer.is_success:
        raise NoAnswerError(
            f"answered {answer.status} when asked for its configuration"
        )
    configuration = _read(answer, Configuration)
    _require_there(configuration, origins)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await client.post(
        configuration.registration_endpoint,
        origins,
        msgspec.json.encode(registration_request(addresses)),
        Content_Type="application/json",
        Accept="application/json",
        **headers,
    )
    if not answer.is_success:
        said = answer.body[:200].decode("utf-8", "replace")
        raise NoAnswerError(
            f"answered {answer.status} to the registration, {said!r}"
        )
    registered = _read(answer, _Registered)
    return Registration(
        host,
        configuration,
        registered.client_id,
        registered.tool.deployment_id,
    )


def origins_of_host(host: str) -> frozenset[str]:
    """Return where a host may be asked: over https, or plain http on this machine."""
    found = (origin_of(f"{scheme}://{host}") for scheme in ("https", "http"))
    return frozenset(origin for origin in found if origin)


def registration_request(addresses: Addresses) -> dict[str, Any]:
    """Return what this tool asks a platform for."""
    return {
        "application_type": "web",
        "client_name": TITLE,
        "client_uri": addresses.base,
        "grant_types": ["client_credentials", "implicit"],
        "response_types": ["id_token"],
        "initiate_login_uri": addresses.login,
        "redirect_uris": [addresses.launch],
        "jwks_uri": addresses.jwks,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(names.SCOPES),
        names.TOOL_CONFIGURATION: {
            "domain": addresses.host,
            "description": DESCRIPTION,
            "target_link_uri": addresses.launch,
            "custom_parameters": dict(CUSTOM),
            "claims": ["iss", "sub", "name"],
            "messages": [
                {
                    "type": names.DEEP_LINKING_REQUEST,
                    "target_link_uri": addresses.launch,
                    "label": TITLE,
                },
                {
                    "type": names.RESOURCE_LINK_REQUEST,
                    "target_link_uri": addresses.launch,
                },
            ],
        },
    }


def canvas_configuration(addresses: Addresses) -> dict[str, Any]:
    """Return what Canvas reads from an address to make a developer key.

    Canvas LMS, "Configuring LTI Advantage Tools": `lti_dev_key_config`.
    """
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "oidc_initiation_url": addresses.login,
        "target_link_uri": addresses.launch,
        "public_jwk_url": addresses.jwks,
        "scopes": list(names.SCOPES),
        "custom_fields": dict(_CANVAS_CUSTOM),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": addresses.host,
                "tool_id": "exercise-grader",
                "privacy_level": "name_only",
                "settings": {
                    "text": TITLE,
                    "placements": [
                        {
                            "placement": placement,
                            "message_type": names.DEEP_LINKING_REQUEST,
                            "target_link_uri": addresses.launch,
                            "text": TITLE,
                        }
                        for placement in _PLACEMENTS
                    ],
                },
            }
        ],
    }


def _require_there(
    configuration: Configuration, origins: frozenset[str]
) -> None:
    for url in (
        configuration.authorization_endpoint,
        configuration.token_endpoint,
        configuration.jwks_uri,
        configuration.registration_endpoint,
    ):
        if not is_allowed(url, origins):
            raise NoAnswerError(
                f"its configuration names {url[:200]!r}, which is at another host"
            )


def _read(answer: Answer, kind: type[_Read]) -> _Read:
    try:
        return msgspec.convert(answer.json(), kind)
    except msgspec.ValidationError as error:
        raise NoAnswerError(f"answered nonsense: {error}") from error
