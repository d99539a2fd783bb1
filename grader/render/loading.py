"""What was left out while a submission was loaded, in sentences. Pure."""

from collections.abc import Sequence
from typing import Final

from grader.model import Exercise, Loading, Skipped, Unit
from grader.render.plain import count, exception, one_line, place

_MOST_NOTES: Final = 20
_REASON: Final = 200


def loading_notes(
    loading: Loading, _exercise: Exercise, units: Sequence[Unit] = ()
) -> tuple[str, ...]:
    """Give one line for each statement or cell that was skipped (20 at most), and one for the second try.

    With `units`, the submission's source, a line of a file is quoted.
    """
    notes = [skipped_note(skipped, units) for skipped in loading.skipped[:_MOST_NOTES]]
    if more := len(loading.skipped) - len(notes):
        verb = "was" if more == 1 else "were"
        notes.append(
            f"{count(more, 'more statement')} raised an exception and {verb} skipped."
        )
    if loading.definitions_only:
        why = f" ({one_line(loading.reason, _REASON)})" if loading.reason else ""
        notes.insert(
            0,
            f"Running everything did not work{why}, so only imports, definitions and constants were loaded.",
        )
    return tuple(notes)


def skipped_note(skipped: Skipped, units: Sequence[Unit] = ()) -> str:
    """Say what was skipped, as in `Line 3: import cv2 raised ModuleNotFoundError: ...; skipped.`."""
    if skipped.cell is not None:
        subject = place(None, skipped.cell).capitalize()
    else:
        parts = place(skipped.line, None).capitalize(), _source(skipped.line, units)
        subject = ": ".join(part for part in parts if part) or "A statement"
    if not skipped.raised.type:  # it raised nothing: it did not come to an end
        return f"{subject} {one_line(skipped.raised.message, _REASON)}; skipped."
    said = exception(skipped.raised.type, skipped.raised.message).rstrip(".")
    return f"{subject} raised {said}; skipped."


def _source(line: int | None, units: Sequence[Unit]) -> str:
    if line is None or len(units) != 1:
        return ""
    # Not splitlines(): Python ends no line at a form feed or at U+2028, and counts on.
    lines = units[0].source.split("\n")
    return one_line(lines[line - 1], 60) if 0 < line <= len(lines) else ""
