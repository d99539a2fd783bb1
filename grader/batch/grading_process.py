"""A grading process: the trusted side of one job, with its own warm template.

It reads tasks from standard input and writes results to what was its standard output. A thread
reads ahead, so that the owner of the batch never waits to hand over a task. The same thread
notices the end of the input at once, which is also what the death of the owner looks like, in the
middle of a submission too: then the template is ended and nothing is left behind.
"""

import _thread
import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Sequence
from typing import IO

from grader.batch.engine import Engine
from grader.batch.messages import (
    Hello,
    Refusal,
    Task,
    receive_setup,
    receive_task,
)
from grader.errors import GraderError
from grader.framed import send

_PATIENCE_S = 5.0
"""How long the template's end may take once the owner is gone."""


def main(cpus: Sequence[str] = ()) -> int:
    """Serve until the input ends, on the processors `cpus` if any are given."""
    if cpus:
        # They may have been taken from us in the meantime.
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, map(int, cpus))
    stdin, stdout = _streams()
    # Only the owner decides when the batch stops; Ctrl-C on a terminal reaches the whole group.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        setup = receive_setup(stdin)
    except EOFError:
        return 0
    try:
        with contextlib.suppress(KeyboardInterrupt), Engine(setup) as engine:
            send(stdout, Hello(engine.isolation))
            _serve(engine, stdin, stdout)
    except GraderError as error:
        with contextlib.suppress(OSError):
            send(stdout, Refusal(str(error), error.exit_code))
    except BrokenPipeError:
        return 1
    return 0


def _serve(engine: Engine, stdin: IO[bytes], stdout: IO[bytes]) -> None:
    tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    reading = threading.Thread(
        target=_read_ahead,
        args=(stdin, tasks, threading.get_ident()),
        daemon=True,
    )
    reading.start()
    while (task := tasks.get()) is not None:
        send(stdout, engine.grade(task))


def _read_ahead(
    stdin: IO[bytes], tasks: "queue.SimpleQueue[Task | None]", main_thread: int
) -> None:
    with contextlib.suppress(EOFError):
        while True:
            tasks.put(receive_task(stdin))
    tasks.put(None)
    # The main thread may be in the middle of a submission, whose result nobody waits for.
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread, signal.SIGINT)
    else:
        _thread.interrupt_main()
    threading.Event().wait(_PATIENCE_S)
    os._exit(1)


def _streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return standard input and output, for frames alone.

    What a reference solution prints goes to standard error from here on, not between the frames.
    """
    stdin = os.fdopen(os.dup(0), "rb")
    stdout = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return stdin, stdout


if __name__ == "__main__":
    sys.exit(main())
