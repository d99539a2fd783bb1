"""Quick starts for the grader's own processes: a command, or a grading process of a batch.

Programs that use the grader as a library are left alone: these settings hold for a whole process.
"""

import gc
import os
import sys

from grader.errors import SUBMISSION_SUFFIXES

_GRADING = ("check", "grade")
_WHERE_CODE_IS = (
    "PYTHONPATH",
    "PYTHONUSERBASE",
    "PYTHONPYCACHEPREFIX",
    "LD_LIBRARY_PATH",
)
"""Variables that an interpreter or a loader of libraries reads."""


def names_one_submission(arguments: list[str]) -> bool:
    """Guess, before a command line is parsed, whether it checks or grades a single file."""
    if not arguments or arguments[0] not in _GRADING:
        return False
    files = [
        text for text in arguments[1:] if text.endswith(SUBMISSION_SUFFIXES)
    ]
    # Pathlib takes 3 ms to import.
    return len(files) == 1 and os.path.isfile(files[0])  # noqa: PTH113


def leave_out_relative_paths() -> list[str]:
    """Take relative folders out of the variables that say where code is; return the variables.

    A relative folder is another one wherever one stands, and so is an empty one, as in
    `PYTHONPATH=$PYTHONPATH:/opt/tools`: in a student's folder it is theirs. Python itself has
    looked there before (for `sitecustomize`), but the grader and the processes that it starts do
    not.
    """
    return [name for name in _WHERE_CODE_IS if _leave_out_of(name)]


def _leave_out_of(name: str) -> bool:
    """Take relative folders out of a variable; return whether it had any."""
    if not os.environ.get(name):
        return False
    parts = os.environ[name].split(os.pathsep)
    absolute = [part for part in parts if os.path.isabs(part)]  # noqa: PTH117 - as above
    if len(absolute) == len(parts):
        return False
    os.environ[name] = os.pathsep.join(absolute)
    if not absolute:
        del os.environ[name]
    if name == "PYTHONPATH":
        everywhere = {os.path.abspath(part) for part in parts}  # noqa: PTH100 - as above
        relative = everywhere - {*absolute}
        sys.path[:] = [path for path in sys.path if path not in relative]
    if name == "PYTHONPYCACHEPREFIX":
        sys.pycache_prefix = None
    return True


_SWITCH_S = 0.0005
_GARBAGE = (10_000, 20, 20)
"""As `gc.set_threshold` takes it; a request, or a grading, leaves some hundred objects behind."""


def settle() -> None:
    """Keep Python and libraries from work that the grader does not need.

    Call it before numpy is imported. Looking for garbage after every 700 new objects would take a
    fiftieth of a batch's time. Linear algebra on small arrays needs no threads, and a batch forks
    while it has none. And jsonschema, which reading a notebook imports, builds a grammar of
    internationalised addresses for 0.7 s wherever the package for it is installed, as it is beside
    JupyterLab. No schema of a notebook asks for it.
    """
    gc.set_threshold(*_GARBAGE)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    modules: dict[str, object] = sys.modules  # type: ignore[assignment] # None: "no such module"
    modules.setdefault("rfc3987_syntax", None)


def everything_is_imported() -> None:
    """Collect garbage again, after a start without; what has been imported is never looked at.

    While a command imports, a tenth of its time would go into looking for garbage and finding none.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def serve_many() -> None:
    """Prepare a process in which many threads answer many people; call it when all is imported.

    A thread that returns from the disk or a worker waits until the one that computes gives way. By
    default that is after 5 ms, and a submission has a hundred such waits, some of them while others
    wait for its transaction: with two processors, fewer than half of what they can do is done. And
    looking for garbage holds up all threads, for 200 ms if it looks through all that was imported.
    """
    # Not above: most commands need no record so early.
    from grader.records import look_at_all

    look_at_all()
    sys.setswitchinterval(_SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
