"""Which folders are one student each, and which hold many students' files, without a layout.

One folder alone rarely shows what it is: `src/convolve.py` beside `tests/test_convolve.py` is one
student's, `ada/convolve.py` beside `bob/work.py` is a section's. So each folder is looked at, and
where that is not enough, its neighbours are, too: what most of them are, and whether they hold the
same paths, as they do where a course has said what to hand in.

An archive is one student's, whatever is in it. Only an archive that was named on the command line
may be a class: alone, or beside others where most of these look like classes.
"""

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

import msgspec

from grader.intake.archives import (
    DEEPEST_PATH,
    archive_stem,
    is_archive,
    is_packed,
)
from grader.intake.candidates import MOST_READ, Candidates
from grader.intake.helpers import helpers_of
from grader.intake.left_out import NOT_A_STUDENTS, is_noise, may_be_handed_in
from grader.intake.sources import File
from grader.intake.student import Student

_SEVERAL = 8
"""A folder with more solutions than this is many students'."""

_ELSEWHERE = ("/", "..")
"""How paths begin that lead out of an archive."""

Path = tuple[str, ...]


class Group(msgspec.Struct, frozen=True):
    """The candidates of one student."""

    path: Path
    """What becomes its name: the folders above a student, then the student."""
    qualifier: str
    origin: str
    files: tuple[File, ...]
    left_out: tuple[File, ...] = ()
    """What else is theirs: all there is, where they have handed in nothing to grade."""
    late: frozenset[Path] = frozenset()
    """The paths of the files that the platform marks as late."""
    student: Student | None = None
    """As a platform knows them; None where only the folder tells."""
    notes: tuple[str, ...] = ()


class _Node(msgspec.Struct):
    """A folder, or an archive, that holds candidates."""

    sealed: bool = False
    """An archive that is one student's, whatever is in it."""
    files: list[File] = msgspec.field(default_factory=list)
    left_out: list[File] = msgspec.field(default_factory=list)
    folders: "dict[str, _Node]" = msgspec.field(default_factory=dict)
    bare: "dict[str, _Node]" = msgspec.field(default_factory=dict)
    """The folders that hold nothing but what is left out."""

    def all(self) -> Iterator[File]:
        """Yield every file below."""
        yield from self.files
        for node in self.folders.values():
            yield from node.all()

    def all_left_out(self) -> Iterator[File]:
        """Yield all below that is left out."""
        yield from self.left_out
        for node in (*self.folders.values(), *self.bare.values()):
            yield from node.all_left_out()


class _Kind(enum.Enum):
    ONE = "one student's, whatever its neighbours are"
    PROJECT = (
        "has a solution in one of its folders, and something else in the others"
    )
    OPEN = "does not tell"
    MANY = "has a solution in several of its folders: a section's students, or one student's drafts"
    CROWD = "too many for one student"


def folder_groups(
    files: Iterable[File],
    candidates: Candidates,
    named: Collection[str] = (),
    left_out: Iterable[File] = (),
) -> list[Group]:
    """Return the files by student: one per folder, or one per file in a folder of many students.

    `named` are archives at the top that were named on the command line. Of what is `left_out` it
    goes to the students whose it is, and makes students of those who have nothing else.
    """
    top = _tree(files, left_out, named)
    return list(_Folders(candidates, frozenset(named)).groups(top, (), 0))


def _tree(
    files: Iterable[File], left_out: Iterable[File], named: Collection[str]
) -> _Node:
    top = _Node()
    for file in files:
        node = top
        for at, part in enumerate(file.parts[:-1]):
            sealed = at in file.archives and not (at == 0 and part in named)
            node = node.folders.setdefault(part, _Node(sealed=sealed))
        node.files.append(file)
    # An archive that holds something may be left out in part; so what is deeper comes first.
    for file in sorted(left_out, key=lambda file: -len(file.parts)):
        node = top
        # What is too deep is left out for that, and would be a call for each folder.
        for part in file.parts[:-1][:DEEPEST_PATH]:
            below = node.folders.get(part)
            node = below or node.bare.setdefault(part, _Node(sealed=True))
        name = file.parts[-1]
        node = node.folders.get(name) or node.bare.get(name) or node
        node.left_out.append(file)
    return top


