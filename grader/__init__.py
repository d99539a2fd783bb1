"""The grader that cannot be fooled and that says why.

    from grader import load_exercise, open_grader, read_submission    (docs/api.md)
    from grader import check                                          (in a notebook)

`import grader` is cheap: every name is loaded on first use, so that a course's own tool, a notebook
and the command line pay only for what they touch.
"""

TYPE_CHECKING = False  # not from typing: a command imports nothing before its first lines run
if TYPE_CHECKING:
    from grader.api import grade, open_grader
    from grader.exercise import load_exercise
    from grader.grading import Grader
    from grader.jupyter import (
        check,
        load_ipython_extension,
        unload_ipython_extension,
    )
    from grader.model import CaseReport, Report, Status, Verdict
    from grader.submission import parse_submission, read_submission
    from grader.version import __version__

_HOMES = {
    "CaseReport": "grader.model",
    "Grader": "grader.grading",
    "Report": "grader.model",
    "Status": "grader.model",
    "Verdict": "grader.model",
    "__version__": "grader.version",
    "check": "grader.jupyter",
    "grade": "grader.api",
    "load_exercise": "grader.exercise",
    "load_ipython_extension": "grader.jupyter",
    "open_grader": "grader.api",
    "parse_submission": "grader.submission",
    "read_submission": "grader.submission",
    "unload_ipython_extension": "grader.jupyter",
}

__all__ = [
    "CaseReport",
    "Grader",
    "Report",
    "Status",
    "Verdict",
    "__version__",
    "check",
    "grade",
    "load_exercise",
    "load_ipython_extension",
    "open_grader",
    "parse_submission",
    "read_submission",
    "unload_ipython_extension",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    return value
