"""Code cells as text: what IPython's syntax stands for; and imports with a limit. Confined side."""

import contextlib
import importlib
import re
import signal
from collections.abc import Iterator
from typing import Any

_OTHER_LANGUAGES = frozenset(
    {
        "!",
        "bash",
        "cmd",
        "file",
        "html",
        "HTML",
        "javascript",
        "js",
        "latex",
        "markdown",
        "perl",
        "ruby",
        "script",
    }
    | {"sh", "svg", "SVG", "sx", "system", "writefile"}
)
_EMPTY_LINES = re.compile(r"(?:[^\S\n]*\n)*")


def transform(source: str) -> str:
    """Give the Python that IPython makes of a cell, line for line; raises SyntaxError.

    It is IPython's own transformer that tells `%matplotlib inline` from a line `% n` that continues
    an expression. Of a cell magic that would run its body, known here or not, the body is left.
    """
    # Only now, because .py files are graded without.
    from IPython.core.inputtransformer2 import TransformerManager

    above, text = _split(source)
    while text.startswith("%%"):
        first, _, body = text.partition("\n")
        name = first[2:].split()[:1]
        if not name or name[0] in _OTHER_LANGUAGES:
            return ""
        empty, text = _split(body)
        above += 1 + empty
    manager: Any = TransformerManager()  # type: ignore[no-untyped-call]
    return "\n" * above + str(manager.transform_cell(text))


def _split(source: str) -> tuple[int, str]:
    """How many empty lines a text begins with, and the rest: IPython removes them, and with them the line numbers."""
    match = _EMPTY_LINES.match(source)
    empty = match[0] if match else ""
    return empty.count("\n"), source[len(empty) :]


def import_within(name: str, seconds: float) -> bool:
    """Import a module unless that fails or takes longer; True when it is imported."""
    with contextlib.suppress(Exception), _limited(seconds):
        importlib.import_module(name)
        return True
    return False


class _TooSlowError(Exception):
    """An import took longer than it may."""


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise in here when the time is up; without signals (Windows) there is no limit."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise _TooSlowError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
