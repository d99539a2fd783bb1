"""The levels of isolation: which there are, and which one grading requires."""

import sys
from typing import Final

LEVELS: Final = ("none", "partial", "full")
"""From least to most."""


def required_level(asked: str | None = None) -> str:
    """Return the level that grading requires: the one asked for, else `full` on Linux.

    Other systems have nothing to isolate with, so there nothing is required.
    """
    if asked is not None:
        return asked
    return "full" if sys.platform == "linux" else "none"


def is_less(level: str, required: str) -> bool:
    """Return whether a level is less than the required one."""
    return LEVELS.index(level) < LEVELS.index(required)
