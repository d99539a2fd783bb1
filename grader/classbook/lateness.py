"""How late a submission is, and what that costs.

    --due  "2026-11-20 23:59 Europe/Berlin"    a time and its zone, or its distance from UTC
    --late "10%/day, at most 50%"              of what the code earned, for each unit that has begun

A platform writes most times without a zone, as its own clock showed them; these are read in the
zone of the due time. Where a time is not known, nothing counts as late.
"""

import math
import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final, NamedTuple

from grader.errors import UsageError
from grader.intake.student import Student
from grader.vocabulary import count

_DUE: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ]+(\d\d?:\d\d(?::\d\d)?) *(.*)")
_OFFSET: Final = re.compile(r"(?:UTC|GMT)? ?([+-])(\d\d):?(\d\d)")
_RULE: Final = re.compile(
    r"(?P<share>\d+(?:[.,]\d+)?) *%"
    r"(?: *(?:/|per|a|an|each) *(?P<unit>hour|day|week))?"
    r"(?:[,;]? *(?:at most|max\.?|up to) *(?P<most>\d+(?:[.,]\d+)?) *%)?",
    re.IGNORECASE,
)
_UNITS: Final = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
_MINUTE: Final = 60


class Rule(NamedTuple):
    """What lateness costs: a share of the score, once or for each unit, up to a highest share."""

    share: float
    unit: timedelta | None
    most: float

    def cost(self, late_by: timedelta | None) -> float:
        """Return the share that is taken; a delay that nobody knows costs one unit."""
        units = 1
        if self.unit is not None and late_by is not None:
            units = math.ceil(late_by / self.unit)
        return min(self.share * units, self.most)


class Lateness(NamedTuple):
    """Whether one submission is late, by how much if that is known, and what share it loses."""

    late: bool = False
    by: timedelta | None = None
    cost: float = 0.0
    unknown: bool = False
    """There is a due time, and nobody knows when this was handed in."""


def read_due(text: str) -> datetime:
    """Return a due time with its zone; UsageError, with the fix, where something is missing."""
    match = _DUE.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"--due {text}: is not a time; "
            'write it as --due "2026-11-20 23:59 Europe/Berlin"'
        )
    day, clock, zone = match.groups()
    if not zone:
        raise UsageError(
            f"--due {text}: has no time zone; "
            f'write it as --due "{day} {clock} Europe/Berlin" or "{day} {clock} +01:00"'
        )
    try:
        moment = datetime.fromisoformat(f"{day}T{clock.zfill(5)}")
    except ValueError as error:
        raise UsageError(
            f"--due {text}: there is no such day or time"
        ) from error
    return moment.replace(tzinfo=_zone(zone, text))


def _zone(name: str, text: str) -> tzinfo:
    if name.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    offset = _OFFSET.fullmatch(name)
    try:
        if offset is None:
            return zoneinfo.ZoneInfo(name)
        sign, hours, minutes = offset.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(ahead if sign == "+" else -ahead)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise UsageError(
            f"--due {text}: {name} is not a time zone that is known here; "
            "write its distance from UTC, such as +01:00"
        ) from error


def read_rule(text: str) -> Rule:
    """Return a rule for late work; UsageError, with the fix, where it is not one."""
    match = _RULE.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f'--late {text}: is not a rule; write it as --late "10%/day, at most 50%"'
        )
    share, most = _share(match["share"]), _share(match["most"] or "100")
    if max(share, most) > 1:
        raise UsageError(f"--late {text}: nobody can lose more than 100%")
    unit = match["unit"]
    return Rule(share, _UNITS[unit.lower()] if unit else None, most)


def _share(text: str) -> float:
    return float(text.replace(",", ".")) / 100


def lateness(
    student: Student, due: datetime | None, rule: Rule | None
) -> Lateness:
    """Return how late a student is: by the due time, or without one by the platform's own mark."""
    if due is None:
        if not student.late:
            return Lateness()
        return Lateness(late=True, cost=rule.cost(None) if rule else 0.0)
    moment = moment_of(student.submitted_at)
    if moment is None:
        return Lateness(unknown=True)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=due.tzinfo)
    # In UTC: two times of one zone would be compared by the clock, also where the clock is changed.
    by = moment.astimezone(UTC) - due.astimezone(UTC)
    if by <= timedelta():
        return Lateness()
    return Lateness(late=True, by=by, cost=rule.cost(by) if rule else 0.0)


def moment_of(text: str) -> datetime | None:
    """Return a time of a download; None where it has none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def spoken(delay: timedelta) -> str:
    """Return a delay for a person: `25 min`, `3 h 5 min`, `2 days 4 h`."""
    minutes = math.ceil(delay.total_seconds() / _MINUTE)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        count(days, "day") if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
    ]
    return " ".join([part for part in parts if part][:2])
