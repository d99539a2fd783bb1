"""Code cells as text: what IPython's syntax stands for. Also imports with a time limit."""

import contextlib
import importlib
import re
import signal
from collections.abc import Iterator
from typing import Any

_OTHER_LANGUAGES = frozenset(
    """
    ! bash cmd file html HTML javascript js latex markdown perl ruby script sh svg SVG sx system
    writefile
    """.split()  # noqa: SIM905 - quotes around each would hide the words
)
_EMPTY_LINES = re.compile(r"(?:[^\S\n]*\n)*")


def transform(source: str) -> str:
    """Return the Python that IPython makes of a cell, line for line. Raises SyntaxError.

    IPython's own transformer does it, because only that knows `%matplotlib inline` from a line
    `% n` that continues an expression. Of a cell magic that would run its body, whether we know it
    or not, the body is left.
    """
    # .py files are graded without IPython.
    from IPython.core.inputtransformer2 import TransformerManager

    above, text = _split(source)
    while text.startswith("%%"):
        first, _, body = text.partition("\n")
        name = first[2:].split()[:1]
        if not name or name[0] in _OTHER_LANGUAGES:
            return ""
        empty, text = _split(body)
        above += 1 + empty
    manager: Any = TransformerManager()  # type: ignore[no-untyped-call]  # IPython's
    return "\n" * above + str(manager.transform_cell(text))


def _split(source: str) -> tuple[int, str]:
    """Return how many empty lines a text begins with, and the rest.

    IPython removes these lines, and then the numbers of the others are wrong.
    """
    match = _EMPTY_LINES.match(source)
    empty = match[0] if match else ""
    return empty.count("\n"), source[len(empty) :]


def import_within(name: str, seconds: float) -> bool:
    """Import a module, unless that fails or takes longer; return whether it is imported."""
    with contextlib.suppress(Exception), _limited(seconds):
        importlib.import_module(name)
        return True
    return False


class _TooSlowError(Exception):
    """An import took longer than it may."""


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise inside this block when the time is up. Without signals (Windows) there is no limit."""
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
