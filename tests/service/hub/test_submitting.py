"""`%grade submit` on a JupyterHub, with the service as a service of the Hub."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from grader.service import words
from grader.service.data import open_database
from grader.service.data.migrate import migrate
from grader.service.data.schema import person, submission
from tests.ports import free_port
from tests.service.hub.conftest import Hub, User
from tests.service.people import RIGHT, WRONG
from tests.service.platforms.conftest import register
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import Browser
from tests.service.platforms.students import Student

LOAD = "%load_ext grader"
SUBMIT = "%grade submit"
TOKEN = "import os; secret = os.environ['JUPYTERHUB_API_TOKEN']"


def said(outputs: list[dict[str, Any]]) -> str:
    """Return all text of outputs."""
    return "\n".join(
        each.get("text")
        or each.get("data", {}).get("text/plain")
        or "\n".join(each.get("traceback", []))
        for each in outputs
    )


def handed_in(hub: Hub, sub: str) -> list[str]:
    """Return the names of the files that somebody has handed in."""
    with (
        contextlib.closing(
            open_database(f"sqlite:///{hub.data}/service.sqlite")
        ) as database,
        database.read() as db,
    ):
        found = (
            sa.select(submission.c.name)
            .join(person, person.c.id == submission.c.person_id)
            .where(person.c.sub == sub)
            .order_by(submission.c.id)
        )
        return list(db.execute(found).scalars())


def test_a_notebook_is_handed_in_as_the_hubs_user(hub: Hub) -> None:
    """The cell shows the cards and the score, and the token is nowhere."""
    ada = hub.user("ada")
    cells = (LOAD, WRONG, SUBMIT)
    ada.save("homework.ipynb", *cells)
    outputs = ada.run("homework.ipynb", *cells)
    assert "Handed in. Your best: " in said(outputs)
    assert "of 4." in said(outputs)
    (html,) = [
        each["data"]["text/html"]
        for each in outputs
        if "text/html" in each.get("data", {})
    ]
    assert "exg" in html
    assert handed_in(hub, "hub:ada") == ["homework.ipynb"]
    # The next attempt may be a file that is named, for an exercise that is named.
    right = (RIGHT, TOKEN, f"{SUBMIT} better.ipynb convolution")
    ada.save("better.ipynb", *right)
    outputs = ada.run("homework.ipynb", LOAD, *right, "print(secret)")
    (secret,) = re.findall(r"^[0-9a-f]{32,}$", said(outputs), re.MULTILINE)
    assert "Your best: 4 of 4." in said(outputs)
    assert handed_in(hub, "hub:ada") == ["homework.ipynb", "better.ipynb"]
    assert said(outputs).count(secret) == 1
    assert secret not in hub.said()


def test_a_notebook_that_is_not_saved_is_not_handed_in(hub: Hub) -> None:
    """What was run and is not in the file is told, and the file is not sent."""
    bob = hub.user("bob")
    bob.save("homework.ipynb", LOAD, WRONG, SUBMIT)
    outputs = bob.run("homework.ipynb", LOAD, RIGHT, SUBMIT)
    assert "The notebook is not saved" in said(outputs)
    bob.save("homework.ipynb", LOAD, RIGHT)
    outputs = bob.run("homework.ipynb", LOAD, RIGHT, SUBMIT)
    assert "The notebook is not saved" in said(outputs)
    assert handed_in(hub, "hub:bob") == []


@pytest.fixture(scope="module")
def eve(hub: Hub) -> User:
    """Return a user who needs no server."""
    return hub.user("eve", serving=False)


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Return what is refused, and in which sentence."""
    return answer.status_code, answer.json()["error"]


def test_a_token_for_this_service_stands_for_its_user(
    hub: Hub, eve: User
) -> None:
    """It is good until the Hub has revoked it, for the exercises that are set."""
    token = eve.token("access:services!service=grader")
    answer = hub.enter(token)
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "eve"
    assert refused(hub.enter(token, "nothing")) == (404, words.NOT_SET)
    path = f"/hub/api/users/{eve.name}/tokens"
    for each in hub.client.get(path).json()["api_tokens"]:
        hub.client.delete(f"{path}/{each['id']}")
    assert refused(hub.enter(token)) == (401, words.NOT_OF_THE_HUB)


def test_a_token_for_something_else_is_refused(hub: Hub, eve: User) -> None:
    """Another service cannot hand in with a token that a user has given it."""
    token = eve.token("read:users:activity!user=eve")
    assert refused(hub.enter(token)) == (403, words.HUB_SCOPE)


def test_who_is_no_user_is_refused(hub: Hub) -> None:
    """Neither a service of the Hub nor a made-up token stands for anybody."""
    for token in (hub.token, "0" * 32, "x" * 5000):
        assert refused(hub.enter(token)) == (401, words.NOT_OF_THE_HUB)


@pytest.mark.parametrize("path", ["", "metrics", "work/convolution", "enter"])
def test_through_the_proxy_there_is_the_api_alone(hub: Hub, path: str) -> None:
    """The Hub's address is shared with its users' pages, so ours are not there."""
    answer = httpx.get(f"{hub.url}/services/grader/{path}", timeout=120)
    assert answer.status_code == 404
    assert hub.service_url in answer.json()["error"]
    described = httpx.get(
        f"{hub.url}/services/grader/api/v1/openapi.json", timeout=120
    )
    assert "/api/v1/hub/session" in described.json()["paths"]


@pytest.fixture(scope="module")
def moodle() -> Iterator[Platform]:
    """Return a course platform."""
    running = Platform("other.py")
    yield running
    running.end()


def test_the_score_arrives_in_the_course_platform(
    moodle: Platform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where the Hub's names are the platform's ids, a notebook's score goes there."""
    folder = tmp_path_factory.mktemp("hub")
    port = free_port()
    registration = moodle.register(f"http://127.0.0.1:{port}")
    (folder / "service").mkdir()
    url = f"sqlite:///{folder}/service/service.sqlite"
    with contextlib.closing(open_database(url)) as database:
        migrate(database)
        with database.begin() as db:
            register(db, registration, name="Moodle")
    hub = Hub(folder, "--hub-platform", "Moodle", service_port=port)
    browser = Browser()
    tool = registration["tool"]
    try:
        cy = hub.user("cy")
        cells = (LOAD, RIGHT, SUBMIT)
        cy.save("homework.ipynb", *cells)
        outputs = cy.run("homework.ipynb", *cells)
        assert words.COURSE_FIRST in said(outputs)
        came = Student(
            browser, hub.service_url, moodle.start_url(tool, user="cy")
        )
        came.client.close()
        outputs = cy.run("homework.ipynb", *cells)
        assert "Your best: 4 of 4, which arrived in Moodle at" in said(outputs)
        scores = moodle.read("/gradebook", tool=tool)["scores"]
        assert [(each["user"], each["score"]) for each in scores] == [
            ("cy", 4.0)
        ]
    finally:
        browser.client.close()
        hub.end()
