"""What the README promises is what happens."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from grader.cli.commands import cli

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FIRST, SECOND = re.findall(
    r"^```sh\n(.*?)\n```", README, re.DOTALL | re.MULTILINE
)[:2]
COMMANDS = sorted(
    {
        line.partition("#")[0].strip()
        for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
        for block in re.findall(
            r"^```sh\n(.*?)^```",
            path.read_text("utf-8"),
            re.DOTALL | re.MULTILINE,
        )
        for line in block.splitlines()
        if line.startswith("grader ")
    }
)


def test_the_readme_opens_with_two_lines_to_copy() -> None:
    """The first line makes an environment and grades the samples, the second runs the tests."""
    assert README.index(FIRST) < 600
    assert "\n" not in FIRST
    assert "\n" not in SECOND


def test_the_first_line_grades_the_samples_and_shows_feedback_and_json(
    tmp_path: Path,
) -> None:
    """The line works as it stands from `grader grade` on, with this interpreter's grader."""
    python = shlex.quote(sys.executable)
    line = FIRST.partition("pip install -q . && ")[2].replace(
        ".venv/bin/grader", f"{python} -P -m grader"
    )
    assert line.startswith(python)
    line = line.replace("results", shlex.quote(str(tmp_path / "results")))
    trusting_nothing = {
        name: value
        for name, value in os.environ.items()
        if name != "GRADER_SOLUTIONS"
    }
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=trusting_nothing,
    )
    assert "turned" in done.stdout or "flip" in done.stdout
    assert '"misconception": "kernel-flipped"' in done.stdout
    assert (tmp_path / "results" / "index.html").is_file()


def test_ci_runs_the_second_line() -> None:
    """CI runs what a reader is told to run, word for word."""
    script = ROOT / ".ci" / "readme_line.py"
    done = subprocess.run(
        [sys.executable, str(script), "2"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == SECOND
    assert SECOND.endswith(" && .venv/bin/pytest")
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "line=$(python .ci/readme_line.py 2)\n" in run
    assert 'bash -c "$line"\n' in run


def below(command: click.Command, words: list[str]) -> list[click.Command]:
    """Return the commands below a group that a line names."""
    found = []
    for word in words:
        if isinstance(command, click.Group):
            one = command.get_command(click.Context(command), word)
            if one is not None:
                found.append(one)
                command = one
    return found


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_in_the_documents_exists(line: str) -> None:
    """Every command and option that a document names exists."""
    _, name, *words = shlex.split(line)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = {
        option
        for each in (command, *below(command, words))
        for parameter in each.params
        for option in parameter.opts
    }
    for word in words:
        if word.startswith("--"):
            assert word.partition("=")[0] in options, f"{line}: {word}"
