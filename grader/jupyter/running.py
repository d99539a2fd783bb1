"""Cells that ran: the one inside `%%grade`, and the one before a check, which may have failed."""

from typing import Any

from grader.confined import judging
from grader.jupyter.source import Sources, current_number
from grader.untrusted import one_line

_MAGIC = "%%grade"


class Stopped(KeyboardInterrupt):
    """The student stopped a check; as for any other cell, what comes after it does not run."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback."""
        return [f"KeyboardInterrupt: {self}"]


class _Inside:
    """The cell that ran last inside `%%grade`; the cell around it goes well in any case."""

    failed = False


def run_inside(shell: Any, source: str) -> bool:  # noqa: ANN401 - IPython's InteractiveShell
    """Run a cell inside the one that is being run, under its number; say whether it went well.

    Raises Stopped where the student has stopped it.
    """
    # Since IPython 9 the shell counts a cell before it runs it: without this, the inside would be
    # called the next cell.
    counted = shell.execution_count
    shell.execution_count = current_number(shell) or counted
    try:
        result = shell.run_cell(source)
    finally:
        shell.execution_count = counted
    _Inside.failed = not result.success
    if isinstance(result.error_in_exec, KeyboardInterrupt):
        raise Stopped("the cell was stopped, and so is everything after it")
    return bool(result.success)


# IPython has no types.
def older(shell: Any, sources: Sources, function: object) -> tuple[str, ...]:  # noqa: ANN401
    """Say that the function is an older one, where the cell that ran last stopped with an error.

    That cell may have been meant to define it anew. Otherwise a student would read a verdict about
    other code than the one on the page.
    """
    last = getattr(shell, "last_execution_result", None)
    own = sources.own_number
    if last is None or own is None or own == last.execution_count:
        return ()
    if isinstance(last.error_in_exec, KeyboardInterrupt):
        return ()
    text = getattr(last.info, "raw_cell", None) or ""
    inside = _Inside.failed and text.lstrip().startswith(_MAGIC)
    if last.success and not inside:
        return ()
    name = judging.attribute(function, "__name__")
    what = one_line(name, 60) if type(name) is str else "the function"
    return (
        f"This is {what} of cell [{own}]; the cell that you ran last stopped with an error.",
    )
