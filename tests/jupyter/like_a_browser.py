"""Run `check` in an interpreter that can do no more than Python in a browser.

Usage: like_a_browser.py BLOCKED,MODULES SOURCE

What is taken away is what Pyodide 314 does not have: processes, threads, timers, three modules of
Python's own, and the packages named. Prints one JSON object: verdicts, text and HTML.
"""

import json
import linecache
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

ABSENT = ("resource", "pwd", "grp")


class Missing:
    """Finds no module of these names."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the interface's
        target: ModuleType | None = None,  # noqa: ARG002 - as above
    ) -> ModuleSpec | None:
        """Raise for what is missing."""
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def refuse(*_: object, **__: object) -> NoReturn:
    """Do what a browser does."""
    raise RuntimeError("can't start new thread")


def refuse_process(*_: object, **__: object) -> NoReturn:
    """Do what a browser does."""
    raise OSError(138, "Function not implemented")


def confine(blocked: str) -> None:
    """Take away what a browser does not have."""
    names = frozenset([*blocked.split(","), *ABSENT])
    for name in [each for each in sys.modules if each.split(".")[0] in names]:
        del sys.modules[name]
    sys.meta_path.insert(0, Missing(names))
    threading.Thread.start = refuse  # type: ignore[method-assign]
    for process in ("fork", "posix_spawn"):
        setattr(os, process, refuse_process)
    subprocess.Popen.__init__ = refuse_process  # type: ignore[method-assign]
    for timer in ("setitimer", "getitimer", "alarm"):
        delattr(signal, timer)


def main() -> None:
    """Check what the source defines."""
    _, blocked, source = sys.argv
    confine(blocked)
    from grader import check, figures

    namespace: dict[str, Any] = vars(sys.modules["__main__"])
    lines = source.splitlines(keepends=True)
    linecache.cache["cell.py"] = (len(source), None, lines, "cell.py")
    exec(compile(source, "cell.py", "exec"), namespace)  # noqa: S102 - as a notebook does
    feedback = check(namespace["convolve"])
    figures.positions((3, 3), (2, 2))
    told = {
        "verdicts": [case.verdict.value for case in feedback.report.cases],
        "text": repr(feedback),
        "html": feedback._repr_html_(),
    }
    json.dump(told, sys.__stdout__ or sys.stdout)


if __name__ == "__main__":
    main()
