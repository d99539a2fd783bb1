"""Writes docs/commands.md from the help texts of the command line, or checks that it is up to date.

Usage: commands.py [--check]
"""

import sys
from pathlib import Path

import click

from grader.cli.commands import COMMANDS, cli

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """# Commands

Made from the help texts by `python .ci/commands.py`: `grader COMMAND --help` prints the same.
"""


def page() -> str:
    """Return the page: one section for each command, in alphabetical order."""
    parts = [HEAD]
    group = click.Context(cli)
    for name in sorted(COMMANDS):
        command = cli.get_command(group, name)
        if command is None:
            raise SystemExit(
                f"grader {name}: is in the table, but is not a command"
            )
        parts += sections(command, name)
    return "\n".join(parts)


def sections(command: click.Command, name: str) -> list[str]:
    """Return the section of a command, and after it those of the commands below it."""
    context = click.Context(
        command,
        info_name=f"grader {name}",
        max_content_width=88,
        terminal_width=88,
    )
    found = [f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            one = command.get_command(context, below)
            if one is not None:
                found += sections(one, f"{name} {below}")
    return found


def main(arguments: list[str]) -> int:
    """Write the page; with --check return 1 where it is out of date."""
    if "--check" not in arguments:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/commands.md is out of date: run python .ci/commands.py")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
