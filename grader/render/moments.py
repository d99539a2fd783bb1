"""The line where code raised or did not end: what its names stood for, and the loop. Pure.

All of it is the word of a stranger's process, and the text of the submission.
"""

from typing import Final

from grader.model import CutOff, ExceptionDetails, StillDetails
from grader.render.numbers import seconds
from grader.untrusted import one_line
from grader.vocabulary import place

_TOLD: Final = 8
_PLANE: Final = 2


def moment(error: ExceptionDetails | None) -> str:
    """Return what the line's names stood for: "when i = 6: `image[i:i+3]` has shape (2, 3)".

    Empty where nothing was told.
    """
    if error is None or not error.moment:
        return ""
    values: list[str] = []
    things: list[str] = []
    for each in error.moment[:_TOLD]:
        name, what = one_line(each.name, 60), one_line(each.what, 80)
        if each.kind == "value":
            values.append(f"{name} = {what}")
        else:
            again = bool(things) and each.kind == "shape"
            shown = f"`{name}` {'' if again else _is(each.kind, what)}{what}"
            things.append(shown + _edge(each.name, error.cut_off))
    when = f"when {', '.join(values)}" if values else ""
    return ": ".join(part for part in (when, ", ".join(things)) if part)


def _is(kind: str, what: str) -> str:
    if kind == "shape":
        return "has shape "
    return "is an " if what[:1] in "aeiouAEIOU" else "is a "


def _edge(name: str, cut: CutOff | None) -> str:
    """Return what a slice asks for and what there is, if it is the one that is cut off."""
    if cut is None or cut.expression != name:
        return ""
    noun = "indices"
    if cut.axes == _PLANE:
        noun = ("rows", "columns")[cut.axis % _PLANE]
    asked = f"it asks for {noun} {cut.first} to {cut.last}"
    return (
        f" ({asked}, and `{one_line(cut.array, 40)}` has 0 to {cut.length - 1})"
    )


def still_in(
    still: StillDetails, limit_s: float | None, *, located: bool
) -> str:
    """Return where code was when its time was up; the line itself stands elsewhere or follows."""
    after = "" if limit_s is None else f" after {seconds(limit_s)}"
    source = one_line(still.source or "", 100) if located else ""
    where = place(still.line, still.cell)
    shown = f"{where} ({source})" if source else where
    if still.is_loop:
        return f"No answer: still in the loop of {shown}{after}. Does that loop ever end?"
    return f"No answer: still in {shown}{after}. Does it ever end?"
