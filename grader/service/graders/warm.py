"""Graders that stay warm: opened on first use, closed when others are used more."""

import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Opened = TypeVar("Opened")

MOST_IDLE: Final = 6
IDLE_S: Final = 1800.0


class _Entry(Generic[Opened]):
    """One that is open, or is being opened."""

    def __init__(self) -> None:
        self.opening = threading.Lock()
        self.opened: Opened | None = None
        self.stack = ExitStack()
        self.users = 0
        self.used_at = 0.0
        self.lost = False

    def open(
        self, opener: Callable[[], AbstractContextManager[Opened]]
    ) -> Opened:
        """Return what is open; it is opened by the first who asks, and others wait for that."""
        with self.opening:
            if self.opened is None:
                self.opened = self.stack.enter_context(opener())
            return self.opened


class Warm(Generic[Key, Opened]):
    """What is opened by key and shared between threads; at most `most_idle` stay open unused."""

    def __init__(
        self,
        opener: Callable[[Key], AbstractContextManager[Opened]],
        most_idle: int = MOST_IDLE,
        idle_s: float = IDLE_S,
    ) -> None:
        self._opener = opener
        self._most_idle = most_idle
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._entries: dict[Key, _Entry[Opened]] = {}

    @contextlib.contextmanager
    def use(self, key: Key) -> Iterator[Opened]:
        """Use what belongs to a key, which stays open meanwhile. Raises what opening it raises."""
        entry = self._take(key)
        try:
            yield entry.open(lambda: self._opener(key))
        finally:
            self._give_back(key, entry)

    def lose(self, key: Key, opened: Opened) -> None:
        """Note that something does not work any more: the next user gets a new one."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and entry.opened is opened:
                entry.lost = True
                del self._entries[key]

    def close_idle(self, now: float | None = None) -> None:
        """Close what nobody has used for long."""
        now = time.monotonic() if now is None else now
        with self._lock:
            old = [
                key
                for key, entry in self._entries.items()
                if not entry.users and entry.used_at < now - self._idle_s
            ]
            closing = [self._entries.pop(key) for key in old]
        _close(closing)

    @property
    def open_now(self) -> list[Key]:
        """The keys of what is open, the one first that was used least recently."""
        with self._lock:
            return list(self._entries)

    def close(self) -> None:
        """Close everything; nothing may be in use. May be called again."""
        with self._lock:
            closing = list(self._entries.values())
            self._entries.clear()
        _close(closing)

    def _take(self, key: Key) -> _Entry[Opened]:
        with self._lock:
            entry = self._entries.pop(key, None) or _Entry()
            self._entries[key] = entry  # the last one is the newest
            entry.users += 1
            return entry

    def _give_back(self, key: Key, entry: _Entry[Opened]) -> None:
        closing = []
        with self._lock:
            entry.users -= 1
            entry.used_at = time.monotonic()
            if not entry.users and (entry.lost or entry.opened is None):
                closing.append(entry)
                if self._entries.get(key) is entry:
                    del self._entries[key]  # it could not be opened
            idle = [
                key for key, each in self._entries.items() if not each.users
            ]
            surplus = idle[: max(0, len(idle) - self._most_idle)]
            closing += [self._entries.pop(key) for key in surplus]
        _close(closing)


def _close(entries: list[_Entry[Opened]]) -> None:
    for entry in entries:
        entry.stack.close()
