"""What a student reads when a call took too long. Pure.

The line that did not end is nearly always known, and then it is `_still_in` that they read. What a
timeout is called in tables and headings is in `grader/vocabulary.py`.
"""

from grader.model import Details, StillDetails
from grader.render.moments import in_call
from grader.render.numbers import seconds
from grader.untrusted import one_line
from grader.vocabulary import place


def timed_out(details: Details, *, located: bool = True) -> str:
    """Return what a student reads: the line that did not end, where it is known."""
    if details.rung == "speed":
        return _too_slow(details)
    still = details.still
    if still is not None:
        said = _still_in(still, details.limit_s, located=located)
        return said + in_call(details)
    within = (
        f" within {seconds(details.limit_s)}"
        if details.limit_s is not None
        else ""
    )
    return (
        f"No answer{within}: is there a loop that never ends?{in_call(details)}"
    )


def _still_in(
    still: StillDetails, limit_s: float | None, *, located: bool
) -> str:
    """Return where code was when its time was up."""
    after = "" if limit_s is None else f" after {seconds(limit_s)}"
    source = one_line(still.source or "", 100) if located else ""
    where = place(still.line, still.cell)
    shown = f"{where} ({source})" if source else where
    if still.is_loop:
        return f"No answer: still in the loop of {shown}{after}. Does that loop ever end?"
    return f"No answer: still in {shown}{after}. Does it ever end?"


def _too_slow(details: Details) -> str:
    """Return that a right answer took too long: no time, since that differs from run to run."""
    ratio = one_line(details.allowed or "", 40).partition("x")[0]
    said = "Your function is right, but it takes too long"
    if not ratio:
        return f"{said}."
    return (
        f"{said}: it may take {ratio} times as long as the reference solution."
    )
