"""A report as one page, and its cards as a fragment for a notebook: no script, no network. Pure.

Every text passes the door that `render.templates` describes. What is marked as safe in this module
was made by our own templates or holds nothing but numbers.
"""

import base64
import functools
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from grader import vocabulary
from grader.model import Report, Status
from grader.render import printed, prose
from grader.render.beside import NOTHING, Beside
from grader.render.cards import Card, cards, grouped, legend
from grader.render.hints import SHOW_THE_CAUSE, Steps
from grader.render.prose import Audience
from grader.render.tables import Table
from grader.render.templates import open_templates
from grader.untrusted import for_html, one_line

_TEMPLATES: Final = Path(__file__).parent / "templates"
_LABELS: Final = 256
"""Labels of tables that are kept: none is long."""
_SHEETS: Final = 8
"""Style sheets that are kept: reports have one, and each kind of class page its own."""


def render(
    report: Report,
    audience: Audience = "student",
    hints: Steps | None = None,
) -> str:
    """Return the report as a page that needs nothing else, the same bytes for the same report."""
    body = report_html(report, audience, hints)
    # A plain string: whatever is added to Markup would be escaped.
    return str(page_html(page_title(report), body))


def compile_templates() -> None:
    """Compile the templates of a page now: a fork of this process need not do it then."""
    for name in ("report.html", "cards.html", "page.html"):
        _templates().get_template(name)


def page_title(report: Report) -> str:
    """Return what a page about this report is called."""
    title = one_line(report.exercise.title, 200)
    return f"{title}: {one_line(report.submission.name, 200)}"


def report_html(
    report: Report,
    audience: Audience = "student",
    hints: Steps | None = None,
    *,
    titled: bool = True,
) -> Markup:
    """Return what stands on the page of a report, for a page that holds more than that.

    Without a title where that page says itself which exercise and file this is.
    """
    laid_out = cards(report, audience, hints=hints)
    hidden = prose.has_hidden_inputs(report)
    draws_arrays = any(card.tables for card in laid_out)
    return _fill(
        "report.html",
        titled=titled,
        title=one_line(report.exercise.title, 200),
        name=one_line(report.submission.name, 200),
        message=prose.message(report),
        # Points on public examples do not count.
        score=vocabulary.number(report.score)
        if report.score is not None and hidden
        else None,
        most=vocabulary.number(report.max_score),
        pips=[card for card in laid_out if card.anchor],
        cards=_cards(laid_out, report, audience),
        notes=[
            one_line(note, 600) for note in prose.notes_for(report, audience)
        ],
        instructor=audience == "instructor",
        record=_record(report),
        graded_with=prose.graded_with(report),
        printed=printed.kept(report.output),
        printed_heading=printed.HEADING,
        hidden=prose.HIDDEN_INPUTS if hidden and draws_arrays else "",
    )


def cards_html(
    report: Report,
    audience: Audience = "student",
    hints: Steps | None = None,
    beside: Beside = NOTHING,
) -> str:
    """Return the cards with their style, to stand in another page such as a notebook's output.

    Class names begin with `exg` and nothing has an id, so one page may hold any number of them.
    """
    summary = prose.message(report) if report.status is Status.GRADED else ""
    summary = f"{summary} {beside.progress}".strip()
    laid_out = cards(report, audience, anchors=False, hints=hints)
    shown = _cards(laid_out, report, audience, summary, beside.next)
    return f"<style>{style()}</style>\n{shown}"


def page_html(
    title: str,
    body: Markup,
    css: str = "",
) -> Markup:
    """Return a whole page around `body`, in the house style, with a policy that lets nothing load.

    `css` is added to the style. The caller answers for what is in `body`: that is why it must be
    Markup. Inline `style=` attributes have no effect, because the policy allows the one style
    sheet by its digest. Use classes.
    """
    sheet, policy = _sheet_and_policy(str(css))
    return _fill(
        "page.html",
        title=one_line(title, 300),
        body=body,
        css=sheet,
        policy=policy,
    )


def style() -> Markup:
    """Return the style sheet of the cards."""
    return Markup(_sheet("cards.css"))  # noqa: S704 - a file of this package


