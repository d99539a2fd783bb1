"""A report as one self-contained page, and its cards as a fragment for a notebook: HTML and CSS, no script, no network.

Every text goes through two doors: `finalize` makes characters that act visible, then autoescaping
makes markup text. Templates hold no other way to put text in: what is marked safe here was made by
these templates.
"""

import base64
import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup, escape

from grader.model import Report, Status
from grader.render import prose
from grader.render.cards import LEGEND, Card, cards
from grader.render.plain import one_line, visible
from grader.render.prose import Audience
from grader.render.tables import TableCell

_TEMPLATES: Final = Path(__file__).parent / "templates"
_SHEETS = 8
"""As many styles are kept at once: reports have one, and each kind of class page its own."""


def render(report: Report, audience: Audience = "student") -> str:
    """Write the report as one page that needs nothing else: the same bytes for the same report."""
    laid_out = cards(report, audience)
    hidden = prose.has_hidden_inputs(report)
    body = _fill(
        "report.html",
        title=one_line(report.exercise.title, 200),
        name=one_line(report.submission.name, 200),
        message=one_line(report.message, 1000),
        # The points of the public examples are nobody's grade.
        score=f"{report.score:g}" if report.score is not None and hidden else None,
        most=f"{report.max_score:g}",
        pips=[card for card in laid_out if card.anchor],
        cards=_cards(laid_out, report, audience),
        notes=[one_line(note, 600) for note in prose.notes_for(report, audience)],
        instructor=audience == "instructor",
        record=_record(report),
        hidden=prose.HIDDEN_INPUTS
        if hidden and any(card.tables for card in laid_out)
        else "",
    )
    # A plain string: with Markup, whatever a caller adds to it would be escaped.
    return str(
        page_html(
            f"{one_line(report.exercise.title, 200)}: {one_line(report.submission.name, 200)}",
            body,
        )
    )


def cards_html(report: Report, audience: Audience = "student") -> str:
    """Write the cards alone, with their style, to be put into another page such as a notebook's output.

    Class names begin with `exg` and there are no ids, so any number of them may stand on one page.
    """
    summary = one_line(report.message, 1000) if report.status is Status.GRADED else ""
    shown = _cards(cards(report, audience, anchors=False), report, audience, summary)
    return f"<style>{style()}</style>\n{shown}"


def page_html(title: str, body: Markup, css: str = "") -> Markup:
    """Put `body` into a whole page with the house style and a policy that lets nothing run and nothing load.

    `css` is added to the style. `body` must be Markup: whoever makes it answers for what is in it.
    Inline `style=` attributes do not take effect (the policy allows the one style sheet by its
    digest); use classes.
    """
    sheet, policy = _sheet_and_policy(str(css))
    return _fill(
        "page.html", title=one_line(title, 300), body=body, css=sheet, policy=policy
    )


def style() -> Markup:
    """Give the style sheet of the cards."""
    return Markup(_sheet("cards.css"))  # noqa: S704 - a file of this package


def _cards(
    laid_out: Sequence[Card], report: Report, audience: Audience, summary: str = ""
) -> Markup:
    legend = []
    if any(card.noted for card in laid_out):
        legend.append(LEGEND)
    if any(card.tables for card in laid_out) or any(
        case.details.first is not None for case in report.cases
    ):
        legend.append(prose.COUNTING)
    return _fill(
        "cards.html",
        cards=laid_out,
        summary=summary,
        instructor=audience == "instructor",
        legend=" ".join(legend),
    )


def _record(report: Report) -> list[tuple[str, str]]:
    mechanisms = ", ".join(report.isolation.mechanisms)
    record = [
        ("submission", f"{report.submission.kind}, {report.submission.digest}"),
        ("exercise", f"{report.exercise.name}, {report.exercise.digest}"),
        ("status", report.status),
        (
            "isolation",
            f"{report.isolation.level} ({mechanisms})"
            if mechanisms
            else report.isolation.level,
        ),
        ("grader", report.grader_version),
    ]
    return [(name, one_line(value, 300)) for name, value in record]


def _fill(template: str, **values: Any) -> Markup:  # noqa: ANN401 - whatever the template takes
    return Markup(_environment().get_template(template).render(values))  # noqa: S704 - autoescaped by the environment


@functools.lru_cache(_SHEETS)
def _sheet_and_policy(css: str) -> tuple[Markup, str]:
    """Give the house style with `css` after it, and the policy that allows it and nothing else."""
    # Not Markup: adding a str to that would escape the quotes of the style.
    sheet = _sheet("page.css") + _sheet("cards.css") + css
    if "</" in sheet:
        raise ValueError("a style sheet must not hold markup")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return Markup(sheet), policy  # noqa: S704 - a file of this package


@functools.cache
def _sheet(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _code(text: str) -> Markup:
    """Set what stands between backticks as code, where they come in pairs."""
    parts = [escape(visible(part)) for part in text.split("`")]
    if len(parts) % 2 == 0:
        return escape(visible(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else part
        for at, part in enumerate(parts)
    )


@functools.cache
def _heads(columns: range) -> Markup:
    """Write the headers of so many columns."""
    return Markup("").join(
        Markup('<th scope="col">{}</th>').format(column) for column in columns
    )


def _body(rows: tuple[tuple[TableCell, ...], ...]) -> Markup:
    """Write the rows of a table: there are a thousand cells in a page, and a template takes five times as long."""
    lines = (
        f'<tr class="exg-row"><th scope="row">{number}</th>{"".join(map(_cell, row))}</tr>\n'
        for number, row in enumerate(rows)
    )
    return Markup("".join(lines))  # noqa: S704 - see _cell


def _cell(cell: TableCell) -> str:
    # Nothing here is text of strangers: `grids.rows_of` lets floats alone pass, and `grids` formats
    # them.
    text = (
        f'{cell.text}<span class="exg-hidden"> {cell.said}</span>'
        if cell.said
        else cell.text
    )
    return f'<td class="{cell.look}">{text}</td>' if cell.look else f"<td>{text}</td>"


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(code=_code, heads=_heads, body=_body)
    return environment


def _harmless(value: Any) -> Any:  # noqa: ANN401 - whatever stands in {{ }}
    return (
        visible(value)
        if isinstance(value, str) and not isinstance(value, Markup)
        else value
    )
