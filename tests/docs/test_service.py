"""The operator's page works as it is printed: every command, in its order."""

import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.service.data import open_database, people
from tests.service.conftest import Cluster, cluster, postgres_program

__all__ = ["cluster"]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "service.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
LINES = [
    line
    for block in re.findall(
        r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE
    )
    for line in block.splitlines()
]
COMMANDS = (
    "add-platform|api-key|backup|forget|keys|migrate|registration-link|restore"
)
SERVES = re.compile(rf"grader serve(?!.* (?:{COMMANDS})\b)")


class Operator:
    """Somebody at a shell, with a grader, the tools of PostgreSQL and a server of it."""

    def __init__(self, home: Path, cluster: Cluster) -> None:
        self.home = home
        bin_folder = home / "bin"
        bin_folder.mkdir()
        (bin_folder / "grader").write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m grader "$@"\n'
        )
        (bin_folder / "grader").chmod(0o755)
        postgres = Path(postgres_program("createdb")).parent
        self.environment = {
            **os.environ,
            "PATH": f"{bin_folder}:{postgres}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "XDG_DATA_HOME": str(home / "data"),
            "PGHOST": str(cluster.folder),
            "PGUSER": "tests",
        }
        self.environment.pop("GRADER_SOLUTIONS", None)
        self.running: subprocess.Popen[str] | None = None
        self.url = ""
        self.serves_sqlite = False
        (home / "solutions").symlink_to(ROOT / "solutions")
        sample = ROOT / "solutions/convolution/samples/right.py"
        shutil.copy(sample, home / "submission.py")

    def do(self, line: str) -> str:
        """Run a line as it is printed, but for the port; what serves is left running."""
        line = re.sub(r" --port \d+", "", line)
        line = line.replace("http://127.0.0.1:8642", self.url)
        if SERVES.match(line):
            self.end()
            return self._serve(
                line.replace("grader serve", "exec grader serve --port 0")
            )
        if " restore " in line or " --to " in line:
            self.end()
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
            env=self.environment,
        )
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
        if " api-key " in line:
            self.environment["KEY"] = done.stdout.strip()
        return done.stdout

    def _serve(self, line: str) -> str:
        self.running = subprocess.Popen(
            ["/bin/sh", "-c", f"{line} 2>&1"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.home,
            env=self.environment,
        )
        assert self.running.stdout is not None
        said = self.running.stdout.readline()
        self.serves_sqlite = "--database" not in line
        assert said.startswith("Your own link: http"), said
        port = re.search(r":(\d+)/enter", said)
        self.url = f"http://127.0.0.1:{port[1]}" if port else ""
        return said

    def end(self) -> None:
        """End what was left running."""
        if self.running is not None:
            self.running.terminate()
            self.running.communicate()
            self.running = None
            self.serves_sqlite = False


@pytest.fixture
def operator(tmp_path: Path, cluster: Cluster) -> Iterator[Operator]:
    """Return somebody at a shell."""
    somebody = Operator(tmp_path, cluster)
    yield somebody
    somebody.end()


@pytest.mark.timeout(900)
def test_every_command_of_the_page_works(operator: Operator) -> None:
    """From an empty folder, each line does what the page says."""
    said = {}
    for line in LINES:
        if "curl" in line and not operator.serves_sqlite:
            operator.do("grader serve --solutions solutions")
        if " forget " in line:
            _know_ada(operator)
        said[line] = operator.do(line)
    report = next(text for line, text in said.items() if "data-binary" in line)
    assert json.loads(report)["status"] == "graded"
    ready = next(text for line, text in said.items() if "readyz" in line)
    assert json.loads(ready)["ready"] is True
    metrics = next(text for line, text in said.items() if "/metrics" in line)
    row = next(line for line in PAGE.splitlines() if "| `/metrics` |" in line)
    for name in re.findall(r"`(grader_\w+)`", row):
        assert name in metrics, name


def _know_ada(operator: Operator) -> None:
    file = operator.home / "data/exercise-grader/service.sqlite"
    with (
        contextlib.closing(open_database(f"sqlite:///{file}")) as database,
        database.begin() as db,
    ):
        people.ensure_person(db, None, "ada", "Ada Lovelace")


def test_the_readme_starts_it_with_one_line(operator: Operator) -> None:
    """The line makes an environment, and from `grader serve` on it prints a link."""
    line = next(line for line in README.splitlines() if "'.[service]'" in line)
    install, _, serve = line.rpartition(" && .venv/bin/")
    assert install.endswith(".venv/bin/pip install -q '.[service]'")
    assert "/enter#" in operator.do(serve)


def files() -> list[Any]:
    """Return each command of a unit or an image, with the options that it gives."""
    unit = (ROOT / "docs/service/exercise-grader.service").read_text("utf-8")
    started = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    image = (ROOT / "docs/service/Containerfile").read_text("utf-8")
    entered = re.findall(r"^ENTRYPOINT (.*)$", image, re.MULTILINE)
    return [
        *(pytest.param(shlex.split(each), id="unit") for each in started),
        *(pytest.param(json.loads(each), id="image") for each in entered),
    ]


@pytest.mark.parametrize("command", files())
def test_what_the_unit_and_the_image_run_are_commands(
    command: list[str],
) -> None:
    """Their options are options of `grader serve`."""
    assert command[0].endswith("grader")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "grader", *command[1:], "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_image_gets_both_halves_of_the_exercises() -> None:
    """Its head mounts the folder above the hidden halves, where the public halves are, too."""
    image = (ROOT / "docs/service/Containerfile").read_text("utf-8")
    found = re.search(r"^ENTRYPOINT (.*)$", image, re.MULTILINE)
    assert found is not None
    command = json.loads(found[1])
    hidden = Path(command[command.index("--solutions") + 1])
    mounted = re.findall(r"--volume \S+?:([^:\s]+):ro", image)
    assert mounted == [str(hidden.parent)]
    assert hidden.parent != Path("/")


def test_the_image_installs_extras_that_there_are() -> None:
    """The Containerfile and the page name extras of pyproject.toml."""
    image = (ROOT / "docs/service/Containerfile").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = set(project["project"]["optional-dependencies"])
    found = re.search(r"\[([\w,]+)\]\"", image)
    assert found is not None
    assert set(found[1].split(",")) <= extras
