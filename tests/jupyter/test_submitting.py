"""`%grade submit` where nothing comes of it: one sentence below the cell, and no token in it."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TOKEN = "5ec2e7" * 6
SESSION = json.dumps({"token": "t", "link": "l", "name": "ada"}).encode()


class Answering:
    """A server that gives each path an answer, and keeps what was sent."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.sent: list[tuple[str, str, bytes]] = []
        answering = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shown = self.headers["Authorization"]
                answering.sent.append((self.path, shown, body))
                self.do_GET()

            def do_GET(self) -> None:
                status, body = answering.answers.get(self.path, (404, b""))
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever).start()


@pytest.fixture
def service() -> Iterator[Answering]:
    """Return a server that stands where the service should be."""
    made = Answering()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def submit(kernel: Any, tmp_path: Path) -> Callable[..., str]:
    """Return what runs `%grade submit` with an environment, and returns what it says."""
    kernel.run("%load_ext grader\nimport os")
    (tmp_path / "work.py").write_text("def convolve(a, b): return a\n")

    def run(line: str = "submit work.py", **environment: str) -> str:
        for name in (
            "GRADER_SERVICE_URL",
            "JUPYTERHUB_API_TOKEN",
            "JPY_SESSION_NAME",
        ):
            value = environment.get(name)
            kernel.run(
                f"os.environ.pop({name!r}, None)"
                if value is None
                else f"os.environ[{name!r}] = {value!r}"
            )
        said: str = kernel.say(f"%grade {line}")
        assert TOKEN not in said
        return said.strip()

    return run


def test_nowhere_to_hand_in_is_told(submit: Callable[..., str]) -> None:
    """Neither a Hub, nor a service, nor one that answers: each is a sentence."""
    assert "this is not a server of a JupyterHub" in submit()
    here = {"JUPYTERHUB_API_TOKEN": TOKEN}
    for url in ("", "grader", "file:///etc/passwd"):
        said = submit(GRADER_SERVICE_URL=url, **here)
        assert "there is no address of a grader" in said
    for url in ("http://127.0.0.1:1", "http://[", "http://127.0.0.1:x"):
        said = submit(GRADER_SERVICE_URL=url, **here)
        assert "cannot be reached" in said or "no address of a grader" in said
        assert "\n" not in said


def test_no_file_to_hand_in_is_told(
    submit: Callable[..., str], service: Answering, tmp_path: Path
) -> None:
    """A name that is not known, a file that is not there, and one that is no notebook."""
    here = {
        "JUPYTERHUB_API_TOKEN": TOKEN,
        "GRADER_SERVICE_URL": service.url,
    }
    assert "Write its name: %grade submit NAME.ipynb" in submit(
        "submit", **here
    )
    assert "nothing.py: " in submit("submit nothing.py", **here)
    (tmp_path / "odd.ipynb").write_text('{"cells": [7]}')
    said = submit(
        "submit", JPY_SESSION_NAME=str(tmp_path / "odd.ipynb"), **here
    )
    assert "none that Jupyter has saved" in said
    (tmp_path / "large.ipynb").write_bytes(b"x" * (5 * 2**20 + 1))
    assert "large.ipynb: " in submit("submit large.ipynb", **here)
    for line in ("", "hand in", "submit a.py b.py", "submit one two"):
        assert "Write %grade submit" in submit(line, **here)
    assert service.sent == []


def test_what_the_service_refuses_is_its_own_sentence(
    submit: Callable[..., str], service: Answering
) -> None:
    """A refusal is told as it is; what is no service, by its status; nonsense as that."""
    here = {
        "JUPYTERHUB_API_TOKEN": TOKEN,
        "GRADER_SERVICE_URL": f"{service.url}/",
    }
    path = "/api/v1/hub/session"
    refusal = json.dumps({"error": "Not today.", "code": "gone"}).encode()
    service.answers[path] = (410, refusal)
    assert submit(**here) == "Not today."
    service.answers[path] = (502, b"<h1>Bad gateway</h1>")
    assert "answered 502" in submit(**here)
    for nonsense in (b"<p>", b"[]", b'{"token": 1}', b"\xff"):
        service.answers[path] = (200, nonsense)
        assert "cannot be read" in submit(**here)
    service.answers[path] = (200, SESSION)
    service.answers["/api/v1/submissions"] = (
        200,
        b'{"submission": "s", "state": "graded", "report": {}}',
    )
    assert "cannot be read" in submit(**here)
    superseded = {"submission": "s", "state": "superseded", "message": "Newer."}
    service.answers["/api/v1/submissions"] = (
        202,
        json.dumps(superseded).encode(),
    )
    assert submit(**here) == "Newer."
    *_, (_, shown, body) = service.sent
    assert shown == "Bearer t"
    assert b'name="file"; filename="work.py"' in body
    assert b"def convolve(a, b): return a\n" in body
    assert TOKEN.encode() not in body


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_take_the_token_elsewhere(
    submit: Callable[..., str], service: Answering, status: int
) -> None:
    """What another address answers is not asked for."""
    service.answers["/api/v1/hub/session"] = (status, b"")
    service.answers["/elsewhere"] = (200, SESSION)
    said = submit(JUPYTERHUB_API_TOKEN=TOKEN, GRADER_SERVICE_URL=service.url)
    assert f"answered {status}" in said
    assert [path for path, _, _ in service.sent] == ["/api/v1/hub/session"]


def test_the_magic_is_taken_away_again(kernel: Any) -> None:
    """`%unload_ext` leaves neither form behind."""
    kernel.run("%load_ext grader")
    kernel.run("%unload_ext grader")
    assert "not found" in kernel.say("%grade submit")
    assert "not found" in kernel.say("%%grade\n1")
