"""Why something that was found is not a submission: by its name, by what it is on disk, by what its archive is."""

import errno
import stat
from pathlib import Path

from grader.errors import SUBMISSION_SUFFIXES
from grader.intake.archives import MOST_FILE, ArchiveError, is_archive

METADATA = "submission_metadata.yml"
STATE_FOLDER = ".grader"
"""Marks an output folder of ours, which is never input."""

_FOLDERS = {
    ".ipynb_checkpoints": "an editor's old copies",
    "__MACOSX": "what macOS adds to an archive",
    "__pycache__": "compiled Python",
    "node_modules": "an environment",
    "site-packages": "an environment",
}
_FILES = {
    "__init__.py": "part of a package",
    "setup.py": "part of a package",
    "conftest.py": "part of a test",
}


def is_wanted(name: str) -> bool:
    """Tell a file that may be a submission, or hold some, by its name."""
    return why_not(name) is None


def why_not(name: str) -> str | None:
    """Say why a file cannot be a submission, by its name; None where it can be, or can hold some."""
    if name == METADATA:
        return None
    if name.startswith("._") or name == ".DS_Store":
        return "what macOS adds to a folder"
    if name.startswith("."):
        return "a hidden file"
    if name in _FILES:
        return _FILES[name]
    lower = name.lower()
    if lower.endswith(SUBMISSION_SUFFIXES) or is_archive(lower):
        return None
    suffix = Path(lower).suffix
    return (
        f"a {suffix[:12]} file, not .py or .ipynb"
        if suffix
        else "not a .py or .ipynb file"
    )


def why_not_below(parts: tuple[str, ...]) -> str | None:
    """As `why_not`, for a member of an archive, whose folders were not walked."""
    for part in parts[:-1]:
        if part in _FOLDERS:
            return _FOLDERS[part]
        if part.startswith("."):
            return "in a hidden folder"
    return why_not(parts[-1])


def why_not_into(name: str) -> str | None:
    """Say why a folder is left out, by its name."""
    return _FOLDERS.get(name) or ("a hidden folder" if name.startswith(".") else None)


def why_not_with(names: set[str]) -> str | None:
    """Say why a folder is left out, by the names in it."""
    if STATE_FOLDER in names:
        return "what the grader has put out"
    return "an environment" if "pyvenv.cfg" in names else None


def not_a_file(path: Path) -> str | None:
    """Say why a path is not a file to read; a pipe would block whoever opens it."""
    try:
        facts = path.stat()
    except OSError:
        # It is a submission whose file cannot be read: that is for its report to say.
        return None
    if not stat.S_ISREG(facts.st_mode):
        return "not a regular file"
    if facts.st_size > MOST_FILE and not is_archive(path.name):
        return f"larger than {MOST_FILE >> 20} MB"
    return None


def bad_link(path: Path, root: Path) -> str | None:
    """Say why a link is not followed; None for one to a file below `root`."""
    try:
        target = path.resolve(strict=True)
        if not target.is_relative_to(root):
            return "a link that leads out of the folder"
        # What is in that folder is found where the folder is.
        return "a link to a folder" if target.is_dir() else None
    except (FileNotFoundError, NotADirectoryError):
        return "a link to something that is not there"
    except (OSError, RuntimeError) as error:
        # Python 3.11 and 3.12 have a RuntimeError for a circle, later ones the system's own error.
        if isinstance(error, OSError) and error.errno != errno.ELOOP:
            return f"a link that cannot be followed ({error.strerror})"
        return "a link that leads in a circle"


def why_not_unpacked(path: Path, error: ArchiveError, *, named: bool) -> str:
    """Say what is wrong with an archive, and what to do about it; `named` to whoever named it on the command line."""
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.strerror:
        return f"cannot be unpacked ({cause.strerror})"
    if cause is None:
        return f"{error}: unpack it and give the folder" if named else str(error)
    what = "an empty file, not an archive" if not path.stat().st_size else str(error)
    return (
        f"{what}: download it again"
        if named
        else f"{what}: files are missing, ask for it again"
    )
