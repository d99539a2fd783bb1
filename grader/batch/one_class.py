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
    given = [item.student for item in items if item.student.id]
    met = [each for each in given if folded(each.id) in by_id]
    new = [each for each in given if folded(each.id) not in by_id]
    names = {folded(each.name) for each in by_id.values()}
    again = sum(folded(each.name) in names for each in new)
    others = [
        f"{each.id} is {before} there and {each.name} here"
        for each in met
        if not may_be_one(before := by_id[folded(each.id)].name, each.name)
    ]
    if again > _FEW and 2 * again > len(new):
        example = f"{again} students of the same names have other ids there"
    elif len(others) >= _SEVERAL and 2 * len(others) > len(met):
        example = others[0]
    else:
        return
    raise UsageError(
        f"{out}: holds another class or assignment: {example}; grade into another folder "
        "with --output, or give --only-these"
    )
