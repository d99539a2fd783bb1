"""What stands for a result in cases.py: it can be asked for nothing but what the stub promises."""

import difflib
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn, Protocol

from grader.model import Target


class RecordingError(Exception):
    """A call that cannot be recorded: one line that says why, and what to write instead."""


class Book(Protocol):
    """Where calls are written down."""

    def method(
        self,
        on: "Node",
        name: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> "Node":
        """Record the call of a method."""

    def attribute(
        self,
        on: "Node",
        name: str,
    ) -> "Node":
        """Record that an attribute is read."""


class Node:
    """The result of a recorded call: not known yet, since nothing is run."""

    __slots__ = ("_book", "_index", "_made_by", "_said")

    def __init__(
        self,
        book: Book,
        index: int,
        said: str,
        made_by: Target | None,
    ) -> None:
        self._book = book
        self._index = index
        self._said = said
        self._made_by = made_by

    def __repr__(self) -> str:
        """Say what it stands for."""
        return f"<the result of {self._said}, which is not known here>"

    def __getattr__(
        self,
        name: str,
    ) -> Any:  # noqa: ANN401 - a method to call, or a node
        """Return a method of the stub's class, or record that an attribute is read."""
        if name.startswith("__"):
            raise AttributeError(name)
        if self._made_by is None:
            raise RecordingError(_unknown(self._said, f".{name}"))
        if name in {method.name for method in self._made_by.methods}:
            return _Method(self, name)
        return self._book.attribute(self, name)

    def __setattr__(
        self,
        name: str,
        value: object,
    ) -> None:
        """Refuse: there is nothing to set."""
        if name in Node.__slots__:
            object.__setattr__(self, name, value)
        else:
            raise RecordingError(f"{self._said}: attributes cannot be set")

    def __call__(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse: a result is not called."""
        raise RecordingError(
            f"{self._said} is not a function or a method of the stub"
        )


class _Method:
    """A method of an object that a recorded call made."""

    __slots__ = ("_name", "_on")

    def __init__(
        self,
        on: Node,
        name: str,
    ) -> None:
        self._on = on
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Node:  # noqa: ANN401 - checked when recorded
        book = self._on._book  # noqa: SLF001 - one thing in two classes
        return book.method(self._on, self._name, args, kwargs)


def _unknown(
    said: str,
    used: str,
) -> str:
    return (
        f"the result of {said} is used ({used}), but calls are only recorded here, "
        "and their results are not known: yield it as it is"
    )


def _refuse(name: str) -> Callable[..., NoReturn]:
    def refuse(self: Node, *_args: object, **_kwargs: object) -> NoReturn:
        raise RecordingError(_unknown(self._said, name))

    return refuse


_OPERATORS: Final = """
    add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor
    radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rand ror rxor
    neg pos abs invert bool len iter next contains getitem setitem delitem
    int float complex index round array array_ufunc array_function
    eq ne lt le gt ge enter exit
"""
for _name in _OPERATORS.split():
    setattr(Node, f"__{_name}__", _refuse(f"__{_name}__"))


def close_to(
    word: str,
    known: Sequence[str],
) -> str:
    """Return `; did you mean X?` for the known word closest to this one, or an empty string."""
    found = difflib.get_close_matches(
        word,
        known,
        n=1,
        cutoff=0.6,
    )
    return f"; did you mean {found[0]}?" if found else ""