def is_crowd(files: Iterable[File], candidates: Candidates) -> bool:
    """Return whether these are more solutions than one student hands in."""
    return len(_defining(candidates, files)) > _SEVERAL


class _Folders:
    def __init__(self, candidates: Candidates, named: frozenset[str]) -> None:
        self._candidates = candidates
        self._named = named

    def groups(self, node: _Node, above: Path, depth: int) -> Iterator[Group]:
        """Yield the groups in `node`, which is `depth` folders down and called `above`."""
        if self._is_own(node):
            files = tuple(node.all())
            left_out = tuple(node.all_left_out())
            best = self._candidates.ranked(node.files)[0]
            path = (*above, best.parts[-1])
            yield Group(path, "", best.path, files, left_out)
            return
        for file in node.files:
            yield Group((*above, file.parts[-1]), "", file.path, (file,))
        students = self._students(node, depth)
        if depth == 0:
            students |= self._archives_of_students(node, students)
        yield from self._without_files(node, above, students)
        # A folder around everything, as archives have it, says nothing about a student.
        only = len(node.folders) == 1 and not node.files
        for name, child in node.folders.items():
            path = (*above, _person(name))
            if name in students:
                origin = "/".join((*above, name))
                left_out = tuple(child.all_left_out())
                yield Group(path, "", origin, tuple(child.all()), left_out)
            else:
                yield from self.groups(
                    child, above if only else path, depth + 1
                )

    def _without_files(
        self, node: _Node, above: Path, students: Collection[str]
    ) -> Iterator[Group]:
        """Yield those students in `node` who have handed in nothing that is graded by its name.

        Beside folders of students a folder is a student's, whatever is in it. A file is one's
        beside folders and beside files, if it is of a kind that is handed in.
        """
        are_folders = 2 * len(students) >= max(len(node.folders), 1)
        if not (are_folders or node.files):
            return
        for name, child in node.bare.items():
            left_out = tuple(child.all_left_out())
            if self._is_nobodys(name, left_out):
                continue
            if are_folders or is_archive(name):
                origin = "/".join((*above, name))
                yield Group((*above, _person(name)), "", origin, (), left_out)
        for file in node.left_out:
            if may_be_handed_in(file) and file.parts[-1] not in self._named:
                path = (*above, _person(file.parts[-1]))
                yield Group(path, "", file.path, (), (file,))

    def _is_nobodys(self, name: str, left_out: Iterable[File]) -> bool:
        """Return whether a folder or archive is none that a student has handed in."""
        if name in {*self._named, *_ELSEWHERE} or is_noise((name,)):
            return True
        return all(file.reason in NOT_A_STUDENTS for file in left_out)

    def _is_own(self, node: _Node) -> bool:
        """Return whether what lies in a folder, side by side, is one student's own work.

        There is one file only, and it is named like the exercise; or that file alone defines the
        function, and imports what lies beside it. A file of a class with other people's beside it
        is neither.
        """
        files = list(node.all())
        named = [file for file in node.files if self._candidates.is_named(file)]
        if len(_units(named, 0)) != 1:
            return False
        if len(_units(files, 0)) == 1:
            return True
        defining = _defining(self._candidates, files)
        if len(files) > MOST_READ or defining != _units(named, 0):
            return False
        return any(
            helpers_of(file, files, self._candidates.content) for file in named
        )

    def _archives_of_students(
        self, node: _Node, students: set[str]
    ) -> frozenset[str]:
        """Return the archives that were named, if at least half of them are one student's."""
        archives = self._named.intersection(node.folders)
        return (
            archives
            if 2 * len(archives & students) >= len(archives)
            else frozenset()
        )

    def _students(self, node: _Node, depth: int) -> set[str]:
        """Return the folders in `node` that are one student each."""
        kinds = {
            name: self._kind(child) for name, child in node.folders.items()
        }
        certain = {name for name, kind in kinds.items() if kind is _Kind.ONE}
        if len(certain) == len(kinds):
            return certain
        paths = {}
        times: Counter[Path] = Counter()
        for name, child in node.folders.items():
            paths[name] = _units(child.all(), depth + 1)
            times.update(paths[name])
        follow = self._kinds_that_follow(node, kinds, paths, times)
        students = set(certain)
        for name, kind in kinds.items():
            if kind in follow or _is_required(paths[name], times, len(kinds)):
                students.add(name)
        return students

    def _kinds_that_follow(
        self,
        node: _Node,
        kinds: dict[str, _Kind],
        paths: dict[str, set[Path]],
        times: Counter[Path],
    ) -> set[_Kind]:
        """Return the kinds of folders that are students because most of their neighbours are."""
        alike = {
            name
            for name in paths
            if any(times[path] > 1 for path in paths[name])
        }
        certain = {name for name, kind in kinds.items() if kind is _Kind.ONE}
        projects = {name for name in alike if kinds[name] is _Kind.PROJECT}
        # One whose files lie further down may be a section with one student in it.
        direct = {
            name
            for name in certain
            if node.folders[name].files or name in alike
        }
        follow: set[_Kind] = set()
        if 2 * len(certain | projects) > len(kinds):
            follow |= {_Kind.OPEN, _Kind.PROJECT}
        if 2 * len(direct | projects) > len(kinds):
            follow.add(_Kind.MANY)
        return follow

    def _kind(self, node: _Node) -> _Kind:
        if node.sealed:
            return _Kind.ONE
        while not node.files and len(node.folders) == 1:
            node = next(iter(node.folders.values()))
        files = list(node.all())
        if len(_units(files, 0)) == 1:
            return _Kind.ONE
        if node.files:
            return self._kind_of_files(node.files, files)
        return self._kind_of_folders(node)

    def _kind_of_files(self, own: list[File], files: list[File]) -> _Kind:
        defining = len(_defining(self._candidates, files))
        if defining > _SEVERAL:
            return (
                _Kind.CROWD
            )  # also where one is named like the exercise, as the stub is
        if any(map(self._candidates.is_named, own)):
            return _Kind.ONE
        if defining == 1 and len(_units(files, 0)) <= _SEVERAL:
            return _Kind.ONE
        return _Kind.OPEN

    def _kind_of_folders(self, node: _Node) -> _Kind:
        if len(node.folders) > _SEVERAL:
            return _Kind.CROWD
        solutions = sum(map(self._holds_solution, node.folders.values()))
        if solutions > 1:
            return _Kind.MANY
        return _Kind.PROJECT if solutions else _Kind.OPEN

    def _holds_solution(self, node: _Node) -> bool:
        ranked = self._candidates.ranked(node.all())
        if self._candidates.is_named(ranked[0]):
            return True
        return any(map(self._candidates.defines, ranked[:MOST_READ]))


def _person(part: str) -> str:
    """Return the name of a folder, or of an archive, as a student's name."""
    return archive_stem(part) if is_packed(part) else part


def _defining(candidates: Candidates, files: Iterable[File]) -> set[Path]:
    """Return the paths, without suffixes, of the files that define the function."""
    likely = candidates.ranked(files)[:MOST_READ]
    return _units(filter(candidates.defines, likely), 0)


def _units(files: Iterable[File], depth: int) -> set[Path]:
    """Return the paths below `depth` without suffixes: a notebook and its export are one."""
    units = set()
    for file in files:
        stem = file.parts[-1].rpartition(".")[0].lower()
        units.add((*file.parts[depth:-1], stem))
    return units


def _is_required(paths: set[Path], times: Counter[Path], folders: int) -> bool:
    """Return whether a folder's paths come again in most others, which are far more than its paths.

    Sections, too, may have students of the same names or numbers, but then the sections are few and
    their students many.
    """
    common = sum(times[path] * 2 > folders for path in paths)
    return folders > 2 * len(paths) and common * 2 >= len(paths)
