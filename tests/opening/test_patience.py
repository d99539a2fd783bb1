"""Waiting for what may hang: given up after a while, or at once when told to stop."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from grader.opening import Patience, StoppedError, UnreadableError
from grader.opening import patience as room


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """Yield an event that nobody sets, like the answer of a file system that hangs."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up sooner, and not so soon that what answers on a busy machine is given up too."""
    monkeypatch.setattr(room, "_PATIENCE_S", 1.5)
    monkeypatch.setattr(room, "_LESS_PATIENCE_S", 1.5)


@pytest.mark.usefixtures("impatient")
def test_what_hangs_is_given_up(never: threading.Event) -> None:
    """The next call is answered by another thread."""
    patience = Patience()
    with pytest.raises(UnreadableError, match="does not answer"):
        patience.call(never.wait)
    assert patience.call(int, 7) == 7


@pytest.mark.usefixtures("impatient")
def test_a_file_system_that_keeps_hanging_is_not_asked_for_ever(
    never: threading.Event,
) -> None:
    """After a few calls in a row nothing is tried any more, so a whole class of them ends soon."""
    patience = Patience()
    asked: list[int] = []

    def ask() -> bool:
        asked.append(1)
        return never.wait()

    for _ in range(1000):
        with pytest.raises(UnreadableError):
            patience.call(ask)
    assert len(asked) < 10


@pytest.mark.usefixtures("impatient")
def test_one_answer_restores_patience(never: threading.Event) -> None:
    """Single files that hang among many that do not are each waited for."""
    patience = Patience()
    for _ in range(8):
        with pytest.raises(UnreadableError):
            patience.call(never.wait)
        assert patience.call(str, "answer") == "answer"


def test_who_is_told_to_stop_stops_waiting(never: threading.Event) -> None:
    """Long before the patience ends."""
    begun = time.monotonic()
    patience = Patience(lambda: time.monotonic() - begun > 0.05)
    with pytest.raises(StoppedError):
        patience.call(never.wait)
    with pytest.raises(StoppedError):
        patience.call(int, 7)


def test_an_error_is_raised_where_it_is_waited_for() -> None:
    """Whatever an action raises, and its thread goes on."""
    patience = Patience()
    with pytest.raises(ZeroDivisionError):
        patience.call(divmod, 1, 0)
    assert patience.call(int, 7) == 7


def test_no_thread_is_left_after_a_rest() -> None:
    """A process may be forked then; and a patience that is forgotten leaves none either."""
    before = set(threading.enumerate())
    patience = Patience()
    for forget in (False, True):
        assert patience.call(int, 7) == 7
        (helper,) = set(threading.enumerate()) - before
        if forget:
            del patience
            helper.join(60)
        else:
            patience.rest()
            patience.rest()
        assert not helper.is_alive()


def test_a_helper_that_was_stopped_is_ended() -> None:
    """Who leaves does not wait for a process that cannot hear of it."""
    patience = Patience(apart=True)
    pid = patience.call(os.getpid)
    if pid != os.getpid():
        os.kill(pid, signal.SIGSTOP)
    patience.rest()
    assert pid == os.getpid() or not psutil.pid_exists(pid)
