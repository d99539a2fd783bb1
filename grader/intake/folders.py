"""Which folders are one student each, and which hold many students' files, where no platform's layout says so.

A folder rarely tells by itself: `src/convolve.py` beside `tests/test_convolve.py` is one student's,
`ada/convolve.py` beside `bob/work.py` is a section's. So each folder is looked at, and where that
is not enough, its neighbours are: what most of them are, and whether the same paths come again in
them, as they do where a course has said what to hand in.
"""

import enum
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from grader.intake.candidates import MOST_READ, Candidates
from grader.intake.downloads import person
from grader.intake.sources import File

_SEVERAL = 8
"""A folder with more solutions than this is many students'."""

Path = tuple[str, ...]


class Group(msgspec.Struct, frozen=True):
    """The candidates of one student."""

    name: str
    qualifier: str
    origin: str
    files: tuple[File, ...]
    late: bool = False


class _Node(msgspec.Struct):
    """A folder, or an archive, that holds candidates."""

    files: list[File] = msgspec.field(default_factory=list)
    folders: "dict[str, _Node]" = msgspec.field(default_factory=dict)

    def all(self) -> Iterator[File]:
        yield from self.files
        for node in self.folders.values():
            yield from node.all()


class _Kind(enum.Enum):
    ONE = "one student's, whatever its neighbours are"
    PROJECT = "has a solution in one of its folders, and something else in the others"
    OPEN = "does not tell"
    MANY = "has a solution in several of its folders: a section's students, or one student's drafts"
    CROWD = "too many for one student"


def folder_groups(files: Iterable[File], candidates: Candidates) -> list[Group]:
    """Return the files by student: a folder each, or a file each where a folder holds many students' files."""
    top = _Node()
    for file in files:
        node = top
        for part in file.parts[:-1]:
            node = node.folders.setdefault(part, _Node())
        node.files.append(file)
    return list(_Folders(candidates).groups(top, (), 0))


class _Folders:
    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates

    def groups(self, node: _Node, above: Path, depth: int) -> Iterator[Group]:
        for file in node.files:
            yield Group(
                "_".join((*above, file.parts[-1])), "", "/".join(file.parts), (file,)
            )
        students = self._students(node, depth)
        only = len(node.folders) == 1 and not node.files
        for name, child in node.folders.items():
            if name in students:
                yield Group(
                    "_".join((*above, person(name))),
                    "",
                    "/".join((*above, name)),
                    tuple(child.all()),
                )
            else:
                # A wrapper around everything (what an archive is called) says nothing about a
                # student.
                yield from self.groups(
                    child, above if only else (*above, person(name)), depth + 1
                )

    def _students(self, node: _Node, depth: int) -> set[str]:
        """Name the folders in `node` that are one student each."""
        kinds = {name: self._kind(child) for name, child in node.folders.items()}
        certain = {name for name, kind in kinds.items() if kind is _Kind.ONE}
        if len(certain) == len(kinds):
            return certain
        paths = {
            name: _units(child.all(), depth + 1) for name, child in node.folders.items()
        }
        times = Counter(path for each in paths.values() for path in each)
        alike = {
            name
            for name, each in paths.items()
            if any(times[path] > 1 for path in each)
        }
        projects = {name for name in alike if kinds[name] is _Kind.PROJECT}
        # One whose files lie further down may be a section with one student in it.
        settled = {
            name for name in certain if node.folders[name].files or name in alike
        } | projects
        follow = set()
        if _are_most(certain | projects, kinds):
            follow |= {_Kind.OPEN, _Kind.PROJECT}
        if _are_most(settled, kinds):
            follow |= {_Kind.MANY}
        return certain | {
            name
            for name, kind in kinds.items()
            if kind in follow or _is_required(paths[name], times, len(kinds))
        }

    def _kind(self, node: _Node) -> _Kind:
        while not node.files and len(node.folders) == 1:
            node = next(iter(node.folders.values()))
        files = list(node.all())
        if len(_units(files, 0)) == 1:
            return _Kind.ONE
        return (
            self._kind_of_files(node.files, files)
            if node.files
            else self._kind_of_folders(node)
        )

    def _kind_of_files(self, own: list[File], files: list[File]) -> _Kind:
        defining = len(
            _units(
                filter(
                    self._candidates.defines, self._candidates.ranked(files)[:MOST_READ]
                ),
                0,
            )
        )
        if defining > _SEVERAL:
            return (
                _Kind.CROWD
            )  # also where one is named like the exercise, as the stub is
        if any(map(self._candidates.is_named, own)):
            return _Kind.ONE
        return (
            _Kind.ONE
            if defining == 1 and len(_units(files, 0)) <= _SEVERAL
            else _Kind.OPEN
        )

    def _kind_of_folders(self, node: _Node) -> _Kind:
        if len(node.folders) > _SEVERAL:
            return _Kind.CROWD
        solutions = sum(self._holds_solution(child) for child in node.folders.values())
        return (_Kind.OPEN, _Kind.PROJECT)[solutions] if solutions < 2 else _Kind.MANY  # noqa: PLR2004 - none, one, several

    def _holds_solution(self, node: _Node) -> bool:
        ranked = self._candidates.ranked(node.all())
        return self._candidates.is_named(ranked[0]) or any(
            map(self._candidates.defines, ranked[:MOST_READ])
        )


def _units(files: Iterable[File], depth: int) -> set[Path]:
    """Return the paths below `depth` without suffixes: a notebook and what was exported from it are one."""
    return {
        (*file.parts[depth:-1], file.parts[-1].rpartition(".")[0].lower())
        for file in files
    }


def _are_most(some: set[str], all_: "dict[str, _Kind]") -> bool:
    return len(some) * 2 > len(all_)


def _is_required(paths: set[Path], times: Counter[Path], folders: int) -> bool:
    """Tell a folder whose paths come again in most others, where these are far more than its paths.

    Sections, too, may have students of the same names or numbers, but then they are few, and their
    students many.
    """
    common = sum(times[path] * 2 > folders for path in paths)
    return folders > 2 * len(paths) and common * 2 >= len(paths)
