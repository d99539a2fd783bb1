"""What the exercises are about, for the list of them: as `exercises/README.md` says it.

There each table with the columns `exercise` and `teaches` stands under a heading of its own. An
exercise that no table names comes last, with the first sentence of its statement.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from markupsafe import Markup

_NAMED: Final = re.compile(r"(?:\./)?([^/]+)/README\.md")
_FIRST: Final = re.compile(r"\A\s*(?:<h1>.*?</h1>\s*)?<p>(.*?)</p>", re.DOTALL)
_OTHERS: Final = "More"
_MOST_BYTES: Final = 1024 * 1024


class Entry(msgspec.Struct, frozen=True):
    """An exercise in the list."""

    name: str
    teaches: Markup
    """One clause or sentence, as HTML."""


class Group(msgspec.Struct, frozen=True):
    """Exercises under one heading."""

    title: str
    entries: tuple[Entry, ...]


def contents(folder: Path, statements: Mapping[str, str]) -> tuple[Group, ...]:
    """Return the exercises in the order in which the folder's README lists them.

    `statements` are those to list, by name, each as HTML.
    """
    left = dict(statements)
    groups = []
    for title, rows in _tables(folder / "README.md"):
        entries = [
            Entry(name, teaches)
            for name, teaches in rows
            if left.pop(name, None) is not None
        ]
        if entries:
            groups.append(Group(title, tuple(entries)))
    others = tuple(Entry(name, _first(left[name])) for name in sorted(left))
    if others:
        groups.append(Group(_OTHERS if groups else "Exercises", others))
    return tuple(groups)


def _first(statement: str) -> Markup:
    found = _FIRST.match(statement)
    return Markup(found[1] if found else "")  # noqa: S704 - an author's text


def _tables(
    path: Path,
) -> Iterator[tuple[str, list[tuple[str, Markup]]]]:
    """Yield the heading above each table of exercises, and its rows."""
    from markdown_it import MarkdownIt

    if not path.is_file():
        return
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    with path.open(encoding="utf-8") as file:
        tokens = parser.parse(file.read(_MOST_BYTES))
    heading = ""
    rows: list[list[Any]] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[at + 1].content
        elif token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tokens[at + 1])
        elif token.type == "table_close":
            yield heading, _entries(rows, parser)


def _entries(
    rows: Sequence[Sequence[Any]],
    parser: Any,  # noqa: ANN401 - imported where it is used
) -> list[tuple[str, Markup]]:
    """Return the name and what is taught of each row that has a link to an exercise."""
    titles = [cell.content.strip() for cell in rows[0]]
    if not {"exercise", "teaches"} <= set(titles):
        return []
    link, teaches = titles.index("exercise"), titles.index("teaches")
    found = []
    for row in rows[1:]:
        hrefs = (str(one.attrGet("href") or "") for one in row[link].children)
        names = [
            match[1] for href in hrefs if (match := _NAMED.fullmatch(href))
        ]
        if names:
            # No markup of its own: rendered by the parser, which escapes what is HTML.
            html = Markup(parser.renderInline(row[teaches].content))  # noqa: S704
            found.append((names[0], html))
    return found
