"""`index.html`: what the class misunderstood, for a person.

One file that needs no network; its script only sorts and filters. It is written as a stream, so
that a page of a hundred thousand rows takes no more memory than its rows.
"""

import base64
import functools
import hashlib
import itertools
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup, escape

from grader.classbook import charts
from grader.classbook.facts import Facts
from grader.classbook.gradebook import number
from grader.classbook.summary import Summary
from grader.model import Status
from grader.render.plain import one_line
from grader.render.prose import secret_note

_TEMPLATES: Final = Path(__file__).parent / "templates"
MOST_NAMES: Final = 500
"""Students named under one heading; the gradebook has them all."""

MOST_PLACES: Final = 40
"""Lines of source shown for one kind of exception."""
MOST_KINDS: Final = 50
"""Kinds of exceptions shown."""

MOST_ROWS: Final = 20_000
"""Rows of the table: a browser takes seconds for these, and the gradebook has all."""

_MOST_TEXT: Final = 2000
"""Characters of one text on the page."""
_PIECES: Final = 4096
"""Pieces of a template that are written at once; each is a few characters."""

_OPTION: Final = re.compile(r"(--[a-z-]+(?: [A-Z]+)?|[A-Z]+_[A-Z_]+)")
_WORDS: Final = {
    "passed": "passed",
    "wrong_type": "wrong type",
    "wrong_shape": "wrong shape",
    "wrong_values": "wrong values",
    "modified_input": "changed input",
    "raised": "raised",
    "timed_out": "timed out",
    "out_of_memory": "out of memory",
    "crashed": "crashed",
    "invalid_output": "unreadable output",
    "not_run": "not run",
    "grader_error": "grader error",
    "graded": "graded",
    "not_gradable": "could not be graded",
}


def class_page(summary: Summary, rows: Iterable[Facts]) -> Iterator[bytes]:
    """Yield the page in pieces; `rows` are read once, in order."""
    template = _environment().get_template("class.html")
    buffer: list[str] = []
    for piece in template.generate(_context(summary, rows)):
        buffer.append(piece)
        if len(buffer) > _PIECES:
            yield "".join(buffer).encode("utf-8", "backslashreplace")
            buffer.clear()
    yield "".join(buffer).encode("utf-8", "backslashreplace")


def _context(summary: Summary, rows: Iterable[Facts]) -> dict[str, Any]:
    """Return what the template shows."""
    sheet, script = _text("class.css"), _text("class.js")
    bars = charts.misconception_bars(summary.misconceptions, summary.submissions)
    return {
        "summary": summary,
        "rows": itertools.islice(rows, MOST_ROWS),
        "rest": summary.submissions - MOST_ROWS,
        "columns": charts.score_columns(summary.scores),
        "height": charts.COLUMNS_HEIGHT,
        "case_bars": charts.case_bars(summary.cases),
        "misconceptions": tuple(zip(bars, summary.misconceptions, strict=True)),
        "errors": summary.status[Status.GRADER_ERROR.value],
        "ungradable": summary.status[Status.NOT_GRADABLE.value],
        "most": MOST_NAMES,
        "most_kinds": MOST_KINDS,
        "most_places": MOST_PLACES,
        "sheet": Markup(sheet),  # noqa: S704 - a file of this package
        "script": Markup(script),  # noqa: S704 - a file of this package
        "policy": _policy(sheet, script),
        "secret": secret_note(summary.secret),
    }


def _policy(sheet: str, script: str) -> str:
    """Return the page's Content-Security-Policy: its own style and script, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(sheet)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def page_address(name: str) -> str:
    """Return the address of a report's page, relative to the index."""
    return "reports/" + urllib.parse.quote(f"{name}.html", safe="")


def words(value: str) -> str:
    """Return a verdict or a status in words."""
    return _WORDS.get(value, value.replace("_", " "))


def code(text: str) -> Markup:
    """Return `text`, escaped, with what stands between backticks as code."""
    line = one_line(text, _MOST_TEXT)
    pieces = line.split("`")
    return _every_other_as_code(pieces) if len(pieces) % 2 else escape(line)


def options(text: str) -> Markup:
    """Return a sentence of ours, escaped, with options and variables as code.

    A browser breaks no line inside of them then.
    """
    return _every_other_as_code(_OPTION.split(text))


def _every_other_as_code(pieces: list[str]) -> Markup:
    marked = Markup("<code>{}</code>")
    return Markup("").join(
        marked.format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        words=words, number=number, address=page_address, code=code, options=options
    )
    return environment


def _harmless(value: Any) -> Any:  # noqa: ANN401 - whatever stands in {{ }}
    if isinstance(value, str) and not isinstance(value, Markup):
        return one_line(value, _MOST_TEXT)
    return value
