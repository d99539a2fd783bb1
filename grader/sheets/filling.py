"""Filling a platform's sheet: who is matched, what is written, and what could not be.

Pure: a table, the grades and a platform's columns in, the filled table and two lists out.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from grader.errors import UsageError
from grader.sheets.doubts import key, refuse_lost_zeros, refuse_others
from grader.sheets.headings import Cell
from grader.sheets.table import Table, new_sheet
from grader.vocabulary import number


class Grade(NamedTuple):
    """What one student gets; `points` is None where nothing may be written (a fault of ours)."""

    id: str
    name: str
    email: str
    points: float | None
    max_points: float
    comment: str = ""


class Layout(NamedTuple):
    """Where things stand in one sheet."""

    first: int
    """The first row that is a student's."""
    identities: tuple[Cell, ...]
    """What can match a student's id or e-mail, the surest first."""
    name: Cell
    grade: int
    """The column of the grade."""
    maximum: Callable[[Sequence[str]], float | None]
    """The maximum of a row's grade; None where the sheet does not say."""
    comment: int | None = None
    decimal_comma: bool = False


class SheetPlatform(NamedTuple):
    """What the grader knows about the grade book of one platform."""

    name: str
    layout: Callable[[Table, str | None], Layout]
    """Reads a sheet's header; the second argument names the column to fill, where one was given."""
    minimal: Callable[[Sequence[Grade], str], list[list[str]]]
    """Makes the rows that the importer documents as enough, for an assignment of this title."""
    own_ids: bool = False
    """It numbers the students of each assignment anew, so names alone prove nothing."""
    capped: bool = False
    """It takes no grade above the maximum, and says nothing."""
    by_name: bool = False
    """It finds students without an id by their names."""


class Filled(NamedTuple):
    """A filled sheet, and whom it does not hold."""

    data: bytes
    filled: int
    by_name: tuple[str, ...] = ()
    """Students who were matched by their name, because no id did."""
    not_in_sheet: tuple[str, ...] = ()
    """Students with a grade whom the sheet does not list."""
    not_graded: tuple[str, ...] = ()
    """Students of the sheet without a grade; their cells are as they were."""
    above: tuple[str, ...] = ()
    """Students with more than the sheet's maximum."""


def fill(
    platform: SheetPlatform,
    sheet: Table,
    grades: Sequence[Grade],
    column: str | None = None,
) -> Filled:
    """Fill a sheet.

    UsageError, naming the file and the fix, where no student of it was graded, or where it seems to
    be of another assignment or was changed by a spreadsheet (`doubts`).
    """
    layout = platform.layout(sheet, column)
    rows = [
        row for row in sheet.rows[layout.first :] if any(map(str.strip, row))
    ]
    found = _Matching(platform, sheet.name, rows, grades, layout)
    above = [
        grade.name
        for row, grade in found.pairs
        if _write(row, grade, layout, capped=platform.capped)
    ]
    given = {id(grade) for _, grade in found.pairs}
    return Filled(
        data=sheet.data(),
        filled=sum(grade.points is not None for _, grade in found.pairs),
        by_name=tuple(found.by_name),
        not_in_sheet=tuple(
            _called(grade) for grade in graded(grades) if id(grade) not in given
        ),
        not_graded=tuple(found.not_graded),
        above=tuple(above),
    )


def _called(grade: Grade) -> str:
    if not grade.name:
        return grade.id
    return f"{grade.name} ({grade.id})" if grade.id else grade.name


