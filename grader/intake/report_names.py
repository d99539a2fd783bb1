"""Names for reports: one per submission, unique, stable, and safe as a file name on every file system.

A name comes from a student's folder, a platform's file name or a metadata file, so it is hostile
text. What leaves here has no separator, no control character, no reserved word and no leading dot,
and fits a directory entry with room for a suffix: it cannot name a place outside the folder that it
is put in.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable

from grader.untrusted import replace_acting

MOST_BYTES = 180
"""A directory entry holds 255 bytes; `.json`, a temporary suffix and a qualifier must fit too."""

_ILLEGAL = frozenset('<>:"/\\|?*\n\t')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {
        f"{device}{number}"
        for device in ("com", "lpt")
        for number in (*"0123456789", "¹", "²", "³")
    }
)
# Private and unassigned code points: they look different everywhere. What acts is no name either.
_INVISIBLE = frozenset({"Co", "Cn"})


def safe_name(text: str) -> str:
    """Return `text` as a file name that means itself on Linux, macOS and Windows; never empty."""
    # NFC: macOS hands out decomposed names, and the same student must not get two reports.
    text = unicodedata.normalize("NFC", text)
    text = replace_acting(text, "_")
    text = "".join("_" if _is_bad(character) else character for character in text)
    text = " ".join(text.split(" ")).strip(" .")
    if not text:
        return "unnamed"
    if text.partition(".")[0].strip().casefold() in _RESERVED:
        text = f"_{text}"
    return shorten(text)


def _is_bad(character: str) -> bool:
    return character in _ILLEGAL or unicodedata.category(character) in _INVISIBLE


def shorten(text: str, most: int = MOST_BYTES) -> str:
    """Return `text` in at most `most` bytes of UTF-8; a cut name ends in a digest and keeps its suffix."""
    if len(text.encode()) <= most:
        return text
    stem, dot, suffix = text.rpartition(".")
    ending = f"~{_digest(text)}" + (
        dot + suffix if stem and suffix in {"py", "ipynb"} else ""
    )
    kept = text.encode()[: most - len(ending.encode())].decode(errors="ignore")
    return f"{kept.rstrip(' .')}{ending}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def unique_names(wanted: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return one unique safe name per (name, qualifier, origin), in order, whatever the order.

    Names that collide, also by case alone, all get their qualifier (a platform's number for the
    student, or the folder that the file was in), and where that is not enough a digest of their
    origin. None depends on its place in the list, so that the same student keeps the same name when
    others come or go, unless one of the same name does.
    """
    rows = list(wanted)
    names = [safe_name(name) for name, _, _ in rows]
    for widen in (_qualified, _digested):
        taken = Counter(name.casefold() for name in names)
        names = [
            widen(name, *row) if taken[name.casefold()] > 1 else name
            for name, row in zip(names, rows, strict=True)
        ]
    return _numbered(names)


def _numbered(names: list[str]) -> list[str]:
    """Add numbers to what is still equal, as where somebody is *called* like another's digest."""
    taken: set[str] = set()
    for index, name in enumerate(names):
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = _append(name, f"~{number}")
        taken.add(candidate.casefold())
        names[index] = candidate
    return names


def _qualified(name: str, _wanted: str, qualifier: str, _origin: str) -> str:
    return _append(name, f" ({qualifier})") if qualifier else name


def _digested(name: str, _wanted: str, _qualifier: str, origin: str) -> str:
    return _append(name, f"~{_digest(origin)}")


def _append(name: str, extra: str) -> str:
    """Put `extra` before the suffix of a file name, and at the end of a person's name."""
    stem, dot, suffix = name.rpartition(".")
    if stem and suffix in {"py", "ipynb"}:
        return safe_name(f"{stem}{extra}{dot}{suffix}")
    return safe_name(f"{name}{extra}")
