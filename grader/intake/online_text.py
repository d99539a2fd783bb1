"""Code that was written on a platform's page, and comes as a page of HTML."""

import re
from html import unescape

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_UNSEEN = frozenset({"script", "style", "head", "title"})
_LINES = frozenset({"br", "p", "div", "li", "tr", "pre", "h1", "h2", "h3"})
_BREAK = re.compile(r"[ \t]*\r?\n[ \t]*")
_ENDINGS = (".htm", ".html")
_MOST_READ = 1 << 17


def is_page(name: str) -> bool:
    """Return whether a file is a page of HTML, by its name."""
    return name.lower().endswith(_ENDINGS)


def code_of(page: bytes) -> bytes:
    """Return the text of a page as somebody reads it, line by line, in UTF-8."""
    text = page[:_MOST_READ].decode("utf-8-sig", "replace")
    seen = _Seen(is_kept=_TAG.search(text) is None)
    at = 0
    for tag in _TAG.finditer(text):
        seen.text(text[at : tag.start()])
        seen.tag(tag["name"].lower(), is_end=bool(tag["end"]))
        at = tag.end()
    seen.text(text[at:])
    return seen.lines()


class _Seen:
    """What of a page is seen."""

    def __init__(self, *, is_kept: bool) -> None:
        self._pieces: list[str] = []
        self._is_kept = is_kept
        """Whether the ends of lines in the text are ends of lines on the page."""
        self._unseen = ""

    def tag(self, name: str, *, is_end: bool) -> None:
        """Take a tag."""
        if self._unseen:
            self._unseen = (
                "" if is_end and name == self._unseen else self._unseen
            )
        elif name in _UNSEEN and not is_end:
            self._unseen = name
        elif name == "pre":
            self._is_kept = not is_end
        if name in _LINES and not self._unseen:
            # Of `<p>a</p><p>b</p>` each tag ends a line; an empty line more does not matter.
            self._pieces.append("\n")

    def text(self, text: str) -> None:
        """Take what stands between two tags."""
        if self._unseen:
            return
        if not self._is_kept:
            is_between = not text.strip() and "\n" in text
            text = "" if is_between else _BREAK.sub(" ", text)
        self._pieces.append(unescape(text))

    def lines(self) -> bytes:
        """Return the whole."""
        text = "".join(self._pieces).replace("\xa0", " ")
        lines = "\n".join(line.rstrip() for line in text.split("\n"))
        return lines.strip("\n").encode() + b"\n"
