"""Launches that must open nothing: one sentence for the person, a line for the operator."""

import base64
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from grader.service.lti import names, words
from grader.service.passback.asking import FETCHES
from tests.service.platforms.conftest import Course
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import (
    Browser,
    data_of,
    sentence_of,
)

NewBrowser = Callable[[], Browser]


@pytest.fixture
def shared(other_course: Course) -> Course:
    """Return a course that these launches fail at."""
    return other_course


def refused(
    course: Course, browser: Browser, sentence: str, **asked: str
) -> None:
    """Launch, and be refused with this sentence; no session comes of it."""
    page = browser.launch(course.start(**asked))
    assert page.status_code >= 400, page.text
    assert sentence_of(page) == sentence
    assert "no-store" in page.headers["Cache-Control"]


def claims(**changes: Any) -> str:
    """Return changes of claims as a test tells them to the platform."""
    return json.dumps(changes)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"skew": "-400"}, words.CLICK_AGAIN),
        ({"skew": "90"}, words.CLOCK),
        ({"exercise": ""}, words.NO_EXERCISE),
        ({"exercise": "no-such"}, words.UNKNOWN_EXERCISE),
        ({"exercise": "../../etc"}, words.UNKNOWN_EXERCISE),
        ({"claims": claims(iss="https://evil.example")}, words.NOT_GENUINE),
        ({"claims": claims(aud="another")}, words.NOT_GENUINE),
        ({"claims": claims(azp="another")}, words.NOT_GENUINE),
        ({"claims": claims(sub=None)}, words.NO_PERSON),
        ({"claims": claims(sub="a\x00b")}, words.MALFORMED),
        (
            {"claims": claims(**{names.DEPLOYMENT_ID: "d2"})},
            words.UNKNOWN_DEPLOYMENT,
        ),
        ({"claims": claims(**{names.VERSION_CLAIM: "1.1"})}, words.MALFORMED),
        ({"claims": claims(**{names.MESSAGE_TYPE: "x"})}, words.MALFORMED),
        (
            {
                "claims": claims(
                    **{names.TARGET_LINK_URI: "https://evil.example/lti/launch"}
                )
            },
            words.NOT_OURS,
        ),
        ({"deep": "1", "role": "student"}, words.ONLY_TEACHERS),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_launch_is_refused(
    shared: Course, browser: Browser, asked: dict[str, str], sentence: str
) -> None:
    """Expired, early, forged, for others, of unknown places: each has its sentence."""
    refused(shared, browser, sentence, **asked)


def test_a_clock_may_be_a_minute_off(shared: Course, browser: Browser) -> None:
    """50 s ahead opens the exercise; the library's tokens last five minutes the other way."""
    assert browser.enter(shared.start(skew="50"))["token"]
    assert browser.enter(shared.start(skew="-340"))["token"]


def test_a_replay_opens_nothing(
    shared: Course, browser: Browser, new_browser: NewBrowser
) -> None:
    """The same launch again, from the same browser or another, says: click the link again."""
    login = browser.begin(shared.start(user="ada"))
    address, fields = browser.to_form(login)
    first = browser.client.post(address, data=fields)
    assert browser.confirm(first).status_code == 200
    for again in (browser, new_browser()):
        page = again.client.post(address, data=fields)
        assert page.status_code == 400
        assert sentence_of(page) == words.CLICK_AGAIN
    assert browser.confirm(first).status_code == 410


def test_a_stolen_launch_opens_nothing(
    shared: Course, browser: Browser, new_browser: NewBrowser
) -> None:
    """Login CSRF: a launch that another browser began is not confirmed by this one."""
    address, fields = browser.to_form(browser.begin(shared.start(user="eve")))
    victim = new_browser()
    page = victim.client.post(address, data=fields)
    answer = victim.confirm(page)
    assert answer.status_code == 403
    assert answer.json()["error"] == words.NEW_TAB
    guessed = victim.confirm(page, proof=secrets.token_urlsafe(24))
    assert guessed.status_code == 403
    # Who began it can still go on: nothing was used up.
    assert browser.confirm(page).status_code == 200


def test_another_site_confirms_nothing(
    shared: Course, browser: Browser
) -> None:
    """A page elsewhere cannot trade a code, even with the proof."""
    page = browser.launch(shared.start(user="ada"))
    data = data_of(page)
    body = {
        "code": data["code"],
        "state": data["state"],
        "proof": browser.kept[data["state"]],
    }
    answer = browser.client.post(
        f"{shared.served.url}/lti/confirm",
        json=body,
        headers={"Origin": shared.platform.base},
    )
    assert answer.status_code == 403


