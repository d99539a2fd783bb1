"""Behind the proxies of docs/service: TLS ends there, and the service sees who asks."""

import contextlib
import re
import secrets
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from grader.service import words
from grader.service.settings import NOTEBOOK_BYTES
from grader.service.work.trying import JOINS_PER_MINUTE
from tests.ports import free_port
from tests.service.conftest import Served
from tests.service.platforms.conftest import register
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import Browser
from tests.service.platforms.students import RIGHT, wait_for

DOCS = Path(__file__).parents[3] / "docs" / "service"
START_S = 120


def certify(folder: Path) -> None:
    """Make a key and a certificate for 127.0.0.1 that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def nginx(folder: Path, outside: int, inside: int) -> list[str]:
    """Return how nginx is started with the part that the operator copies."""
    text = (DOCS / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("listen 443 ", f"listen 127.0.0.1:{outside} "),
        ("grader.uni.example;", "127.0.0.1;"),
        ("127.0.0.1:8642", f"127.0.0.1:{inside}"),
    ):
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r"(ssl_certificate) .*;", rf"\1 {folder}/cert.pem;", text)
    text = re.sub(r"(ssl_certificate_key) .*;", rf"\1 {folder}/key.pem;", text)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n",
        "utf-8",
    )
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert program is not None, "nginx: run .ci/system-packages"
    return [
        program,
        *("-p", str(folder), "-c", f"{folder}/nginx.conf"),
        *("-e", f"{folder}/log"),
    ]


class Proxied:
    """The service behind a proxy, and what trusts its certificate."""

    def __init__(
        self, served: Served, folder: Path, url: str, inside: int
    ) -> None:
        self.served, self.url, self.inside = served, url, inside
        self.trust = ssl.create_default_context(cafile=str(folder / "cert.pem"))

    def client(self, address: str = "127.0.0.1", **more: Any) -> httpx.Client:
        """Return a client that asks from an address of this machine."""
        transport = httpx.HTTPTransport(
            verify=self.trust, local_address=address
        )
        return httpx.Client(
            base_url=self.url, transport=transport, timeout=60, **more
        )


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Run the service behind nginx."""
    folder = tmp_path_factory.mktemp("proxy")
    certify(folder)
    outside, inside = free_port(), free_port()
    url = f"https://127.0.0.1:{outside}"
    options = ("--base-url", url, "--port", str(inside))
    served = Served(folder / "data", *options)
    proxy = subprocess.Popen(nginx(folder, outside, inside))
    try:
        made = Proxied(served, folder, url, inside)
        until = time.monotonic() + START_S
        with made.client() as client:
            while True:
                with contextlib.suppress(httpx.ConnectError):
                    client.get("/healthz")
                    break
                assert time.monotonic() < until, (folder / "log").read_text()
                assert proxy.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield made
    finally:
        proxy.terminate()
        proxy.wait()
        served.end()


def test_a_launch_and_a_grade_go_through_it(
    proxied: Proxied, other: Platform
) -> None:
    """From the course's link over TLS to the grade book; the cookie is for TLS alone."""
    inside = f"http://127.0.0.1:{proxied.inside}"
    registration = other.register(proxied.url, keys=inside)
    with (
        contextlib.closing(proxied.served.open()) as opened,
        opened.begin() as db,
    ):
        register(db, registration)
    browser = Browser()
    browser.client.close()
    with proxied.client() as client:
        browser.client = client
        tool = registration["tool"]
        launched = browser.launch(other.start_url(tool, user="ada"))
        answer = browser.confirm(launched)
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-")
        assert "; Secure; HttpOnly; SameSite=None; Partitioned" in cookie
        session = answer.json()
        handed_in = client.post(
            "/api/v1/submissions",
            json={"link": session["link"], "text": RIGHT},
            headers={
                "Authorization": f"Bearer {session['token']}",
                "Idempotency-Key": secrets.token_hex(8),
                "Origin": proxied.url,
            },
        )
        assert handed_in.status_code in (200, 202), handed_in.text

    def graded() -> list[str]:
        rows = other.read("/gradebook", tool=tool)["scores"]
        return [row["user"] for row in rows]

    wait_for(graded, ["ada"])


def test_what_is_inside_stays_inside(proxied: Proxied) -> None:
    """Metrics and the state of the machine are not there; what is there asks for TLS."""
    with proxied.client() as client:
        for path in ("/metrics", "/readyz"):
            assert client.get(path).status_code == 404
        page = client.get("/enter")
        assert page.headers["Strict-Transport-Security"]


def test_too_much_is_refused(proxied: Proxied) -> None:
    """The service's own limits are told in its sentence; far more does not reach it."""
    with proxied.client() as client:
        key = proxied.served.key
        token = client.post("/session/enter", json={"key": key}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        me = client.get("/api/v1/me").json()
        path = f"/api/v1/run/{me['links'][0]['key']}"
        large = b"#" * (NOTEBOOK_BYTES + 1)
        answer = client.post(path, files={"file": ("a.ipynb", large)})
        assert answer.status_code == 413
        assert answer.json()["error"] == words.FILE_TOO_LARGE
        answer = client.post(path, files={"file": ("a.ipynb", large * 2)})
        assert answer.status_code == 413
        assert b"nginx" in answer.content


def test_the_service_sees_who_asks(proxied: Proxied) -> None:
    """Not the proxy, and not the address that a client claims."""
    join = {"key": "guessed", "name": "Ada"}
    with proxied.client("127.0.0.5") as crowd:
        for number in range(10 * JOINS_PER_MINUTE):
            claimed = {"X-Forwarded-For": f"192.0.2.{number % 250}"}
            answer = crowd.post("/session/join", json=join, headers=claimed)
            if answer.status_code == 429:
                break
    assert answer.status_code == 429
    with proxied.client("127.0.0.6") as somebody:
        assert somebody.post("/session/join", json=join).status_code == 401
