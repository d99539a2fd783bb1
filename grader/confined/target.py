"""Whether what the function's name is bound to is a function of the student's own that takes the arguments."""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
# ruff: noqa: PTH100, PTH109, PTH118

import contextlib
import inspect
import os
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.confined.bounded_text import LIST_CAP, bounded

Json = dict[str, Any]

_UNWRAP_CAP = 20


def judge(found: object, arguments: int, own: types.ModuleType) -> Json:
    """Give the state of what the function's name is bound to."""
    if isinstance(found, type) or not callable(found):
        return {
            "state": "not_callable",
            "type_name": "class"
            if isinstance(found, type)
            else bounded(type(found).__name__),
        }
    module = _origin(found, own)
    if module is not None:
        return {"state": "foreign", "module": bounded(module)}
    required = _cannot_take(found, arguments)
    if required is not None:
        return {
            "state": "bad_signature",
            "required": [bounded(name) for name in required[:LIST_CAP]],
        }
    return {"state": "ready"}


def _origin(found: object, submission: types.ModuleType) -> str | None:
    """Give the module that a callable really comes from; None where it is the submission's own.

    What wraps something of the student's own is theirs: a decorator, functools.partial,
    np.vectorize, a jit.
    """
    module: str | None = None
    name = submission.__name__
    for step in _unwrapped(found):
        own = isinstance(step, types.FunctionType) and _is_own(step, submission)
        if own or name in (type(step).__module__, getattr(step, "__module__", None)):
            return None
        if isinstance(step, np.ufunc) and "vectorized" in step.__name__:
            return None  # np.frompyfunc: it does not tell of what
        module = module or getattr(step, "__module__", None) or type(step).__module__
    return str(module).partition(".")[0] if module else None


def _is_own(function: types.FunctionType, submission: types.ModuleType) -> bool:
    """Whether a function is of the submission's text, be it in a module that it wrote or in source that it executes."""
    file = function.__code__.co_filename
    if function.__globals__ is submission.__dict__ or file == "<string>":
        return True
    return os.path.abspath(file).startswith(os.path.join(os.getcwd(), ""))


def _unwrapped(found: object) -> Iterator[object]:
    """Give a callable and what it wraps, from the outside in."""
    for _ in range(_UNWRAP_CAP):
        yield found
        for name in ("__wrapped__", "func", "pyfunc", "py_func", "__func__"):
            inner = None
            with contextlib.suppress(Exception):
                inner = getattr(found, name, None)
            if callable(inner):
                break
        else:
            return
        found = inner


def _cannot_take(found: Callable[..., object], arguments: int) -> list[str] | None:
    """Give the parameters that must be given, when `arguments` positional ones do not fit; None when they do."""
    if type(found) is types.FunctionType and not hasattr(found, "__wrapped__"):
        code, optional = found.__code__, len(found.__defaults__ or ())
        fits = code.co_argcount - optional <= arguments <= code.co_argcount
        if fits and not code.co_kwonlyargcount:
            return None  # as nearly always, and far cheaper than below
    try:
        # Not what a decorator wraps, which it may give other arguments.
        signature = inspect.signature(found, follow_wrapped=False)
    except (ValueError, TypeError):
        return None  # not every callable tells; the call itself will
    try:
        signature.bind(*range(arguments))
    except TypeError:
        variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        parameters = signature.parameters.values()
        return [
            one.name
            for one in parameters
            if one.default is one.empty and one.kind not in variable
        ]
    return None
