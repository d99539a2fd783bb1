"""The line where code raised an exception: what its names stood for, and in which call. Pure.

All of it is the word of a stranger's process, and the text of the submission.
"""

from typing import Final

from grader.model import CutOff, Details, ExceptionDetails
from grader.untrusted import one_line

_TOLD: Final = 8
_PLANE: Final = 2


def moment(error: ExceptionDetails | None) -> str:
    """Return what the line's names stood for: "when i = 6: `image[i:i+3]` has shape (2, 3)".

    Empty where nothing is known about them.
    """
    if error is None or not error.moment:
        return ""
    values: list[str] = []
    things: list[str] = []
    before = ""
    for each in error.moment[:_TOLD]:
        name, what = one_line(each.name, 60), one_line(each.what, 80)
        if each.kind == "value":
            values.append(f"{name} = {what}")
        else:
            again = before == each.kind == "shape"
            shown = f"`{name}` {'' if again else _is(each.kind, what)}{what}"
            things.append(shown + _edge(each.name, error.cut_off))
            before = each.kind
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


def in_call(details: Details) -> str:
    """Return which of several calls did not return."""
    if details.call is None:
        return ""
    return f" It was the call of `{one_line(details.call, 100)}`."
