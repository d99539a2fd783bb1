"""A report as something to read: text, HTML, JSON. Pure functions in one table.

Each renderer is imported when it is first used.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from grader.render.prose import Audience

if TYPE_CHECKING:
    from grader.model import Report
    from grader.render.terminal import Terminal

__all__ = ["FORMATS", "Audience", "render"]


def render(
    report: "Report",
    fmt: str,
    audience: Audience = "student",
    *,
    terminal: bool = False,
) -> str:
    """Return a report in one of the `FORMATS`.

    A student sees what helps; an instructor also sees ids, digests and isolation. With `terminal`,
    text is made for standard output as it is now: its width, colours and encoding. Without it, the
    result depends on nothing but the arguments. Raises KeyError for an unknown format.
    """
    from grader.render.terminal import PLAIN, standard_output

    return FORMATS[fmt](
        report, audience, standard_output() if terminal else PLAIN
    )


def _text(
    report: "Report",
    audience: Audience,
    terminal: "Terminal",
) -> str:
    from grader.render.text import render as text

    return text(report, audience, terminal)


def _html(
    report: "Report",
    audience: Audience,
    _terminal: "Terminal",
) -> str:
    # Importing Jinja takes a quarter of the time that a single grading may take.
    from grader.render.html import render as html

    return html(report, audience)


def _json(
    report: "Report",
    _audience: Audience,
    _terminal: "Terminal",
) -> str:
    from grader.render.json import render as json

    return json(report)


FORMATS: Final[dict[str, Callable[["Report", Audience, "Terminal"], str]]] = {
    "text": _text,
    "html": _html,
    "json": _json,
}
"""Name as `--format` takes it -> renderer."""
