"""A batch: collect, grade what is missing or changed, keep, tell. The one place that knows the order.

    paths -> collect -> (finished? keep : read -> executor -> store) -> gradebook.csv, summary.json,
    index.html

Only this process writes. The executor (local processes, or a Dask cluster) gets each submission as
bytes and gives back the bytes of its report, so the result cannot depend on who graded it, or on
how many did.
"""

import collections
import contextlib
import hashlib
import itertools
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from grader.batch.engine import lost_result, page_bytes
from grader.batch.messages import Lost, Result, Setup, Task
from grader.batch.progress import Progress, Silent, open_progress
from grader.batch.publish import publish
from grader.batch.starting import processors
from grader.batch.stopping import Stop
from grader.batch.store import Store
from grader.cases import Secret
from grader.classbook.summary import SecretSource
from grader.errors import GraderError, UsageError
from grader.execution import Confinement
from grader.exercise import load_solutions
from grader.intake.archives import MOST_FILE
from grader.intake.collect import Collection, Item, collect
from grader.intake.sources import Skipped
from grader.model import Exercise, Solutions, Status
from grader.render.json import read_report
from grader.render.prose import secret_note
from grader.version import __version__

_TOLD = 3
"""Names of a kind on the terminal; the pages have all."""
_SLACK_S = 120.0
"""Beyond all limits of an exercise; then a grading process, not a submission, is at fault."""


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch; the files in `output` say the rest."""

    output: Path
    submissions: int
    graded: int
    """In this run."""
    kept: int
    """From an earlier run, unchanged."""
    unfinished: int
    """Still to be graded, because the batch was stopped."""
    grader_errors: tuple[str, ...]
    """Names of the submissions that the grader itself failed on."""
    lowest: float | None
    """The lowest score, for `--fail-under`; None where nothing has a score."""
    skipped: int
    """What was found and is not a submission."""
    unread: tuple[Skipped, ...]
    """What of it may hold some, and could not be read."""
    earlier: int
    """Reports in `output` of submissions that are no longer there: left alone, and not in the gradebook."""
    secret: SecretSource
    """Where the secret of the hidden inputs came from: the default is known to everybody."""
    stopped_by: int | None = None
    """The signal that stopped the batch."""

    @property
    def exit_code(self) -> int:
        """Return 0; 4 where the grader failed on a submission; 130 or 143 where a signal stopped the batch.

        A stopped batch has not failed (4) and is not done (0): its files are right as far as they
        go, and the same command goes on with it. 128 + signal is what every caller of a program
        knows already.
        """
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return GraderError.exit_code if self.grader_errors else 0


class Executor(Protocol):
    """Whoever grades: `pool.Pool`, `cluster.Cluster`."""

    def run(
        self, tasks: Iterator[Task], stopped: Callable[[], bool]
    ) -> Iterator[Result | Lost | None]:
        """Yield one answer for each task, in any order, and None now and then."""


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
    progress: bool = True,
) -> BatchResult:
    """Grade every submission in `paths` (folders, archives, patterns, files) into the folder `output`.

    `solutions` is the folder of the exercise's hidden half. `jobs` local processes grade (default:
    the cores that this process may use), or the Dask cluster at `scheduler`. What is in `output`
    and was made from the same bytes, exercise, solutions, secret and grader is kept, unless
    `fresh`. `progress` is told on standard error. SIGINT or SIGTERM ends the batch cleanly with
    what is done, if this is the main thread. Raises UsageError, ExerciseError or IsolationError
    before anything is graded, GraderError where the batch cannot go on.
    """
    hidden = load_solutions(exercise, solutions)
    with Store(output) as store, _spool(store) as spool, Stop() as stop:
        collection = collect(
            [Path(path) for path in paths], exercise, spool=spool, ignore=output
        )
        with (
            open_progress(len(collection.items))
            if progress
            else contextlib.nullcontext(Silent()) as tell
        ):
            batch = _Batch(store, collection, exercise, hidden, secret, tell)
            tasks = batch.tasks(fresh=fresh, level=require_isolation)
            first = next(tasks, None)
            if first is not None:
                setup = _setup(exercise, hidden, secret, require_isolation, confinement)
                executor = _executor(
                    setup,
                    exercise,
                    hidden,
                    store,
                    min(jobs or processors(), len(collection.items)),
                    scheduler,
                )
                with executor as ready:
                    batch.grade(ready, itertools.chain([first], tasks), stop)
                    # After a signal: what an earlier run has finished still counts.
                    collections.deque(tasks, maxlen=0)
        result = batch.finish(stop.signal)
    if progress:
        _tell(result)
    return result


class _Batch:
    """The state of one run; what it keeps for a submission in memory is its `Item` and a journal place."""

    def __init__(
        self,
        store: Store,
        collection: Collection,
        exercise: Exercise,
        solutions: Solutions,
        secret: Secret,
        tell: Progress,
    ) -> None:
        self._store = store
        self._collection = collection
        self._exercise = exercise
        self._solutions = solutions
        self._secret = secret
        self._tell = tell
        self._under_way: dict[int, tuple[Task, str]] = {}
        self._errors: list[str] = []
        self._graded = self._kept = 0

    def tasks(self, *, fresh: bool, level: str | None) -> Iterator[Task]:
        """Yield what is missing or changed, read one at a time; pass over what is finished."""
        fingerprint = self._store.fingerprint(self._secret.value)
        for number, item in enumerate(self._collection.items):
            task = _task(number, item)
            key = self._key(task, fingerprint)
            if (
                not fresh
                and task.fault is None
                and self._store.is_finished(item.name, key, level)
            ):
                self._keep(item.name)
                continue
            self._under_way[number] = (task, key)
            yield task

    def _key(self, task: Task, fingerprint: str) -> str:
        """Return what the report depends on, as one digest; empty where its bytes could not be had."""
        if task.fault is not None:
            return ""
        parts = (
            hashlib.sha256(task.data).hexdigest(), task.name, Path(task.file_name).suffix.lower(), *task.notes,
            self._exercise.digest, self._solutions.digest, fingerprint, self._secret.source, __version__,
        )  # fmt: skip
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()

    def _keep(self, name: str) -> None:
        if not self._store.has_page(name):
            # Pages are not forced to disk with their reports: after a power cut one may have to be
            # made again.
            report = read_report(self._store.reports / f"{name}.json")
            self._store.publish(f"reports/{name}.html", [page_bytes(report)])
        self._kept += 1
        self._tell.advance()

    def grade(self, executor: Executor, tasks: Iterator[Task], stop: Stop) -> None:
        """Grade `tasks` and keep every report as it comes."""
        for answer in executor.run(tasks, stop.is_set):
            if answer is None:
                self._store.flush_due()
                self._tell.tick()
                continue
            task, key = self._under_way.pop(answer.number)
            result = self._result(answer, task)
            if result.facts.status is Status.GRADER_ERROR:
                self._errors.append(task.name)
                self._tell.say(f"{task.name}: {result.facts.message}")
                # An empty key: our own failures are tried again by every run.
                key = ""
            self._store.put(key, result.report, result.page, result.facts)
            self._store.flush_due()
            self._graded += 1
            self._tell.advance()

    def _result(self, answer: Result | Lost, task: Task) -> Result:
        if isinstance(answer, Result):
            return answer
        return lost_result(task, answer, self._exercise, self._solutions, self._secret)

    def finish(self, stopped_by: int | None) -> BatchResult:
        """Write what tells about the class, and say what became of it."""
        self._store.flush()
        names = {item.name for item in self._collection.items}
        cases = [case.name for case in self._solutions.cases]
        summary = publish(
            self._store, self._collection, self._exercise, cases, self._secret.source
        )
        return BatchResult(
            output=self._store.out,
            submissions=len(names),
            graded=self._graded,
            kept=self._kept,
            unfinished=len(names) - self._graded - self._kept,
            grader_errors=tuple(sorted(self._errors)),
            lowest=summary.scores.lowest,
            skipped=len(summary.skipped),
            unread=tuple(skipped for skipped in summary.skipped if skipped.unread),
            earlier=len(self._store.earlier(names)),
            secret=summary.secret,
            stopped_by=stopped_by,
        )


def _task(number: int, item: Item) -> Task:
    """Read one submission; where a file vanished or may not be read its report says so, and the others are graded."""
    data, fault = b"", None
    try:
        with Path(item.place).open("rb") as file:
            data = file.read(MOST_FILE + 1)
    except OSError as error:
        fault = f"The file cannot be read: {(error.strerror or 'it is gone').lower()}."
    if len(data) > MOST_FILE:
        data, fault = (
            b"",
            f"The file cannot be read: it is bigger than {MOST_FILE >> 20} MiB.",
        )
    return Task(
        number=number,
        name=item.name,
        file_name=item.file_name,
        data=data,
        fault=fault,
        notes=item.notes,
    )


@contextlib.contextmanager
def _spool(store: Store) -> Iterator[Path]:
    """Give a folder for what archives hold; one that a killed run left is removed first."""
    folder = store.state / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _setup(
    exercise: Exercise,
    solutions: Solutions,
    secret: Secret,
    require_isolation: str | None,
    confinement: Confinement | None,
) -> Setup:
    return Setup(
        exercise=str(exercise.folder),
        solutions=str(solutions.folder),
        exercise_digest=exercise.digest,
        solutions_digest=solutions.digest,
        secret=secret.value,
        secret_source=secret.source,
        require_isolation=require_isolation,
        confinement=msgspec.to_builtins(confinement)
        if confinement is not None
        else None,
    )


def _executor(
    setup: Setup,
    exercise: Exercise,
    solutions: Solutions,
    store: Store,
    jobs: int,
    scheduler: str | None,
) -> contextlib.AbstractContextManager[Executor]:
    if scheduler is None:
        from grader.batch.pool import Pool

        limits = exercise.limits
        rounds = len(solutions.cases) + 2
        most = (limits.load_s + limits.notebook_s) * rounds + limits.total_s + _SLACK_S
        return Pool(setup, jobs, store.state / "logs", task_limit_s=most)
    try:
        from grader.batch.cluster import Cluster
    except ImportError as error:
        raise UsageError(
            "--scheduler needs the extra: pip install 'exercise-grader[distributed]'"
        ) from error
    return Cluster(setup, scheduler)


def _tell(result: BatchResult) -> None:
    """Say on standard error what the files hold."""
    lines = [
        f"graded {result.graded}, kept {result.kept} from before, of {result.submissions} submissions"
    ]
    if result.unfinished:
        lines.append(
            f"stopped: {result.unfinished} are not graded yet; run the same command again to go on"
        )
    if result.skipped:
        lines.append(
            f"{result.skipped} other files or folders are not submissions (index.html lists them)"
        )
    lines += [
        f"may hold submissions: {skipped.path}: {skipped.reason}"
        for skipped in result.unread[:_TOLD]
    ]
    if len(result.unread) > _TOLD:
        lines.append(f"and {len(result.unread) - _TOLD} more that may hold submissions")
    if result.earlier:
        lines.append(
            f"{result.earlier} reports of submissions that are no longer there are left, and not counted"
        )
    if result.grader_errors:
        some = ", ".join(result.grader_errors[:_TOLD]) + (
            ", ..." if len(result.grader_errors) > _TOLD else ""
        )
        lines.append(
            f"the grader itself failed on {len(result.grader_errors)}: {some}; run the command again"
        )
    if result.secret == "default":  # noqa: S105 - where it came from
        note = secret_note(result.secret)
        lines.append(note[0].lower() + note[1:].removesuffix("."))
    lines.append(f"see {result.output / 'index.html'}")
    for line in lines:
        sys.stderr.write(f"grader: {line}\n")
