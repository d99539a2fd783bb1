"""Judge a student's function or class: whose it is, whether it can be called, what it raises.

Student code is called in two places: by a worker, in a confined process of its own, and by `check`
in a notebook, in the student's kernel. Both use this module and `calls`, so `grader check FILE` and
`check(convolve)` give the same verdicts, messages and hints.

A student's object may lie about itself or raise when it is asked. So look at the type, never at
the object: `isinstance` believes the object's own `__class__`. Where an object has to be asked all
the same, whatever it raises counts as "no answer".
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH120

import inspect
import os
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from grader.confined.bounded_text import LIST_CAP, bounded
from grader.confined.inert import behind

Json = dict[str, Any]
Function = Callable[..., object]

_LAYER_CAP = 20
_LINE_CAP = 1 << 31
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")
_STANDARD_LIBRARY = os.path.dirname(os.__file__) + os.sep
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)

# The getters of `type` itself: an attribute of a student's metaclass cannot take their place.
_name_of = type.__dict__["__name__"].__get__
_attributes_of = type.__dict__["__dict__"].__get__
traceback_of = BaseException.__dict__["__traceback__"].__get__


class Own(NamedTuple):
    """How to recognise what a student wrote: the namespace their code runs in, and its name."""

    namespace: Mapping[str, Any]
    module: str


# ---------------------------------------------------------------------- whose function it is


class Wanted(NamedTuple):
    """What the exercise asks for: a function, or a class, and how it will be called."""

    name: str
    arguments: int
    """How many arguments it gets by position at least: the parameters without a default."""
    by_name: Sequence[str] = ()
    """The parameters without a default that are given by name."""
    is_class: bool = False
    """Whether it may be a class."""


def judge(
    found: object,
    wanted: Wanted,
    own: Own,
) -> Json:
    """Return the state of what a name is bound to, as fields of `model.Loading`."""
    kind = type(found)
    if issubclass(kind, type) and not wanted.is_class:
        return {"state": "not_callable", "type_name": "class"}
    if not callable(found):
        return {"state": "not_callable", "type_name": bounded(_name_of(kind))}
    library = _library(found, own)
    if library is not None:
        return {"state": "foreign", "module": library}
    required = _cannot_take(found, wanted)
    if required is not None:
        names = [bounded(name) for name in required[:LIST_CAP]]
        return {"state": "bad_signature", "required": names}
    return {"state": "ready"}


def decisive(judged: Sequence[Json]) -> Json:
    """Return the facts that decide: nothing foreign may be there, and one that can be called."""
    for state in ("foreign", "ready"):
        for facts in judged:
            if facts["state"] == state:
                return facts
    return judged[0]


def layers(found: object) -> Iterator[object]:
    """Yield a callable and what it wraps, from the outside in."""
    for _ in range(_LAYER_CAP):
        yield found
        found = _wrapped(found)
        if found is None:
            return


def _wrapped(found: object) -> object:
    for name in ("__wrapped__", "func", "pyfunc", "py_func", "__func__"):
        inner = attribute(found, name)
        if callable(inner):
            return inner
    return None


def _library(
    found: object,
    own: Own,
) -> str | None:
    """Return the library that a callable comes from; None when it is the student's own.

    Whatever wraps something of the student's own is theirs: a decorator, `functools.partial`,
    `np.vectorize`, a jit.
    """
    for layer in layers(found):
        if _is_own(layer, own):
            return None
    names = _modules(found)
    return bounded(names[0]).partition(".")[0] if names else ""


def _is_own(
    layer: object,
    own: Own,
) -> bool:
    if type(layer) is types.FunctionType and _is_own_function(layer, own):
        return True
    if type(layer) is np.ufunc and "vectorized" in layer.__name__:
        return True  # made by np.frompyfunc, which does not say of what
    return own.module in _modules(layer) or _has_own_method(layer, own)


def _has_own_method(
    layer: object,
    own: Own,
) -> bool:
    """Whether it is a class with a method that the student wrote, in a module beside the file."""
    if not issubclass(type(layer), type):
        return False
    for value in _attributes_of(layer).values():
        if type(value) is not types.FunctionType:
            continue
        # Methods that a decorator generated have no file.
        written = not value.__code__.co_filename.startswith("<")
        if written and _is_own_function(value, own):
            return True
    return False


def _modules(layer: object) -> list[str]:
    """Return where an object and its type say that they come from."""
    names = []
    for asked in (layer, type(layer)):
        name = attribute(asked, "__module__")
        if type(name) is str and name:
            names.append(name)
    return names


def _is_own_function(
    function: types.FunctionType,
    own: Own,
) -> bool:
    """Whether the student wrote a function: here, in a module beside it, or in executed text."""
    if function.__globals__ is own.namespace:
        return True
    file = function.__code__.co_filename
    if file.startswith("<"):
        return file == "<string>"
    return not is_installed(file)


def is_installed(file: str) -> bool:
    """Whether a file belongs to the Python installation or to a package that was installed."""
    if file.startswith(_STANDARD_LIBRARY):
        return True
    parts = file.replace("\\", "/").split("/")
    return any(folder in parts for folder in _PACKAGE_FOLDERS)


def _cannot_take(
    found: Function,
    wanted: Wanted,
) -> list[str] | None:
    """Return the parameters without a default when the arguments do not fit; None when they do."""
    arguments = wanted.arguments
    is_plain = type(found) is types.FunctionType and not wanted.by_name
    if is_plain and not hasattr(found, "__wrapped__"):
        # True of nearly every submission, and far cheaper than what follows.
        code = found.__code__
        least = code.co_argcount - len(found.__defaults__ or ())
        if (
            least <= arguments <= code.co_argcount
            and not code.co_kwonlyargcount
        ):
            return None
    try:
        # Not the signature of what a decorator wraps: it may pass on other arguments.
        signature = inspect.signature(found, follow_wrapped=False)
    except BaseException:  # noqa: BLE001 - the object may be asked for its signature, and raise
        return None  # the call itself will tell
    try:
        signature.bind(*range(arguments), **dict.fromkeys(wanted.by_name))
    except TypeError:
        return _required(signature.parameters.values())
    return None


def _required(parameters: Iterable[inspect.Parameter]) -> list[str]:
    required = []
    for parameter in parameters:
        optional = parameter.default is not parameter.empty
        if not optional and parameter.kind not in _VARIADIC:
            required.append(parameter.name)
    return required


def attribute(thing: object, name: str) -> Any:  # noqa: ANN401 - attributes can be anything
    """Return an attribute of a student's object; None when it has none or raises."""
    try:
        return getattr(thing, name, None)
    except BaseException:  # noqa: BLE001 - a property or `__getattr__` of the student's
        return None


# ---------------------------------------------------------------------- what it raises


def leave(code: object = None) -> NoReturn:
    """Raise SystemExit, as `exit()` does in a script: a notebook's own `exit` ends the kernel."""
    raise SystemExit(code)


def describe_exception(
    error: BaseException, cells: Mapping[str, int | None]
) -> Json:
    """Return the type, message, line and cell of an exception.

    The line is that of the deepest frame in the student's source. `cells` names that source as
    tracebacks do: file name -> number of the cell, or None for a file.
    """
    line, file = None, None
    trace = traceback_of(error)
    error = behind(error)
    if issubclass(type(error), SyntaxError):
        file, line = attribute(error, "filename"), attribute(error, "lineno")
        if type(file) is not str or file not in cells:
            line, file = None, None
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in cells:
            line, file = trace.tb_lineno, name
        trace = trace.tb_next
    return {
        "type": bounded(_name_of(type(error))),
        "message": bounded(error),
        "line": line if type(line) is int and 0 < line < _LINE_CAP else None,
        "cell": None if file is None else cells[file],
    }
