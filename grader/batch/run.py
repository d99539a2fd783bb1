"""A batch: collect, grade what is missing or changed, keep, summarise; only here is this order.

    paths -> collect -> (finished? keep : read -> executor -> store) -> gradebook.csv, summary.json,
    index.html

Only this process writes. The executor (local grading processes, or a Dask cluster) gets each
submission as bytes and gives back the bytes of its report, so the result cannot depend on who
graded it, or on how many did.
"""

import collections
import contextlib
import itertools
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.batch.edits import refuse_edited
from grader.batch.executors import open_cluster, open_pool, setup_of
from grader.batch.one_class import refuse_another_class
from grader.batch.one_run import Run
from grader.batch.progress import Silent, open_progress
from grader.batch.result import BatchResult, show
from grader.batch.roll import Joined, Roll, announce_roll, join, read_roll
from grader.batch.starting import processors
from grader.batch.stopping import Stop
from grader.batch.store import Store
from grader.cases import Secret
from grader.classbook.book import Book, open_book
from grader.classbook.terms import (
    NOTHING_ASKED,
    Asked,
    Terms,
    agreed,
    read_terms,
)
from grader.execution import Confinement
from grader.exercise import load_solutions
from grader.intake.collect import Collection, collect
from grader.isolation import required_level
from grader.model import Exercise
from grader.opening import Patience


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
            run = Run(store, joined, book, exercise, hidden, secret, bar)
            tasks = run.tasks(fresh=fresh, level=level)
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
                    run.grade(ready, itertools.chain([first], tasks), stop)
                    # After a signal: what an earlier run has finished still counts.
                    collections.deque(tasks, maxlen=0)
        result = run.finish(stop.signal)
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


@contextlib.contextmanager
def _spool(store: Store) -> Iterator[Path]:
    """Yield a folder for what archives hold; the one that a killed run left is removed first."""
    shutil.rmtree(store.state / "unpacked", ignore_errors=True)
    folder = store.own_folder("unpacked")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
