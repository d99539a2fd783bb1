"""`forget`: all that is kept of a person is deleted."""

import click

from grader.errors import UsageError
from grader.service.data import Database
from grader.service.data.forgetting import Person, find_people
from grader.service.data.forgetting import forget as forget_person
from grader.service.operating.opened import opened
from grader.service.settings import Settings
from grader.untrusted import one_line
from grader.vocabulary import count


# A person's key may begin with a dash.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("person")
@click.pass_obj
def forget(settings: Settings, person: str) -> None:
    """Delete all that is kept of PERSON: code, reports, scores, and their name.

    PERSON is a name, the id that the course platform knows them by, or their key here. Scores that
    a platform has got are its own. Backups keep what they have.
    """
    with opened(settings) as database:
        with database.read() as db:
            found = find_people(db, person)
        if len(found) != 1:
            raise UsageError(_not_one(person, found))
        with database.begin() as db:
            removed = forget_person(db, found[0].id)
        _compact(database)
    said = ", ".join(f"{number} {what}" for what, number in removed.items())
    click.echo(f"Forgotten. Deleted: {said}.")


def _not_one(person: str, found: list[Person]) -> str:
    shown = one_line(person, 80)
    if not found:
        return f"{shown}: nobody of this name, id or key is known here; see the class page"
    each = "; ".join(
        f"{one.key} ({one_line(one.platform or 'no platform', 40)}, {one_line(one.sub, 40)})"
        for one in found[:20]
    )
    return (
        f"{shown}: {count(len(found), 'person', 'people')} are called so; "
        f"give the key of one: {each}"
    )


def _compact(database: Database) -> None:
    """Write SQLite's log into the file, so that nothing of what was deleted is left in it."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if raw is not None:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
