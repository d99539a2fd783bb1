"""The script that every process for student code starts with: `python -S -s -P entry.py MODE SEARCH_PATH ...`.

`MODE` is `server` (a template that workers are forked from) or `fresh` (one worker, where there is
no fork). `SEARCH_PATH` is where numpy and the other libraries are, joined by `os.pathsep`.

`-I` would be the obvious choice and is wrong: it ignores `PYTHONHASHSEED`, and then a student's
sets come in another order each time. `-S -s -P` and an environment that holds only what the grader
put there isolate as much. Without `site`, no `.pth` file of the machine runs here, and the grader's
own checkout is not on the path.
"""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
# ruff: noqa: PTH100, PTH120

import os
import sys
import types


def _package(name: str, folder: str) -> None:
    """Let modules of a package be imported without running its `__init__`, which belongs to the trusted side."""
    package = types.ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package


_register_at_fork = getattr(os, "register_at_fork", None)


def _forget() -> None:
    """Leave no module of the grader, and no change to one of Python's, where a student's code could meet it."""
    if _register_at_fork:
        os.register_at_fork = _register_at_fork
    for name in [
        name for name in sys.modules if name == "grader" or name.startswith("grader.")
    ]:
        del sys.modules[name]
    sys.modules["__main__"] = types.ModuleType("__main__")


def main() -> None:
    """Prepare the interpreter and hand over to the mode that was asked for."""
    mode, search, *arguments = sys.argv[1:]
    sys.path += search.split(os.pathsep)
    sys.argv = [""]
    sys.dont_write_bytecode = True
    folder = os.path.dirname(os.path.abspath(__file__))
    _package("grader", os.path.dirname(folder))
    _package("grader.confined", folder)
    if mode == "server":
        # What libraries would do after each fork is not to be done: `random` would seed itself
        # anew, and workers are to be all alike; `threading` and `logging` would replace locks that
        # other threads might hold, of which the template has none, at a cost of 0.4 ms for each
        # worker.
        os.register_at_fork = lambda **_: None
        from grader.confined import template_process  # Linux only

        template_process.main(_forget)
    else:
        from grader.confined import fresh_worker  # only this mode needs it

        fresh_worker.main(_forget, *arguments)


if __name__ == "__main__":
    import site

    # What `site` would have put among the builtins: beginners do call exit().
    site.setquit()
    site.sethelper()
    main()
