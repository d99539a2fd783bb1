"""Starts the service: opens the database, prints the links, answers until it is told to stop."""

import signal
import socket
from types import FrameType
from typing import Final, Self

import click
import msgspec
import uvicorn

from grader.errors import UsageError
from grader.service.data.kept import keep_address
from grader.service.data.platforms import all_platforms
from grader.service.logs import configure_log
from grader.service.settings import Settings
from grader.service.web.app import make_app
from grader.service.web.parts import Parts, open_parts
from grader.service.web.protocol import HTTP
from grader.service.web.standalone import (
    join_link,
    owner_link,
    prepare_local,
)
from grader.startup import serve_many

_KEEP_ALIVE_S: Final = 75
"""Longer than what browsers and proxies send again on, so that no request meets a closing one."""
_PATIENCE_S: Final = 10
"""What a request has left when the service is told to end."""


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; errors that keep it from starting are raised."""
    configure_log(settings.log_format)
    _make_private(settings)
    listening = _listen(settings)
    settings = msgspec.structs.replace(
        settings, port=listening.getsockname()[1]
    )
    with listening, _Told() as told, open_parts(settings) as parts:
        _require_platform(parts)
        with parts.database.begin() as db:
            keep_address(db, settings.url)
        told.is_soon_running()
        _print_links(parts)
        app = make_app(parts)
        serve_many()
        parts.caretaker.start()
        config = uvicorn.Config(
            app,
            http=HTTP,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_PATIENCE_S,
        )
        told.run(uvicorn.Server(config), listening)


class _Told:
    """Knows whether this process was told to end, also where what that raised was swallowed.

    That happens where garbage is collected, and in libraries that catch everything while they
    start: the service would go on for good.
    """

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._server: uvicorn.Server | None = None
        self._is_quick = False
        self._before: dict[int, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._tell)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def is_soon_running(self) -> None:
        """Only take note from now on: nothing that takes long comes before `run`."""
        self._is_quick = True

    def run(self, server: uvicorn.Server, listening: socket.socket) -> None:
        """Run a server until the process is told to end, and end as a process does then."""
        if not self._numbers:
            self._server = server
            server.run(sockets=[listening])
            self._server = None
        if self._numbers:
            self._end(self._numbers[-1], None)

    def _tell(self, number: int, frame: FrameType | None) -> None:
        self._numbers.append(number)
        if self._server is not None:
            self._server.handle_exit(number, frame)
        elif not self._is_quick:
            self._end(number, frame)

    def _end(self, number: int, frame: FrameType | None) -> None:
        handler = self._before[number]
        if callable(handler):
            handler(number, frame)


def _print_links(parts: Parts) -> None:
    settings, database = parts.settings, parts.database
    most = parts.exercises.most_points
    offered = [(one.name, one.title, most(one.name)) for one in parts.exercises]
    with database.begin() as db:
        context_id = prepare_local(db, offered)
    link = owner_link(database, settings.url, settings.data, context_id)
    click.echo(f"Your own link: {link}")
    if settings.open_to_others:
        link = join_link(
            database, settings.url_for_others, settings.data, context_id
        )
        click.echo(f"For students:  {link}")


def _require_platform(parts: Parts) -> None:
    hub = parts.settings.hub
    if hub is None or hub.platform is None:
        return
    with parts.database.read() as db:
        known = [each.name for each in all_platforms(db)]
    if hub.platform not in known:
        raise UsageError(
            f"--hub-platform {hub.platform}: there is no such platform; `grader serve "
            f"add-platform` adds one{', known: ' if known else ''}{', '.join(known)}"
        )


def _make_private(settings: Settings) -> None:
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{settings.data}: cannot be made ({error.strerror}); name another folder with --data"
        ) from error


def _listen(settings: Settings) -> socket.socket:
    """Return a socket that listens, so that a taken port is found before anything is made."""
    kind = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(kind, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise UsageError(
            f"--port {settings.port}: {error.strerror}; is the service running already? "
            "Else name another port"
        ) from error
    return listening
