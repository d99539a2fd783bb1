"""Grading on an existing Dask cluster: everything travels by value, Dask workers keep graders.

A plugin carries the exercise, the solutions and the secret once to every Dask worker, also to those
that join later. The first task there unpacks them into a private folder and starts the template. A
Dask worker is on the trusted side: the student's code runs in the template's forks, which have
neither the folder nor the secret. When a Dask worker dies, Dask itself runs its tasks on another
one, and gives up after some deaths (`distributed.scheduler.allowed-failures`).

Dask sends its own messages as pickles, between machines that trust each other. Anyone who can talk
to a scheduler can run code on its workers, so use TLS (`tls://` addresses) on a shared network.
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
from typing import Any, Self, cast

import msgspec
from distributed import Client, KilledWorker, Security, WorkerPlugin
from distributed.core import rpc

from grader.batch.engine import Engine
from grader.batch.messages import (
    Lost,
    Refusal,
    Result,
    Setup,
    Task,
    raise_refusal,
)
from grader.errors import GraderError, UsageError
from grader.model import Isolation
from grader.version import __version__

AHEAD = 2
"""Tasks that are sent per thread of the cluster."""
_POLL_S = 0.2
_CONNECT_S = 10
_WORKERS_S = 30
_MOST_TEXT = 300
"""Characters of what Dask says about a failure."""
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+]*://)?(?:[\w.-]+|\[[0-9A-Fa-f:.%\w]+\]):(?P<port>[0-9]{1,5})",
    re.ASCII,
)
_MOST_PORT = 65535


class Bundle(msgspec.Struct, frozen=True):
    """A `Setup` with the files of both folders: machines need not share anything else."""

    setup: Setup
    exercise: dict[str, bytes]
    solutions: dict[str, bytes]
    version: str


class _Warm:
    """A warm grader in this process, opened by the first task that needs it."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._stack = contextlib.ExitStack()
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        """Return the grader; the first time, unpack and open it."""
        with self._lock:
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _open(self) -> Engine:
        if self._bundle.version != __version__:
            raise UsageError(
                f"a Dask worker has grader {__version__}, this one is {self._bundle.version}"
            )
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="grader-")
            )
            setup = _unpack(self._bundle, Path(folder))
            engine = stack.enter_context(Engine(setup))
            self._stack = stack.pop_all()
        return engine

    def close(self) -> None:
        """End the template and remove the files."""
        with self._lock:
            self._engine = None
            self._stack.close()


_warm: dict[str, _Warm] = {}
"""Batch -> grader. The one global of the package: Dask gives a task no other place to keep it."""


class Plugin(WorkerPlugin):
    """Carries a batch's bundle to every Dask worker, and ends what was started there."""

    def __init__(self, batch: str, bundle: bytes) -> None:
        self.name = batch
        self._bundle = bundle

    def setup(self, worker: Any) -> None:  # noqa: ANN401, ARG002 - Dask's signature
        """Keep the bundle.

        The template starts with the first task, outside the Dask worker's event loop.
        """
        _warm[self.name] = _Warm(
            msgspec.msgpack.decode(self._bundle, type=Bundle)
        )

    def teardown(self, worker: Any) -> None:  # noqa: ANN401, ARG002 - Dask's signature
        """End the template."""
        if (warm := _warm.pop(self.name, None)) is not None:
            warm.close()


def grade_remotely(batch: str, task: bytes) -> bytes:
    """Grade one task in a Dask worker; the answer is an encoded `Result` or `Refusal`."""
    answer: Result | Refusal
    try:
        answer = (
            _warm[batch].engine().grade(msgspec.msgpack.decode(task, type=Task))
        )
    except GraderError as error:
        answer = Refusal(str(error), error.exit_code)
    return msgspec.msgpack.encode(answer)


