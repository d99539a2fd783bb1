"""The three files about the whole class, made from the facts in the journal."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from grader.batch.edits import GRADEBOOK, announce, refuse_edited
from grader.batch.store import Store
from grader.classbook.book import Book
from grader.classbook.changes import Past, PastMaker
from grader.classbook.facts import Facts
from grader.classbook.gradebook import gradebook
from grader.classbook.roster import Listed
from grader.classbook.rows import MISSING, ClassRows
from grader.classbook.summarise import summarise
from grader.classbook.summary import Alike, SecretSource, Summary
from grader.classbook.unexplained import Common
from grader.errors import UsageError
from grader.intake.sources import Skipped
from grader.model import Exercise
from grader.render.json import read_report
from grader.untrusted import for_json_document

if TYPE_CHECKING:
    from grader.classbook.pictures import Picture

_MOST_PICTURES: Final = 60
"""Misconceptions that get a picture, the most frequent first."""


class About(NamedTuple):
    """What the class's files say besides what became of each submission."""

    exercise: Exercise
    cases: Sequence[str]
    secret: SecretSource
    skipped: Sequence[Skipped]
    common: Callable[[], Common]
    """The common inputs, for answers that nothing explains."""


class _Noted:
    """What is noted of each row while the class is summarised."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.late: list[str] = []
        self.adjusted: list[str] = []
        self.time_unknown: list[str] = []
        self._teams: dict[str, str] = {}
        """Report -> the team that handed in together; most have none."""
        self.past = PastMaker()
        self._examples: dict[str, tuple[int, str]] = {}
        """Misconception -> who shows it with the fewest others: how many, and the report."""

    def facts(self, rows: ClassRows) -> Iterator[Facts]:
        """Yield the facts of each submission."""
        for row in rows:
            if any(row.adjustment):
                self.adjusted.append(row.name)
            if row.facts is None:
                continue
            if row.late.late:
                self.late.append(row.name)
            if row.late.unknown:
                self.time_unknown.append(row.name)
            if row.student.group:
                self._teams[row.name] = row.student.group
            self.past.add(row, self._store.made_from(row.name))
            shown = row.facts.misconceptions
            for each in shown:
                example = len(shown), row.name
                self._examples[each] = min(
                    example, self._examples.get(each, example)
                )
            yield row.facts

    def pictures(self, misconceptions: Iterable[str]) -> dict[str, "Picture"]:
        """Return a picture of each misconception that one can be drawn of."""
        from grader.classbook.pictures import picture

        found = {}
        for each in misconceptions:
            _, name = self._examples[each]
            # A report that is damaged meanwhile costs a picture, and not the page.
            with contextlib.suppress(UsageError):
                report = read_report(self._store.reports / f"{name}.json")
                drawn = picture(report, each)
                if drawn is not None:
                    found[each] = drawn
        return found

    def strangers(self, alike: Iterable[Alike]) -> tuple[Alike, ...]:
        """Return groups with the same code, except those that are one team."""
        return tuple(
            each
            for each in alike
            if len({self._teams.get(name, name) for name in each.students}) > 1
        )


def publish(
    store: Store, book: Book, rows: ClassRows, about: About
) -> tuple[Summary, Past]:
    """Write `gradebook.csv`, `summary.json` and `index.html` for what is graded so far.

    Each file appears whole or not at all. The facts are read from disk once for each file, so the
    class does not have to fit in memory. Also returned is what the next run compares with.
    """
    noted = _Noted(store)
    summary = summarise(
        noted.facts(rows),
        about.exercise,
        about.cases,
        about.skipped,
        about.secret,
        about.common,
    )
    missing = len(book.attendance.missing)
    summary = msgspec.structs.replace(
        summary,
        status=summary.status | ({MISSING: missing} if missing else {}),
        missing=tuple(_called(listed) for listed in book.attendance.missing),
        unlisted=book.attendance.unlisted,
        due=book.terms.due,
        late_rule=book.terms.late,
        late=tuple(noted.late),
        alike=noted.strangers(summary.alike),
        adjusted=tuple(noted.adjusted),
        adjustments=book.adjustments.digest,
        time_unknown=tuple(noted.time_unknown),
    )
    refuse_edited(store.out, store.state)  # meanwhile, perhaps
    data = b"".join(gradebook(rows, about.cases))
    announce(store, data)
    store.publish(GRADEBOOK, [data])
    whole = msgspec.json.format(msgspec.json.encode(summary), indent=2).decode()
    store.publish("summary.json", [for_json_document(f"{whole}\n").encode()])
    # jinja2 takes 40 ms, which a batch that was refused need not pay.
    from grader.classbook.page import class_page

    frequent = summary.misconceptions[:_MOST_PICTURES]
    pictures = noted.pictures(each.misconception for each in frequent)
    store.publish("index.html", class_page(summary, rows, pictures))
    return summary, noted.past.past()


def _called(listed: Listed) -> str:
    known = listed.id or listed.email
    if not listed.name:
        return known
    return f"{listed.name} ({known})" if known else listed.name
