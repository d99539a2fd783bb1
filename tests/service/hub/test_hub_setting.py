"""The service of a Hub: how it is started, and what a Hub that fails means for a person."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.service import words
from grader.service.data import Database, people
from grader.service.data.tokens import Role
from tests.ports import free_port
from tests.service.conftest import SOLUTIONS
from tests.service.people import someone
from tests.service.platforms.conftest import register

STARTED = {
    "JUPYTERHUB_SERVICE_NAME": "grader",
    "JUPYTERHUB_SERVICE_PREFIX": "/services/grader/",
}


def start(*options: str, **environment: str) -> tuple[int, str]:
    """Start a service that is refused; return the exit code and what is said."""
    done = subprocess.run(
        [sys.executable, "-m", "grader", "serve", "--port", "0", *options],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    return done.returncode, done.stderr


def test_what_cannot_be_a_hubs_service_is_one_line(tmp_path: Path) -> None:
    """Without a Hub, and with a platform that is not there, it does not start."""
    code, said = start("--data", str(tmp_path), "--hub")
    assert (code, said.count("\n")) == (2, 1)
    assert "no JupyterHub has started this" in said
    code, said = start("--data", str(tmp_path), "--hub-platform", "Moodle")
    assert (code, said) == (2, "grader: --hub-platform: give --hub, too\n")
    options = ["--data", str(tmp_path), "--hub", "--hub-platform", "Moodle"]
    options += ["--solutions", str(SOLUTIONS)]
    api = "http://127.0.0.1:1/hub/api"
    code, said = start(*options, **STARTED, JUPYTERHUB_API_URL=api)
    assert (code, said.count("\n")) == (2, 1)
    assert "there is no such platform" in said


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Answer every request like this, and return the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def ask(served: Any, token: str = "0" * 32) -> tuple[int, str]:
    """Show a token; return what is refused, and in which sentence."""
    answer = httpx.post(
        f"{served.url}/api/v1/hub/session",
        headers={"Authorization": f"token {token}"},
        json={"exercise": "convolution"},
        timeout=120,
    )
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (302, b""),
        (200, b"[]"),
        (200, b"<p>"),
        (200, b'{"kind": "user", "name": 1, "scopes": []}'),
    ],
)
def test_a_hub_that_answers_nonsense_is_one_sentence(
    serving: Any, status: int, body: bytes
) -> None:
    """Nobody comes in, and the log says what the Hub answered, without the token."""
    with answering(status, body) as url:
        served = serving("--hub", **STARTED, JUPYTERHUB_API_URL=url)
        assert ask(served) == (503, words.HUB_SILENT)
        said = served.end()
    assert f"the JupyterHub answered {status}" in said
    assert "0" * 32 not in said


def test_a_hub_that_is_down_is_one_sentence(serving: Any) -> None:
    """A Hub that is being started again costs nothing but a minute."""
    api = f"http://127.0.0.1:{free_port()}"
    served = serving("--hub", **STARTED, JUPYTERHUB_API_URL=api)
    assert ask(served) == (503, words.HUB_SILENT)
    assert "the JupyterHub: no answer" in served.end()


@pytest.mark.parametrize("name", ["", "a\\nb", "x" * 256])
def test_a_name_that_cannot_be_kept_is_refused(serving: Any, name: str) -> None:
    """What a Hub calls a user is text to show."""
    body = (
        f'{{"kind": "user", "name": "{name}", "scopes": ["access:services"]}}'
    )
    with answering(200, body.encode()) as url:
        served = serving("--hub", **STARTED, JUPYTERHUB_API_URL=url)
        assert ask(served) == (401, words.NOT_OF_THE_HUB)


def test_without_a_hub_nobody_is_asked(serving: Any) -> None:
    """A service of its own has no such users."""
    assert ask(serving()) == (404, words.NO_HUB)


def test_a_score_goes_to_the_course_where_the_student_was_last(
    database: Database,
) -> None:
    """Of two courses the later one; a teacher of a course is no student of it."""
    registration = dict.fromkeys(
        ("issuer", "client_id", "authorization_url", "token_url", "jwks_url"),
        "https://lms.example",
    )
    with database.begin() as db:
        register(db, {**registration, "deployment_id": "1"}, name="Moodle")
        platform_id = 1
        ada = people.ensure_person(db, platform_id, "ada")
        links = []
        roles: list[tuple[str, Role]] = [
            ("a", "Learner"),
            ("b", "Learner"),
            ("c", "Instructor"),
        ]
        for course, role in roles:
            context_id = people.ensure_context(db, platform_id, course, course)
            people.see_member(db, context_id, ada, (role,))
            links.append(
                people.ensure_link(
                    db, context_id, "1", "convolution", "Convolution", 4.0
                )
            )
        found = people.link_of_learner(db, "Moodle", "ada", "convolution")
        assert found is not None
        assert (found[0], found[1].id) == (ada, links[1])
        for asked in (
            ("Canvas", "ada", "convolution"),
            ("Moodle", "bob", "convolution"),
            ("Moodle", "ada", "softmax"),
        ):
            assert people.link_of_learner(db, *asked) is None
    # Somebody of the same name who came from no platform is somebody else.
    with database.begin() as db:
        local = people.ensure_context(db, None, people.LOCAL, "Exercises")
    someone(database, local, name="ada")
    with database.read() as db:
        found = people.link_of_learner(db, "Moodle", "ada", "convolution")
    assert found is not None
    assert found[0] == ada
