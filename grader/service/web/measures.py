"""What `/metrics` tells, in Prometheus's text format: how long, how many, what is owed.

Nothing of it names a person. Counts of rows come from the database, so every replica tells the
same; times and slots are those of this process.
"""

import logging
import time
from collections.abc import Iterator
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.service.data.counting import Counts, count
from grader.service.logs import REQUESTS
from grader.service.web.parts import Parts

_BUCKETS: Final = (
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5),
    *(1.0, 2.0, 3.0, 5.0, 10.0, 30.0),
)
LOG: Final = logging.getLogger(REQUESTS)


class Measures:
    """The metrics of one process."""

    def __init__(self, parts: Parts) -> None:
        self._registry = CollectorRegistry()
        self.requests = Histogram(
            "grader_request_seconds",
            "How long a request took",
            ["endpoint", "method", "status"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.grades = Histogram(
            "grader_grade_seconds",
            "How long a submission waited for its grade, from its arrival on",
            ["kind", "provisional"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Now(parts))
        ProcessCollector(registry=self._registry)

    def graded(self, kind: str, seconds: float, *, provisional: bool) -> None:
        """Note how long a submission waited."""
        self.grades.labels(kind, str(provisional).lower()).observe(seconds)

    def text(self) -> bytes:
        """Return everything, as Prometheus reads it."""
        return generate_latest(self._registry)


class _Now(Collector):
    """What is counted when somebody asks."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield what the database and the slots say now."""
        parts = self._parts
        yield _gauge(
            "slots_running", "Submissions that run", parts.slots.running
        )
        yield _gauge(
            "slots_waiting", "Submissions that wait", parts.slots.waiting
        )
        yield _gauge(
            "graders_open",
            "Graders with their templates",
            parts.graders.open_now,
        )
        try:
            with parts.database.read() as db:
                counts = count(db)
        except SQLAlchemyError:
            yield _gauge("database_up", "Whether the database answers", 0)
            return
        yield _gauge("database_up", "Whether the database answers", 1)
        yield from _rows(counts)


def _rows(counts: Counts) -> Iterator[GaugeMetricFamily]:
    by_label = {
        "submissions": ("state", counts.submissions),
        "results": ("status", counts.results),
        "scores": ("state", counts.scores),
    }
    for name, (label, numbers) in by_label.items():
        family = GaugeMetricFamily(
            f"grader_{name}", f"Rows of {name} by {label}", labels=[label]
        )
        for value, number in numbers.items():
            family.add_metric([value], number)
        yield family
    yield _gauge(
        "provisional_results",
        "Results that the budget cut short",
        counts.provisional,
    )
    yield _gauge(
        "scores_owed", "Scores owed to platforms", counts.scores.get("owed", 0)
    )
    since = counts.oldest_owed_at
    yield _gauge(
        "oldest_owed_seconds",
        "How long ago the attempt was whose score is owed for longest",
        0 if since is None else max(0.0, time.time() - since),
    )


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"grader_{name}", says, value=value)


class Measured:
    """Measures every request, and has a line in the log for it; neither says who asked."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - start
            self._note(scope, status, seconds)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # Its name, and not the path, which may hold what somebody made up.
        endpoint = getattr(scope.get("endpoint"), "__name__", "none")
        method = scope["method"] if endpoint != "none" else "any"
        self._measures.requests.labels(endpoint, method, status).observe(
            seconds
        )
        LOG.info(
            "request",
            extra={
                "endpoint": endpoint,
                "method": method,
                "status": status,
                "ms": round(seconds * 1000, 1),
            },
        )
