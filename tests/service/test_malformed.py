"""What is no request, or one without an end: answered by what reads it, before the application."""

import socket
from collections.abc import Iterator

import pytest

from grader.service.web.headers import ALWAYS
from tests.service.conftest import Served


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, int]]:
    """Return where a service listens; its log repeats nothing of what it was sent."""
    served = Served(tmp_path_factory.mktemp("malformed") / "data")
    url = served.client.base_url
    yield url.host, url.port or 0
    assert "script" not in served.end()


def answered(address: tuple[str, int], sent: bytes) -> bytes:
    """Return all that is answered, until the service closes the connection."""
    found = b""
    with socket.create_connection(address) as connection:
        connection.settimeout(60)
        connection.sendall(sent)
        while part := connection.recv(65536):
            found += part
    return found


@pytest.mark.parametrize(
    "sent",
    [
        b"<script>alert(1)</script>\r\n\r\n",
        b"GET / HTTP/1.1\r\n<script>: \0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX-Long: " + b"<script>" * 10_000,
    ],
    ids=["nonsense", "header", "length", "endless"],
)
def test_what_is_no_request_is_told_so(
    address: tuple[str, int], sent: bytes
) -> None:
    """The answer repeats nothing, has the headers of every other answer, and ends there."""
    head, _, body = answered(address, sent).partition(b"\r\n\r\n")
    status, *lines = head.decode("ascii").split("\r\n")
    assert status == "HTTP/1.1 400 Bad Request"
    headers = dict(line.split(": ", 1) for line in lines)
    assert headers.items() >= ALWAYS.items()
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Connection"] == "close"
    assert b"script" not in body
