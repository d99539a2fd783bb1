"""Names for reports: one per submission, unique, stable, and safe as a file name everywhere.

A name comes from a student's folder, a platform's file name or a metadata file, so it is hostile
text. What leaves here has no path separator, no control character, no reserved word and no leading
dot, and leaves room for a suffix in a directory entry. So it cannot name a place outside the folder
that it is put in.

`SEPARATOR` stands between a section and a student, before a platform's number, and before a digest.
No part of a name can hold it: a student who calls a folder `section-b~ada` is `section-b-ada`, and
never takes a name that the grader has made for somebody else.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable

from grader.untrusted import no_commands, replace_acting

SEPARATOR = "~"
MOST_BYTES = 180
"""A directory entry holds 255 bytes; `.json`, a temporary suffix and a qualifier must fit too."""

_ILLEGAL = frozenset('<>:"/\\|?*')
_RESERVED = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"})
_DEVICES = frozenset({"com", "lpt"})
_NUMBERS = frozenset("0123456789¹²³")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of controls, overrides, surrogates, private and unassigned code points."""


def safe_name(text: str) -> str:
    """Return `text` as a part of a file name on Linux, macOS and Windows; never empty."""
    # NFC: macOS hands out decomposed names, and the same student must not get two reports.
    text = unicodedata.normalize("NFC", text)
    text = no_commands(replace_acting(text, "_"), "_")
    text = "".join(
        "_" if _is_bad(character) else character for character in text
    )
    text = " ".join(text.split()).strip(" .")
    if not text:
        return "unnamed"
    if _is_reserved(text.partition(".")[0].strip().casefold()):
        text = f"_{text}"
    return shorten(text)


def _is_bad(character: str) -> bool:
    if character in _ILLEGAL or character == SEPARATOR:
        return True
    return unicodedata.category(character) in _INVISIBLE


def _is_reserved(stem: str) -> bool:
    """Return whether Windows takes a file name with this stem for a device."""
    return stem in _RESERVED or (stem[:3] in _DEVICES and stem[3:] in _NUMBERS)


def shorten(text: str, most: int = MOST_BYTES) -> str:
    """Return `text` in at most `most` bytes of UTF-8; a cut name ends in digest and suffix."""
    if len(text.encode()) <= most:
        return text
    _, suffix = _split(text)
    ending = f"{SEPARATOR}{_digest(text)}{suffix}"
    kept = text.encode()[: most - len(ending.encode())].decode(errors="ignore")
    return f"{kept.rstrip(' .')}{ending}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _split(name: str) -> tuple[str, str]:
    """Split a file name into stem and suffix; a person's name, such as `J. R. Lee`, has none."""
    stem, dot, suffix = name.rpartition(".")
    if stem and suffix in {"py", "ipynb"}:
        return stem, dot + suffix
    return name, ""


Wanted = tuple[tuple[str, ...], str, str]
"""Parts of a name (sections, then the student), qualifier, origin."""


def unique_names(wanted: Iterable[Wanted]) -> list[str]:
    """Return one unique safe name per (parts, qualifier, origin), in their order.

    Names that collide, also by case alone, all get their qualifier (a platform's number for the
    student, or the folder that the file was in), and where that is not enough a digest of their
    origin. None depends on its place in the list, so that the same student keeps the same name when
    others come or go, unless one of the same name does.
    """
    rows = list(wanted)
    names = [
        shorten(SEPARATOR.join(map(safe_name, parts))) for parts, _, _ in rows
    ]
    for widen in (_qualified, _digested):
        taken = Counter(name.casefold() for name in names)
        for index, row in enumerate(rows):
            if taken[names[index].casefold()] > 1:
                names[index] = widen(names[index], row)
    return _numbered(names)


def _qualified(name: str, row: Wanted) -> str:
    _, qualifier, _ = row
    return _append(name, safe_name(qualifier)) if qualifier else name


def _digested(name: str, row: Wanted) -> str:
    _, _, origin = row
    return _append(name, _digest(origin))


def _numbered(names: list[str]) -> list[str]:
    """Add numbers to what is still equal: digests are short, and may be."""
    taken: set[str] = set()
    for index, name in enumerate(names):
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = _append(name, str(number))
        taken.add(candidate.casefold())
        names[index] = candidate
    return names


def with_qualifier(name: str, qualifier: str) -> str:
    """Return the name of a report, told apart from another's by a student's number."""
    return _append(name, safe_name(qualifier))


def _append(name: str, extra: str) -> str:
    """Put `extra` before the suffix of a file name, and at the end of a person's name."""
    stem, suffix = _split(name)
    return shorten(f"{stem}{SEPARATOR}{extra}{suffix}")
