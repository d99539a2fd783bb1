"""Why something that was found is not a submission: by its name, by what it is, by its archive."""

from pathlib import Path

from grader.errors import SUBMISSION_SUFFIXES
from grader.intake.archives import ArchiveError, DamagedError, is_archive
from grader.opening import FILE_CAP, Entry, Kind
from grader.untrusted import one_line

METADATA = "submission_metadata.yml"
"""In an export of Gradescope."""
STATE_FOLDER = ".grader"
"""Marks an output folder of ours, which is never input."""

_FOLDERS = {
    ".ipynb_checkpoints": "an editor's old copies",
    "__MACOSX": "added to archives by macOS",
    "__pycache__": "compiled Python",
    "node_modules": "an environment",
    "site-packages": "an environment",
}
_FILES = {
    "__init__.py": "part of a package",
    "setup.py": "part of a package",
    "conftest.py": "part of a test",
}


def is_wanted(parts: tuple[str, ...]) -> bool:
    """Return whether the member of an archive at this path may be a submission, or hold some."""
    return why_not_below(parts) is None


def why_not(name: str) -> str | None:
    """Return why a file cannot be a submission, or hold some, by its name; None where it can."""
    if name.startswith("._") or name == ".DS_Store":
        return "added to folders by macOS"
    if name.startswith("."):
        return "a hidden file"
    if name in _FILES:
        return _FILES[name]
    return _why_not_suffix(name)


def _why_not_suffix(name: str) -> str | None:
    lower = name.lower()
    if (
        lower.endswith(SUBMISSION_SUFFIXES)
        or is_archive(lower)
        or name == METADATA
    ):
        return None
    suffix = Path(lower).suffix
    if suffix:
        return f"a {one_line(suffix, 12)} file, not .py or .ipynb"
    return "not a .py or .ipynb file"


def why_not_below(parts: tuple[str, ...]) -> str | None:
    """Return the same for a member of an archive, whose folders nobody has looked at."""
    for part in parts[:-1]:
        reason = why_not_into(part)
        if reason is not None:
            return reason if part in _FOLDERS else "in a hidden folder"
    return why_not(parts[-1])


def why_not_into(name: str) -> str | None:
    """Return why a folder is left out, by its name."""
    return _FOLDERS.get(name) or (
        "a hidden folder" if name.startswith(".") else None
    )


def why_not_with(names: set[str]) -> str | None:
    """Return why a folder is left out, by the names in it."""
    if STATE_FOLDER in names:
        return "an output folder of the grader"
    return "an environment" if "pyvenv.cfg" in names else None


def why_not_entry(entry: Entry) -> str | None:
    """Return why what stands in a folder is left out: by its name, by what it is, by its size."""
    if entry.kind is Kind.LINK:
        return "a link, and links are not followed"
    if entry.kind is Kind.SILENT:
        return "its file system does not answer"
    reason = why_not(entry.name)
    if reason is not None:
        return reason
    if entry.kind is not Kind.FILE:
        return "not a regular file"
    if entry.size > FILE_CAP and not is_archive(entry.name):
        return f"larger than {FILE_CAP >> 20} MB"
    return None


def why_not_unpacked(error: ArchiveError, size: int, *, named: bool) -> str:
    """Return what is wrong with an archive of `size` bytes, and what to do about it.

    `named` is for whoever named it on the command line.
    """
    if not isinstance(error, DamagedError):
        return (
            f"{error}: unpack it and give the folder" if named else str(error)
        )
    what = str(error) if size else "an empty file, not an archive"
    if named:
        return f"{what}: download it again"
    return f"{what}: files are missing, ask for it again"
