"""One run of a batch: which submissions it grades, which reports it keeps, and what it says.

In memory it has an `Item` and a journal place for each submission, and no report.
"""

import contextlib
import functools
from collections.abc import Iterator

import msgspec

from grader.batch.engine import lost_result, submission_of
from grader.batch.executors import Executor
from grader.batch.messages import Lost, Result, Task
from grader.batch.places import Places
from grader.batch.progress import Progress
from grader.batch.publish import About, publish
from grader.batch.result import BatchResult
from grader.batch.roll import Joined, settle, write_roll
from grader.batch.stopping import Stop
from grader.batch.store import Store
from grader.batch.tasks import key_of, task_of
from grader.cases import Secret
from grader.classbook.book import Book
from grader.classbook.changes import FILE as CHANGES
from grader.classbook.changes import (
    Change,
    MadeFrom,
    Past,
    changes,
    changes_csv,
    made_otherwise,
    told,
)
from grader.classbook.unexplained import common_of
from grader.intake.collect import Item
from grader.intake.sources import read_all
from grader.model import Exercise, Solutions, Status
from grader.opening import StoppedError, UnreadableError
from grader.render.json import read_report
from grader.render.prose import isolation_note
from grader.version import __version__


class Run:
    """The state of one run."""

    def __init__(
        self,
        store: Store,
        joined: Joined,
        book: Book,
        exercise: Exercise,
        solutions: Solutions,
        secret: Secret,
        progress: Progress,
    ) -> None:
        self._store = store
        self._collection = joined.collection
        self._joined = joined
        self._book = book
        self._exercise = exercise
        self._solutions = solutions
        self._secret = secret
        self._progress = progress
        self._made_from = MadeFrom(
            exercise.digest,
            exercise.points,
            solutions.digest,
            store.fingerprint(secret.value),
            __version__,
        )
        most = exercise.points * len(solutions.rows)
        self._rows = book.rows(store.facts, most)
        self._places = Places(book, self._rows)
        self._under_way: dict[int, tuple[Task, str]] = {}
        """Number -> the task, and the key of its report."""
        self._errors: list[str] = []
        self._graded = 0
        self._kept = 0
        self._warned = False

    def tasks(self, *, fresh: bool, level: str | None) -> Iterator[Task]:
        """Yield what is missing or changed, read one at a time; keep what is finished."""
        for number, item, data in self._read():
            task = task_of(number, item, data)
            is_read = isinstance(data, bytes)
            key = (
                key_of(task, self._made_from, self._secret.source)
                if is_read
                else ""
            )
            may_be_kept = not fresh and is_read
            if may_be_kept and self._store.is_finished(item.name, key, level):
                self._keep(task)
                continue
            self._under_way[number] = (task, key)
            yield task

    def _read(self) -> Iterator[tuple[int, Item, bytes | UnreadableError]]:
        """Yield each submission with its bytes, until nothing more may be read."""
        items = self._collection.items
        contents = read_all(item.place for item in items if item.fault is None)
        with contextlib.suppress(StoppedError):
            for number, item in enumerate(items):
                data = next(contents) if item.fault is None else b""
                yield number, item, data

    def _keep(self, task: Task) -> None:
        name = task.name
        if not self._store.has_page(name):
            # Pages are not forced to disk with their reports, so a power cut may have taken it.
            report = read_report(self._store.reports / f"{name}.json")
            # jinja2 takes 40 ms, which a batch that was refused need not pay.
            from grader.classbook.student_page import student_page

            page = student_page(report, submission_of(task, self._exercise))
            self._store.put_page(name, page)
        self._kept += 1
        self._progress.advance()

    def grade(
        self, executor: Executor, tasks: Iterator[Task], stop: Stop
    ) -> None:
        """Grade `tasks` and keep every report as it comes."""
        for answer in executor.run(tasks, stop.is_set):
            if answer is None:
                self._store.flush_due()
                self._progress.tick()
                continue
            task, key = self._under_way.pop(answer.number)
            result = self._result(answer, task)
            self._warn_of(result.facts.isolation)
            if result.facts.status is Status.GRADER_ERROR:
                self._errors.append(task.name)
                self._progress.say(f"{task.name}: {result.facts.message}")
                # An empty key matches nothing: every run tries our own failures again.
                key = ""
            page = self._places.told(result.page, result.facts)
            self._store.put(
                key, result.report, page, result.facts, self._made_from
            )
            self._store.flush_due()
            self._graded += 1
            self._progress.advance()

    def _warn_of(self, level: str) -> None:
        """Say once, before anything else, that reports are made with less than full isolation."""
        note = isolation_note(level)
        if note is not None and not self._warned:
            self._warned = True
            self._progress.say(note)

    def _result(self, answer: Result | Lost, task: Task) -> Result:
        if isinstance(answer, Result):
            return answer
        return lost_result(
            task, answer, self._exercise, self._solutions, self._secret
        )

    def _changes(self, now: Past) -> list[Change]:
        """Return whose grade is another than after the run before, and write it down."""
        students = self._book.attendance.students
        found = list(changes(self._joined.roll.past, now, students))
        if found:
            self._store.publish(CHANGES, changes_csv(found))
        return found

    def finish(self, stopped_by: int | None) -> BatchResult:
        """Write the class's files, and return what became of the batch."""
        self._store.flush()
        names = {item.name for item in self._collection.items}
        lost = settle(self._store, self._joined, names)
        roll = self._joined.roll
        about = About(
            self._exercise,
            [case.name for case in self._solutions.rows],
            self._secret.source,
            self._collection.skipped,
            functools.partial(
                common_of, self._exercise, self._solutions, self._secret.value
            ),
        )
        summary, now = publish(self._store, self._book, self._rows, about)
        self._places.tell(self._store, summary.submissions)
        # Of a batch that was stopped, the next run tells what changed.
        found = [] if stopped_by else self._changes(now)
        past = roll.past if stopped_by else now
        write_roll(self._store, msgspec.structs.replace(roll, past=past))
        return BatchResult(
            output=self._store.out,
            submissions=len(names),
            graded=self._graded,
            kept=self._kept,
            unfinished=len(names) - self._graded - self._kept,
            grader_errors=tuple(sorted(self._errors)),
            lowest=summary.scores.lowest,
            skipped=len(summary.skipped),
            unread=tuple(
                skipped for skipped in summary.skipped if skipped.unread
            ),
            others=len(roll.members) - len(names) - len(lost),
            lost=lost,
            otherwise=made_otherwise(now, self._made_from, names),
            changed=told(found),
            missing=summary.missing,
            unlisted=summary.unlisted,
            time_unknown=summary.time_unknown,
            marked=self._book.marked(summary.time_unknown),
            earlier=len(self._store.earlier(roll.members)),
            secret=summary.secret,
            isolation=summary.isolation,
            stopped_by=stopped_by,
        )
