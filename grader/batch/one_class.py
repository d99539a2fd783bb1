"""Signs that what is given belongs to another class than the one in the output folder.

Ids tell students apart within one download. Another course may give the same id to somebody else,
and Moodle gives everybody another number in each assignment. Grading such a download into the
folder would put one student's grade into another's row, or everybody into two rows.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    sign = _renumbered(by_id, given) or _renamed(by_id, given)
    if sign is not None:
        raise UsageError(
            f"{out}: holds another class or assignment: {sign}; grade into another folder "
            "with --output, or give --only-these"
        )


def _renumbered(
    by_id: Mapping[str, Student], given: Sequence[Student]
) -> str | None:
    """Return the sign that students have other ids than before, if there is one."""
    names = {folded(each.name) for each in by_id.values()}
    new = [folded(each.name) for each in given if folded(each.id) not in by_id]
    again = sum(name in names for name in new)
    if again > _FEW and 2 * again > len(new):
        return f"{again} students of the same names have other ids there"
    return None


def _renamed(
    by_id: Mapping[str, Student], given: Sequence[Student]
) -> str | None:
    """Return the sign that the same ids are other people, if there is one."""
    met = [
        (by_id[folded(each.id)].name, each)
        for each in given
        if folded(each.id) in by_id
    ]
    others = [pair for pair in met if not may_be_one(pair[0], pair[1].name)]
    if len(others) < _SEVERAL or 2 * len(others) <= len(met):
        return None
    before, now = others[0]
    return f"{now.id} is {before} there and {now.name} here"
