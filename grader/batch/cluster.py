"""Grading on an existing Dask cluster: everything travels by value, each worker process keeps one warm grader.

A plugin carries the exercise, the solutions and the secret once to every worker, also to those that
join later; the first task there unpacks them into a private folder and starts the template. The
Dask worker is on the trusted side: the student's code runs in the template's forks, which have
neither the folder nor the secret. Dask itself runs the task of a worker that died on another one,
and gives up after a number of deaths (`distributed.scheduler.allowed-failures`).

Dask moves its own messages by pickle, between machines that trust each other: use TLS (`tls://`
addresses) on a network that others can reach, since who can talk to a scheduler can run code on its
workers.
"""

import asyncio
import concurrent.futures
import contextlib
import hashlib
import os
import queue
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import msgspec
from distributed import Client, KilledWorker, Security, WorkerPlugin
from distributed.core import rpc

from grader.batch.engine import Engine
from grader.batch.messages import Lost, Refusal, Result, Setup, Task, raise_refusal
from grader.errors import GraderError, UsageError
from grader.model import Isolation
from grader.version import __version__

AHEAD = 2
_POLL_S = 0.2
_CONNECT_S = 10
_WORKERS_S = 30
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+]*://)?(?:[\w.-]+|\[[0-9A-Fa-f:.%\w]+\]):(?P<port>[0-9]{1,5})",
    re.ASCII,
)
_MOST_PORT = 65535


class Bundle(msgspec.Struct, frozen=True):
    """A `Setup` with the files of both folders, so that nothing has to be shared but this value."""

    setup: Setup
    exercise: dict[str, bytes]
    solutions: dict[str, bytes]
    version: str


class _Warm:
    """One warm grader of this process, opened by the first task that needs it."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._stack = contextlib.ExitStack()
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        """Return the grader, after unpacking it the first time."""
        with self._lock:
            if self._engine is None:
                if self._bundle.version != __version__:
                    raise UsageError(
                        f"a worker has grader {__version__}, this one is {self._bundle.version}"
                    )
                with contextlib.ExitStack() as stack:
                    folder = Path(
                        stack.enter_context(
                            tempfile.TemporaryDirectory(prefix="grader-")
                        )
                    )
                    self._engine = stack.enter_context(
                        Engine(_unpack(self._bundle, folder))
                    )
                    self._stack = stack.pop_all()
            return self._engine

    def close(self) -> None:
        """End the template and remove the files."""
        with self._lock:
            self._engine = None
            self._stack.close()


_warm: dict[str, _Warm] = {}
"""Batch -> grader, in a Dask worker's process. The one global of the package: Dask gives a task no other place."""


class Plugin(WorkerPlugin):
    """Carries a batch's bundle to every worker, and ends what it started there."""

    def __init__(self, batch: str, bundle: bytes) -> None:
        self.name = batch
        self._bundle = bundle

    def setup(self, worker: Any) -> None:  # noqa: ANN401, ARG002 - Dask's signature
        """Keep the bundle; the template starts with the first task, outside the worker's event loop."""
        _warm[self.name] = _Warm(msgspec.msgpack.decode(self._bundle, type=Bundle))

    def teardown(self, worker: Any) -> None:  # noqa: ANN401, ARG002 - Dask's signature
        """End the template."""
        if (warm := _warm.pop(self.name, None)) is not None:
            warm.close()


def grade_remotely(batch: str, task: bytes) -> bytes:
    """Grade one task in a Dask worker; the answer is an encoded `Result` or `Refusal`."""
    answer: Result | Refusal
    try:
        answer = _warm[batch].engine().grade(msgspec.msgpack.decode(task, type=Task))
    except GraderError as error:
        answer = Refusal(str(error), error.exit_code)
    return msgspec.msgpack.encode(answer)


