"""Whatever an author's code does, `validate` goes on, and says which piece it was."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.authoring.bounded import Ended, in_child, spread


def sleeps() -> None:
    """Take longer than anybody waits."""
    time.sleep(100)


def test_results_come_back_by_number() -> None:
    """Each piece of work has one result, whichever child did it."""
    works = [
        lambda number=number: [number, str(number)] for number in range(50)
    ]
    for jobs in (1, 3):
        found = dict(spread(works, 60, jobs))
        assert found == {n: [n, str(n)] for n in range(50)}


def test_what_hangs_or_dies_costs_only_itself() -> None:
    """A sleep, a signal and an exit each become `Ended`, and the rest is done."""
    works: list[Callable[[], Any]] = [
        lambda: 1,
        sleeps,
        lambda: os.kill(os.getpid(), signal.SIGSEGV),
        lambda: 2,
        lambda: sys.exit(3),
        lambda: 4,
    ]
    found = dict(spread(works, 3, 2))
    assert [found[number] for number in (0, 3, 5)] == [1, 2, 4]
    assert found[1] == Ended("takes longer than 3 s")
    assert found[2] == Ended("ends its process with signal SIGSEGV")
    assert isinstance(found[4], Ended)


def test_memory_is_bounded() -> None:
    """An array of a terabyte is refused in the child, not taken from the machine."""

    def takes_all() -> str:
        try:
            bytearray(2**40)
        except MemoryError:
            return "refused"
        return "taken"

    assert in_child(takes_all, 60) == "refused"


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """What an author's code writes does not end up in the report."""
    assert in_child(lambda: os.write(1, b"noise"), 60) == 5
    assert in_child(lambda: sys.stderr.write("noise"), 60) == 5
    assert capfd.readouterr() == ("", "")
