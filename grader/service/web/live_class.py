"""The class while it works: what it misunderstands now, who is stuck, who has not begun. Pure.

The table and its bars are those of the static class page. What they show of a student is the latest
attempt that was graded; what counts is the best.
"""

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn

import jinja2
import msgspec
from markupsafe import Markup

from grader.classbook.adjustments import Adjustment
from grader.classbook.facts import Facts
from grader.classbook.lateness import Lateness, spoken
from grader.classbook.page import QUICK, Live, class_fragment, flags
from grader.classbook.rows import Row
from grader.classbook.summarise import summarise
from grader.intake.student import Student
from grader.model import Exercise
from grader.render.templates import open_templates
from grader.service.data.classes import Member, Sent, Try
from grader.untrusted import one_line
from grader.vocabulary import count, number

STUCK_TRIES: Final = 3
"""Graded attempts in a row without a better score that make somebody stuck."""
_TEMPLATES: Final = Path(__file__).parent / "templates"
_QUICK: Final = (("stuck", "Stuck"), *QUICK)
_NAME_LENGTH: Final = 80


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One student, as far as the exercise goes."""

    member: Member
    name: str
    """Told apart from everybody else's."""
    tries: tuple[Try, ...]
    facts: Facts | None = None
    """Of the latest graded attempt."""
    begun: bool = False

    @property
    def latest(self) -> Try | None:
        """The latest attempt that was graded."""
        graded = [each for each in self.tries if each.status is not None]
        return graded[-1] if graded else None

    @property
    def best(self) -> float | None:
        """The best score so far."""
        scores = [each.score for each in self.tries if each.score is not None]
        return max(scores, default=None)

    @property
    def without_progress(self) -> int:
        """Graded attempts since the score last improved; 0 once it is full."""
        best, since = -1.0, 0
        for each in self.tries:
            if each.score is None:
                continue
            since = 0 if each.score > best else since + 1
            best = max(best, each.score)
            if best == each.max_score:
                return 0
        # The first attempt is one without progress, too, if it had no points.
        return since + (1 if best == 0 else 0)

    @property
    def stuck(self) -> bool:
        """Whether somebody should go and look."""
        return self.without_progress >= STUCK_TRIES


def people(
    members: Sequence[Member],
    tries: Sequence[Try],
    begun: set[int],
    facts: Mapping[int, Facts],
) -> list[Person]:
    """Return the students of a class; a teacher is one if they handed in.

    `facts` are by submission.
    """
    by_person: dict[int, list[Try]] = {}
    for each in tries:
        by_person.setdefault(each.person_id, []).append(each)
    found = []
    for member, name in zip(members, _names(members), strict=True):
        own = tuple(by_person.get(member.id, ()))
        if member.teaches and not own:
            continue
        person = Person(
            member=member,
            name=name,
            tries=own,
            begun=bool(own) or member.id in begun,
        )
        latest = person.latest
        known = facts.get(latest.id) if latest is not None else None
        if known is not None:
            known = msgspec.structs.replace(known, name=name)
        found.append(msgspec.structs.replace(person, facts=known))
    return found


def _names(members: Sequence[Member]) -> list[str]:
    """Return a name for each; two people of the same name get different ones."""
    seen: Counter[str] = Counter()
    names = []
    for member in members:
        name = one_line(member.name, _NAME_LENGTH) or "(no name)"
        if member.teaches:
            name += " (teacher)"
        seen[name] += 1
        names.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return names


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a class is made of."""

    exercise: Exercise
    max_score: float
    due_at: float | None
    people: Sequence[Person]
    sent: Sequence[Sent]
    platform: str | None
    now: float


def live_page(shown: Shown) -> Markup:
    """Return the page of a class, below its title."""
    by_name = {person.name: person for person in shown.people}
    facts = [each.facts for each in shown.people if each.facts is not None]
    cases = [case for case, _ in facts[0].verdicts] if facts else []
    summary = summarise(facts, shown.exercise, cases, (), "file", _nothing)
    live = Live(
        address=lambda name: _address(by_name.get(name)),
        flags=lambda row: _flags(row, by_name),
        quick=_QUICK,
        misunderstood="What the class misunderstands now",
        final_title="best",
        more_titles=("attempts", "last"),
        more_cells=lambda row: _cells(by_name[row.name], shown.now),
    )
    rows = [_row(person, shown) for person in shown.people]
    table = class_fragment(summary, rows, live)
    return _now(shown) + table


def _nothing() -> NoReturn:
    raise AssertionError("no answers are compared here")


def _row(person: Person, shown: Shown) -> Row:
    latest = person.latest
    at = person.tries[-1].received_at if person.tries else None
    when = "" if at is None else datetime.fromtimestamp(at, UTC).isoformat()
    student = Student(
        name=person.name, attempt=len(person.tries), submitted_at=when
    )
    late = Lateness()
    if latest is not None and shown.due_at is not None:
        by = latest.received_at - shown.due_at
        if by > 0:
            late = Lateness(late=True, by=timedelta(seconds=by))
    decided = Adjustment(final=person.best)
    return Row(student, person.facts, late, decided, shown.max_score)


def _address(person: Person | None) -> str:
    latest = None if person is None else person.latest
    return "" if latest is None else f"/review/{latest.key}"


def _flags(row: Row, by_name: Mapping[str, Person]) -> str:
    stuck = "stuck" if by_name[row.name].stuck else ""
    return f"{flags(row)} {stuck}".strip()


def _cells(person: Person, now: float) -> tuple[tuple[str, float], ...]:
    if not person.tries:
        return (("0", 0.0), ("", 0.0))
    at = person.tries[-1].received_at
    ago = f"{spoken(timedelta(seconds=max(0.0, now - at)))} ago"
    return ((str(len(person.tries)), float(len(person.tries))), (ago, at))


# -------------------------------------------------------------------------- what comes first


def _now(shown: Shown) -> Markup:
    stuck = sorted(
        (each for each in shown.people if each.stuck),
        key=lambda each: -each.without_progress,
    )
    waiting = [each for each in shown.people if not each.tries]
    states = Counter(each.state for each in shown.sent)
    filled = (
        _environment()
        .get_template("live_class.html")
        .render(
            shown=shown,
            stuck=stuck,
            drafting=[each for each in waiting if each.begun],
            idle=[each for each in waiting if not each.begun],
            states=states,
            parked=[each for each in shown.sent if each.state == "parked"],
            names={each.member.id: each.name for each in shown.people},
        )
    )
    return Markup(filled)  # noqa: S704 - every value passed the door of `render.templates`


@functools.cache
def _environment() -> jinja2.Environment:
    return open_templates(
        _TEMPLATES,
        count=count,
        number=number,
        address=_address,
    )
