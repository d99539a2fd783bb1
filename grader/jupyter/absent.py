"""Take away for a moment what is not there where code is graded: the forbidden libraries.

A function that `check` calls then meets what it will meet in a worker, and gets the same answer.
"""

import contextlib
import sys
import types
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

from grader.confined import judging
from grader.confined.refusing import Refusing

Namespace = MutableMapping[str, Any]


@contextlib.contextmanager
def without(libraries: Sequence[str], namespace: Namespace) -> Iterator[None]:
    """Hide libraries, and what a student's cells have taken from them, while this lasts."""
    hidden = {
        name: value
        for name, value in namespace.items()
        if _library(value) in libraries
    }
    loaded = {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] in libraries
    }
    finder: Any = Refusing(libraries)
    for name in hidden:
        del namespace[name]
    for name in loaded:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(loaded)
        for name, value in hidden.items():
            namespace.setdefault(name, value)


def _library(value: object) -> str:
    """Return the library that a value is, or comes from."""
    if type(value) is types.ModuleType:
        return value.__name__.partition(".")[0]
    for asked in (value, type(value)):
        module = judging.attribute(asked, "__module__")
        if type(module) is str and module:
            return module.partition(".")[0]
    return ""
