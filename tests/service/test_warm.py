"""Graders stay warm, a few of them, and those that are lost are opened again."""

import contextlib
import threading
from collections.abc import Iterator

import pytest

from grader.service.graders.warm import Warm


class Opener:
    """Notes what is opened and closed."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.times = 0
        self.failing = False

    @contextlib.contextmanager
    def __call__(self, key: str) -> Iterator[object]:
        """Open something."""
        if self.failing:
            raise OSError("not now")
        self.times += 1
        self.open.append(key)
        yield object()
        self.open.remove(key)


@pytest.fixture
def opener() -> Opener:
    """Return one that has opened nothing."""
    return Opener()


def test_what_was_used_least_recently_is_closed(opener: Opener) -> None:
    """Two stay open; using one again keeps it, and the other makes room for a third."""
    warm: Warm[str, object] = Warm(opener, most_idle=2)
    for key in ("a", "b", "a", "c"):
        with warm.use(key):
            pass
    assert warm.open_now == ["a", "c"]
    assert sorted(opener.open) == ["a", "c"]
    assert opener.times == 3
    warm.close()
    assert opener.open == []


def test_what_is_in_use_stays_open(opener: Opener) -> None:
    """However many are used at once, none is closed below its user."""
    warm: Warm[str, object] = Warm(opener, most_idle=1)
    with warm.use("a"), warm.use("b"), warm.use("c"):
        assert sorted(opener.open) == ["a", "b", "c"]
    assert len(opener.open) == 1


def test_several_who_come_at_once_open_it_once(opener: Opener) -> None:
    """Ten threads use one grader."""
    warm: Warm[str, object] = Warm(opener)
    barrier = threading.Barrier(10)
    seen = set()

    def use() -> None:
        barrier.wait()
        with warm.use("a") as opened:
            seen.add(opened)

    threads = [threading.Thread(target=use) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == opener.times == 1


def test_one_that_is_lost_is_opened_again(opener: Opener) -> None:
    """Whoever still uses it keeps it; the next one gets a new one; the lost one is closed."""
    warm: Warm[str, object] = Warm(opener)
    with warm.use("a") as lost:
        warm.lose("a", lost)
        with warm.use("a") as fresh:
            assert fresh is not lost
        assert opener.open == ["a", "a"]
    assert opener.open == ["a"]
    with warm.use("a") as again:
        assert again is fresh


def test_what_could_not_be_opened_is_tried_again(opener: Opener) -> None:
    """An error while opening reaches the caller, and is not kept."""
    warm: Warm[str, object] = Warm(opener)
    opener.failing = True
    with pytest.raises(OSError, match="not now"), warm.use("a"):
        pass
    assert warm.open_now == []
    opener.failing = False
    with warm.use("a"):
        assert opener.open == ["a"]


def test_what_nobody_has_used_for_long_is_closed(opener: Opener) -> None:
    """An exercise of last week needs no memory."""
    warm: Warm[str, object] = Warm(opener, idle_s=10)
    with warm.use("a"), warm.use("b"):
        warm.close_idle(now=float("inf"))
        assert len(opener.open) == 2
    warm.close_idle(now=float("-inf"))
    assert len(opener.open) == 2
    warm.close_idle(now=float("inf"))
    assert opener.open == []