class _Matching:
    """Which grade belongs into which row."""

    def __init__(
        self,
        platform: SheetPlatform,
        name: str,
        rows: Sequence[list[str]],
        grades: Sequence[Grade],
        layout: Layout,
    ) -> None:
        by_id = _by_identity(grades)
        refuse_lost_zeros(name, rows, layout.identities, by_id)
        by_name = _unique_names(grades, rows, layout)
        self.pairs: list[tuple[list[str], Grade]] = []
        self.by_name: list[str] = []
        self.not_graded: list[str] = []
        self._by_id: list[tuple[str, str, str]] = []
        for row in rows:
            self._match(row, layout, by_id, by_name)
        own_ids = platform.own_ids and any(grade.id for grade in grades)
        if not self.pairs or (own_ids and not self._by_id):
            raise UsageError(
                f"{name}: lists none of the students who were graded; "
                "is it the sheet of another assignment or another course?"
            )
        refuse_others(name, self._by_id)
        self._refuse_doubles(name)

    def _match(
        self,
        row: list[str],
        layout: Layout,
        by_id: Mapping[str, Grade],
        by_name: Mapping[str, Grade],
    ) -> None:
        name = layout.name(row)
        grade = _match(row, layout, by_id)
        if grade is not None:
            self._by_id.append((grade.id, name, grade.name))
        elif (grade := by_name.get(key(name))) is not None:
            self.by_name.append(grade.name)
        if grade is not None:
            self.pairs.append((row, grade))
        if grade is None or grade.points is None:
            self.not_graded.append(name)

    def _refuse_doubles(self, name: str) -> None:
        seen: set[int] = set()
        for _, grade in self.pairs:
            if id(grade) in seen:
                who = grade.id or grade.name
                raise UsageError(
                    f"{name}: lists {who} twice; download the sheet anew"
                )
            seen.add(id(grade))


def minimal(
    platform: SheetPlatform, grades: Sequence[Grade], assignment: str
) -> tuple[bytes, tuple[str, ...]]:
    """Return a sheet with only what the platform's importer needs, and whom it cannot list.

    UsageError where it can list nobody, because the platform knows students by ids that they lack.
    """
    listed = [grade for grade in graded(grades) if grade.id or platform.by_name]
    left = tuple(
        grade.name
        for grade in graded(grades)
        if not (grade.id or platform.by_name)
    )
    if not listed:
        raise UsageError(
            f"nobody has an id of {platform.name}; grade its own download, or fill "
            "its sheet with --sheet"
        )
    return new_sheet(platform.minimal(listed, assignment)), left


def graded(grades: Sequence[Grade]) -> list[Grade]:
    """Return the grades that have points."""
    return [grade for grade in grades if grade.points is not None]


def scaled(grade: Grade, maximum: float | None) -> str:
    """Return the points as a share of the sheet's maximum, with two decimals at most."""
    return number(round(_share(grade, maximum), 2))


def _share(grade: Grade, maximum: float | None) -> float:
    points = grade.points or 0.0
    if maximum is not None and grade.max_points > 0:
        points = points * maximum / grade.max_points
    return points


def _write(
    row: list[str], grade: Grade, layout: Layout, *, capped: bool
) -> bool:
    """Write one grade; return whether it is above the maximum of the sheet."""
    if grade.points is None:
        return False
    maximum = layout.maximum(row)
    is_above = maximum is not None and _share(grade, maximum) > maximum
    if is_above and capped:
        grade = grade._replace(points=grade.max_points)
    row.extend([""] * (layout.grade + 1 - len(row)))
    text = scaled(grade, maximum)
    row[layout.grade] = text.replace(".", ",") if layout.decimal_comma else text
    at = layout.comment
    if at is not None and grade.comment and at < len(row):
        row[at] = grade.comment
    return is_above


def _match(
    row: Sequence[str], layout: Layout, by_id: Mapping[str, Grade]
) -> Grade | None:
    for identity in layout.identities:
        value = identity(row)
        if value and (grade := by_id.get(key(value))) is not None:
            return grade
    return None


def _by_identity(grades: Sequence[Grade]) -> dict[str, Grade]:
    """Index grades by id and e-mail; an id that two students share matches neither."""
    known = [
        (text, grade)
        for grade in grades
        for text in {key(grade.id), key(grade.email)} - {""}
    ]
    times = Counter(text for text, _ in known)
    return {text: grade for text, grade in known if times[text] == 1}


def _unique_names(
    grades: Sequence[Grade], rows: Sequence[Sequence[str]], layout: Layout
) -> dict[str, Grade]:
    """Index the grades by name, where the name is unique among the grades and in the sheet."""
    in_grades = Counter(key(grade.name) for grade in grades)
    in_sheet = Counter(key(layout.name(row)) for row in rows)
    ids = {key(value(row)) for row in rows for value in layout.identities}
    return {
        name: grade
        for grade in grades
        if (name := key(grade.name))
        and in_grades[name] == 1
        and in_sheet[name] == 1
        # One whom an id matches elsewhere in the sheet is not looked for by name.
        and not {key(grade.id), key(grade.email)} & ids - {""}
    }
