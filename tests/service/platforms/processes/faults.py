"""What a platform does wrong when a test wants it to: an answer of its own, late, lost or none."""

import json
import threading
from typing import Any

SLOW_S = 20
"""Longer than the service waits."""
LOST = "lost"
"""What was asked is done, and the answer does not say so."""


class Faults:
    """Faults that are set, each for a part of the platform and for so many requests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[dict[str, Any]] = []
        self.stop_waiting = threading.Event()

    def add(self, where: str, mode: str, times: int) -> None:
        """Let the next requests whose path has `where` in it go wrong in this way."""
        with self._lock:
            self._set.append({"where": where, "mode": mode, "times": times})

    def clear(self) -> None:
        """Let everything work again, at once."""
        with self._lock:
            self._set.clear()
        self.stop_waiting.set()
        self.stop_waiting = threading.Event()

    def take(self, path: str) -> str | None:
        """Return how a request goes wrong; None if it does not."""
        with self._lock:
            for fault in self._set:
                if fault["where"] in path and fault["times"] > 0:
                    fault["times"] -= 1
                    return str(fault["mode"])
        return None


def answer_of(mode: str) -> tuple[int, dict[str, str], bytes]:
    """Return the answer of a fault: status, headers, body."""
    if mode == "nonsense":
        return 200, {"Content-Type": "text/html"}, b"<h1>Welcome!</h1>"
    if mode == "huge":
        return 200, {"Content-Type": "application/json"}, b"[" + b" " * 2**22
    if mode == "redirect":
        return 302, {"Location": "http://127.0.0.1:9/elsewhere"}, b""
    status, _, after = mode.partition("/")
    headers = {"Content-Type": "application/json"}
    if after:
        headers["Retry-After"] = after
    body = json.dumps({"error": mode}).encode()
    return int(status) if status.isdigit() else 504, headers, body
