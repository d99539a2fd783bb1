"""How messages quote a student's text, and how they name a place in it."""

_LONGEST_QUOTE = 80


def shown(line: str) -> str:
    """Make a student's text fit to be quoted: one short line of printable characters."""
    head = line[: 5 * _LONGEST_QUOTE]
    text = "".join(
        character if character.isprintable() else " " for character in head
    ).strip()
    if len(text) <= _LONGEST_QUOTE:
        return text
    return f"{text[: _LONGEST_QUOTE - 3]}..."


def place(line: int | None, cell: int | None) -> str:
    """Return a place as the start of a sentence: `Line 12`, `Cell 3, line 2`."""
    parts = []
    if cell is not None:
        parts.append(f"cell {cell}")
    if line is not None:
        parts.append(f"line {line}")
    return ", ".join(parts).capitalize() or "The file"
