"""How far the batch is, on standard error: a bar on a terminal, occasional lines elsewhere."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Protocol, Self, TextIO

_LINES_EVERY_S = 10.0
_DRAWN_EVERY_S = 0.1


class Progress(Protocol):
    """What is shown while a batch runs."""

    def advance(self, count: int = 1) -> None:
        """Show that `count` more submissions are done."""

    def tick(self) -> None:
        """Show that time has passed."""

    def say(self, line: str) -> None:
        """Show a line that stays on the screen."""


class Silent:
    """Shows nothing."""

    def advance(self, count: int = 1) -> None:
        """Show nothing."""

    def tick(self) -> None:
        """Show nothing."""

    def say(self, line: str) -> None:
        """Show nothing."""


class Lines:
    """Plain lines for a log, at most one every ten seconds."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._done = 0
        self._begun = self._written = time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Count, and write a line if the last one is old enough."""
        self._done += count
        self.tick()

    def tick(self) -> None:
        """Write a line if the last one is old enough."""
        now = time.monotonic()
        if now - self._written < _LINES_EVERY_S:
            return
        self._written = now
        rate = self._done / (now - self._begun)
        left = (
            f", {duration((self._total - self._done) / rate)} left"
            if rate
            else ""
        )
        self.say(
            f"{self._done} of {self._total} graded, {rate:.1f} a second{left}"
        )

    def say(self, line: str) -> None:
        """Write one line."""
        self._stream.write(f"grader: {line}\n")
        self._stream.flush()


class Bar:
    """A bar with rate and time left, redrawn in place."""

    def __init__(self, total: int, stream: TextIO) -> None:
        # rich takes 60 ms to import, which a log does not need.
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._console = Console(file=stream, highlight=False, markup=False)
        self._progress = Progress(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            auto_refresh=False,  # a thread would do it, and no thread may run during a fork
        )
        self._task = self._progress.add_task("grading", total=total, rate="")
        self._begun = self._drawn = time.monotonic()
        self._done = 0

    def __enter__(self) -> Self:
        """Draw the bar."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        self._progress.stop()

    def advance(self, count: int = 1) -> None:
        """Count, and draw the bar if the last drawing is old enough."""
        self._done += count
        rate = self._done / max(1e-9, time.monotonic() - self._begun)
        self._progress.update(self._task, advance=count, rate=f"{rate:.0f}/s")
        self.tick()

    def tick(self) -> None:
        """Draw the bar if the last drawing is old enough."""
        now = time.monotonic()
        if now - self._drawn >= _DRAWN_EVERY_S:
            self._drawn = now
            self._progress.refresh()

    def say(self, line: str) -> None:
        """Write one line above the bar."""
        self._console.print(f"grader: {line}", soft_wrap=True)


@contextlib.contextmanager
def open_progress(
    total: int, stream: TextIO | None = None
) -> Iterator[Progress]:
    """Show progress on `stream`, by default standard error: a bar on a terminal, else lines."""
    stream = stream or sys.stderr
    if stream.isatty():
        with Bar(total, stream) as bar:
            yield bar
    else:
        yield Lines(total, stream)


def duration(seconds: float) -> str:
    """Format a duration for a person: `42 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min {left} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
