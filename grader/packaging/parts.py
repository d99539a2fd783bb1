"""What every artifact is put together from: files by path, and templates with a few names filled in."""

import functools
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import msgspec

from grader.exercise import find_solutions
from grader.model import Exercise
from grader.packaging import wheel as wheels
from grader.packaging.entry import Settings
from grader.version import __version__

Tree = dict[str, tuple[bytes, int]]
"""Path in the artifact, with / -> its bytes and its permissions."""

PLAIN = 0o644
RUNNABLE = 0o755
# A worked-out sample is no part of what grades.
_NOT_SHIPPED = ("samples/",)


@dataclass(frozen=True)
class Parts:
    """The exercise that an artifact is made of."""

    exercise: Exercise
    solutions: Path | None
    secret: bytes | None

    def grading(self, *, public_only: bool = False) -> Tree:
        """Give what `grader.packaging.entry` takes as --source, with the wheel and the requirements for its setup.

        Beside the solutions, less than full isolation is refused: on some platforms everything runs
        as one user, so nothing else would keep a submission from reading the reference. The
        operator may settle for less in settings.json.
        """
        settings = Settings(
            exercise=self.exercise.name,
            grader_version=__version__,
            python=f"{sys.version_info.major}.{sys.version_info.minor}",
            require_isolation="none" if public_only else "full",
            public_only=public_only,
        )
        files = {
            "settings.json": (
                msgspec.json.format(msgspec.json.encode(settings)) + b"\n",
                PLAIN,
            )
        }
        files |= self.install()
        files |= self.public(f"exercises/{self.exercise.name}")
        if not public_only:
            files |= self._hidden(f"solutions/{self.exercise.name}")
            if self.secret is not None:
                files["secret"] = (self.secret, 0o600)
        return files

    def install(self) -> Tree:
        """Give the wheel, the pinned requirements and the script that installs both."""
        name, data = _wheel()
        return {
            f"wheels/{name}": (data, PLAIN),
            "requirements.txt": (_requirements().encode(), PLAIN),
            "install.sh": (self.fill("install.sh"), RUNNABLE),
        }

    def public(self, prefix: str) -> Tree:
        """Give the public half of the exercise."""
        return {
            name: (data, PLAIN)
            for name, data in wheels.tree(self.exercise.folder, prefix)
        }

    def notebook(self) -> bytes | None:
        """Return the lesson of this exercise, where there is one."""
        name = f"{self.exercise.name}.ipynb"
        # Beside `exercises/`, be that in a checkout, in the installed package or in somebody's own
        # course.
        path = self.exercise.folder.parent.parent / "notebooks" / name
        return path.read_bytes() if path.is_file() else None

    def stub(self) -> bytes:
        """Return the file that a student starts from."""
        return self.exercise.stub.encode()

    def statement_html(self) -> str:
        """Return the exercise's README as XHTML, for platforms that know no Markdown."""
        # Raw HTML in the README is shown, not passed on: it need not be XML.
        from markdown_it import MarkdownIt

        return str(
            MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})
            .enable("table")
            .render(self.statement())
        )

    def statement(self) -> str:
        """Return the exercise's README, in Markdown."""
        path = self.exercise.folder / "README.md"
        return (
            path.read_text(encoding="utf-8")
            if path.is_file()
            else f"# {self.exercise.title}\n"
        )

    def timeout(self) -> int:
        """Return the seconds that a platform must give: every limit used up, and the grader's own start."""
        limits = self.exercise.limits
        most = max(limits.load_s, limits.notebook_s) + limits.load_s + limits.total_s
        return int(most) + 30

    def fill(self, template: str, **names: str) -> bytes:
        """Return a template with @NAMES@ filled in."""
        text = (
            resources.files(__package__)
            .joinpath("templates", template)
            .read_text(encoding="utf-8")
        )
        known = {
            "EXERCISE": self.exercise.name,
            "TITLE": self.exercise.title,
            "FUNCTION": self.exercise.function,
            "VERSION": __version__,
            "PYTHON": f"{sys.version_info.major}.{sys.version_info.minor}",
            "TIMEOUT": str(self.timeout()),
            **names,
        }
        for name, value in known.items():
            text = text.replace(f"@{name}@", value)
        return text.encode()

    def _hidden(self, prefix: str) -> Tree:
        folder = find_solutions(self.exercise, self.solutions)
        files = wheels.tree(folder, "")
        kept = [(name.removeprefix("/"), data) for name, data in files]
        return {
            f"{prefix}/{name}": (data, 0o600)
            for name, data in kept
            if not name.startswith(_NOT_SHIPPED)
        }


@functools.cache
def _wheel() -> tuple[str, bytes]:
    return wheels.wheel()


@functools.cache
def _requirements() -> str:
    return wheels.requirements()


def under(folder: str, tree: Tree) -> Tree:
    """Move a tree into a folder."""
    return {f"{folder}/{name}": file for name, file in tree.items()}
