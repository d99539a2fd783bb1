"""Workers are forks of one process, and still share nothing that one of them could write to."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.execution import open_runner
from grader.exercise import load_exercise
from grader.model import Submission, Unit
from tests.execution.conftest import RIGHT, cases, submission


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that descend from this one."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in map(int, children.split()):
        yield child
        yield from descendants(child)


def is_ours(pid: int) -> bool:
    """Return whether a process is a template or a worker, and not a server of other tests."""
    try:
        return b"confined/entry.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def shared_and_writable(pid: int) -> list[str]:
    """List the mappings of a process that other processes see it write to; one that ended has none.

    Other tests' children, and workers that are spare, come and go.
    """
    try:
        mappings = Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return []
    rights = [(mapping.split()[1], mapping) for mapping in mappings]
    return [mapping for right, mapping in rights if right[1] + right[3] == "ws"]


def test_no_memory_is_shared_between_workers() -> None:
    """Neither a template nor a worker has memory that is shared and can be written to.

    Each of the three templates is looked at, since libraries may make such memory when they are
    imported.
    """
    plots = submission("import matplotlib.pyplot\n" + RIGHT)
    cells = (Unit(RIGHT, 1),)
    notebook = Submission(
        name="a.ipynb", kind="notebook", digest="", units=cells
    )
    exercise = msgspec.structs.replace(
        load_exercise("convolution"), preload=("matplotlib.pyplot",)
    )
    with open_runner(exercise) as runner:
        for each in (submission(RIGHT), plots, notebook):
            assert runner.run(each, cases()).loading.state == "ready"
        found = [each for each in descendants(os.getpid()) if is_ours(each)]
        assert len(found) >= 3
        assert [shared_and_writable(pid) for pid in found] == [[]] * len(found)
