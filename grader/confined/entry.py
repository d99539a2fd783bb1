"""The script that every process for student code starts with.

    python -S -s -P entry.py MODE SEARCH_PATH [SETTINGS]

`MODE` is `server`, a template that workers are forked from, or `fresh`, a single worker where there
is no fork. `SEARCH_PATH` is where numpy and the other libraries are, joined by `os.pathsep`.

`-I` would be the obvious choice and is wrong: it ignores `PYTHONHASHSEED`, so a student's sets
would have another order in each process. `-S -s -P`, with an environment that holds only what the
grader wrote, isolate just as well. Without `site`, no `.pth` file of the machine runs here, and the
grader's own checkout is not on the path.
"""

# pathlib takes 10 ms to import, and every process for student code runs this:
# ruff: noqa: PTH100, PTH120

import gc
import os
import sys
import types


def _package(name: str, folder: str) -> None:
    """Make modules of a package importable without running its `__init__`.

    The `__init__` of `grader` belongs to the trusted side.
    """
    package = types.ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package


_register_at_fork = getattr(os, "register_at_fork", None)


def _forget() -> None:
    """Remove the grader's modules from where a student's code could meet them.

    Also undo the one change that was made to Python's own modules.
    """
    if _register_at_fork:
        os.register_at_fork = _register_at_fork
    for name in list(sys.modules):
        if name.partition(".")[0] == "grader":
            del sys.modules[name]
    sys.modules["__main__"] = types.ModuleType("__main__")
    gc.enable()


def main() -> None:
    """Prepare the interpreter and hand over to the mode that was asked for."""
    gc.disable()  # it would take 10 ms to find nothing while modules are imported
    mode, search, *arguments = sys.argv[1:]
    sys.path += search.split(os.pathsep)
    sys.argv = [""]
    sys.dont_write_bytecode = True
    folder = os.path.dirname(os.path.abspath(__file__))
    _package("grader", os.path.dirname(folder))
    _package("grader.confined", folder)
    if mode == "server":
        # Keep libraries from asking to be called after each fork. `random` would seed itself anew,
        # but all workers must be alike. `threading` and `logging` would replace locks that other
        # threads may hold; the template has no other threads, and it would cost 0.4 ms a worker.
        os.register_at_fork = lambda **_: None
        from grader.confined import template_process  # Linux only

        template_process.main(_forget)
    else:
        from grader.confined import fresh_worker  # only this mode needs it

        fresh_worker.main(_forget, *arguments)


if __name__ == "__main__":
    import site

    # `site` would have put these among the builtins, and beginners do call exit().
    site.setquit()
    site.sethelper()
    main()
