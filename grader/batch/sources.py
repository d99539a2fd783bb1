"""Finding files: folders, patterns and archives become one tree of files, each with the place that holds its bytes.

Nothing here knows what a student is. Links that lead out of the given folder are not followed: the trusted side reads
with the instructor's rights, and `convolve.py -> solutions/reference.py` would otherwise be full marks.
"""

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.batch.archives import MOST_FILE, ArchiveError, Budget, is_archive, unpack
from grader.errors import UsageError

SUBMISSION_SUFFIXES = (".py", ".ipynb")
METADATA = "submission_metadata.yml"
DEEPEST_ARCHIVE = 2
"""An archive in an archive is opened (a platform's download of what students packed), one in that is not."""
STATE_FOLDER = ".grader"
"""Marks an output folder of ours, which is never input."""

_IGNORED_FOLDERS = {
    ".ipynb_checkpoints": "an editor's old copies",
    "__MACOSX": "what macOS adds to an archive",
    "__pycache__": "compiled Python",
    "node_modules": "an environment",
    "site-packages": "an environment",
}
_IGNORED_FILES = {"__init__.py": "part of a package", "setup.py": "part of a package", "conftest.py": "part of a test"}


class File(msgspec.Struct, frozen=True):
    """One file: its path below the root, as parts, and where its bytes are."""

    parts: tuple[str, ...]
    place: Path
    called: str = ""
    """What the student called it, once a platform's prefix is known; by default the last part."""

    @property
    def name(self) -> str:
        """The student's own name for the file."""
        return self.called or self.parts[-1]


class Skipped(msgspec.Struct, frozen=True, order=True):
    """What was found and is not a submission."""

    path: str
    reason: str


class Root(msgspec.Struct, frozen=True):
    """One given folder or archive, or all the single files that were given."""

    label: str
    files: tuple[File, ...]
    explicit: bool = False
    """The files were named one by one: each is a submission."""


class Scan:
    """Walks what was given; collects the files that may be submissions and says what it left out, and why."""

    def __init__(self, spool: Path, ignore: Path | None = None) -> None:
        self._spool = spool
        self._ignore = ignore.resolve() if ignore is not None else None
        self._archives = 0
        self.skipped: list[Skipped] = []

    def roots(self, paths: Sequence[Path]) -> list[Root]:
        """Return one root per folder and archive, and one for all single files; UsageError where a path is missing."""
        roots: list[Root] = []
        single: list[Path] = []
        for path in _expand(paths):
            if path.is_dir():
                files = self._folder(path, path.resolve(), (), 0)
                roots.append(Root(label=_legible(path.resolve().name), files=tuple(files)))
            elif is_archive(path.name):
                files = self._archive(path, path.name, (), 1, Budget.download())
                roots.append(Root(label=_legible(path.name), files=tuple(files)))
            else:
                single.append(path)
        if single:
            roots.append(self._single(single))
        return roots

    def _single(self, paths: list[Path]) -> Root:
        absolute = sorted({Path(os.path.abspath(path)) for path in paths})  # noqa: PTH100 - resolve() would follow links
        base = Path(os.path.commonpath([path.parent for path in absolute]))
        files = []
        for path in absolute:
            parts = tuple(map(_legible, path.relative_to(base).parts))
            reason = "a link" if path.is_symlink() else _why_not(path.name) or _unreadable(path)
            if reason is not None:
                self._skip("/".join(parts), reason)
            else:
                files.append(File(parts, path))
        return Root(label=_legible(base.name), files=tuple(files), explicit=True)

    def _folder(self, folder: Path, root: Path, parts: tuple[str, ...], depth: int) -> Iterator[File]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._skip("/".join(parts) or str(folder), f"the folder cannot be read ({error.strerror})")
            return
        for entry in entries:
            below = (*parts, _legible(entry.name))
            path = Path(entry.path)
            if entry.is_symlink() and not _inside(path, root):
                self._skip("/".join(below), "a link that leads out of the folder")
            elif entry.is_dir(follow_symlinks=False):
                reason = self._folder_refusal(path)
                if reason is None:
                    yield from self._folder(path, root, below, depth)
                elif reason:
                    self._skip("/".join(below) + "/", reason)
            else:
                yield from self._file(path, below, depth)

    def _folder_refusal(self, path: Path) -> str | None:
        """Say why a folder is left out; an empty text where that need not be said."""
        if (self._ignore is not None and path.resolve() == self._ignore) or (path / STATE_FOLDER).is_dir():
            return ""
        if path.name in _IGNORED_FOLDERS:
            return _IGNORED_FOLDERS[path.name]
        if path.name.startswith("."):
            return "a hidden folder"
        return "an environment" if (path / "pyvenv.cfg").exists() else None

    def _file(self, path: Path, parts: tuple[str, ...], depth: int) -> Iterator[File]:
        reason = _why_not(path.name) or _unreadable(path)
        if reason is not None:
            self._skip("/".join(parts), reason)
        elif is_archive(path.name):
            yield from self._archive(path, "/".join(parts), parts, depth + 1, Budget.handed_in())
        else:
            yield File(parts, path)

    def _archive(self, path: Path, label: str, prefix: tuple[str, ...], depth: int, budget: Budget) -> Iterator[File]:
        if depth > DEEPEST_ARCHIVE:
            self._skip(label, "an archive inside an archive inside an archive")
            return
        self._archives += 1
        files: list[File] = []
        download = not prefix
        try:
            for member in unpack(path, self._spool / f"a{self._archives}", _is_wanted, budget):
                parts = (*prefix, *member.parts)
                reason = member.reason or _why_not_below(member.parts)
                if reason is not None:
                    self._skip("/".join(parts), reason)
                elif member.place is not None and is_archive(parts[-1]):
                    named = _with_suffix(member.place, parts[-1])
                    within = Budget.handed_in() if download else budget
                    files.extend(self._archive(named, "/".join(parts), parts, depth + 1, within))
                elif member.place is not None:
                    files.append(File(parts, member.place))
        except ArchiveError as error:
            self._skip(label, str(error))
            if not download:
                # Half of what one student packed is not what they handed in.
                return
        yield from files

    def _skip(self, path: str, reason: str) -> None:
        self.skipped.append(Skipped(_legible(path), reason))