def test_a_cookie_is_proof_enough(shared: Course, browser: Browser) -> None:
    """Without sessionStorage, the partitioned cookie of the login proves the browser."""
    login = browser.begin(shared.start(user="ada"))
    cookie = login.headers["Set-Cookie"]
    for part in (
        "Secure",
        "HttpOnly",
        "SameSite=None",
        "Partitioned",
        "Path=/",
    ):
        assert f"; {part}" in cookie
    assert cookie.startswith("__Host-lti-")
    address, fields = browser.to_form(login)
    page = browser.client.post(address, data=fields)
    name, _, value = cookie.partition(";")[0].partition("=")
    answer = browser.client.post(
        f"{shared.served.url}/lti/confirm",
        json={"code": data_of(page)["code"], "state": data_of(page)["state"]},
        headers={"Cookie": f"{name}={value}"},
    )
    assert answer.status_code == 200, answer.text


def test_the_platform_refuses(shared: Course, browser: Browser) -> None:
    """An error instead of a token is told as what it is."""
    page = browser.client.post(
        f"{shared.served.url}/lti/launch",
        data={"error": "login_required", "error_description": "<b>x</b>\r\n"},
    )
    assert sentence_of(page) == words.PLATFORM_REFUSED


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, words.MALFORMED),
        ({"id_token": "x"}, words.MALFORMED),
        ({"id_token": "x", "state": "unknown"}, words.CLICK_AGAIN),
        ({"id_token": "x", "state": "\x00"}, words.CLICK_AGAIN),
        ({"id_token": "x", "state": ["a", "b"]}, words.MALFORMED),
        ({"id_token": "x" * 300_000, "state": "a"}, words.MALFORMED),
        ({str(number): "" for number in range(200)}, words.MALFORMED),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_form_that_is_no_launch(
    shared: Course, browser: Browser, form: dict[str, Any], sentence: str
) -> None:
    """Whatever is posted, it is one sentence."""
    page = browser.client.post(f"{shared.served.url}/lti/launch", data=form)
    assert 400 <= page.status_code < 500
    assert sentence_of(page) == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"iss": "https://evil.example"}, words.UNKNOWN_PLATFORM),
        ({"client_id": "another"}, words.UNKNOWN_PLATFORM),
        ({"iss": ""}, words.MALFORMED),
        ({"login_hint": ""}, words.MALFORMED),
        ({"login_hint": "x" * 9000}, words.MALFORMED),
        ({"login_hint": "a\x00"}, words.MALFORMED),
        ({"target_link_uri": "https://evil.example/"}, words.NOT_OURS),
        ({"target_link_uri": "//evil.example/"}, words.NOT_OURS),
        ({"target_link_uri": "javascript:alert(1)"}, words.NOT_OURS),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_login_is_refused(
    shared: Course, browser: Browser, changes: dict[str, str], sentence: str
) -> None:
    """Of an unknown platform, without what is needed, or to another place: it begins nothing."""
    start = browser.client.get(shared.start())
    query = parse_qs(urlsplit(start.headers["Location"]).query)
    asked = {name: value[0] for name, value in query.items()} | changes
    for answer in (
        browser.client.get(f"{shared.served.url}/lti/login", params=asked),
        browser.client.post(f"{shared.served.url}/lti/login", data=asked),
    ):
        assert answer.status_code == 400
        assert sentence_of(answer) == sentence
        assert "Set-Cookie" not in answer.headers
        assert "Location" not in answer.headers


def test_an_unsigned_change_is_noticed(
    shared: Course, browser: Browser
) -> None:
    """One letter of the token changed, and it proves nothing."""
    address, fields = browser.to_form(browser.begin(shared.start()))
    head, body, signature = fields["id_token"].split(".")
    letter = "A" if body[40] != "A" else "B"
    forged = ".".join((head, body[:40] + letter + body[41:], signature))
    page = browser.client.post(address, data={**fields, "id_token": forged})
    assert page.status_code == 401
    assert sentence_of(page) == words.NOT_GENUINE
    # The login waits still, for the real one.
    page = browser.client.post(address, data=fields)
    assert browser.confirm(page).status_code == 200


@pytest.mark.parametrize("mode", ["500", "nonsense", "huge", "redirect", "404"])
def test_a_platform_without_its_keys(
    other: Platform, serving: Any, browser: Browser, mode: str
) -> None:
    """A platform that does not say which keys it has: try again in a minute, and then it works."""
    course = Course(other, serving())
    other.fault("/jwks", mode, 1)
    refused(course, browser, words.PLATFORM_SILENT)
    assert browser.enter(course.start())["token"]
    said = course.served.end()
    assert "/lti/launch: refused" in said
    assert "/jwks" in said


def test_a_platform_that_rotated_its_key(
    course: Course, browser: Browser
) -> None:
    """An unknown key lets the platform's keys be fetched anew, once in a while."""
    assert browser.enter(course.start())["token"]
    course.platform.rotate(course.tool)
    assert browser.enter(course.start())["token"]


