"""The operator's command `serve`, and the commands below it."""

import os
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from grader.cli.options import PATH
from grader.errors import UsageError
from grader.isolation import LEVELS

COMMANDS: Final[dict[str, str]] = {
    "add-platform": "platforms",
    "api-key": "keys",
    "backup": "copies",
    "forget": "people",
    "keys": "keys",
    "migrate": "tables",
    "registration-link": "platforms",
    "restore": "copies",
}
"""Name of a command below `serve` -> the module that has it, under `grader.service.operating`."""

HOST: Final = "127.0.0.1"
PORT: Final = 8642


class ServeCommands(click.Group):
    """`serve`, whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        del ctx
        return sorted(COMMANDS)

    def get_command(
        self, ctx: click.Context, cmd_name: str
    ) -> click.Command | None:
        """Import a command; None where there is none of this name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        require_extra()
        module = import_module(f"grader.service.operating.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=ServeCommands, invoke_without_command=True)
@click.option(
    "--data",
    type=PATH,
    metavar="DIR",
    help="What is kept.  [default: exercise-grader in $XDG_DATA_HOME or ~/.local/share]",
)
@click.option(
    "--database",
    metavar="URL",
    help="postgresql://USER@HOST/NAME.  [default: SQLite in --data]",
)
@click.option(
    "--host", default=HOST, show_default=True, help="Where it listens."
)
@click.option("--port", default=PORT, show_default=True, help="0: any.")
@click.option(
    "--base-url",
    metavar="URL",
    help="The address that browsers use, behind a proxy.  [default: host and port; for the "
    "commands below: the one that the service was last started with]",
)
@click.option(
    "--solutions",
    "--exercise-set",
    type=PATH,
    metavar="DIR",
    help="The hidden halves of the exercises.  [default: $GRADER_SOLUTIONS, else what "
    "`grader trust` wrote]",
)
@click.option(
    "--secret-file",
    type=PATH,
    metavar="FILE",
    help="The secret that hidden inputs are drawn from.  [default: $GRADER_SECRET, else one "
    "that the service makes and keeps]",
)
@click.option(
    "--require-isolation",
    type=click.Choice(LEVELS[::-1]),
    default="full",
    show_default=True,
    help="Refuse to run with less.",
)
@click.option(
    "--keep-days",
    type=click.FloatRange(min=0, min_open=True),
    metavar="DAYS",
    help="Delete code and reports after so many days; scores stay.  [default: never]",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: a line for each request too.",
)
@click.option(
    "--hub",
    is_flag=True,
    help="Be a JupyterHub's managed service: its users hand in with %grade submit.",
)
@click.option(
    "--hub-platform",
    metavar="NAME",
    help="With --hub: its users' names are this course platform's ids, and scores go there.",
)
@click.pass_context
def serve(
    ctx: click.Context,
    /,
    data: Path | None,
    database: str | None,
    base_url: str | None,
    hub: bool,
    hub_platform: str | None,
    **options: object,
) -> None:
    """Serve the exercises as pages: a lesson, an editor, and a grade at once.

    Prints the link to open. Everything is kept in one folder; no other program is needed.
    """
    require_extra()
    from grader.service.settings import (
        Settings,
        checked_base_url,
        database_url,
        default_data,
        hub_of,
    )

    if hub_platform is not None and not hub:
        raise UsageError("--hub-platform: give --hub, too")
    folder = (data or default_data()).absolute()
    settings = Settings(
        data=folder,
        database=database_url(folder, database),
        base_url=checked_base_url(base_url),
        hub=hub_of(os.environ, hub_platform) if hub else None,
        **options,  # type: ignore[arg-type] # click has converted them
    )
    ctx.obj = settings
    if ctx.invoked_subcommand is None:
        from grader.service.web.serving import serve as run

        run(settings)


def require_extra() -> None:
    """Raise `UsageError` where the libraries of the service are not installed."""
    try:
        for name in ("starlette", "uvicorn", "sqlalchemy", "alembic"):
            import_module(name)
    except ImportError as error:
        raise UsageError(
            f"the service needs {error.name}, which is not installed: "
            "pip install 'exercise-grader[service]', from the wheel or the checkout"
        ) from error
