"""Who is in the class of an output folder, over all runs into it.

    OUT/.grader/class.json    the exercise, whose each report is, and the class's terms

An output folder belongs to one exercise and one class. Every student who is graded joins the class:
a late archive that is graded alone adds its students. A student keeps their report's name, also
where others of the same name come or go, and of two attempts the later counts. The file is written
whole before anything is graded, with everybody in it, and again when all is done, so that a killed
run loses nobody.
"""

import json
import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.batch.store import Store
from grader.classbook.changes import Past
from grader.classbook.lateness import moment_of
from grader.classbook.terms import Terms
from grader.errors import UsageError
from grader.intake.collect import Collection, Item
from grader.intake.left_out import STATE_FOLDER
from grader.intake.report_names import with_qualifier
from grader.intake.sources import Skipped
from grader.intake.student import Student
from grader.model import Exercise
from grader.opening import read_below
from grader.untrusted import for_json_document, one_line


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """One student of the class."""

    student: Student
    path: str = ""
    """Where their file was found; empty for one in an archive."""


class Roll(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `class.json` holds."""

    exercise: str
    function: str = ""
    """What the students wrote."""
    members: dict[str, Member] = {}
    """Name of the report -> whose it is."""
    terms: Terms = Terms()
    past: Past = Past()
    """The class as the last run that was done left it."""

    @property
    def students(self) -> dict[str, Student]:
        """Name of the report -> the student."""
        return {name: each.student for name, each in self.members.items()}


class Joined(NamedTuple):
    """A collection as it is graded into an output folder, and the class that results."""

    collection: Collection
    roll: Roll
    renamed: frozenset[str]
    """Names of earlier reports of files that are graded under other names now."""


def read_roll(out: Path, state: Path, exercise: Exercise) -> Roll:
    """Return the class of an output folder; a new one where there is none.

    Raises UsageError where the folder belongs to another exercise.
    """
    path = state / "class.json"
    fix = "grade into a new folder with --output"
    data = read_below(out, (STATE_FOLDER, path.name), fix)
    try:
        roll = Roll(exercise.name) if data is None else _decoded(data)
    except ValueError as error:
        raise UsageError(f"{path}: cannot be read; {fix}") from error
    if roll.exercise != exercise.name:
        raise UsageError(
            f"{out}: holds the class of the exercise {roll.exercise}; grade "
            f"{exercise.name} into a folder of its own: --output {out}-{exercise.name}"
        )
    return msgspec.structs.replace(roll, function=exercise.function)


def function_of(results: Path) -> str:
    """Return the name of the function that a class wrote; empty where nothing says it."""
    data = read_below(
        results, (STATE_FOLDER, "class.json"), "grade the class again"
    )
    try:
        return _decoded(data or b"").function
    except ValueError:
        return ""


def write_roll(store: Store, roll: Roll) -> None:
    """Write the class whole."""
    try:
        text = msgspec.json.encode(roll).decode()
    except UnicodeEncodeError:
        # Names of files need not be text: bytes that are not UTF-8 are halves of surrogate pairs.
        text = json.dumps(msgspec.to_builtins(roll))
    store.keep("class.json", for_json_document(text).encode())


def _decoded(data: bytes) -> Roll:
    try:
        return msgspec.json.decode(data, type=Roll)
    except msgspec.DecodeError:
        try:
            return msgspec.convert(json.loads(data), Roll)
        except RecursionError as error:
            raise msgspec.DecodeError(str(error)) from error


def join(
    collection: Collection,
    before: Roll,
    paths: Sequence[Path],
    terms: Terms,
    *,
    only_these: bool,
) -> Joined:
    """Return what is graded, under the names of the class, and the class with everybody in it.

    Left out are those who were found below one of the folders in `paths` before, and are not there
    any more, and with `only_these` everybody else.
    """
    named = _Names(before.members)
    items = []
    skipped = list(collection.skipped)
    members = {}
    for item in collection.items:
        name = named.name_of(item)
        known = before.members.get(name)
        if known is not None and _is_later(known.student, item.student):
            skipped.append(_earlier(item))
            members[name] = known
            continue
        items.append(msgspec.structs.replace(item, name=name))
        members[name] = Member(item.student, _path(item))
    items.sort(key=lambda item: item.name)
    others = {
        name: member
        for name, member in before.members.items()
        if name not in members
    }
    here = {member.path for member in members.values()} - {""}
    given = {os.path.abspath(path) for path in paths}  # noqa: PTH100 - follows no link
    stay = {
        name: member
        for name, member in others.items()
        if not only_these
        and member.path not in here
        and given.isdisjoint(_above(member.path))
    }
    return Joined(
        Collection(tuple(items), tuple(sorted(skipped))),
        msgspec.structs.replace(
            before,
            members=dict(sorted((stay | members).items())),
            terms=terms,
        ),
        frozenset(name for name in others if others[name].path in here),
    )


def announce_roll(store: Store, before: Roll, after: Roll) -> None:
    """Write the class before it is graded; until all is done, those who left belong to it too."""
    members = before.members | after.members
    write_roll(store, msgspec.structs.replace(after, members=members))


def settle(
    store: Store, joined: Joined, graded: Container[str]
) -> tuple[str, ...]:
    """Let the reports of earlier runs count; return those of the class that are lost."""
    others = [name for name in joined.roll.members if name not in graded]
    lost = tuple(name for name in others if not store.adopt(name))
    for name in joined.renamed:
        store.remove(name)
    return lost


class _Names:
    """Finds the name that a student's report has in the class already, or may have."""

    def __init__(self, members: dict[str, Member]) -> None:
        self._by_id = {
            _folded(member.student.id): name
            for name, member in members.items()
            if member.student.id
        }
        self._by_name = {name.casefold(): name for name in members}
        self._ids = {name: each.student.id for name, each in members.items()}
        self._taken: set[str] = set()

    def name_of(self, item: Item) -> str:
        """Return the name for a student's report: theirs, if they are in the class."""
        name = self._known(item) or item.name
        qualifier = item.student.id
        while name.casefold() in self._taken or self._is_anothers(name, item):
            name = with_qualifier(name, qualifier or "2")
        self._taken.add(name.casefold())
        return name

    def _known(self, item: Item) -> str | None:
        by_id = self._by_id.get(_folded(item.student.id))
        if by_id is not None and by_id.casefold() not in self._taken:
            return by_id
        return self._by_name.get(item.name.casefold())

    def _is_anothers(self, name: str, item: Item) -> bool:
        """Return whether a student of the class with another id has this name."""
        holder = self._ids.get(self._by_name.get(name.casefold(), ""), "")
        mine = item.student.id
        return bool(holder and mine) and _folded(holder) != _folded(mine)


def _folded(text: str) -> str:
    return text.strip().casefold()


def _path(item: Item) -> str:
    """Return where a file is; empty for one that was unpacked, below our own state."""
    file = item.place.folder.path.joinpath(*item.place.way)
    path = os.path.abspath(file)  # noqa: PTH100 - follows no link
    return "" if STATE_FOLDER in Path(path).parts else path


def _above(path: str) -> set[str]:
    return set(map(str, Path(path).parents)) if path else set()


def _is_later(known: Student, new: Student) -> bool:
    """Return whether the attempt that is known was certainly handed in after the new one."""
    first, second = moment_of(new.submitted_at), moment_of(known.submitted_at)
    if first is None or second is None:
        return False
    if (first.tzinfo is None) is not (second.tzinfo is None):
        return False
    return first < second


def _earlier(item: Item) -> Skipped:
    student = one_line(item.student.name)
    reason = (
        f"an earlier attempt of {student} than the one that was graded before"
    )
    return Skipped(item.student.origin or item.file_name, reason)
