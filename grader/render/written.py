"""Values of a report as a person writes them: numbers, text in quotes, lists, dicts. Pure.

A report may come from a file that anybody wrote, so every text is bounded and nothing in it acts.
"""

from typing import Any, Final

from grader.render.numbers import number
from grader.untrusted import one_line

CUT: Final = "..."

_TEXT: Final = 120
_SPECIAL: Final = ("nan", "inf", "-inf")
_GENERATOR: Final = "a random generator"
_DIGITS: Final = 6
_ITEMS: Final = 40
_DEEP: Final = 5


def written(
    value: Any,  # noqa: ANN401 - JSON is any of its types
    kind: str | None = None,
    limit: int = 300,
) -> str:
    """Return a value on one line, of at most `limit` characters.

    `kind` is the type that it has, where that is known: a tuple is a list in a report.
    """
    if isinstance(value, str):
        return _text(value, kind, limit)
    said = _written(value, _DEEP)
    if kind == "tuple" and said.startswith("["):
        said = f"({said[1:-1]})"
    return one_line(said, limit)


def _text(value: str, kind: str | None, limit: int) -> str:
    if kind == "str":
        return quoted(value, limit)
    if kind is None and value not in (*_SPECIAL, _GENERATOR):
        return quoted(value, limit)
    # Values that JSON cannot hold arrive as text: `1+2j`, `a random generator`.
    return one_line(value, limit)


def quoted(text: str, limit: int = _TEXT) -> str:
    """Return a text in quotes, with what acts in it, line ends too, written out."""
    # As Python writes it, but always in single quotes.
    inside = repr('"' + text[:limit])[2:-1].replace("\\'", "'")
    return one_line(f"'{inside}'", limit)


def _written(value: Any, deep: int) -> str:  # noqa: ANN401 - as above
    if isinstance(value, list | tuple | dict):
        if not deep:
            return CUT
        items = _items(value, deep - 1)
        return f"{{{items}}}" if isinstance(value, dict) else f"[{items}]"
    if isinstance(value, str):
        bare = value in _SPECIAL or value == CUT
        return value if bare else quoted(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return exact(value) if is_number else str(value)


def _items(value: Any, deep: int) -> str:  # noqa: ANN401 - a list or a dict
    if isinstance(value, dict):
        said = [
            f"{quoted(str(key), 60)}: {_written(item, deep)}"
            for key, item in list(value.items())[:_ITEMS]
        ]
    else:
        said = [_written(item, deep) for item in value[:_ITEMS]]
    return ", ".join(_cut(said, len(value)))


def _cut(items: list[str], whole: int) -> list[str]:
    return items if len(items) == whole else [*items, CUT]


def exact(value: float) -> str:
    """Return a number: a whole one of Python as it is, any other with six digits."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_TEXT else CUT
    return number(value, _DIGITS)
