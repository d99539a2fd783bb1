"""A teacher chooses exercises, and platforms that others wrote make links of them."""

import json
from typing import Any

import httpx
import pytest

from grader.service.lti import names, words
from tests.service.platforms.conftest import Course
from tests.service.platforms.launching import Browser, data_of, sentence_of


def choose(
    browser: Browser, page: httpx.Response, *exercises: str, **changes: Any
) -> httpx.Response:
    """Choose exercises, as the script of the page does."""
    data = data_of(page)
    body = {
        "code": data["code"],
        "state": data["state"],
        "proof": browser.kept[data["state"]],
        "exercises": exercises,
        **changes,
    }
    url = str(page.url.copy_with(path="/lti/deep-link", query=None))
    return browser.client.post(url, json=body)


def test_the_platform_takes_what_was_chosen(
    course: Course, browser: Browser
) -> None:
    """Both platforms' own code accepts the answer, its signature and its items."""
    asked = {"user": "eve", "role": "staff", "deep": "1"}
    if course.platform.script == "edx.py":
        asked["role"] = "instructor"
    page = browser.launch(course.start(**asked))
    assert page.status_code == 200, page.text
    assert 'value="convolution"' in page.text
    told = choose(browser, page, "softmax").json()
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action {course.platform.base};" in policy
    taken = browser.client.post(told["return_url"], data={"JWT": told["jwt"]})
    assert taken.status_code == 200, taken.text
    if course.platform.script == "edx.py":
        return
    (item,) = course.platform.read("/chosen", tool=course.tool)["chosen"]
    assert item["type"] == "ltiResourceLink"
    assert item["custom"]["exercise"] == "softmax"
    assert item["lineItem"]["resourceId"] == "softmax"
    assert item["lineItem"]["scoreMaximum"] > 0
    assert item["url"] == f"{course.served.url}/lti/launch"


def test_a_chosen_link_opens_its_exercise(
    other_course: Course, browser: Browser
) -> None:
    """What deep linking brought is what the link's launches have: round it goes."""
    course = other_course
    asked = {"user": "eve", "role": "staff", "deep": "1", "data": "kept-data"}
    page = browser.launch(course.start(**asked))
    told = choose(browser, page, "softmax", "convolution").json()
    browser.client.post(told["return_url"], data={"JWT": told["jwt"]})
    chosen = course.platform.read("/chosen", tool=course.tool)["chosen"]
    assert len(chosen) == 2
    for item in chosen:
        name = item["custom"]["exercise"]
        custom = {
            **item["custom"],
            "due": "2030-01-01T00:00:00Z",
            "closes": "$ResourceLink.available.endDateTime",
        }
        session = browser.enter(
            course.start(
                link=name, exercise=name, custom=json.dumps(custom), user="ada"
            )
        )
        (link,) = [
            each for each in session["links"] if each["key"] == session["link"]
        ]
        assert link["exercise"] == name
        assert link["due_at"] == 1893456000.0
        assert link["closes_at"] is None


def test_a_choice_is_made_once_by_who_began(
    other_course: Course, browser: Browser
) -> None:
    """Another browser, no proof, nothing chosen, unknown names and a second time: refused."""
    course = other_course
    page = browser.launch(course.start(user="eve", role="staff", deep="1"))
    for exercises in ((), ("no-such",), ("softmax", "../x")):
        refused = choose(browser, page, *exercises)
        assert refused.json()["error"] == words.CHOOSE_ONE
    stolen = choose(browser, page, "softmax", proof="guessed")
    assert stolen.status_code == 403
    assert choose(browser, page, "softmax").status_code == 200
    assert choose(browser, page, "softmax").status_code == 410


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/return",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://evil.example/; script-src *",
    ],
)
def test_the_answer_goes_to_the_platform_alone(
    other_course: Course, browser: Browser, url: str
) -> None:
    """A return address elsewhere gets nothing: there is no open redirect."""
    course = other_course
    settings = {"deep_link_return_url": url, "accept_types": []}
    claims = {
        names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST,
        names.DEEP_LINKING_SETTINGS: settings,
    }
    page = browser.launch(
        course.start(user="eve", role="staff", claims=json.dumps(claims))
    )
    assert page.status_code == 400
    assert sentence_of(page) == words.MALFORMED


def test_a_platform_that_takes_one_gets_one(
    other_course: Course, browser: Browser
) -> None:
    """Where several are not accepted, the page lets choose one, and so does the answer."""
    course = other_course
    settings = {
        "deep_link_return_url": f"{course.platform.base}/deep/{course.tool}"
    }
    claims = {
        names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST,
        names.DEEP_LINKING_SETTINGS: settings,
    }
    page = browser.launch(
        course.start(user="eve", role="staff", claims=json.dumps(claims))
    )
    assert 'type="radio"' in page.text
    assert choose(browser, page, "softmax", "convolution").status_code == 400
    # The launch is not used up by a mistake.
    assert choose(browser, page, "softmax").status_code == 200