def report_style() -> Markup:
    """Return the style sheet of what `report_html` gives, for a page with a style of its own."""
    return Markup(_sheet("page.css") + _sheet("cards.css"))  # noqa: S704 - as above


def _cards(
    laid_out: Sequence[Card],
    report: Report,
    audience: Audience,
    summary: str = "",
    following: str = "",
) -> Markup:
    said = []
    if any(strip.noted for card in laid_out for strip in card.strips):
        said.append(legend(report))
    counting = prose.counting(report)
    if counting:
        said.append(counting)
    return _fill(
        "cards.html",
        groups=grouped(report, laid_out),
        summary=summary,
        following=following,
        show_the_cause=SHOW_THE_CAUSE,
        instructor=audience == "instructor",
        legend=" ".join(said),
    )


def _record(report: Report) -> list[tuple[str, str]]:
    isolation: str = report.isolation.level
    if report.isolation.mechanisms:
        isolation += f" ({', '.join(report.isolation.mechanisms)})"
    record = [
        ("submission", f"{report.submission.kind}, {report.submission.digest}"),
        ("exercise", f"{report.exercise.name}, {report.exercise.digest}"),
        ("status", str(report.status)),
        ("isolation", isolation),
        ("grader", report.grader_version),
    ]
    return [(name, one_line(value, 300)) for name, value in record]


def _fill(template: str, **values: Any) -> Markup:  # noqa: ANN401 - whatever the template takes
    filled = _templates().get_template(template).render(values)
    return Markup(filled)  # noqa: S704 - every value passed the door of `templates`


@functools.lru_cache(_SHEETS)
def _sheet_and_policy(css: str) -> tuple[Markup, str]:
    """Return the house style with `css` after it, and the policy that allows this sheet alone."""
    # A plain string: adding to Markup would escape the quotes of the style.
    sheet = _sheet("page.css") + _sheet("cards.css") + css
    if "</" in sheet:
        raise ValueError("a style sheet must not hold markup")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(sheet)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Markup(sheet), policy  # noqa: S704 - a file of this package


def _digest(sheet: str) -> str:
    """Return the name of a style sheet in a Content-Security-Policy."""
    digest = hashlib.sha256(sheet.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@functools.cache
def _sheet(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@functools.cache
def _templates() -> jinja2.Environment:
    return open_templates(_TEMPLATES, grid=_grid)


def _grid(table: Table, noted: bool) -> Markup:
    """Return a table; `noted` leaves a line for a note, so that its rows align with others.

    Not a template, which would take five times as long: a page has a thousand cells.
    """
    note = f"<br>{_label(table.note)}&nbsp;" if noted else ""
    title, size = _label(table.title), _label(table.size)
    rows = "".join(_rows(table))
    return Markup(  # noqa: S704 - numbers and words of ours, and what went through the door
        '<table class="exg-grid">\n<caption class="exg-caption"><span class="exg-title">'
        f"<strong>{title}</strong>\n  {size}</span>{note}</caption>\n"
        '<thead><tr class="exg-row"><th scope="col"><span class="exg-hidden">row</span></th>'
        f"{_heads(table.columns)}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )


@functools.lru_cache(_LABELS)
def _label(text: str) -> Markup:
    """Return a title, a size or a note, of which a page repeats a few."""
    return for_html(text)


@functools.cache
def _heads(columns: range) -> str:
    """Return the heads of so many columns."""
    return "".join(f'<th scope="col">{column}</th>' for column in columns)


def _rows(table: Table) -> Iterator[str]:
    """Yield the rows of a table."""
    # No stranger's text comes here: `rows.rows_of` lets only numbers pass, and formats them.
    texts = list(map(list, table.texts))
    for (row, column), said in table.said.items():
        texts[row][column] += f'<span class="exg-hidden"> {said}</span>'
    for number, looks in enumerate(table.looks):
        cells = [
            f'<td class="{look}">{text}' if look else f"<td>{text}"
            for look, text in zip(looks, texts[number], strict=True)
        ]
        line = "</td>".join(cells)
        yield f'<tr class="exg-row"><th scope="row">{number}</th>{line}</td></tr>\n'
