"""A platform connects itself by the operator's link: that platform alone, and once."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from grader.service.data import Database
from grader.service.data.platforms import all_platforms
from grader.service.data.tokens import Holder, add_token
from grader.service.lti import names, words
from tests.service.conftest import Served
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import Browser, form_of, sentence_of
from tests.service.platforms.students import RIGHT, Student, wait_for

Open = Callable[[Served], Database]


class Invited:
    """A service whose operator has made a link for a platform."""

    def __init__(self, served: Served, database: Database, host: str) -> None:
        self.served, self.database = served, database
        with database.begin() as db:
            self.key = add_token(
                db, "registration", Holder(label=host), lasts_s=600
            )

    def open(self, configuration: str, **more: str) -> httpx.Response:
        """Open the link as the platform does."""
        asked = {
            "key": self.key,
            "openid_configuration": configuration,
            "registration_token": "once",
            **more,
        }
        return self.served.client.get(f"/lti/register?{urlencode(asked)}")

    def connect(self, page: httpx.Response) -> httpx.Response:
        """Press the button of the page."""
        _, fields = form_of(page.text.replace("<form", '<form action="x"'))
        return self.served.client.post("/lti/register", data=fields)

    def names(self) -> list[str]:
        """Return the platforms that are registered."""
        with self.database.read() as db:
            return [each.name for each in all_platforms(db)]


@pytest.fixture
def invited(other: Platform, serving: Any, database_at: Open) -> Invited:
    """Return a service with a link for the second platform."""
    served = serving()
    host = other.base.removeprefix("http://")
    return Invited(served, database_at(served), host)


def configuration(platform: Platform, **changes: Any) -> str:
    """Return where a platform describes itself."""
    query = urlencode({"changes": json.dumps(changes)})
    return f"{platform.base}/.well-known/openid-configuration?{query}"


def test_a_platform_connects_and_launches(
    other: Platform, invited: Invited, browser: Browser
) -> None:
    """Opened, confirmed and registered: from then on it launches, and takes scores."""
    page = invited.open(configuration(other))
    assert page.status_code == 200
    assert invited.names() == []
    done = invited.connect(page)
    assert done.status_code == 200, sentence_of(done)
    assert invited.names() == [other.base.removeprefix("http://")]
    start = other.start_url("dynamic", user="ada")
    ada = Student(browser, invited.served.url, start)
    ada.hand_in(RIGHT)
    wait_for(lambda: ada.standing()["state"], "sent")
    ada.client.close()


def test_a_link_works_once(other: Platform, invited: Invited) -> None:
    """Used, it connects nobody else."""
    page = invited.open(configuration(other))
    assert invited.connect(page).status_code == 200
    for again in (invited.connect(page), invited.open(configuration(other))):
        assert again.status_code == 410
        assert sentence_of(again) == words.BAD_REGISTRATION


def test_a_key_that_nobody_made_opens_nothing(
    other: Platform, invited: Invited
) -> None:
    """Without the operator's key there is no registration."""
    page = invited.open(configuration(other), key="guessed")
    assert page.status_code == 410


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:22/",
        "https://evil.example/openid-configuration",
        "file:///etc/passwd",
        "",
    ],
)
def test_no_other_host_is_asked(invited: Invited, url: str) -> None:
    """SSRF: the link is for one host, and no address elsewhere is fetched."""
    page = invited.open(url)
    assert sentence_of(page) == words.REGISTRATION_FAILED


@pytest.mark.parametrize(
    "changes",
    [
        {"registration_endpoint": "http://169.254.169.254/"},
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": "http://127.0.0.1:22/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"issuer": "a\x00"},
        {"token_endpoint": 7},
    ],
    ids=str,
)
def test_a_platform_that_points_elsewhere_is_not_connected(
    other: Platform, invited: Invited, changes: dict[str, Any]
) -> None:
    """Its addresses must all be at the host that the operator named; the link stays good."""
    page = invited.open(configuration(other, **changes))
    failed = invited.connect(page)
    assert sentence_of(failed) == words.REGISTRATION_FAILED
    assert invited.names() == []
    assert invited.connect(invited.open(configuration(other))).is_success


@pytest.mark.parametrize(
    ("where", "mode"),
    [
        ("openid-configuration", "nonsense"),
        ("openid-configuration", "404"),
        ("/registrations", "500"),
        ("/registrations", "nonsense"),
        ("/registrations", "huge"),
    ],
)
def test_a_platform_that_fails_can_try_again(
    other: Platform, invited: Invited, where: str, mode: str
) -> None:
    """The link is used up by success alone."""
    page = invited.open(configuration(other))
    other.fault(where, mode)
    assert sentence_of(invited.connect(page)) == words.REGISTRATION_FAILED
    assert invited.connect(page).is_success
    other.works()


def test_what_canvas_reads(invited: Invited) -> None:
    """Canvas's developer key is made of this address: its parts, scopes and placements."""
    url = invited.served.url
    told = invited.served.client.get("/lti/canvas.json").json()
    assert told["oidc_initiation_url"] == f"{url}/lti/login"
    assert told["target_link_uri"] == f"{url}/lti/launch"
    assert told["public_jwk_url"] == f"{url}/lti/jwks"
    assert set(told["scopes"]) == set(names.SCOPES)
    (extension,) = told["extensions"]
    assert extension["platform"] == "canvas.instructure.com"
    placements = extension["settings"]["placements"]
    assert {each["placement"] for each in placements} == {
        "assignment_selection",
        "link_selection",
    }
    for each in placements:
        assert each["message_type"] == names.DEEP_LINKING_REQUEST
