"""Why something that was found is not a submission: by its name, by what it is, by its archive."""

import re
from pathlib import Path

from grader.errors import SUBMISSION_SUFFIXES
from grader.intake.archives import (
    UNLIMITED,
    ArchiveError,
    DamagedError,
    is_archive,
    is_packed,
)
from grader.intake.sources import File
from grader.opening import FILE_CAP, Entry, Kind
from grader.untrusted import one_line

METADATA = "submission_metadata.yml"
"""In an export of Gradescope."""
TIMESTAMP = "timestamp.txt"
"""When something was handed in, in a download of Sakai and in nbgrader's folders."""
PLATFORMS_OWN = "written by the platform"
"""Why a file of a student's folder is not the student's."""
ROSTER = "classroom_roster.csv"
"""Who is who, beside the repositories of GitHub Classroom."""
STATE_FOLDER = ".grader"
"""Marks an output folder of ours, which is never input."""

_ENVIRONMENT = "an environment"
_OUTPUT = "an output folder of the grader"
NOT_A_STUDENTS = frozenset({_ENVIRONMENT, _OUTPUT})
"""Why a folder that lies where students' folders lie is not one of them."""

_FOLDERS = {
    ".ipynb_checkpoints": "an editor's old copies",
    "__MACOSX": "added to archives by macOS",
    "__pycache__": "compiled Python",
    "node_modules": _ENVIRONMENT,
    "site-packages": _ENVIRONMENT,
}
_FILES = {
    "__init__.py": "part of a package",
    "setup.py": "part of a package",
    "conftest.py": "part of a test",
}


_SUFFIX = re.compile(r"\.[a-z0-9~+-]{1,8}")
_READABLE = frozenset(
    {"", ".txt", ".text", ".json", ".htm", ".html", ".md", ".pyw", ".py3"}
)
"""Suffixes under which code is handed in all the same: the content tells."""
_MOST_PEEKED = 1 << 17
"""Bytes of a file of such a suffix; a name that holds .py or .ipynb says more."""


def most_bytes(parts: tuple[str, ...]) -> int:
    """Return how large the member of an archive at this path may be; 0 where it is not wanted.

    An archive has a budget instead.
    """
    if why_not_below(parts) is None:
        return UNLIMITED if is_archive(parts[-1]) else FILE_CAP
    if not may_be_readable(parts):
        return 0
    return FILE_CAP if is_misnamed(parts[-1]) else _MOST_PEEKED


def suffix_of(name: str) -> str:
    """Return the suffix of a name in lower case; empty where what follows a dot is none."""
    suffix = Path(name.lower()).suffix
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def is_misnamed(name: str) -> bool:
    """Return whether a file has a right suffix, and another one after it: `convolve.py.txt`."""
    return not name.startswith(".") and any(
        suffix in name.lower() for suffix in SUBMISSION_SUFFIXES
    )


_HANDED_IN = frozenset(
    {"", ".txt", ".text", ".json", ".htm", ".html", ".pdf", ".doc", ".docx", ".odt", ".rtf",
     ".pages", ".png", ".jpg", ".jpeg", ".heic", ".webp", ".gif", ".pyw", ".py3", ".pyc"}
)  # fmt: skip
"""Suffixes of what students hand in by mistake."""
_NOT_HANDED_IN = frozenset(
    {"readme", "license", "licence", "index", "grades", "gradebook", "roster", "rubric",
     "instructions", "requirements", "makefile", "dockerfile", "manifest", "timestamp", "summary",
     "environment", "notes", "exercise", "assignment", "statement"}
)  # fmt: skip
"""Names of files that lie beside what students hand in, without their suffixes."""


def may_be_handed_in(file: File) -> bool:
    """Return whether a file that is left out may be all that a student has handed in.

    It lies where each file is a student's. A roster, a data set or a programme does, too.
    """
    name = file.parts[-1].lower()
    if not name or is_noise(file.parts) or name in _FILES:
        return False
    if file.unread or is_packed(name) or is_misnamed(name):
        return True
    stem, _, _ = name.partition(".")
    return stem not in _NOT_HANDED_IN and suffix_of(name) in _HANDED_IN


def may_be_readable(parts: tuple[str, ...]) -> bool:
    """Return whether what is left out at this path may hold code or metadata all the same."""
    if any(why_not_into(part) is not None for part in parts[:-1]):
        return False
    name = parts[-1]
    if name.startswith(".") or not name:
        return False
    if name in {"__init__.py", ROSTER} or is_misnamed(name):
        return True
    return suffix_of(name) in _READABLE


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


def is_noise(parts: tuple[str, ...]) -> bool:
    """Return whether an editor or a system, and no person, has made what is at this path."""
    return any(part in _FOLDERS or _is_hidden(part) for part in parts)


def _is_hidden(part: str) -> bool:
    return part.startswith(".") and part != ".."


def why_not_into(name: str) -> str | None:
    """Return why a folder is left out, by its name."""
    return _FOLDERS.get(name) or (
        "a hidden folder" if name.startswith(".") else None
    )


def why_not_with(names: set[str]) -> str | None:
    """Return why a folder is left out, by the names in it."""
    if STATE_FOLDER in names:
        return _OUTPUT
    return _ENVIRONMENT if "pyvenv.cfg" in names else None


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

    `named` tells whether it was named on the command line.
    """
    if not isinstance(error, DamagedError):
        return (
            f"{error}: unpack it and give the folder" if named else str(error)
        )
    what = str(error) if size else "an empty file, not an archive"
    if named:
        return f"{what}: download it again"
    return f"{what}: files are missing, ask for it again"
