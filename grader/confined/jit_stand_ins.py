"""`numba`, where nothing is compiled: a function stays the Python that it is written in."""

import types
from typing import Any

import numpy as np

from grader.confined.inert import Inert, Library

Names = dict[str, object]

_NUMBERS = (
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"),
    *("uint64", "float32", "float64", "complex64", "complex128", "intp"),
)
_SHORT = {
    "i4": "int32",
    "i8": "int64",
    "u1": "uint8",
    "f4": "float32",
    "f8": "float64",
    "boolean": "bool_",
    "bool_": "bool_",
    "b1": "bool_",
}
_VALUES = (bool, int, float, complex, np.generic, np.ndarray)


def _stay(thing: Any) -> Any:  # noqa: ANN401 - a function or class goes through as it is
    """Return a function as it is, with the name that numba gives the original."""
    if type(thing) is types.FunctionType:
        thing.__dict__.setdefault("py_func", thing)
    return thing


def _jit(first: object = None, *_: object, **__: object) -> object:
    """`@njit`, `@njit(...)`, `njit(function)`, `@jit("float64(float64)")`."""
    is_plain = callable(first) and not isinstance(first, Inert)
    return _stay(first) if is_plain else _stay


def _vectorize(first: object = None, *_: object, **__: object) -> object:
    if type(first) is types.FunctionType:
        return np.vectorize(first)
    return np.vectorize


class _Type(Inert):
    """`numba.float64`: part of a signature, or a conversion."""

    def __init__(self, library: Library, name: str) -> None:
        super().__init__(library)
        self.__dict__["_convert"] = getattr(np, name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        if len(args) == 1 and isinstance(args[0], _VALUES):
            return self.__dict__["_convert"](args[0])
        return super().__call__(*args, **kwargs)


class _List(list[Any]):
    """`numba.typed.List`."""

    @classmethod
    def empty_list(cls, *_: object) -> "_List":
        """Return an empty list."""
        return cls()


class _Dict(dict[Any, Any]):
    """`numba.typed.Dict`."""

    @classmethod
    def empty(cls, *_: object, **__: object) -> "_Dict":
        """Return an empty dictionary."""
        return cls()


class _Unavailable(Inert):
    """What cannot be left out: a kernel of a graphics card, say. Using it raises."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as in `Inert`
        if name == "is_available":
            return lambda: False
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: object, **kwargs: object) -> object:
        del args, kwargs
        return self._library.need()


def _types(library: Library) -> Names:
    wanted = {name: name for name in _NUMBERS} | _SHORT
    return {name: _Type(library, kind) for name, kind in wanted.items()}


def numba() -> Library:
    """Return the stand-in for numba."""
    plain = Library("numba")
    missing = _Unavailable(plain)
    names: Names = {
        **dict.fromkeys(("jit", "njit", "jitclass", "autojit"), _jit),
        **dict.fromkeys(("cuda", "stencil", "guvectorize"), missing),
        **dict.fromkeys(("cfunc", "generated_jit"), missing),
        **_types(plain),
        "vectorize": _vectorize,
        "prange": range,
        "pndindex": np.ndindex,
        "literal_unroll": _stay,
        "get_num_threads": lambda: 1,
        "List": _List,
        "Dict": _Dict,
    }
    return Library("numba", names)
