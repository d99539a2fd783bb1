"""Let workers put their objects side by side, in memory that nothing else lies in. Linux only.

Python keeps a pool of memory for each size of small objects. When the template has imported and
rehearsed, what was freed lies scattered over many pools, and the next objects go there. A worker
shares these pages with the template until it writes to them, so nearly every object of its own
would cost it the copy of a page. Where the pools are full, new objects go to new ones.

What is larger comes from libc's heap. Pages there that hold nothing are given back, so that a
worker gets empty ones, which are cheaper than copies, and need not tidy up what is free.
"""

import ctypes

_STEP = 16
_LARGEST = 512
"""Objects of multiples of `_STEP` up to this size come from pools."""
_EMPTY = 33
"""The size of `bytes` without any."""
_ROOM = 4096
"""How many bytes of objects of each size fill most of the gaps."""

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Only glibc has it."""
_TOP = 1 << 24
"""More than is free at the heap's end. That stays, or the heap would shrink, and a worker's limit
of memory, which counts from the size of the template, would leave room for more than it says."""

_kept: list[object] = []


def fill() -> None:
    """Fill what is free in the pools, for as long as this process lives."""
    for size in range(_STEP, _LARGEST + 1, _STEP):
        _kept.extend([_of(size) for _ in range(_ROOM // size)])


def trim() -> None:
    """Give back the pages of libc's heap that hold nothing."""
    if _trim is not None:
        _trim(_TOP)


def _of(size: int) -> object:
    """Return a new object of this size."""
    if size == _STEP:
        return object()
    # The smallest bytes take 34, and so 48. A float takes 24, and so 32.
    return bytes(size - _EMPTY) if size > _EMPTY else float(size)
