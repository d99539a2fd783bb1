"""Runs the service, and kills it with SIGKILL at a chosen step of handing in.

Steps are counted from SIGUSR1 on: each statement that has changed something, and each commit, just
before and just after it. What the caretaker does is not counted, so that a step is always the same
one. Usage: killed_at.py STEP serve OPTIONS
"""

import itertools
import os
import signal
import sys
import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from grader.__main__ import main

STEP = int(sys.argv.pop(1))
APART = {"look", "grade_patiently"}
armed = threading.Event()
steps = itertools.count(1)


def step(*_: Any) -> None:
    """Count a step, and die if it is the one."""
    if not armed.is_set() or threading.current_thread().name in APART:
        return
    if next(steps) == STEP:
        os.kill(os.getpid(), signal.SIGKILL)


def changed(*event: Any) -> None:
    """Count a statement that has changed something."""
    if event[2].startswith(("INSERT", "UPDATE", "DELETE")):
        step()


signal.signal(signal.SIGUSR1, lambda *_: armed.set())
sa.event.listen(Engine, "after_cursor_execute", changed)
sa.event.listen(Engine, "commit", step)
# A connection goes back to the pool after its transaction has ended.
sa.event.listen(sa.pool.Pool, "checkin", step)

if __name__ == "__main__":
    sys.exit(main())
