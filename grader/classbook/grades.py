"""From a class's own files to the grades that a course platform takes.

Read is `gradebook.csv`, which a person can read and correct, and not the journal: what the
instructor sees is what the platform gets.
"""

import csv
import io
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from grader.classbook.adjustments import FILE as ADJUSTMENTS
from grader.classbook.adjustments import digest
from grader.errors import UsageError
from grader.intake.collect import HANDED_IN_LATE
from grader.intake.student import Student
from grader.model import ExerciseInfo, Report
from grader.opening import read_below
from grader.sheets import Grade
from grader.sheets.headings import as_number
from grader.untrusted import as_written
from grader.vocabulary import points

_NEEDED: Final = (
    "name",
    "student",
    "id",
    "email",
    "file",
    "origin",
    "late",
    "status",
    "score",
    "max_score",
    "comment",
)
_FINAL: Final = "final"
"""What counts; a gradebook of an older grader has none, and then the score counts."""


class GradedStudent(NamedTuple):
    """One row of a gradebook."""

    report: str
    """The name of the report and of its page."""
    origin: str
    """The path of the graded file in the download, as the platform named it."""
    grade: Grade
    student: Student
    status: str
    score: float | None
    """What the code earned; what counts is in the grade."""

    def told(self, report: Report) -> tuple[str, ...]:
        """Return what the gradebook tells this student beyond their report."""
        comment = self.grade.comment
        told = [comment.removeprefix(report.message).strip()]
        counts = self.grade.points
        if counts != self.score:
            told.append(
                f"What counts: {points(counts, self.grade.max_points)}."
            )
        return tuple(filter(None, told))

    def shown(self, report: Report) -> Report:
        """Return the report as the student gets it: with what the gradebook tells beyond it."""
        notes = [
            note
            for note in report.notes
            if self.student.late or note != HANDED_IN_LATE
        ]
        told = (*self.told(report), *notes)
        return msgspec.structs.replace(report, notes=told)


def read_gradebook(results: Path) -> list[GradedStudent]:
    """Return the rows of a class's gradebook.

    UsageError, naming the file and the fix, where the folder holds no gradebook, or one that lacks
    a column or holds no number where a score should be.
    """
    _refuse_unapplied(results)
    path = results / "gradebook.csv"
    fix = "give the folder that `grader grade` wrote"
    data = read_below(results, (path.name,), fix)
    if data is None:
        raise UsageError(
            f"{path}: cannot be read (No such file or directory); {fix}"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: is not UTF-8; save it as CSV (UTF-8)"
        ) from error
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows, names = list(reader), reader.fieldnames or ()
    except csv.Error as error:
        raise UsageError(
            f"{path}: is not a gradebook ({error}); grade the class again to write it anew"
        ) from error
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise UsageError(
            f"{path}: has no column {missing[0]!r}; grade the class again to write it anew"
        )
    return [_student(path, at, row) for at, row in enumerate(rows, 2)]


class _Read(msgspec.Struct):
    """What is read of `summary.json`."""

    exercise: ExerciseInfo
    adjustments: str = ""


def _summary(results: Path) -> _Read | None:
    data = read_below(results, ("summary.json",), "grade the class again")
    try:
        return msgspec.json.decode(data or b"", type=_Read)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def title_of(results: Path) -> str:
    """Return the title of the exercise that a class was graded by, else its folder's name."""
    summary = _summary(results)
    return results.resolve().name if summary is None else summary.exercise.title


def _refuse_unapplied(results: Path) -> None:
    """Raise UsageError where a person has decided something that the gradebook does not have."""
    summary = _summary(results)
    if summary is not None and digest(results) != summary.adjustments:
        raise UsageError(
            f"{results / ADJUSTMENTS}: was changed since the class was graded; "
            "run `grader grade` again, which applies it"
        )


def _student(path: Path, line: int, row: dict[str, str]) -> GradedStudent:
    cells = {key: as_written(row.get(key) or "") for key in (*_NEEDED, _FINAL)}
    score = _score(path, line, cells["score"])
    final = _score(path, line, cells[_FINAL]) if _FINAL in row else score
    most = as_number(cells["max_score"])
    if most is None:
        raise UsageError(f"{path}, line {line}: has no number in max_score")
    grade = Grade(
        id=cells["id"],
        name=cells["student"] or cells["name"],
        email=cells["email"],
        points=final,
        max_points=most,
        comment=cells["comment"],
    )
    student = Student(
        name=grade.name,
        id=grade.id,
        email=grade.email,
        file=cells["file"],
        origin=cells["origin"],
        late=bool(cells["late"]),
    )
    return GradedStudent(
        cells["name"], cells["origin"], grade, student, cells["status"], score
    )


def _score(path: Path, line: int, cell: str) -> float | None:
    points = as_number(cell)
    if cell.strip() and points is None:
        raise UsageError(f"{path}, line {line}: {cell!r} is not a score")
    return points
