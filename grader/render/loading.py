"""What was left out while a submission was loaded, in sentences. Pure."""

from collections.abc import Sequence
from typing import Final

from grader import vocabulary
from grader.model import Loading, Skipped, Unit
from grader.untrusted import one_line
from grader.vocabulary import count, place

_MOST_NOTES: Final = 20
_REASON: Final = 200


def loading_notes(
    loading: Loading, units: Sequence[Unit] = ()
) -> tuple[str, ...]:
    """Return one line for each statement or cell that was skipped, and one for a second try.

    At most 20 are listed, then the rest is counted. With `units`, the source of the submission, the
    lines of a file are quoted.
    """
    listed = loading.skipped[:_MOST_NOTES]
    notes = [skipped_note(skipped, units) for skipped in listed]
    more = len(loading.skipped) - len(listed)
    if more:
        statements = count(more, "more statement")
        notes.append(
            f"{statements} raised an exception and {vocabulary.was(more)} skipped."
        )
    if loading.definitions_only:
        why = (
            f" ({one_line(loading.reason, _REASON)})" if loading.reason else ""
        )
        second_try = (
            f"Running everything did not work{why}, "
            "so only imports, definitions and constants were loaded."
        )
        notes.insert(0, second_try)
    return tuple(notes)


def skipped_note(skipped: Skipped, units: Sequence[Unit] = ()) -> str:
    """Return what was skipped: `Line 3: import cv2 raised ModuleNotFoundError: ...; skipped.`."""
    if skipped.cell is not None:
        subject = place(None, skipped.cell).capitalize()
    else:
        where = place(skipped.line).capitalize()
        source = _source(skipped.line, units)
        subject = ": ".join(filter(None, (where, source))) or "A statement"
    if not skipped.raised.type:  # it raised nothing: it never came to an end
        return (
            f"{subject} {one_line(skipped.raised.message, _REASON)}; skipped."
        )
    said = vocabulary.exception(skipped.raised.type, skipped.raised.message)
    return f"{subject} raised {said.rstrip('.')}; skipped."


def _source(line: int | None, units: Sequence[Unit]) -> str:
    if line is None or len(units) != 1:
        return ""
    # Not splitlines(): for Python no line ends at a form feed or at U+2028, and the count goes on.
    lines = units[0].source.split("\n")
    return one_line(lines[line - 1], 60) if 0 < line <= len(lines) else ""
