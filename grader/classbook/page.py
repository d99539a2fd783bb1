"""`index.html`: what the class misunderstood, for a person.

One file that needs no network. It is complete without its script, which sorts, filters, copies
names and hides them. It is written as a stream, so that a page of a hundred thousand rows takes no
more memory than its rows.
"""

import base64
import functools
import hashlib
import itertools
import re
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from markupsafe import Markup

from grader import vocabulary
from grader.classbook import charts
from grader.classbook.pictures import Picture
from grader.classbook.rows import Row
from grader.classbook.summary import Summary
from grader.model import Status, Verdict
from grader.render.prose import isolation_note, secret_note
from grader.render.templates import every_other_as_code, open_templates
from grader.vocabulary import number

_TEMPLATES: Final = Path(__file__).parent / "templates"
MOST_NAMES: Final = 500
"""Students named under one heading; the gradebook has them all."""

MOST_PLACES: Final = 40
"""Lines of source shown for one kind of exception."""
MOST_KINDS: Final = 50
"""Kinds of exceptions shown."""

MOST_ROWS: Final = 20_000
"""Rows of the table: a browser takes seconds for these, and the gradebook has all."""

NO_PICTURES: Final[Mapping[str, Picture]] = {}
Cell = tuple[str, float]
"""What a cell shows, and what its column is sorted by."""
QUICK: Final = (
    ("ungraded", "Not graded"),
    ("unnamed", "Unnamed"),
    ("zero", "0 points"),
    ("late", "Late"),
    ("missing", "Nothing handed in"),
)
"""Quick filters: the word of `flags`, and what the button says."""
FIRST_BARS: Final = 6
"""Misconceptions above the table; the others are one click away."""
MOST_WIDE: Final = 4
"""Cases whose verdicts fit into the table as words; of more there is the mark."""
MOST_CASES: Final = 6
"""Cases above the table that are not folded."""

_PIECES: Final = 4096
"""Pieces of a template that are written at once; each is a few characters."""

_OPTION: Final = re.compile(r"(--[a-z-]+(?: [A-Z]+)?|[A-Z]+_[A-Z_]+)")


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """What differs where the page of a class is shown while the class works."""

    address: Callable[[str], str]
    """Name of a report -> the address of its page."""
    flags: Callable[[Row], str]
    """What a quick filter asks of a row, as words."""
    quick: Sequence[tuple[str, str]]
    """Quick filters: the word, and what the button says."""
    misunderstood: str
    """The heading over the misconceptions."""
    final_title: str
    more_titles: Sequence[str]
    """Columns of numbers after what counts."""
    more_cells: Callable[[Row], Sequence[Cell]]


def class_fragment(
    summary: Summary,
    rows: Iterable[Row],
    live: Live,
    pictures: Mapping[str, Picture] = NO_PICTURES,
) -> Markup:
    """Return what stands below the title of a class page, for another page with its style."""
    context = {
        **_context(summary, rows, pictures),
        **msgspec.structs.asdict(live),
        "files": False,
        "with_final": True,
    }
    filled = _environment().get_template("class_body.html").render(context)
    return Markup(filled)  # noqa: S704 - every value passed the door of `render.templates`


def style_and_script() -> tuple[str, str]:
    """Return the style of a class page, and the script that defines `startClassPage(signal)`."""
    return _text("class.css"), _text("class.js")


def class_page(
    summary: Summary,
    rows: Iterable[Row],
    pictures: Mapping[str, Picture] = NO_PICTURES,
) -> Iterator[bytes]:
    """Yield the page in pieces; `rows` are read once, in order.

    `pictures` are those of misconceptions, by their ids.
    """
    template = _environment().get_template("class.html")
    buffer: list[str] = []
    for piece in template.generate(_context(summary, rows, pictures)):
        buffer.append(piece)
        if len(buffer) > _PIECES:
            yield "".join(buffer).encode("utf-8", "backslashreplace")
            buffer.clear()
    yield "".join(buffer).encode("utf-8", "backslashreplace")


def _context(
    summary: Summary, rows: Iterable[Row], pictures: Mapping[str, Picture]
) -> dict[str, Any]:
    """Return what the template shows."""
    sheet = _text("class.css")
    script = _text("class.js") + "startClassPage();\n"
    # First of all: a page that is opened without names must not show them while it loads.
    veil = _text("veil.js")
    bars = charts.misconception_bars(
        summary.misconceptions, summary.submissions
    )
    return {
        "summary": summary,
        "rows": itertools.islice(rows, MOST_ROWS),
        "rest": summary.submissions + len(summary.missing) - MOST_ROWS,
        "with_final": bool(summary.late or summary.missing or summary.adjusted),
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
        "veil": Markup(veil),  # noqa: S704 - a file of this package
        "policy": _policy(sheet, veil, script),
        "pictures": pictures,
        "address": page_address,
        "flags": flags,
        "quick": QUICK,
        "misunderstood": "What the class misunderstood",
        "final_title": "final",
        "more_titles": (),
        "more_cells": lambda _row: (),
        "files": True,
        "first": FIRST_BARS,
        "narrow": len(summary.cases) > MOST_WIDE,
        "most_cases": MOST_CASES,
        "secret": secret_note(summary.secret),
        "less_isolation": [
            (count, note)
            for level, count in summary.isolation.items()
            if (note := isolation_note(level))
        ],
    }


def _policy(sheet: str, *scripts: str) -> str:
    """Return the page's Content-Security-Policy: its own style and script, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(sheet)}'",
            " ".join(("script-src", *(f"'{_hash(each)}'" for each in scripts))),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def page_address(name: str) -> str:
    """Return the address of a report's page, relative to the index."""
    return "reports/" + urllib.parse.quote(f"{name}.html", safe="")


def flags(row: Row) -> str:
    """Return what a quick filter asks of a row, as words."""
    facts = row.facts
    if facts is None:
        return "missing"
    graded = facts.status is Status.GRADED
    failed = any(verdict is not Verdict.PASSED for _, verdict in facts.verdicts)
    found = (
        ("ungraded", not graded),
        ("unnamed", graded and failed and not facts.hints),
        ("zero", facts.score == 0),
        ("late", row.late.late),
    )
    return " ".join(word for word, holds in found if holds)


def wording(verdict: Verdict) -> vocabulary.Wording:
    """Return what a verdict is called, and its mark."""
    return vocabulary.VERDICTS[verdict]


def options(text: str) -> Markup:
    """Return a sentence of ours, escaped, with options and variables as code.

    A browser breaks no line inside of them then.
    """
    return every_other_as_code(_OPTION.split(text))


def _hash(text: str) -> str:
    return (
        "sha256-"
        + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    )


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    return open_templates(
        _TEMPLATES,
        wording=wording,
        count=vocabulary.count,
        number=number,
        options=options,
        in_words=charts.in_words,
    )