class Cluster:
    """The cluster at `address`, as an executor of a batch."""

    def __init__(self, setup: Setup, address: str) -> None:
        """Take `address`, as `[scheme://]host:port`; raise UsageError where it is not one."""
        match = _ADDRESS.fullmatch(address)
        if match is None or not 0 < int(match["port"]) <= _MOST_PORT:
            raise UsageError(
                f"{address!r}: is not the address of a Dask scheduler, "
                "such as tcp://10.0.0.5:8786 (--scheduler)"
            )
        self._address = address
        self._client: Any = None
        bundle = Bundle(
            setup,
            _pack(Path(setup.exercise)),
            _pack(Path(setup.solutions)),
            __version__,
        )
        self._bundle = msgspec.msgpack.encode(bundle)
        digest = hashlib.sha256(self._bundle).hexdigest()
        self._batch = f"grader-{digest[:12]}-{os.urandom(4).hex()}"

    def __enter__(self) -> Self:
        """Connect, and send the exercise to every Dask worker."""
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

    def __exit__(self, *_: object) -> None:
        """Remove everything from the Dask workers, and leave the cluster as it was."""
        with contextlib.suppress(Exception):
            self._client.unregister_worker_plugin(self._batch)
        self._client.close()

    def run(
        self, tasks: Iterator[Task], stopped: Callable[[], bool]
    ) -> Iterator[Result | Lost | None]:
        """Yield a result per task, as they come back, and None now and then while waiting."""
        done: queue.SimpleQueue[int] = queue.SimpleQueue()
        waiting: dict[int, Any] = {}
        exhausted = False
        while not stopped():
            if not exhausted:
                exhausted = self._fill(tasks, waiting, done)
            if exhausted and not waiting:
                return
            try:
                number = done.get(timeout=_POLL_S)
            except queue.Empty:
                self._require_connection()
                yield None
            else:
                yield self._answer(number, waiting.pop(number))
        for future in waiting.values():
            future.cancel()

    def _fill(
        self,
        tasks: Iterator[Task],
        waiting: dict[int, Any],
        done: "queue.SimpleQueue[int]",
    ) -> bool:
        """Submit what the cluster has room for; return True once there are no more tasks."""
        threads = sum(self._client.nthreads().values())
        while len(waiting) < AHEAD * max(1, threads):
            task = next(tasks, None)
            if task is None:
                return True
            waiting[task.number] = self._submit(task, done)
        return False

    def _require_connection(self) -> None:
        if self._client.status != "running":
            raise GraderError(
                f"{self._address}: the Dask scheduler is gone; run the command again"
            )

    # Dask has no types.
    def _submit(self, task: Task, done: "queue.SimpleQueue[int]") -> Any:  # noqa: ANN401
        future: Any = self._client.submit(
            grade_remotely,
            self._batch,
            msgspec.msgpack.encode(task),
            key=f"{self._batch}-{task.number}",
            pure=False,
        )
        future.add_done_callback(lambda _: done.put(task.number))
        return future

    # Dask has no types.
    def _answer(self, number: int, future: Any) -> Result | Lost:  # noqa: ANN401
        try:
            answer = msgspec.msgpack.decode(
                future.result(timeout=_CONNECT_S), type=Result | Refusal
            )
        except KilledWorker as error:
            reason = f"its Dask workers died ({type(error).__name__})"
            return Lost(number, reason, Isolation("none", ()))
        except Exception as error:
            # Whatever Dask passes on, most often a Dask worker that cannot import this package.
            raise GraderError(
                f"{self._address}: a Dask worker failed ({type(error).__name__}: {_short(error)}); "
                f"is exercise-grader {__version__} installed on every worker?"
            ) from error
        if isinstance(answer, Refusal):
            raise_refusal(answer)
        return answer


def _require_scheduler(address: str) -> None:
    """Raise UsageError unless a Dask scheduler answers at `address`.

    This happens before there is a client, since one that fails half-way cannot be ended: it waits
    20 s when Python drops it, and then prints a traceback that nobody can catch.
    """
    try:
        # In a thread of its own: a notebook that calls this has an event loop in its thread.
        with concurrent.futures.ThreadPoolExecutor(1) as asking:
            kind = asking.submit(asyncio.run, _kind_of_server(address)).result()
    except (TimeoutError, OSError) as error:
        raise UsageError(
            f"{address}: no Dask scheduler answers (--scheduler)"
        ) from error
    except Exception as error:
        # Each kind of connection fails in its own way: an unknown scheme, TLS that is not set up, a
        # web server.
        raise UsageError(
            f"{address}: no Dask scheduler answers (--scheduler): {_short(error)}"
        ) from error
    if kind != "Scheduler":
        raise UsageError(
            f"{address}: is a Dask {str(kind).lower()}, not the scheduler (--scheduler)"
        )


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:_MOST_TEXT]


async def _kind_of_server(address: str) -> str:
    connection = cast("Any", Security)().get_connection_args("client")
    asking = cast("Any", rpc)(
        address, connection_args=connection, timeout=_CONNECT_S
    )
    async with asking as server:
        identity = await asyncio.wait_for(server.identity(), _CONNECT_S)
    return str(identity.get("type"))


def _pack(folder: Path) -> dict[str, bytes]:
    packed = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            packed[file.relative_to(folder).as_posix()] = file.read_bytes()
    return packed


def _unpack(bundle: Bundle, folder: Path) -> Setup:
    """Write both halves below `folder`, under the names that they had."""
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
    return msgspec.structs.replace(
        setup, exercise=places[0], solutions=places[1]
    )
