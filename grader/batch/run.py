"""A batch: collect, grade what is missing or changed, keep, summarise; only here is this order.

    paths -> collect -> (finished? keep : read -> executor -> store) -> gradebook.csv, summary.json,
    index.html

Only this process writes. The executor (local grading processes, or a Dask cluster) gets each
submission as bytes and gives back the bytes of its report, so the result cannot depend on who
graded it, or on how many did.
"""

import collections
import contextlib
import functools
import hashlib
import itertools
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.batch.edits import refuse_edited
from grader.batch.engine import lost_result, submission_of
from grader.batch.executors import Executor, open_cluster, open_pool, setup_of
from grader.batch.messages import Lost, Result, Task
from grader.batch.one_class import refuse_another_class
from grader.batch.progress import Progress, Silent, open_progress
from grader.batch.publish import About, publish
from grader.batch.result import BatchResult, show
from grader.batch.roll import (
    Joined,
    Roll,
    announce_roll,
    join,
    read_roll,
    settle,
    write_roll,
)
from grader.batch.starting import processors
from grader.batch.stopping import Stop
from grader.batch.store import Store
from grader.cases import Secret
from grader.classbook.book import Book, open_book
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
from grader.classbook.terms import (
    NOTHING_ASKED,
    Asked,
    Terms,
    agreed,
    read_terms,
)
from grader.classbook.unexplained import common_of
from grader.execution import Confinement
from grader.exercise import load_solutions
from grader.intake.collect import Collection, Item, collect
from grader.intake.sources import read_all
from grader.isolation import required_level
from grader.model import Exercise, Solutions, Status
from grader.opening import Patience, StoppedError, UnreadableError
from grader.render.json import read_report
from grader.render.prose import isolation_note
from grader.submission.source import SOURCE_CAP
from grader.version import __version__


def grade_batch(  # noqa: PLR0913 - one argument for each option of the command
    paths: Sequence[Path | str],
    *,
    exercise: Exercise,
    solutions: Path,
    secret: Secret,
    output: Path,
    jobs: int | None = None,
    fresh: bool = False,
    require_isolation: str | None = None,
    confinement: Confinement | None = None,
    scheduler: str | None = None,
    asked: Asked = NOTHING_ASKED,
    progress: bool = True,
) -> BatchResult:
    """Grade every submission in `paths` (folders, archives, patterns, files) into `output`.

    They join the class that is in `output`; `asked` has its roster, due time and rule for late
    work, and whether those who are given are the whole class.

    `solutions` is the folder of the exercise's hidden half. `jobs` local processes grade, by
    default as many as this process may use processors, or the Dask cluster at `scheduler`. A
    report that is in `output` and was made from the same bytes, exercise, solutions, secret and
    grader is kept, unless `fresh`. `require_isolation` is `full` on Linux by default. `progress`
    goes to standard error.

    In the main thread, SIGINT or SIGTERM ends the batch cleanly with what is done. Raises
    UsageError, ExerciseError or IsolationError before anything is graded, and GraderError where the
    batch cannot go on.
    """
    hidden = load_solutions(exercise, solutions)
    level = required_level(require_isolation)
    read = read_terms(asked)
    with (
        Stop() as stop,
        # First of all, while this process has one thread and nothing open.
        Patience(stop.is_over, apart=True) as patience,
        Store(output) as store,
        _spool(store) as spool,
    ):
        given = [Path(path) for path in paths]
        before = read_roll(output, store.state, exercise)
        refuse_edited(output, store.state)
        with stop.obeyed():
            collection = collect(
                given, exercise, spool=spool, ignore=output, patience=patience
            )
        joined, book = _join(store, collection, before, given, asked, read)
        total = len(joined.collection.items)
        shown = (
            open_progress(total)
            if progress
            else contextlib.nullcontext(Silent())
        )
        with shown as bar:
            batch = _Batch(store, joined, book, exercise, hidden, secret, bar)
            tasks = batch.tasks(fresh=fresh, level=level)
            first = next(tasks, None)
            if first is not None:
                setup = setup_of(exercise, hidden, secret, level, confinement)
                some = min(jobs or processors(), total)
                executor = (
                    open_pool(setup, exercise, hidden, store, some)
                    if scheduler is None
                    else open_cluster(setup, scheduler)
                )
                with executor as ready:
                    batch.grade(ready, itertools.chain([first], tasks), stop)
                    # After a signal: what an earlier run has finished still counts.
                    collections.deque(tasks, maxlen=0)
        result = batch.finish(stop.signal)
    if progress:
        show(result)
    return result


def _join(
    store: Store,
    collection: Collection,
    before: Roll,
    given: Sequence[Path],
    asked: Asked,
    read: Terms,
) -> tuple[Joined, Book]:
    """Let what was found join the class; UsageError, before anything is written, if it cannot."""
    terms = agreed(before.terms, asked, read)
    if not asked.only_these:
        refuse_another_class(store.out, collection.items, before.students)
    joined = join(collection, before, given, terms, only_these=asked.only_these)
    book = open_book(store.out, joined.roll.students, terms)
    announce_roll(store, before, joined.roll)
    return joined, book


class _Batch:
    """The state of one run; in memory it keeps an `Item` and a journal place per submission."""

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
        self._under_way: dict[int, tuple[Task, str]] = {}
        """Number -> the task, and the key of its report."""
        self._errors: list[str] = []
        self._graded = 0
        self._kept = 0
        self._warned = False

    def tasks(self, *, fresh: bool, level: str | None) -> Iterator[Task]:
        """Yield what is missing or changed, read one at a time; keep what is finished."""
        for number, item, data in self._read():
            task = _task(number, item, data)
            is_read = isinstance(data, bytes)
            key = self._key(task) if is_read else ""
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

    def _key(self, task: Task) -> str:
        """Return all that the report depends on, as one digest."""
        parts = (
            hashlib.sha256(task.data).hexdigest(),
            task.fault or "",
            *(
                f"{path} {hashlib.sha256(data).hexdigest()}"
                for path, data in task.modules
            ),
            task.name,
            Path(task.file_name).suffix.lower(),
            *task.notes,
            self._exercise.digest,
            self._solutions.digest,
            self._made_from.secret,
            self._secret.source,
            __version__,
        )
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()

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
            self._store.put(
                key, result.report, result.page, result.facts, self._made_from
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
        summary, now = publish(self._store, self._book, about)
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


def _task(number: int, item: Item, data: bytes | UnreadableError) -> Task:
    """Return the task for one submission; if it is not read, its report says why."""
    fault = item.fault
    if isinstance(data, UnreadableError):
        reason, data = str(data), b""
        fault = f"The file cannot be read: {reason[0].lower()}{reason[1:]}."
    return Task(
        number=number,
        name=item.name,
        file_name=item.file_name,
        data=data,
        fault=fault,
        notes=item.notes,
        modules=tuple(_modules(item)),
    )


def _modules(item: Item) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of what was handed in with a file; what is gone cannot be imported."""
    for path, place in item.modules:
        with contextlib.suppress(UnreadableError):
            yield path, place.read(SOURCE_CAP)


@contextlib.contextmanager
def _spool(store: Store) -> Iterator[Path]:
    """Yield a folder for what archives hold; the one that a killed run left is removed first."""
    shutil.rmtree(store.state / "unpacked", ignore_errors=True)
    folder = store.own_folder("unpacked")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
