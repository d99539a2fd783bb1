"""Signs that what is given belongs to another class than the one in the output folder.

Ids tell students apart within one download. Another course may give the same id to somebody else,
and Moodle gives everybody another number in each assignment. Grading such a download into the
folder would put one student's grade into another's row, or everybody into two rows.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.classbook.whose import folded
from grader.errors import UsageError
from grader.intake.collect import Item
from grader.intake.student import Student
from grader.sheets.doubts import may_be_one

_FEW = 3
"""As many students may share their names with others of the class."""
_SEVERAL = 2
"""One student alone may have taken another name."""


def refuse_another_class(
    out: Path, items: Iterable[Item], known: Mapping[str, Student]
) -> None:
    """Raise UsageError, with the fix, where most of what is given is of another class."""
    by_id = {folded(each.id): each for each in known.values() if each.id}
    names = {folded(each.name) for each in known.values() if each.id}
    met = others = again = new = 0
    example = ""
    for item in items:
        student = item.student
        if not student.id:
            continue
        before = by_id.get(folded(student.id))
        if before is None:
            new += 1
            again += folded(student.name) in names
            continue
        met += 1
        if not may_be_one(before.name, student.name):
            others += 1
            example = example or (
                f"{student.id} is {before.name} there and {student.name} here"
            )
    if again > _FEW and 2 * again > new:
        example = f"{again} students of the same names have other ids there"
    elif others < _SEVERAL or 2 * others <= met:
        return
    raise UsageError(
        f"{out}: holds another class or assignment: {example}; grade into another folder "
        "with --output, or give --only-these"
    )
