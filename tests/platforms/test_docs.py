"""docs/platforms.md is true: its commands run, its outputs are real, its pictures exist."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.platforms import ARTIFACTS, FORMATS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
VERSIONS = re.compile(
    r"(?:\n|%0A)?Graded with Python [\d.]+ and NumPy [\d.]+\w*\."
)
"""What differs from machine to machine."""
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
# What an operator's own machine does; these are not run here, but no other command may stand in the
# document.
ELSEWHERE = {"docker", "cp", "openssl"}
PROGRAM = (
    "import sys; from grader.cli import main; sys.exit(main(sys.argv[1:]))"
)


def commands() -> list[str]:
    """Return the lines of all shell blocks."""
    blocks = re.findall(
        r"^ *```sh\n(.*?)^ *```", TEXT, re.MULTILINE | re.DOTALL
    )
    return [line.strip() for block in blocks for line in block.splitlines()]


def run(
    command: str, folder: Path, secret: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command of the document as a reader would, in `folder`."""
    words = shlex.split(command)
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "GRADER"))
    }
    if secret is not None:
        environ["GRADER_SECRET"] = secret
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environ[name] = value
    program, *arguments = words
    # What `grader trust` would have written down.
    environ["GRADER_SOLUTIONS"] = str(ROOT / "solutions")
    if program == "pytest":
        plugin = [
            "-p",
            "no:grader",
            "-p",
            "grader.pytest_plugin",
            "-p",
            "no:cacheprovider",
        ]
        full = [sys.executable, "-m", "pytest", *plugin, *arguments]
    else:
        assert program == "grader"
        full = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(
        full,
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an operator's folder, with a submission and a secret."""
    own, handed_in = tmp_path / "own", tmp_path / "handed-in"
    for each in (own, handed_in):
        each.mkdir()
        shutil.copy(SAMPLES / "right.py", each / "convolve.py")
    (own / "secret.txt").write_text("0123456789abcdef")
    (own / "pytest.ini").write_text("[pytest]\n")
    return own


@pytest.mark.parametrize("command", dict.fromkeys(commands()))
def test_the_commands_run(command: str, folder: Path) -> None:
    """Every command of the document succeeds as it stands, and writes what it says."""
    program = next(word for word in shlex.split(command) if "=" not in word)
    if program in ELSEWHERE:
        return
    done = run(command, folder)
    assert done.returncode == 0, done.stderr
    target = re.search(r"--(?:output|junitxml)[ =](\S+)", command)
    if target:
        assert (folder / target[1]).exists()


def test_the_outputs_are_the_real_ones(folder: Path) -> None:
    """Each output in the document is what its command really prints for the sample it names."""
    shown = re.findall(
        r"<!-- (\S+): (grader .*?) -->\n```text\n(.*?)```", TEXT, re.DOTALL
    )
    assert shown
    for sample, command, output in shown:
        shutil.copy(SAMPLES / sample, folder / "convolve.py")
        printed = run(command, folder, secret="docs").stdout
        assert VERSIONS.sub("", printed) == output


def test_every_platform_is_there() -> None:
    """The document has a command for every artifact and names every format."""
    for name in ARTIFACTS:
        assert f"grader package {name} " in TEXT
    for name in FORMATS:
        assert f"`{name}`" in TEXT or f"--format {name}" in TEXT


def test_pictures_and_links_lead_somewhere() -> None:
    """Every picture exists and is used, every section that is linked to is there."""
    used = set(re.findall(r"\]\(images/([a-z]+\.png)\)", TEXT))
    assert (
        used
        == {
            path.name
            for path in (ROOT / "docs" / "images").glob("*.png")
            if path.name in used
        }
        != set()
    )
    headings = {
        re.sub(r"[^a-z0-9 ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^###? (.*)", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([a-z0-9-]+)\)", TEXT)) <= headings


def test_each_section_is_three_steps_and_no_fourth() -> None:
    """A platform is put up in three steps."""
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        steps = re.findall(r"^(\d)\. ", section, re.MULTILINE)
        assert steps == ["1", "2", "3"], section.splitlines()[0]
