"""What the terminal can show: how wide it is, whether it has colours, which symbols it knows."""

import os
import sys
from collections.abc import Mapping
from typing import Final, Literal, TextIO

import msgspec

Style = Literal["good", "bad", "hint", "faint", "strong", "wrong"]

_SEQUENCES: Final[dict[Style, str]] = {
    "good": "32",
    "bad": "1;31",
    "hint": "36",
    "faint": "2",
    "strong": "1",
    "wrong": "1;7",
}
"""Parameters of the escape sequence (SGR) that begins a style."""

_SYMBOLS: Final = "✓✗○"
_NARROW: Final = 40
_WIDE: Final = 120
_USUAL: Final = 80
_WINDOWS_TERMINALS: Final = (
    "WT_SESSION",
    "TERM_PROGRAM",
    "ANSICON",
    "ConEmuANSI",
    "TERM",
)


class Terminal(msgspec.Struct, frozen=True):
    """What text is written for."""

    width: int = _USUAL
    colour: bool = False
    symbols: bool = True
    """Whether it shows more than ASCII."""

    def style(
        self,
        name: Style,
        text: str,
    ) -> str:
        """Return the text in a style, or as it is where there are no colours."""
        return f"\x1b[{_SEQUENCES[name]}m{text}\x1b[0m" if self.colour else text


PLAIN: Final = Terminal()
"""A file in UTF-8."""


def standard_output() -> Terminal:
    """Return what standard output can show now."""
    return look_at(sys.stdout, os.environ, sys.platform)


def look_at(
    stream: TextIO, environ: Mapping[str, str], platform: str
) -> Terminal:
    """Return what `stream` can show; never fails, and in doubt takes the plainer.

    NO_COLOR, FORCE_COLOR, COLUMNS and TERM=dumb mean what they mean everywhere (no-color.org,
    force-color.org).
    """
    terminal = _is_terminal(stream)
    return Terminal(
        _width(stream, environ, terminal=terminal),
        _colour(environ, platform, terminal=terminal),
        _symbols(stream),
    )


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # not a real file, or a closed one
        return False


def _colour(
    environ: Mapping[str, str], platform: str, *, terminal: bool
) -> bool:
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return environ["FORCE_COLOR"] not in ("0", "false")
    if not terminal or environ.get("TERM") == "dumb":
        return False
    # The old console of Windows shows escape sequences as they are. The newer ones all say who
    # they are.
    return platform != "win32" or any(
        environ.get(name) for name in _WINDOWS_TERMINALS
    )


def _width(
    stream: TextIO, environ: Mapping[str, str], *, terminal: bool
) -> int:
    wanted = environ.get("COLUMNS", "")
    columns = 0
    if wanted.isascii() and wanted.isdigit():
        columns = int(wanted[:6])
    elif terminal:
        try:
            columns = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError, AttributeError):
            columns = 0
    return min(max(columns or _USUAL, _NARROW), _WIDE)


def _symbols(stream: TextIO) -> bool:
    try:
        _SYMBOLS.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
