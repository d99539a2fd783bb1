"""Progress bars that show nothing, and give what they were given."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, Self

import numpy as np

from grader.confined.inert import Inert, Library

Names = dict[str, object]

_QUIET = Library("tqdm")


class Bar:
    """`tqdm.tqdm` and its like: iterate over what was given, or count by hand."""

    def __init__(
        self,
        iterable: Iterable[Any] | None = None,
        *_args: object,
        total: float | None = None,
        **_kwargs: object,
    ) -> None:
        self.iterable = iterable
        self.total = total
        self.n = 0.0
        if total is None and isinstance(iterable, Sized):
            self.total = len(iterable)

    def __iter__(self) -> Iterator[Any]:
        """Give what was given, and count it."""
        for each in () if self.iterable is None else self.iterable:
            yield each
            self.n += 1

    def __call__(self, iterable: Iterable[Any], *_: object) -> "Bar":
        """Iterate over this: `progressbar.ProgressBar()(range(3))`."""
        return Bar(iterable)

    def __len__(self) -> int:
        """Return how many there will be."""
        return int(self.total or 0)

    def __bool__(self) -> bool:
        """Be true unless there is nothing to do, as tqdm's are."""
        return self.total is None or self.total > 0

    def __enter__(self) -> Self:
        """Be a bar in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let exceptions through."""

    def __getattr__(self, name: str) -> object:
        """Let it be described, closed and refreshed."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Inert(_QUIET)

    def update(self, n: float = 1) -> bool:
        """Count."""
        self.n += n
        return False

    @staticmethod
    def write(text: object = "", *_: object, **__: object) -> None:
        """Print, as a bar does above itself."""
        print(text)  # noqa: T201 - it is what the student asked for

    @staticmethod
    def pandas(*_: object, **__: object) -> None:
        """Do nothing."""


def _over(iterable: Iterable[Any], *_: object, **__: object) -> Bar:
    return Bar(iterable)


def _range(*args: int, **_: object) -> Bar:
    return Bar(range(*args))


def _enumerate(
    iterable: Iterable[Any], start: int = 0, *_: object, **__: object
) -> Iterable[Any]:
    if isinstance(iterable, np.ndarray):
        return np.ndenumerate(iterable)
    return enumerate(iterable, start)


def _zip(*iterables: Iterable[Any], **_: object) -> Iterable[Any]:
    return zip(*iterables, strict=False)


def _map(
    function: Callable[..., Any], *iterables: Iterable[Any], **_: object
) -> Iterable[Any]:
    return map(function, *iterables)


def _list(
    function: Callable[..., Any], *iterables: Iterable[Any], **_: object
) -> list[Any]:
    return list(map(function, *iterables))


def _product(*iterables: Iterable[Any], **_: object) -> Iterable[Any]:
    return itertools.product(*iterables)


TQDM: Names = {
    **dict.fromkeys(("tqdm", "tqdm_notebook", "tqdm_gui", "stqdm"), Bar),
    **dict.fromkeys(("trange", "tnrange", "tgrange"), _range),
    **dict.fromkeys(("process_map", "thread_map"), _list),
    "tenumerate": _enumerate,
    "tzip": _zip,
    "tmap": _map,
    "product": _product,
}
OTHERS: Names = {
    **dict.fromkeys(("track", "alive_it", "progressbar"), _over),
    **dict.fromkeys(("progress_bar", "master_bar"), _over),
    "ProgressBar": Bar,
    "print": print,
}
