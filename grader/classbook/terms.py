"""What a class is graded by besides the exercise: its roster, the due time, the rule for late work.

They belong to the class and not to one run: a late archive that is graded alone without them must
not change what counts for everybody else. So they stay until others are given, or `none`.
"""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.classbook.lateness import Rule, read_due, read_rule
from grader.classbook.roster import Listed, read_roster

_NONE = "none"


class Asked(NamedTuple):
    """The options of one run; None where what holds already is to stay."""

    roster: Path | None = None
    due: str | None = None
    late: str | None = None
    only_these: bool = False


NOTHING_ASKED = Asked()


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What holds for a class."""

    roster: tuple[Listed, ...] = ()
    due: str = ""
    """As it was given, with its zone."""
    late: str = ""

    @property
    def due_time(self) -> datetime | None:
        """When it was due."""
        return read_due(self.due) if self.due else None

    @property
    def rule(self) -> Rule | None:
        """What lateness costs."""
        return read_rule(self.late) if self.late else None


def read_terms(asked: Asked) -> Terms:
    """Read what was asked for; UsageError, with the fix, where something of it is wrong."""
    due, late = _given(asked.due), _given(asked.late)
    if due:
        read_due(due)
    if late:
        read_rule(late)
    roster = _given(str(asked.roster or ""))
    return Terms(read_roster(Path(roster)) if roster else (), due, late)


def agreed(before: Terms, asked: Asked, read: Terms) -> Terms:
    """Return what holds from now on."""
    return Terms(
        before.roster if asked.roster is None else read.roster,
        before.due if asked.due is None else read.due,
        before.late if asked.late is None else read.late,
    )


def _given(text: str | None) -> str:
    return "" if text is None or text.strip().casefold() == _NONE else text