class Cluster:
    """The cluster at `address`, as an executor of a batch."""

    def __init__(self, setup: Setup, address: str) -> None:
        """Take `address`, as `[scheme://]host:port`; UsageError where it is none."""
        match = _ADDRESS.fullmatch(address)
        if match is None or not 0 < int(match["port"]) <= _MOST_PORT:
            raise UsageError(
                f"{address!r}: is not the address of a Dask scheduler, as tcp://10.0.0.5:8786 (--scheduler)"
            )
        self._address = address
        self._client: Any = None
        self._bundle = msgspec.msgpack.encode(
            Bundle(
                setup,
                _pack(Path(setup.exercise)),
                _pack(Path(setup.solutions)),
                __version__,
            )
        )
        self._batch = f"grader-{hashlib.sha256(self._bundle).hexdigest()[:12]}-{os.urandom(4).hex()}"

    def __enter__(self) -> Self:
        """Connect, and send the exercise to every worker."""
        _require_scheduler(self._address)
        try:
            self._client = cast("Any", Client)(
                self._address, timeout=_CONNECT_S, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise UsageError(
                f"{self._address}: no Dask scheduler answers (--scheduler)"
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=_WORKERS_S)
            self._client.register_plugin(Plugin(self._batch, self._bundle))
        except TimeoutError as error:
            self._client.close()
            raise UsageError(
                f"{self._address}: the Dask scheduler has no worker (--scheduler)"
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take everything back from the workers and leave the cluster as it was."""
        with contextlib.suppress(Exception):
            self._client.unregister_worker_plugin(self._batch)
        self._client.close()

    def run(
        self, tasks: Iterator[Task], stopped: Callable[[], bool]
    ) -> Iterator[Result | Lost | None]:
        """Yield a result per task, in the order in which they come back, and None now and then while waiting."""
        done: queue.SimpleQueue[int] = queue.SimpleQueue()
        waiting: dict[int, Any] = {}
        exhausted = False
        while not stopped():
            room = (
                AHEAD * max(1, sum(self._client.nthreads().values()))
                if not exhausted
                else 0
            )
            while len(waiting) < room:
                task = next(tasks, None)
                if task is None:
                    exhausted = True
                    break
                waiting[task.number] = self._submit(task, done)
            if exhausted and not waiting:
                return
            try:
                number = done.get(timeout=_POLL_S)
            except queue.Empty:
                if self._client.status != "running":
                    raise GraderError(
                        f"{self._address}: the Dask scheduler is gone; run the command again"
                    ) from None
                yield None
                continue
            yield self._answer(number, waiting.pop(number))
        for future in waiting.values():
            future.cancel()

    def _submit(self, task: Task, done: "queue.SimpleQueue[int]") -> Any:  # noqa: ANN401 - Dask has no types
        future: Any = self._client.submit(
            grade_remotely,
            self._batch,
            msgspec.msgpack.encode(task),
            key=f"{self._batch}-{task.number}",
            pure=False,
        )
        future.add_done_callback(lambda _: done.put(task.number))
        return future

    def _answer(self, number: int, future: Any) -> Result | Lost:  # noqa: ANN401 - distributed has no types
        try:
            answer = msgspec.msgpack.decode(
                future.result(timeout=_CONNECT_S), type=Result | Refusal
            )
        except KilledWorker as error:
            return Lost(
                number,
                f"its Dask workers died ({type(error).__name__})",
                Isolation("none", ()),
            )
        except Exception as error:
            # Whatever Dask passes on: most of all a worker that cannot import this package.
            text = " ".join(str(error).split())[:300]
            raise GraderError(
                f"{self._address}: a worker failed ({type(error).__name__}: {text}); "
                f"is exercise-grader {__version__} installed on every worker?"
            ) from error
        if isinstance(answer, Refusal):
            raise_refusal(answer)
        return answer


def _require_scheduler(address: str) -> None:
    """Raise UsageError unless a Dask scheduler answers at `address`.

    Asked before there is a client: one that fails half-way cannot be ended. It waits 20 s when
    Python drops it, and then prints a traceback that nobody can catch.
    """
    try:
        # In a thread of its own: a notebook, which may be who calls, has an event loop in this one.
        with concurrent.futures.ThreadPoolExecutor(1) as asking:
            kind = asking.submit(asyncio.run, _kind_of_server(address)).result()
    except (TimeoutError, OSError) as error:
        raise UsageError(
            f"{address}: no Dask scheduler answers (--scheduler)"
        ) from error
    except Exception as error:
        # Each kind of connection has its own way to say no: an unknown scheme, TLS that is not set
        # up, a web server.
        reason = " ".join(str(error).split())[:200]
        raise UsageError(
            f"{address}: no Dask scheduler answers (--scheduler): {reason}"
        ) from error
    if kind != "Scheduler":
        raise UsageError(
            f"{address}: is a Dask {str(kind).lower()}, not the scheduler (--scheduler)"
        )


async def _kind_of_server(address: str) -> str:
    connection = cast("Any", Security)().get_connection_args("client")
    async with cast("Any", rpc)(
        address, connection_args=connection, timeout=_CONNECT_S
    ) as server:
        identity = await asyncio.wait_for(server.identity(), _CONNECT_S)
    return str(identity.get("type"))


def _pack(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder).as_posix()): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }


def _unpack(bundle: Bundle, folder: Path) -> Setup:
    """Write both halves under `folder`, with the names that they had."""
    setup = bundle.setup
    places = []
    for kind, given, files in (
        ("exercises", setup.exercise, bundle.exercise),
        ("solutions", setup.solutions, bundle.solutions),
    ):
        place = folder / kind / Path(given).name
        for name, data in files.items():
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        places.append(str(place))
    return msgspec.structs.replace(setup, exercise=places[0], solutions=places[1])
