"""Objects that take the place of decoration: whatever is done with them, nothing happens.

A picture that a function draws, or a bar that it moves, means nothing for its grade. So
`plt.show()` does nothing here, on every machine, whether the library is installed there or not.

What such a library would compute is another matter. Where the value of an inert object is needed,
as a number, an array, a length, that use raises what a missing library raises. So nothing is ever
computed with a number that was made up.
"""

import opcode
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, Self

import numpy as np

_UNPACK = opcode.opmap["UNPACK_SEQUENCE"]
_UNPACK_REST = opcode.opmap["UNPACK_EX"]
_ERRORS = ("Error", "Exception", "Warning")
_ONE_BYTE = 0xFF


class NeededError(ModuleNotFoundError):
    """Something needs a value that only a library could give which is stood in for."""


NeededError.__name__ = ModuleNotFoundError.__name__


class Library:
    """A library that is stood in for: its name, and how its objects behave."""

    def __init__(
        self,
        name: str,
        names: Mapping[str, object] | None = None,
        *,
        computes: bool = False,
    ) -> None:
        self.name = name
        self.names = names or {}
        """What works here: the library's name of it -> a stand-in that does the same."""
        self.computes = computes
        """Whether its objects are data, such as pictures, which must not look like empty ones."""

    def attribute(self, name: str) -> object:
        """Return what the library has under this name."""
        if name in self.names:
            return self.names[name]
        if name.endswith(_ERRORS):
            # What stands behind `except` must be an exception.
            return type(name, (Exception,), {})
        return Inert(self)

    def need(self) -> NoReturn:
        """Raise what a missing library raises: something needs a value that only it can give."""
        message = f"No module named {self.name!r}"
        raise NeededError(message, name=self.name)


class Inert:
    """An object of a library that is stood in for."""

    _library: Library

    def __init__(self, library: Library) -> None:
        self.__dict__["_library"] = library

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a library has everything
        """Return another inert object: IPython and numpy ask for names with `_`, and get none."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name in ("subplots", "subplot_mosaic"):
            return self._subplots if name == "subplots" else self._mosaic
        return self._library.attribute(name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Do nothing; a decorator leaves what it decorates as it is."""
        is_alone = len(args) == 1 and not kwargs
        if is_alone and not self._library.computes and _is_code(args[0]):
            return args[0]
        return Inert(self._library)

    def __getitem__(self, key: object) -> "Inert":
        """Return another inert object."""
        return Inert(self._library)

    def __setitem__(self, key: object, value: object) -> None:
        """Forget it."""

    def __delitem__(self, key: object) -> None:
        """Do nothing."""

    def __enter__(self) -> Self:
        """Be a figure, a style or a bar in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let exceptions through."""

    def __iter__(self) -> Iterator["Inert"]:
        """Give as many objects as are unpacked: `fig, ax = ...`. A loop over them has no rounds."""
        wanted = _unpacked_into(sys._getframe(1))  # noqa: SLF001 - nothing else tells
        if wanted is None and self._library.computes:
            self._library.need()
        return iter([Inert(self._library) for _ in range(wanted or 0)])

    def __bool__(self) -> bool:
        """Be true, as objects are."""
        return True

    def __repr__(self) -> str:
        """Say whose it is."""
        return f"<{self._library.name} is not used here>"

    def __instancecheck__(self, instance: object) -> bool:
        """Nothing is an instance: `isinstance(image, Image.Image)` is about an array."""
        return False

    def __subclasscheck__(self, subclass: type) -> bool:
        """No class is derived from it."""
        return False

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """Let a class be derived from what the library has."""
        return ()

    def __array_ufunc__(
        self, function: object, method: str, *inputs: object, **kwargs: object
    ) -> "Inert":
        """Stay inert in arithmetic with arrays, and get into none of them."""
        if kwargs.get("out") is not None:
            self._library.need()
        return Inert(self._library)

    def _subplots(
        self,
        nrows: int = 1,
        ncols: int = 1,
        *_args: object,
        squeeze: bool = True,
        **_kwargs: object,
    ) -> tuple["Inert", object]:
        """Return a figure and its axes in an array, of the shape that matplotlib gives it."""
        axes = np.empty((nrows, ncols), object)
        for place in np.ndindex(nrows, ncols):
            axes[place] = Inert(self._library)
        return Inert(self._library), _squeezed(axes) if squeeze else axes

    def _mosaic(
        self, *_args: object, **_kwargs: object
    ) -> tuple["Inert", "Inert"]:
        return Inert(self._library), Inert(self._library)


def library_of(thing: Inert) -> Library:
    """Return the library that an inert object stands in for."""
    library: Library = vars(thing)["_library"]
    return library


def _squeezed(axes: np.ndarray[Any, Any]) -> object:
    return axes.item() if axes.size == 1 else axes.squeeze()


def _is_code(thing: object) -> bool:
    return isinstance(thing, (types.FunctionType, type))


def _unpacked_into(frame: types.FrameType) -> int | None:
    """Return into how many names a frame unpacks right now; None where it does something else."""
    code, at = frame.f_code.co_code, frame.f_lasti
    if not 0 <= at < len(code) - 1:
        return None
    if code[at] == _UNPACK:
        return code[at + 1]
    if code[at] == _UNPACK_REST:
        return code[at + 1] & _ONE_BYTE
    return None


def _operator(self: Inert, *_: object) -> Inert:
    return Inert(library_of(self))


def _value(self: Inert, *_: object, **__: object) -> NoReturn:
    library_of(self).need()


_OPERATORS = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
    *("and", "or", "xor", "lshift", "rshift"),
)
_SIGNS = ("neg", "pos", "abs", "invert", "round")
_VALUES = (
    *("int", "float", "complex", "index", "len", "contains", "array"),
    *("lt", "le", "gt", "ge", "fspath", "buffer"),
)


def _fill(
    kind: type, names: tuple[str, ...], method: Callable[..., object]
) -> None:
    for name in names:
        setattr(kind, f"__{name}__", method)


_fill(Inert, _OPERATORS, _operator)
_fill(Inert, tuple(f"r{name}" for name in _OPERATORS), _operator)
_fill(Inert, _SIGNS, _operator)
_fill(Inert, _VALUES, _value)


class InertModule(types.ModuleType):
    """A module of such a library; every name of it is there."""

    _library: Library

    def __init__(self, name: str, library: Library) -> None:
        super().__init__(name)
        self.__dict__["_library"] = library

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        """Return what the library has under this name."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("subplots", "subplot_mosaic"):
            return getattr(Inert(self._library), name)
        return self._library.attribute(name)


def behind(error: BaseException) -> BaseException:
    """Return the `NeededError` that numpy has turned into a `ValueError`, or the error itself."""
    cause = BaseException.__dict__["__cause__"].__get__(error)
    return cause if type(cause) is NeededError else error


def needs(thing: object) -> None:
    """Raise what a missing library raises, if this is one of its objects."""
    if type(thing) is Inert:
        library_of(thing).need()
