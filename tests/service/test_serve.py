"""`grader serve` as an operator starts it."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from grader.errors import UsageError
from grader.service.data import Database
from grader.service.settings import LOOPBACK, Settings, checked_base_url


def test_the_printed_link_opens_the_exercises(serving: Any) -> None:
    """The key of the printed link is traded for a session with every exercise of the set."""
    served = serving()
    session = served.enter()
    assert session["roles"] == ["Instructor", "Learner"]
    names = {link["exercise"] for link in session["links"]}
    assert {"convolution", "softmax"} <= names
    me = served.client.get("/api/v1/me").json()
    assert me["links"] == session["links"]
    page = served.client.get("/enter")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_link_stays_the_same(serving: Any) -> None:
    """A link that somebody has kept works after the service was started again."""
    first = serving()
    kept = first.key
    first.end()
    second = serving()
    assert second.key == kept
    assert second.enter()["person"]["name"] == "Owner"


@pytest.mark.parametrize("late_s", [0.0, 0.03, 0.1, 0.2, 0.4])
def test_it_ends_whenever_it_is_told_to(serving: Any, late_s: float) -> None:
    """A signal that comes while the service starts is not lost, and nothing is said of it."""
    served = serving()
    time.sleep(late_s)
    assert served.end() == ""
    assert served.process.returncode == 128 + signal.SIGTERM


def test_the_key_is_the_owners_alone(serving: Any) -> None:
    """No other user of the machine can read the key or the database."""
    served = serving()
    for file in [served.data, served.data / "owner.key"]:
        assert file.stat().st_mode & 0o077 == 0


def test_nobody_enters_without_a_key(serving: Any) -> None:
    """A wrong key and a missing token are refused in one sentence each."""
    served = serving()
    answer = served.client.post("/session/enter", json={"key": "no"})
    assert answer.status_code == 401
    assert answer.json() == {
        "error": "This link is not valid any more. Ask for a new one.",
        "code": "unauthorized",
    }
    assert served.client.get("/api/v1/me").status_code == 401


def test_a_signal_ends_it(serving: Any) -> None:
    """SIGTERM ends the service; nothing is logged that nobody has to know."""
    served = serving()
    assert served.client.get("/healthz").status_code == 200
    said = served.end(signal.SIGTERM)
    assert said == ""
    assert served.process.returncode == 143


def test_a_taken_port_is_one_line(serving: Any, tmp_path: Path) -> None:
    """A second service on the same port says so, and what to do."""
    served = serving()
    port = served.url.rpartition(":")[2]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "grader",
            "serve",
            "--port",
            port,
            "--data",
            str(tmp_path / "other"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 2
    assert re.fullmatch(r"grader: --port \d+: .*another port\n", done.stderr)


def test_both_databases_open(database: Database) -> None:
    """Tables are there in SQLite and in PostgreSQL."""
    with database.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM person").scalar() == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - nothing is bound
def test_links_name_an_address_that_opens(host: str) -> None:
    """A host that stands for every address is in no link: browsers cannot open it."""
    settings = Settings(
        data=Path("data"), database="sqlite:///file", host=host, port=8642
    )
    own = urlsplit(settings.url).hostname
    others = urlsplit(settings.url_for_others).hostname
    assert own in LOOPBACK
    assert others
    assert host not in {own, others}
    named = msgspec.structs.replace(settings, base_url="https://grader.example")
    assert named.url == named.url_for_others == "https://grader.example"


def test_without_the_extra_it_says_what_to_install() -> None:
    """Where the libraries of the service are missing, one line says how to get them."""
    code = (
        "import sys; sys.modules['uvicorn'] = None; sys.argv = ['grader', 'serve']; "
        "from grader.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "needs uvicorn" in done.stderr
    assert "pip install" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "given",
    [
        "https://uni.example/grader",
        "https://me@uni.example",
        "https://uni.example?x=1",
        "ftp://uni.example",
        "uni.example",
    ],
)
def test_an_address_that_cannot_work_is_refused(given: str) -> None:
    """One line names the address, and shows one that works."""
    with pytest.raises(UsageError, match="such as https://grader"):
        checked_base_url(given)
    assert checked_base_url("https://uni.example/") == "https://uni.example"
