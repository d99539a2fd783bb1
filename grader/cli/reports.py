"""The commands about reports: `render` and `schema`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import FORMAT, PATH
from grader.output import known_format, print_report

if TYPE_CHECKING:
    from grader.render import Audience


@click.command()
@click.argument("report", type=PATH, metavar="REPORT.json")
@FORMAT
@click.option(
    "--audience",
    type=click.Choice(["student", "instructor"]),
    default="student",
    show_default=True,
)
def render(report: Path, fmt: str, audience: "Audience") -> None:
    """Show a saved JSON report as text, as a page, or as a course platform reads it."""
    from grader.render.json import read_report

    known_format(fmt)
    print_report(read_report(report), fmt, audience)


@click.command()
def schema() -> None:
    """Print the JSON Schema of a report."""
    from grader.render.schema import schema_text

    click.echo(schema_text(), nl=False)
