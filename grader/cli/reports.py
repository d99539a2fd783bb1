"""The commands about reports: `render` and `schema`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import FORMAT, HINTS, PATH
from grader.output import known_format, print_report

if TYPE_CHECKING:
    from grader.render import Audience
    from grader.render.hints import Steps


@click.command()
@click.argument("report", type=PATH, metavar="REPORT.json")
@FORMAT
@click.option(
    "--audience",
    type=click.Choice(["student", "instructor"]),
    default="student",
    show_default=True,
)
@HINTS
def render(
    report: Path, fmt: str, audience: "Audience", hints: "Steps | None"
) -> None:
    """Show a saved JSON report as text, as a page, or as a course platform reads it."""
    from grader.render.json import read_report

    known_format(fmt)
    print_report(read_report(report), fmt, audience, hints=hints)


@click.command()
@click.argument(
    "what",
    type=click.Choice(["report", "exercise", "cases"]),
    default="report",
)
def schema(what: str) -> None:
    """Print the JSON Schema of a report, or of an author's exercise.toml or cases.toml.

    Editors read it: begin the file with `#:schema FILE`.
    """
    if what == "report":
        from grader.render import schema as report_schema

        click.echo(report_schema.schema_text(), nl=False)
        return
    from grader.exercise import schema as author_schema

    click.echo(author_schema.schema_text(what), nl=False)
