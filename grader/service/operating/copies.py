"""`backup` and `restore`: a whole copy of the database, while the service runs, and back."""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import quote

import click

from grader.errors import UsageError
from grader.files import lock, open_regular
from grader.service.data import open_database
from grader.service.data.migrate import migrate
from grader.service.operating.opened import opened, sqlite_file
from grader.service.settings import Settings

_PATH: Final = click.Path(path_type=Path)
_PAGES: Final = 1000
"""How many pages are copied at once; the service writes in between."""


@click.command()
@click.argument("file", type=_PATH)
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Copy the database to FILE while the service runs.

    The copy is whole: it holds what was stored at one instant. Only its owner can read FILE.
    For PostgreSQL this says how `pg_dump` does it.
    """
    with opened(settings, as_it_is=True) as database:
        source = sqlite_file(database)
    if file.exists():
        raise UsageError(f"{file}: is there already; name a new file")
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(source, beside)
        beside.rename(file)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise UsageError(
            f"{file}: cannot be written ({error}); choose another path"
        ) from error
    click.echo(f"{file}: {file.stat().st_size} bytes")


@click.command()
@click.argument("file", type=_PATH)
@click.pass_obj
def restore(settings: Settings, file: Path) -> None:
    """Put the database back that `backup` wrote to FILE; the service must have ended.

    What is there now is kept beside it, with `.before` at the end of its name.
    """
    with opened(settings, as_it_is=True) as database:
        target = sqlite_file(database)
    _require_whole(file)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_regular(settings.data / "service.lock", "ab") as held:
        try:
            lock(held)
        except OSError as error:
            raise UsageError(
                f"{settings.data}: a service uses this folder; end it first"
            ) from error
        before = target.with_name(f"{target.name}.before")
        before.unlink(missing_ok=True)
        # With all that its log holds, which belongs to the old file and not to the new one.
        _copy(target, before)
        beside = target.with_name(f".{target.name}.part")
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(file, beside)
        for log in ("-wal", "-shm"):
            target.with_name(target.name + log).unlink(missing_ok=True)
        beside.replace(target)
        with contextlib.closing(open_database(settings.database)) as restored:
            migrate(restored)
    click.echo(f"{target}: restored from {file}; what was there is {before}")


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(
            sqlite3.connect(f"file:{_quoted(source)}?mode=ro", uri=True)
        ) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=_PAGES)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _require_whole(file: Path) -> None:
    """Raise `UsageError` for a file that is not a whole database of this service."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{_quoted(file)}?mode=ro", uri=True)
        ) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
            copy.execute("SELECT count(*) FROM submission")
    except sqlite3.Error as error:
        raise UsageError(
            f"{file}: is not a backup of this service ({error}); name a file that `backup` wrote"
        ) from error
    if said != "ok":
        raise UsageError(f"{file}: is damaged ({said}); name another backup")


def _quoted(path: Path) -> str:
    return quote(str(path.absolute()))
