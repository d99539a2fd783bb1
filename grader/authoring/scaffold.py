"""A new exercise, whole and small, for its author to change."""

import re
import shutil
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from grader.errors import UsageError

_NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_LONGEST = 50


def new(name: str, root: Path | None = None) -> list[str]:
    """Make `exercises/NAME` and `solutions/NAME` under `root` (the working folder), and say what to do next.

    What it makes validates and grades as it is. Raises `UsageError` where the name is none, or
    where one of the two folders exists or cannot be made; then nothing is left behind.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise UsageError(
            f"{name}: is no name for an exercise; use small letters, digits and -, as in moving-average"
        )
    root = Path.cwd() if root is None else root
    template = resources.files("grader.authoring").joinpath("template")
    made: list[Path] = []
    try:
        for half in ("exercises", "solutions"):
            folder = root / half / name
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
            made.append(folder)
            _copy(template.joinpath(half), folder)
    except OSError as error:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, FileExistsError):
            raise UsageError(
                f"{error.filename}: exists already; choose another name"
            ) from error
        raise UsageError(
            f"{error.filename or root}: cannot be made ({error.strerror})"
        ) from error
    return [
        *(
            f"made {path.relative_to(root)}"
            for folder in made
            for path in sorted(folder.iterdir())
        ),
        f"It is an exercise that works: grader validate {name}",
        "Now change it: the statement, the examples and the stub first, then the reference, the cases, the mistakes.",
    ]


def _copy(source: Traversable, target: Path) -> None:
    for file in source.iterdir():
        # They are called .txt so that nothing takes them for code of the grader.
        (target / file.name.removesuffix(".txt")).write_text(
            file.read_text("utf-8"), encoding="utf-8"
        )
