"""A report as something to read: text, HTML, JSON. Pure functions in one table.

Each renderer is imported when it is first used.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from grader.render.prose import Audience

if TYPE_CHECKING:
    from grader.model import Report
    from grader.render.beside import Beside
    from grader.render.hints import Steps

__all__ = ["FORMATS", "Audience", "render"]


class _Reader(NamedTuple):
    """Who reads a report, and on what."""

    audience: Audience
    hints: "Steps | None"
    beside: "Beside | None"
    terminal: bool


def render(
    report: "Report",
    fmt: str,
    audience: Audience = "student",
    *,
    hints: "Steps | None" = None,
    beside: "Beside | None" = None,
    terminal: bool = False,
) -> str:
    """Return a report in one of the `FORMATS`.

    A student sees what helps; an instructor also sees ids, digests and isolation. `hints` asks for
    hints in steps or in full; without it a student gets steps. Text says what is `beside` it too.
    With `terminal`, text is made for standard output as it is now: its width, colours and encoding.
    Without it, the result depends on nothing but the arguments. Raises KeyError for an unknown
    format.
    """
    return FORMATS[fmt](report, _Reader(audience, hints, beside, terminal))


def _text(report: "Report", reader: _Reader) -> str:
    from grader.render.beside import NOTHING
    from grader.render.terminal import PLAIN, standard_output
    from grader.render.text import render as text

    return text(
        report,
        reader.audience,
        standard_output() if reader.terminal else PLAIN,
        hints=reader.hints,
        beside=reader.beside or NOTHING,
    )


def _html(report: "Report", reader: _Reader) -> str:
    # Importing Jinja takes a quarter of the time that a single grading may take.
    from grader.render.html import render as html

    return html(report, reader.audience, reader.hints)


def _json(report: "Report", _reader: _Reader) -> str:
    from grader.render.json import render as json

    return json(report)


FORMATS: Final[dict[str, Callable[["Report", _Reader], str]]] = {
    "text": _text,
    "html": _html,
    "json": _json,
}
"""Name as `--format` takes it -> renderer."""
