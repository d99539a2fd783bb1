"""The exercise's README as the platforms show it.

On GitHub and in a download, students have the exercise's files, so they get the README as it is. On
PrairieLearn, Moodle and Open edX they have an editor and nothing else. There the statement is HTML
that is XML, too: what stands between `<!-- files -->` and `<!-- /files -->` is left out, because it
speaks of files that students do not have there, and pictures are part of the page.
"""

import base64
import mimetypes
import re
from pathlib import Path
from typing import Final, NamedTuple

from grader.model import Exercise
from grader.packaging.wheel import packed
from grader.packaging.xhtml import as_xhtml
from grader.platforms.parts import PLAIN, Tree

_WITH_FILES: Final = re.compile(r"<!-- files -->.*?<!-- /files -->", re.DOTALL)
_MARKS: Final = re.compile(r"<!-- /?files -->\n?")
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/", re.IGNORECASE)
"""How an address starts that is not a path in the exercise's folder."""
_FILES: Final = ("exercise.toml", "hints.npz", "grader check")
"""What only students with the exercise's files have."""


class Statement(NamedTuple):
    """An exercise's README, ready to be put into artifacts."""

    markdown: str
    alone: str
    """Markdown for students who have a notebook and no files."""
    pictures: Tree
    """The pictures that the README shows, by their path beside it."""
    html: str
    """XHTML for students who have an editor and no files."""
    absent: tuple[str, ...]
    """What `html` speaks of although students there do not have it."""


def read_statement(exercise: Exercise) -> Statement:
    """Return the statement of an exercise; its title, if there is no README."""
    path = exercise.folder / "README.md"
    text = f"# {exercise.title}\n"
    if path.is_file():
        text = packed(exercise.folder, (path.name,)).decode()
    pictures: Tree = {}

    def embedded(address: str) -> str:
        found = _picture(exercise.folder, address)
        if found is None:
            return address
        name, data = found
        pictures[name] = (data, PLAIN)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"

    as_xhtml(
        _rendered(text), embedded
    )  # finds the pictures that are beside files, too
    shown = _WITH_FILES.sub("", text)
    return Statement(
        markdown=_MARKS.sub("", text),
        alone=shown,
        pictures=pictures,
        html=as_xhtml(_rendered(shown), embedded),
        absent=tuple(name for name in _FILES if name in shown),
    )


def _rendered(text: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    return str(parser.render(text))


def _picture(folder: Path, address: str) -> tuple[str, bytes] | None:
    """Return the path and the bytes of a picture in the exercise's folder; None for any other."""
    from urllib.parse import unquote

    name = unquote(address.partition("?")[0].partition("#")[0])
    if not name or _ELSEWHERE.match(address):
        return None
    path = (folder / name).resolve()
    inside = path.is_relative_to(folder.resolve())
    if not inside or not path.is_file():
        return None
    way = path.relative_to(folder.resolve()).parts
    return "/".join(way), packed(folder, way)
