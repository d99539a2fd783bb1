"""`gradebook.csv`: one row per submission, which opens right in a spreadsheet.

RFC 4180 quoting and line ends; a byte order mark where there is more than ASCII, without which
Excel reads UTF-8 as the local code page (and only there, because to a plain CSV reader it is part
of the first column's name); and a quote before what a spreadsheet would run as a formula: a
student's name is the student's own text.
"""

from collections.abc import Iterable, Iterator, Sequence

from grader.classbook.facts import Facts

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_SEPARATORS = frozenset(',;"\t\r\n')
# Full-width forms, which some spreadsheets fold to the plain ones.
_WIDE_FORMULA = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


def gradebook(rows: Iterable[Facts], cases: Sequence[str]) -> Iterator[bytes]:
    """Yield the lines of the gradebook, the header first."""
    lines = list(_lines(rows, cases))
    if not all(line.isascii() for line in lines):
        yield b"\xef\xbb\xbf"
    yield from lines


def _lines(rows: Iterable[Facts], cases: Sequence[str]) -> Iterator[bytes]:
    yield _line(["name", "status", "score", "max_score", *cases, "misconceptions"])
    for facts in rows:
        verdicts = dict(facts.verdicts)
        yield _line(
            [
                facts.name,
                facts.status,
                "" if facts.score is None else number(facts.score),
                number(facts.max_score),
                *(verdicts.get(case, "") for case in cases),
                " ".join(facts.misconceptions),
            ]
        )


def _line(cells: Sequence[str]) -> bytes:
    return (",".join(map(_quoted, map(harmless, cells))) + "\r\n").encode(
        "utf-8", "backslashreplace"
    )


def _quoted(cell: str) -> str:
    # Also for ";" and tab, which Excel splits at where the comma is the decimal sign: `x;=cmd` must
    # stay one cell.
    if any(character in _SEPARATORS for character in cell) or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell


def harmless(text: str) -> str:
    """Return `text` as a spreadsheet shows it instead of running it."""
    return f"'{text}" if text.startswith(_FORMULA + _WIDE_FORMULA) else text


def number(value: float) -> str:
    """Write a score without a fraction that it has not: `4`, `2.5`."""
    return f"{value:.6g}"
