"""The folders in which the user's system keeps what programs store: settings, and state.

A relative path in the environment does not count: it would depend on where one stands.
"""

import os
import sys
from pathlib import Path

_NAME = "exercise-grader"


def settings_folder() -> Path | None:
    """Return the grader's folder for settings; None if the user has no home."""
    return _own(_root("APPDATA", "XDG_CONFIG_HOME", ".config"))


def state_folder() -> Path | None:
    """Return the grader's folder for state; None if the user has no home."""
    return _own(_root("LOCALAPPDATA", "XDG_STATE_HOME", ".local/state"))


def _own(root: Path | None) -> Path | None:
    return None if root is None else root / _NAME


def _root(windows: str, xdg: str, usual: str) -> Path | None:
    """Return what the variable for this system names, or the usual place below the home."""
    if sys.platform == "win32":
        return _absolute(os.environ.get(windows))
    home = _absolute(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises without a home
    if sys.platform == "darwin":
        return (
            None if home is None else home / "Library" / "Application Support"
        )
    named = _absolute(os.environ.get(xdg))
    if named is not None or home is None:
        return named
    return home / usual


def _absolute(text: str | None) -> Path | None:
    found = Path(text or "")
    return found if found.is_absolute() else None
