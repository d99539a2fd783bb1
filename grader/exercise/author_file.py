"""Run a Python file of the author's. It is trusted, so it runs in the grader's own process.

It is compiled and not imported: importing would write a __pycache__ into the author's folder and
put a name into sys.modules. Files that an exercise gives to submissions are found by it as by
those: by `open("vectors.csv")`, and beside `__file__`.
"""

import builtins
import traceback
import types
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from grader.exercise.files import label, read_text, reason
from grader.untrusted import quoted

Names = dict[str, Any]


def run_file(
    path: Path,
    faults: list[str],
    folder: Path | None = None,
    files: Collection[str] = (),
) -> Names | None:
    """Run a file and return the names that it defines; None, with a fault, if that fails.

    `folder` is the public half, where the exercise has `files`.
    """
    before = len(faults)
    source = read_text(path, faults)
    if len(faults) > before:
        return None
    try:
        return run_source(
            source,
            path,
            folder,
            files,
        )
    except KeyboardInterrupt:
        raise
    # The author's file may raise anything, SystemExit too.
    except BaseException as error:  # noqa: BLE001 - also what ends a process
        faults.append(told(error, path))
        return None


def run_source(
    source: str,
    path: Path,
    folder: Path | None = None,
    files: Collection[str] = (),
) -> Names:
    """Run a source as if it stood in `path`, and return its names; raises what it raises."""
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    if folder is not None and files:
        module.__file__ = str(folder / path.name)
        vars(module)["open"] = _opener(folder, files)
    code = compile(
        source,
        str(path),
        "exec",
        dont_inherit=True,
    )
    exec(code, module.__dict__)  # noqa: S102 - the author's file
    return vars(module)


def told(
    error: BaseException,
    path: Path,
) -> str:
    """Return a fault of an author's file: its name, the line, and what was raised there."""
    said = f"{type(error).__name__}: {reason(error)}"
    if isinstance(error, FileNotFoundError) and error.filename is not None:
        said += (
            f": {quoted(str(error.filename))}; put it into the exercise's folder, and its name "
            "into `files` in exercise.toml"
        )
    return f"{label(path)}{line_of(error, path)}: {said}"


def line_of(
    error: BaseException,
    path: Path,
) -> str:
    """Return `, line N` for the last line of the file that an exception passed through."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f", line {error.lineno}"
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return f", line {lines[-1]}" if lines else ""


def functions_in(
    names: Names,
    path: Path,
) -> list[types.FunctionType]:
    """Return the public functions that a file itself defines, in its order."""
    found = [
        value
        for name, value in names.items()
        if isinstance(value, types.FunctionType)
        and value.__code__.co_filename == str(path)
        and value.__name__ == name
        and not name.startswith("_")
    ]
    return sorted(found, key=lambda each: each.__code__.co_firstlineno)


def at_line(
    function: types.FunctionType,
    path: Path,
) -> str:
    """Return `convolution/cases.py, line 3` for where a function is defined."""
    return f"{label(path)}, line {function.__code__.co_firstlineno}"


def first_line(function: types.FunctionType) -> str:
    """Return the first line of a docstring, or an empty text."""
    lines = (function.__doc__ or "").strip().splitlines()
    return lines[0].strip() if lines else ""


def _opener(
    folder: Path,
    files: Collection[str],
) -> Callable[..., Any]:
    # Named as the built-in one is, and with whatever it takes.
    def opened(name: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as said
        given = isinstance(name, str) and name in files
        path = folder / name if given else name
        return builtins.open(path, *args, **kwargs)  # noqa: PTH123 - it stands for this one

    return opened
