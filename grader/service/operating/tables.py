"""`migrate`: the tables of a database, to the revision of this version, and back."""

import click

from grader.errors import UsageError
from grader.service.data.migrate import (
    migrate as migrate_up,
)
from grader.service.data.migrate import (
    migrate_down,
    revision_of,
    revisions,
)
from grader.service.operating.opened import opened
from grader.service.settings import Settings


@click.command()
@click.option(
    "--to",
    "revision",
    default="head",
    show_default=True,
    metavar="REVISION",
    help="A revision, `head`, or `base`, which is an empty database.",
)
@click.option(
    "--yes", is_flag=True, help="Go back, and lose what only newer tables hold."
)
@click.pass_obj
def migrate(settings: Settings, revision: str, *, yes: bool) -> None:
    """Bring the tables to a revision, newer or older.

    The service does the first by itself when it starts. Make a backup before you go back.
    """
    with opened(settings, as_it_is=True) as database:
        with database.read() as db:
            current, known = revision_of(db), revisions(db)
        wanted = {"head": known[-1], "base": None}.get(revision, revision)
        if wanted is not None and wanted not in known:
            raise UsageError(
                f"--to {revision}: there is no such revision; there are base, "
                f"{', '.join(known)} and head"
            )
        if _place(wanted, known) >= _place(current, known):
            migrate_up(database, wanted or "head")
        elif not yes:
            raise UsageError(
                f"--to {revision}: going back from {current} loses what newer tables hold; "
                "make a backup, then repeat this with --yes"
            )
        else:
            migrate_down(database, wanted or "base")
        with database.read() as db:
            now = revision_of(db)
        click.echo(f"{database.where()}: {now or 'no tables'}")


def _place(revision: str | None, known: list[str]) -> int:
    """Return how many revisions up to this one there are; the most for one nobody knows."""
    if revision is None:
        return 0
    return known.index(revision) + 1 if revision in known else len(known) + 1
