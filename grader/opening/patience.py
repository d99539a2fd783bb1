"""Waiting for calls that may hang, and giving up on them."""

import time
from collections.abc import Callable
from typing import ParamSpec, Self, TypeVar, cast

from grader.opening.helpers import (
    Helper,
    HelperProcess,
    HelperThread,
    NotYetError,
)
from grader.opening.system import SilentError

P = ParamSpec("P")
T = TypeVar("T")

_PATIENCE_S = 10.0
"""For one call; a slow network file system takes less than one second."""
_LESS_PATIENCE_S = 1.0
"""Once one has hung: another file of that file system probably hangs too."""
_MOST_HUNG = 5
"""In a row; then nothing is tried any more."""
_POLL_S = 0.1


class StoppedError(Exception):
    """The code that waits was told to stop."""


class Patience:
    """Lets a helper make calls, and leaves it behind where one hangs.

    `stopped` says whether to stop waiting. `apart` asks for a helper in another process, so that
    this one can end whatever hangs.
    """

    def __init__(
        self, stopped: Callable[[], bool] | None = None, *, apart: bool = False
    ) -> None:
        self._stopped = stopped
        self._kind: type[Helper] = HelperThread
        if apart and HelperProcess.is_possible():
            self._kind = HelperProcess
        self._hung = 0
        """Calls in a row that did not return."""
        self._waiting = False
        self.helper: Helper | None = None

    def __enter__(self) -> Self:
        """Begin; a helper is started with the first call."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the helper."""
        self.rest()

    def __del__(self) -> None:
        """Let the helper end."""
        if self.helper is not None:
            self.helper.leave()

    def check(self) -> None:
        """Raise StoppedError if the code that waits was told to stop."""
        if self._stopped is not None and self._stopped():
            raise StoppedError

    def call(
        self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs
    ) -> T:
        """Return what `function` returns, which may be called in another process.

        Raises what it raises, SilentError where it hangs, and StoppedError when told to stop.
        """
        self.check()
        if self._hung >= _MOST_HUNG:
            raise SilentError
        if self.helper is None:
            self.helper = self._kind()
        deadline = time.monotonic() + (
            _LESS_PATIENCE_S if self._hung else _PATIENCE_S
        )
        self._waiting = True
        self.helper.ask(function, arguments, named)
        while True:
            try:
                result, error = self.helper.answer(_POLL_S)
                break
            except NotYetError:
                self._give_up_after(deadline)
        self._waiting = False
        self._hung = 0
        if error is not None:
            raise error
        return cast("T", result)

    def _give_up_after(self, deadline: float) -> None:
        try:
            self.check()
        except StoppedError:
            self._leave()
            raise
        if time.monotonic() > deadline:
            self._hung += 1
            self._leave()
            raise SilentError

    def _leave(self) -> None:
        if self.helper is not None:
            self.helper.leave()
            self.helper = None
            self._waiting = False

    def rest(self) -> None:
        """End the helper; the next call starts another."""
        if self._waiting:
            # An exception came from elsewhere, such as Ctrl-C.
            self._leave()
        elif self.helper is not None:
            self.helper.end()
            self.helper = None
