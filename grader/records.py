"""Lets msgspec look at kinds of records while one thread does it.

It looks at a kind where one is decoded for the first time. Another thread that decodes one
meanwhile finds what is half done, and the process crashes (msgspec 0.22).
"""

import contextlib
import threading

import msgspec

_lock = threading.Lock()
_seen: set[type[msgspec.Struct]] = set()


def look_at(*kinds: type[msgspec.Struct]) -> None:
    """Let these be decoded by any number of threads from now on."""
    with _lock:
        for kind in kinds:
            if kind not in _seen:
                with contextlib.suppress(TypeError):  # it is never decoded
                    msgspec.json.Decoder(kind)
                _seen.add(kind)


def look_at_all() -> None:
    """Let all kinds that have been imported be decoded by any number of threads from now on."""
    kinds: list[type[msgspec.Struct]] = [msgspec.Struct]
    for kind in kinds:
        kinds += kind.__subclasses__()
    look_at(*kinds[1:])
