"""Find an exercise by its name, from where one stands: for students and authors.

What is graded is never found like this, since one may stand in a student's folder; see `trust`.
"""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from grader.errors import UsageError
from grader.exercise.files import reason
from grader.strict import did_you_mean

EXERCISE_FILE = "exercise.toml"
CASES_FILE = "cases.toml"
SCRIPT_FILE = "cases.py"
CHECK_FILE = "check.py"
REFERENCE_FILE = "reference.py"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def is_exercise_name(text: str) -> bool:
    """Return whether a text may be the name of an exercise, and so of its folder."""
    return _NAME.fullmatch(text) is not None


def find_exercise(name_or_dir: str | Path) -> Path:
    """Return the public half of the exercise that a name or a folder names.

    A name is looked up under `exercises/` in the working folder and its parents, then beside the
    package (in a checkout), then inside it (in a wheel). Raises `UsageError` if there is none.
    """
    given = Path(name_or_dir)
    is_name = isinstance(name_or_dir, str) and is_exercise_name(name_or_dir)
    try:
        folder = _first_folder(given, is_name=is_name)
        if folder is not None:
            return folder.resolve()
        if given.exists():
            raise UsageError(
                f"{given}: is a file; --exercise takes the folder that holds {EXERCISE_FILE}"
            )
        known = sorted(folder.name for folder in known_exercises())
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{given}: cannot be opened ({reason(error)})"
        ) from error
    if not is_name:
        raise UsageError(f"{given}: there is no such folder (--exercise)")
    close = did_you_mean(str(given), known)
    raise UsageError(f"{given}: there is no exercise of this name{close}")


def beside(public_half: Path) -> Path:
    """Return where the hidden half is in an author's checkout."""
    return public_half.parent.parent / "solutions" / public_half.name


def _first_folder(given: Path, *, is_name: bool) -> Path | None:
    candidates = [given]
    if is_name:
        candidates += [place / given for place in _places()]
    # Real exercises come first: a student's own folder may have the same name.
    for folder in candidates:
        if (folder / EXERCISE_FILE).is_file():
            return folder
    for folder in candidates:
        if folder.is_dir():
            return folder
    return None


def _places() -> Iterator[Path]:
    here = Path.cwd()
    package = Path(__file__).resolve().parents[1]
    for parent in (here, *here.parents, package.parent, package):
        yield parent / "exercises"


def known_exercises() -> list[Path]:
    """Return the public halves that a name may find from where one stands, the nearest first.

    Of several of one name it is the nearest. Folders that cannot be read hold none.
    """
    found: dict[str, Path] = {}
    for place in _places():
        with contextlib.suppress(OSError):
            for folder in sorted(place.iterdir()):
                if (folder / EXERCISE_FILE).is_file():
                    found.setdefault(folder.name, folder)
    return list(found.values())
