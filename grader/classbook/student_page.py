"""`reports/NAME.html`, for the instructor: the feedback, and beside it what was handed in.

A page is written when its submission is graded. Who comes before and after, and what is late, is
known only when the class is: that stands between two marks, in a place that `threaded` fills, and a
later class fills it again.
"""

import functools
import urllib.parse
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from markupsafe import Markup

from grader.classbook.listing import Line, listing
from grader.classbook.rows import Row
from grader.model import Report, Submission
from grader.render import html
from grader.render.html import page_html, page_title, report_html
from grader.render.templates import open_templates
from grader.vocabulary import count, number

_TEMPLATES: Final = Path(__file__).parent / "templates"
_BEGIN: Final = b"<!--class-->"
_END: Final = b"<!--/class-->"
# No text of a student can hold the marks: `<` is escaped wherever it stands.
HEAD: Final = 65_536
"""Bytes at the beginning of a page that hold the marks."""


class Beside(msgspec.Struct, frozen=True):
    """What a page says about its place in the class."""

    at: int
    """Counted from 1."""
    of: int
    before: str = ""
    """The name of the report before; empty for the first."""
    after: str = ""
    known: tuple[tuple[str, str], ...] = ()
    """The file's name, the attempt, lateness: what they are called, and what they are."""


def student_page(report: Report, submission: Submission) -> bytes:
    """Return the page of one student, which does not know its class yet."""
    body = student_body(report, submission, _beside_nothing(), titled=True)
    page = str(page_html(page_title(report), body, style()))
    return page.encode("utf-8", "backslashreplace")


def compile_templates() -> None:
    """Compile the templates of a page now: a fork of this process need not do it then."""
    html.compile_templates()
    for name in ("student.html", "beside.html"):
        _environment().get_template(name)


@functools.cache
def _beside_nothing() -> Markup:
    """Return the place of a page that does not know its class."""
    return _fill("beside.html", beside=None)


def student_body(
    report: Report, submission: Submission, nav: Markup, *, titled: bool
) -> Markup:
    """Return what was handed in beside the feedback on it, for a page with the style of reports.

    `nav` comes first, between marks.
    """
    pieces = listing(submission, report)
    marked = [
        (at, line)
        for at, piece in enumerate(pieces, 1)
        for line in piece.lines
        if isinstance(line, Line) and line.marked
    ]
    return _fill(
        "student.html",
        feedback=report_html(report, "instructor", titled=titled),
        pieces=pieces,
        marked=marked,
        begin=Markup(_BEGIN.decode()),  # noqa: S704 - ours
        end=Markup(_END.decode()),  # noqa: S704 - ours
        nav=nav,
    )


def beside(row: Row, at: int, of: int, before: str, after: str) -> Beside:
    """Return what the page of this row says about its place in the class."""
    return Beside(at, of, before, after, tuple(_known(row)))


def _known(row: Row) -> list[tuple[str, str]]:
    student = row.student
    known = [
        ("student", student.name if student.name != row.name else ""),
        ("id", student.id),
        ("file", student.file),
        ("team", student.group),
        ("handed in", student.submitted_at.replace("T", " ")),
        ("attempt", f"{student.attempt}" if student.attempt > 1 else ""),
        ("late", _late(row)),
        ("counts", _counts(row)),
    ]
    return [(name, value) for name, value in known if value]


def _late(row: Row) -> str:
    if row.late.unknown:
        return "nobody knows"
    if not row.late.late:
        return ""
    by = f"by {row.late_by}" if row.late.by is not None else "yes"
    cost = number(round(100 * row.late.cost, 2))
    return f"{by}, {cost} % less" if row.late.cost else by


def _counts(row: Row) -> str:
    if row.final is None or row.final == row.score:
        return ""
    return f"{number(row.final)} of {number(row.max_score)} points"


def threaded(page: bytes, place: Beside) -> bytes | None:
    """Return the page with its place in the class; None where it has that already.

    The first `HEAD` bytes of one are enough: what is returned then is how the page begins.
    """
    begin = page.find(_BEGIN, 0, HEAD)
    end = page.find(_END, begin, HEAD)
    if begin < 0 or end < 0:
        return None  # of a grader that made other pages
    nav = _fill("beside.html", beside=place)
    new = str(nav).encode("utf-8", "backslashreplace")
    if page[begin + len(_BEGIN) : end] == new:
        return None
    return page[: begin + len(_BEGIN)] + new + page[end:]


def page_name(name: str) -> str:
    """Return the address of the page of a report, from beside it."""
    return urllib.parse.quote(f"{name}.html", safe="")


def _fill(template: str, **values: Any) -> Markup:  # noqa: ANN401 - what a template takes
    filled = _environment().get_template(template).render(values)
    return Markup(filled)  # noqa: S704 - every value passed the door of `render.templates`


@functools.cache
def style() -> str:
    """Return what is added to the style of a report's page."""
    return (_TEMPLATES / "student.css").read_text(encoding="utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    return open_templates(_TEMPLATES, page_name=page_name, count=count)
