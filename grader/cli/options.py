"""Options that several commands have, each described once."""

from pathlib import Path

import click

from grader.cli.single import DEFAULT

PATH = click.Path(readable=False, path_type=Path)
"""Any path: the code that reads it finds out whether it can be read, and says so."""

EXERCISE = click.option(
    "--exercise",
    metavar="NAME|DIR",
    help="The exercise, by name or folder.  [default: the only one, else the one whose "
    "function is handed in, else convolution]",
)
SOLUTIONS = click.option(
    "--solutions",
    type=PATH,
    metavar="DIR",
    help="The hidden half.  [default: $GRADER_SOLUTIONS, else what `grader trust` wrote]",
)


class FormatOption(click.Option):
    """`--format`. Its help lists the formats, and only help pays for reading their table."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help."""
        from grader.output import format_names

        self.help = f"One of {', '.join(format_names())}."
        return super().get_help_record(ctx)


FORMAT = click.option(
    "--format",
    "fmt",
    cls=FormatOption,
    default=DEFAULT.fmt,
    show_default=True,
    metavar="FORMAT",
)
HINTS = click.option(
    "--hints",
    type=click.Choice(["steps", "full"]),
    help="In text and pages: first a question, the cause by a click or by `full`.  "
    "[default: full for an instructor, else steps]",
)
SECRET = click.option(
    "--secret-file",
    type=PATH,
    metavar="FILE",
    help="The secret that hidden inputs are drawn from.  "
    "[default: $GRADER_SECRET, else a well-known value]",
)
