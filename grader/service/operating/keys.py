"""`keys`: what this service signs with. `api-key`: what programs show."""

import time

import click

from grader.errors import UsageError
from grader.service.data import api_keys, platforms
from grader.service.data.tokens import Holder, add_token
from grader.service.lti.tool_keys import make_key
from grader.service.operating.opened import opened
from grader.service.settings import Settings
from grader.untrusted import one_line


@click.group()
def keys() -> None:
    """List or rotate the keys that this service signs with."""


@keys.command("list")
@click.pass_obj
def list_keys(settings: Settings) -> None:
    """Print the ids of the keys that are in use; the first one signs."""
    with opened(settings) as database, database.read() as db:
        live = platforms.live_keys(db)
    for number, (kid, _, _) in enumerate(live):
        click.echo(f"{kid}  {'known' if number else 'signs'}")
    if not live:
        click.echo(
            "No key yet: the first one is made when a platform needs it."
        )


@keys.command()
@click.pass_obj
def rotate(settings: Settings) -> None:
    """Retire the key that signs, let the next one sign, and make the one after it.

    Platforms know the next one already, so nothing has to be changed there. The private half of
    the old key is deleted.
    """
    with opened(settings) as database, database.begin() as db:
        platforms.hold_keys(db)
        missing = platforms.LIVE_KEYS - len(platforms.live_keys(db))
        for _ in range(max(1, missing)):
            new = make_key()
            platforms.add_key(db, new.kid, new.private_pem, new.public_jwk)
        live = [key[0] for key in platforms.live_keys(db)]
    click.echo(f"{live[0]} signs; {live[-1]} is the next.")


@click.command("api-key")
@click.argument("label", required=False)
@click.option(
    "--drop", is_flag=True, help="Make the key of this label invalid."
)
@click.pass_obj
def api_key(settings: Settings, label: str | None, *, drop: bool) -> None:
    """Make a key for a program, called LABEL, and print it once; without LABEL, list all keys.

    The program sends it as `Authorization: Bearer KEY`. Only its SHA-256 is kept.
    """
    with opened(settings) as database, database.begin() as db:
        there = api_keys.labels(db)
        if label is None:
            for name, made_at in there:
                day = time.strftime("%Y-%m-%d", time.gmtime(made_at))
                click.echo(f"{day}  {one_line(name, 80)}")
            return
        if drop:
            if not api_keys.drop(db, label):
                raise UsageError(_no_such(label))
            click.echo(f"{one_line(label, 80)}: dropped")
            return
        if label in dict(there):
            raise UsageError(
                f"{one_line(label, 80)}: there is a key of this label; drop it "
                "with --drop, or choose another label"
            )
        click.echo(add_token(db, "api", Holder(label=label)))


def _no_such(label: str) -> str:
    return (
        f"{one_line(label, 80)}: there is no key of this label; "
        "`grader serve api-key` lists them"
    )
