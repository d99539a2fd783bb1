"""Run a reference solution. It is the author's file, so it runs in the grader's own process."""

import traceback
import types
from collections.abc import Callable
from pathlib import Path

from grader.exercise.files import label, read_text, reason
from grader.model import Array
from grader.strict import did_you_mean


def load_reference(
    path: Path, function: str, faults: list[str]
) -> Callable[..., Array] | None:
    """Run the file and return its function `function`; None, with a fault, if that fails."""
    source = read_text(path, faults)
    if not source:
        return None
    # Compiled, not imported: importing would write a __pycache__ into the author's folder and put
    # a name into sys.modules.
    module = types.ModuleType("reference")
    module.__file__ = str(path)
    try:
        code = compile(source, str(path), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - the author's file
    except KeyboardInterrupt:
        raise
    # The author's file may raise anything, SystemExit too.
    except BaseException as error:  # noqa: BLE001
        kind = type(error).__name__
        faults.append(
            f"{label(path)}{_line(error, path)}: {kind}: {reason(error)}"
        )
        return None
    reference: Callable[..., Array] | None = getattr(module, function, None)
    if callable(reference):
        return reference
    functions = [
        name
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType)
    ]
    close = did_you_mean(function, functions)
    faults.append(f"{label(path)}: defines no function {function}{close}")
    return None


def _line(error: BaseException, path: Path) -> str:
    """Return `, line N` for the last line of the file that an exception passed through."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return f", line {lines[-1]}" if lines else ""
