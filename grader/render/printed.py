"""What a submission printed: as much of it as a report keeps, and as text shows. Pure."""

from typing import Final

from grader.untrusted import one_line
from grader.vocabulary import count

HEADING: Final = "What your code printed"

_LINES: Final = 200
_CHARACTERS: Final = 8000
_LINE: Final = 400
_LAST: Final = 10


def kept(output: str) -> str:
    """Return what a report keeps: the beginning and the end, and between them how much is not."""
    lines = [line[:_LINE] for line in output.rstrip().split("\n")]
    half = _LINES // 2
    if len(lines) > _LINES:
        left_out = f"... {count(len(lines) - 2 * half, 'more line')} ..."
        lines = [*lines[:half], left_out, *lines[-half:]]
    text = "\n".join(lines)
    if len(text) <= _CHARACTERS:
        return text
    half = _CHARACTERS // 2
    left_out = f"... {len(text) - 2 * half:,} more characters ..."
    return f"{text[:half]}\n{left_out}\n{text[-half:]}"


def last_lines(output: str) -> tuple[str, ...]:
    """Return what a terminal shows: the last lines, below how many there are before them."""
    lines = output.split("\n") if output else []
    before = len(lines) - _LAST
    shown = [one_line(line, 200) for line in lines[-_LAST:]]
    if before > 0:
        shown.insert(0, f"... and {count(before, 'more line')}, then:")
    return tuple(shown)
