"""Starts the service: opens the database, prints the links, answers until it is told to stop."""

import contextlib
import socket

import click
import msgspec
import uvicorn

from grader.errors import UsageError
from grader.exercise import load_exercise
from grader.exercise.trust import require_trusted
from grader.service.data import open_database
from grader.service.data.migrate import migrate
from grader.service.settings import Settings
from grader.service.web.app import make_app
from grader.service.web.parts import Parts
from grader.service.web.standalone import (
    join_link,
    owner_link,
    prepare_local,
)


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; errors that keep it from starting are raised."""
    _make_private(settings)
    listening = _listen(settings)
    settings = msgspec.structs.replace(
        settings, port=listening.getsockname()[1]
    )
    with (
        listening,
        contextlib.closing(open_database(settings.database)) as database,
    ):
        migrate(database)
        parts = Parts(settings=settings, database=database)
        with database.begin() as db:
            context_id = prepare_local(db, _exercises(settings))
        link = owner_link(database, settings.url, settings.data, context_id)
        click.echo(f"Your own link: {link}")
        if settings.open_to_others:
            link = join_link(database, settings.url, settings.data, context_id)
            click.echo(f"For students:  {link}")
        config = uvicorn.Config(
            make_app(parts),
            log_config=None,
            access_log=False,
            server_header=False,
        )
        uvicorn.Server(config).run(sockets=[listening])


def _exercises(settings: Settings) -> list[tuple[str, str, float]]:
    """Return the name, title and points of each exercise that has a hidden half here."""
    found = require_trusted(settings.solutions)
    exercises = [
        load_exercise(found.public_half(name))
        for name in dict.fromkeys(found.names())
    ]
    return [(each.name, each.title, each.points) for each in exercises]


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