def _expand(paths: Sequence[Path]) -> Iterator[Path]:
    """Expand the patterns that the shell left alone."""
    seen = set()
    for path in paths:
        matches = [path]
        if not os.path.lexists(path):
            matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 - an absolute pattern
            if not matches and glob.has_magic(str(path)):
                raise UsageError(f"{path}: no file matches this pattern")
        if not matches or not matches[0].exists():
            raise UsageError(f"{path}: no such file or folder")
        for match in matches:
            if (key := match.resolve()) not in seen:
                seen.add(key)
                yield match


def _legible(name: str) -> str:
    """Replace what is no text in a file's name: any bytes make a name on Linux, and no report can carry them."""
    return name.encode("utf-8", "replace").decode()


def _is_wanted(name: str) -> bool:
    return _why_not(name) is None


def _why_not(name: str) -> str | None:
    """Say why a file cannot be a submission, by its name; None where it can be, or can hold some."""
    if name == METADATA:
        return None
    if name.startswith("._") or name == ".DS_Store":
        return "what macOS adds to a folder"
    if name.startswith("."):
        return "a hidden file"
    if name in _IGNORED_FILES:
        return _IGNORED_FILES[name]
    lower = name.lower()
    if lower.endswith(SUBMISSION_SUFFIXES) or is_archive(lower):
        return None
    suffix = Path(lower).suffix
    return f"a {suffix[:12]} file, not .py or .ipynb" if suffix else "not a .py or .ipynb file"


def _why_not_below(parts: tuple[str, ...]) -> str | None:
    """As `_why_not`, for a member of an archive, whose folders were not walked."""
    for part in parts[:-1]:
        if part in _IGNORED_FOLDERS:
            return _IGNORED_FOLDERS[part]
        if part.startswith("."):
            return "in a hidden folder"
    return _why_not(parts[-1])


def _unreadable(path: Path) -> str | None:
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


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _with_suffix(place: Path, name: str) -> Path:
    """Name an unpacked archive so that its kind can be told."""
    lower = name.lower()
    suffix = ".zip" if lower.endswith(".zip") else f".{lower.rpartition('.')[2]}"
    return place.rename(place.with_name(place.name + suffix))
