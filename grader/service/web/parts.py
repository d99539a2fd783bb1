"""All that the routes work with, in one record; opened when the service starts."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
from starlette.requests import Request

from grader.cases import read_secret
from grader.errors import UsageError
from grader.files import lock, open_regular
from grader.service.data import (
    Database,
    kept,
    leases,
    open_database,
)
from grader.service.data.migrate import migrate
from grader.service.graders.exercises import Exercises
from grader.service.graders.grading import Graders
from grader.service.graders.slots import Slots
from grader.service.settings import Settings
from grader.service.work.caretaker import Caretaker
from grader.service.work.handing_in import Desk
from grader.service.work.trying import Bench, Rates


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What was opened when the service started."""

    settings: Settings
    database: Database
    exercises: Exercises
    graders: Graders
    slots: Slots
    desk: Desk
    bench: Bench
    rates: Rates
    caretaker: Caretaker


def parts_of(request: Request) -> Parts:
    """Return the parts of the service that has got a request."""
    return cast("Parts", request.app.state.parts)


@contextlib.contextmanager
def open_parts(settings: Settings) -> Iterator[Parts]:
    """Open everything, with the tables of this version, and close it in the end.

    Raises `UsageError` and `GraderError` for what keeps the service from starting.
    """
    exercises = Exercises(settings.solutions)
    with contextlib.ExitStack() as stack:
        database = open_database(settings.database)
        stack.callback(database.close)
        if database.is_sqlite:
            stack.enter_context(_alone(settings.data))
        migrate(database)
        with database.begin() as db:
            leases.retry_failed(db)
            if database.is_sqlite:
                leases.release_all(db)
        secret = _secret(database, settings)
        slots = Slots()
        graders = Graders(
            exercises,
            secret,
            settings.require_isolation,
            slots.give_up,
            settings.log_format,
        )
        stack.callback(graders.close)
        stack.callback(slots.close)
        desk = Desk(database, graders, slots)
        caretaker = Caretaker(
            database, graders, slots, desk, settings.keep_days
        )
        stack.callback(caretaker.close)
        rates = Rates()
        yield Parts(
            settings=settings,
            database=database,
            exercises=exercises,
            graders=graders,
            slots=slots,
            desk=desk,
            bench=Bench(graders, slots, rates),
            rates=rates,
            caretaker=caretaker,
        )


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Be the only service with this folder: SQLite has one, and what is leased is its own."""
    with open_regular(data / "service.lock", "ab") as file:
        try:
            lock(file)
        except OSError as error:
            raise UsageError(
                f"{data}: a service uses this folder already; end it, or name another with --data"
            ) from error
        yield


def _secret(database: Database, settings: Settings) -> bytes:
    """Return what hidden inputs are drawn from: the operator's, else one that is kept."""
    given = read_secret(settings.secret_file, os.environ)
    if given.source != "default":
        return given.value
    with database.begin() as db:
        return kept.kept_secret(db, secrets.token_urlsafe(32)).encode()
