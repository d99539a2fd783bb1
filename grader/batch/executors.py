"""Who grades the tasks of a batch: local grading processes, or a Dask cluster."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from grader.batch.messages import Lost, Result, Setup, Task
from grader.batch.store import Store
from grader.cases import Secret
from grader.errors import UsageError
from grader.execution import Confinement
from grader.model import Exercise, Solutions

_SLACK_S = 120.0
"""Beyond all limits of an exercise: then the grading process, not the submission, is at fault."""


class Executor(Protocol):
    """What grades a class: `pool.Pool`, `cluster.Cluster`."""

    def run(
        self, tasks: Iterator[Task], stopped: Callable[[], bool]
    ) -> Iterator[Result | Lost | None]:
        """Yield one answer for each task, in any order, and None now and then."""


ReadyExecutor = contextlib.AbstractContextManager[Executor]


def setup_of(
    exercise: Exercise,
    solutions: Solutions,
    secret: Secret,
    require_isolation: str | None,
    confinement: Confinement | None,
) -> Setup:
    """Return what a grading process, or a cluster, needs to know."""
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


def open_pool(
    setup: Setup,
    exercise: Exercise,
    solutions: Solutions,
    store: Store,
    jobs: int,
) -> ReadyExecutor:
    """Return local grading processes, to be started as a context manager."""
    from grader.batch.pool import Pool

    limits = exercise.limits
    # Each case may need a new worker, which loads the submission again.
    loads = len(solutions.rows) + 2
    longest = (limits.load_s + limits.notebook_s) * loads + limits.total_s
    logs = store.own_folder("logs")
    return Pool(setup, jobs, logs, task_limit_s=longest + _SLACK_S)


def open_cluster(setup: Setup, scheduler: str) -> ReadyExecutor:
    """Return a Dask cluster; UsageError where the extra is not installed."""
    try:
        from grader.batch.cluster import Cluster
    except ImportError as error:
        raise UsageError(
            "--scheduler needs the extra: in the grader's checkout, pip install '.[distributed]'"
        ) from error
    return Cluster(setup, scheduler)