def test_hostile_names_act_nowhere(
    other: Platform, serving: Any, browser: Browser
) -> None:
    """HTML, line ends and NUL in names and titles are shown as text, cut, logged on one line."""
    course = Course(other, serving())
    name = "<script>alert(1)</script>\r\nSet-Cookie: a=b\x00\u202e::error::"
    asked = {
        "name": name,
        "title": name * 50,
        "link_title": name,
        "link": "<b>'\";--",
        "context": "<i>'\";--",
        "user": "<u>'\";--",
    }
    session = browser.enter(course.start(**asked))
    for shown in (
        session["person"]["name"],
        session["context"]["title"],
        session["links"][0]["title"],
    ):
        assert len(shown) <= 200
        assert shown.isprintable()
    refused(course, browser, words.UNKNOWN_EXERCISE, exercise=name)
    said = course.served.end()
    assert "\nSet-Cookie" not in said
    assert "\x00" not in said


def test_a_grade_book_elsewhere_is_not_asked(
    other: Platform, serving: Any, browser: Browser
) -> None:
    """SSRF: services at a host that is not registered are not used, and the operator reads why."""
    course = Course(other, serving())
    endpoint = {
        "scope": [names.SCOPE_SCORE, names.SCOPE_LINE_ITEM],
        "lineitem": "http://169.254.169.254/latest/meta-data",
        "lineitems": "http://127.0.0.1:22/",
    }
    members = {"context_memberships_url": "https://internal.example/"}
    changes = {names.ENDPOINT: endpoint, names.NAMES_AND_ROLES: members}
    asked = {"role": "staff", "claims": claims(**changes)}
    assert browser.enter(course.start(**asked))["token"]
    said = course.served.end()
    for host in ("169.254.169.254", "127.0.0.1:22", "internal.example"):
        assert host in said


def test_a_link_changes_its_exercise_only_before_it_is_used(
    shared: Course, enrol: Any, browser: Browser
) -> None:
    """Points for one exercise never count as points for another."""
    link = secrets.token_hex(4)
    first = browser.enter(shared.start(link=link, exercise="softmax"))
    ada = enrol(shared, user="ada", link=link)
    assert ada.session["link"] == first["link"]
    ada.hand_in("def convolve(image, kernel):\n    return image\n")
    refused(
        shared, browser, words.OTHER_EXERCISE, link=link, exercise="softmax"
    )


def test_no_course_sees_another(shared: Course, enrol: Any) -> None:
    """A teacher of one course reaches nothing of another, with ids that they know."""
    ada = enrol(shared, user="ada", context="one", link="in-one")
    ada.hand_in("def convolve(image, kernel):\n    return image\n")
    eve = enrol(shared, user="eve", context="two", link="in-two", role="staff")
    link, context = ada.session["link"], ada.session["context"]["key"]
    for path in (
        f"/api/v1/work/{link}",
        f"/api/v1/class/{context}",
        f"/api/v1/class/{context}.csv",
    ):
        assert eve.client.get(path).status_code == 404, path
    again = eve.client.post(f"/api/v1/class/{link}/send-again")
    assert again.status_code == 404
    # The same ids in another course are another course.
    assert eve.session["context"]["key"] != context


def test_our_pages_are_framed_by_the_platform_alone(
    serving: Any, other: Platform, browser: Browser
) -> None:
    """The login, the launch and the exercise may be shown by registered platforms, and no other."""
    alone = Course(other, serving())
    login = browser.begin(alone.start())
    address, fields = browser.to_form(login)
    launched = browser.client.post(address, data=fields)
    work = browser.client.get(f"{alone.served.url}{data_of(launched)['next']}")
    for page in (login, launched, work):
        policy = page.headers["Content-Security-Policy"]
        ancestors = policy.partition("frame-ancestors ")[2]
        assert ancestors.split() == ["'self'", other.base]


def test_the_public_keys_have_no_private_half(shared: Course) -> None:
    """What platforms read to prove us has nothing with which somebody could be us."""
    answer = shared.served.client.get("/lti/jwks")
    keys = answer.json()["keys"]
    assert len(keys) == 2
    for key in keys:
        assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}


def test_a_stranger_cannot_make_us_ask_without_end(
    other_course: Course, browser: Browser
) -> None:
    """Tokens that name keys which nobody has let the platform's keys be fetched a few times."""
    before = other_course.platform.read("/asked").get("/jwks", 0)
    begun = time.monotonic()
    address, fields = browser.to_form(browser.begin(other_course.start()))
    body, signature = fields["id_token"].split(".")[1:]
    for number in range(20):
        head = {"alg": "RS256", "kid": f"none-{number}"}
        named = base64.urlsafe_b64encode(json.dumps(head).encode()).decode()
        forged = ".".join((named.rstrip("="), body, signature))
        page = browser.client.post(address, data={**fields, "id_token": forged})
        assert sentence_of(page) == words.NOT_GENUINE
    asked = other_course.platform.read("/asked")["/jwks"] - before
    # So many a minute; a machine that takes longer for these has some more.
    minutes = 1 + int((time.monotonic() - begun) / 60)
    assert FETCHES <= asked <= FETCHES * minutes
