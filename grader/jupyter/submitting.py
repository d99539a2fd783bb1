"""`%grade submit` on a JupyterHub: hand the notebook in, and show its cards and its score."""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grader.errors import GraderError
from grader.jupyter.asking import (
    NOT_UNDERSTOOD,
    Answered,
    Score,
    Service,
    SubmitError,
)
from grader.jupyter.feedback import Feedback
from grader.opening.folder import read_named
from grader.opening.system import UnreadableError
from grader.render.json import decode_report
from grader.untrusted import file_name, one_line

USAGE: Final = (
    "Write %grade submit to hand this notebook in, or %%grade at the top of a "
    "cell to check what it defines."
)
SAVE_FIRST: Final = (
    "The notebook is not saved as it stands here, so nothing was handed in. "
    "Save it, and run this cell again."
)
WHICH: Final = (
    "It is not known here how this notebook's file is called. Write its name: "
    "%grade submit NAME.ipynb"
)

FILE_BYTES: Final = 5 * 2**20
_SUFFIXES: Final = (".ipynb", ".py")


def submit(
    words: Sequence[str],
    cells: Sequence[str],
    names: Mapping[str, object],
    meant: Callable[[], tuple[str, str]],
) -> Feedback:
    """Hand a notebook in, wait for its grade, and return the cards with where the score is.

    `words` are "submit", a file and an exercise, the last two optional; `cells` are those that have
    been run, with this one at the end; `names` are the notebook's. `meant` returns the exercise
    that the notebook is about, and its function. Raises `SubmitError`.
    """
    files = [word for word in words[1:] if word.endswith(_SUFFIXES)]
    exercises = [word for word in words[1:] if not word.endswith(_SUFFIXES)]
    plain = len(files) <= 1 and len(exercises) <= 1
    if words[:1] != ["submit"] or not plain:
        raise SubmitError(USAGE)
    service = Service.of(os.environ)
    path = Path(files[0]) if files else _own_file(names)
    try:
        data = read_named(path, FILE_BYTES)
    except UnreadableError as error:
        raise SubmitError(
            f"{file_name(path)}: {error}; nothing was handed in."
        ) from error
    exercise, function = (exercises[0], None) if exercises else meant()
    if not files:
        _require_saved(data, cells, function)
    return _feedback(service.hand_in(exercise, path.name, data))


def _own_file(names: Mapping[str, object]) -> Path:
    """Return the notebook's file, as the server or the editor that runs the kernel says."""
    named = names.get("__vsc_ipynb_file__", os.environ.get("JPY_SESSION_NAME"))
    if type(named) is not str or not named.endswith(".ipynb"):
        raise SubmitError(WHICH)
    return Path(named)


def _require_saved(
    data: bytes, cells: Sequence[str], function: str | None
) -> None:
    """Refuse a file that lacks this cell, or the cell that defined the function last."""
    saved = _cells_of(data)
    defining = [cell for cell in cells if f"def {function}(" in cell]
    needed = (*defining[-1:], *cells[-1:])
    if any(each.strip() not in saved for each in needed):
        raise SubmitError(SAVE_FIRST)


def _cells_of(data: bytes) -> set[str]:
    try:
        notebook: Any = json.loads(data)
        sources = [cell["source"] for cell in notebook["cells"]]
        return {
            (each if type(each) is str else "".join(each)).strip()
            for each in sources
        }
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SubmitError(
            "The file of this notebook is none that Jupyter has saved, so nothing was handed in."
        ) from error


def _feedback(answer: Answered) -> Feedback:
    try:
        report = decode_report(bytes(answer.report))
    except GraderError as error:
        raise SubmitError(NOT_UNDERSTOOD) from error
    remarks = [_where(answer.score)]
    if answer.provisional:
        remarks.append(
            "It took long, so it is graded once more when there is time."
        )
    return Feedback(report, remarks=tuple(remarks))


def _where(score: Score | None) -> str:
    """Say what the best attempt has got, and where that score is."""
    if score is None:
        return "Handed in; there is no score yet."
    best = f"Handed in. Your best: {score.value:g} of {score.max_value:g}"
    if score.platform is None:
        return f"{best}."
    platform = one_line(score.platform, 80)
    if score.state == "sent":
        at = time.strftime("%H:%M", time.gmtime(score.arrived_at or 0))
        return f"{best}, which arrived in {platform} at {at} UTC."
    if score.state == "owed":
        return f"{best}, which is on its way to {platform}; it is sent until it arrives."
    why = one_line(score.note or "your teacher can see why")
    return f"{best}, which {platform} has not taken: {why}"
