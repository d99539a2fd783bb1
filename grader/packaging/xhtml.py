"""HTML that a person wrote, as XML that every platform takes.

Open edX reads a problem as XML, Moodle's import does too, and PrairieLearn has elements and
templates of its own. So a statement is read as a browser would read it, and written anew: every
element is closed, `<br>` becomes `<br />`, an element that is not on the list is shown as text, and
so is an end tag without a start. `{{` is written as character references, because two platforms
fill in templates.
"""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from typing import Final

_VOID: Final = {"br", "hr", "img", "wbr"}
_PLAIN: Final = (
    "a abbr b blockquote caption center code dd del details div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 i ins kbd li mark ol p pre q s samp small span strong sub summary sup "
    "table tbody td tfoot th thead tr u ul var"
)
_ENDED_BY_ITSELF: Final = {"dd", "dt", "li", "p", "td", "th", "tr"}
"""Elements whose end tag may be left out before the next of their kind."""
_ILLEGAL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)
"""Characters that XML cannot hold."""
_ELEMENTS: Final = _VOID | set(_PLAIN.split())
_ATTRIBUTES: Final = {
    "align",
    "alt",
    "class",
    "colspan",
    "height",
    "href",
    "id",
    "lang",
    "open",
    "rowspan",
    "src",
    "start",
    "style",
    "title",
    "width",
}


def as_xhtml(html: str, picture: Callable[[str], str] = str) -> str:
    """Return HTML as well-formed XML; `picture` maps the address of a picture to a new one."""
    writer = _Writer(picture)
    writer.feed(html)
    writer.close()
    return writer.whole()


class _Writer(HTMLParser):
    """Writes what it reads, and keeps the names of the elements that are open."""

    def __init__(self, picture: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self._picture = picture
        self._parts: list[str] = []
        self._open: list[str] = []

    def whole(self) -> str:
        """Return all that was written, with what is still open closed."""
        while self._open:
            self._close()
        return "".join(self._parts)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Write a start tag."""
        if tag not in _ELEMENTS:
            self._write_text(self.get_starttag_text() or f"<{tag}>")
            return
        first = dict(reversed(attrs))
        written = "".join(self._attribute(tag, *pair) for pair in first.items())
        if tag in _ENDED_BY_ITSELF and self._open[-1:] == [tag]:
            self._close()
        if tag in _VOID:
            self._parts.append(f"<{tag}{written} />")
        else:
            self._parts.append(f"<{tag}{written}>")
            self._open.append(tag)

    def handle_startendtag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Write a tag like `<br/>`; in HTML the slash means nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what is still open inside it."""
        if tag in _VOID:
            return
        if tag not in self._open:
            self._write_text(f"</{tag}>")
            return
        while self._open[-1] != tag:
            self._close()
        self._close()

    def handle_data(self, data: str) -> None:
        """Write text."""
        self._write_text(data)

    def _close(self) -> None:
        self._parts.append(f"</{self._open.pop()}>")

    def _write_text(self, text: str) -> None:
        self._parts.append(_escaped(text))

    def _attribute(self, tag: str, name: str, value: str | None) -> str:
        if name not in _ATTRIBUTES:
            return ""
        text = name if value is None else value
        if tag == "img" and name == "src":
            text = self._picture(text)
        return f' {name}="{_escaped(text)}"'


def _escaped(text: str) -> str:
    legal = _ILLEGAL.sub("", text)
    return (
        escape(legal)
        .replace("{{", "&#123;&#123;")
        .replace("}}", "&#125;&#125;")
    )
