"""The modules that were handed in beside a file: importable, and run as far as they go.

They come before the modules of libraries, as those in the folder of a script do: `utils` is the
student's, whatever is installed here. Names of the standard library and of NumPy are not among them
(`submission.modules`), so nothing that this process imports for itself is ever a student's. A
statement that raises does not cost the rest of a module, as in the file itself.
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH103, PTH109, PTH120, PTH123

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Run = Callable[[ModuleType, str, str], object]
"""Runs source in a module; the last argument is what tracebacks call its file."""
_PACKAGE = "__init__"
PARENT = "__handed_in__"
"""The package that the file itself is in, for `from .utils import pad` in it."""


class Beside:  # not an importlib.abc.MetaPathFinder, which takes 10 ms to import
    """Finds and runs the modules that were handed in."""

    def __init__(self, modules: Sequence[Sequence[str]], run: Run) -> None:
        self._run = run
        self._files: dict[str, tuple[str, str]] = {}
        """Dotted name -> path and source."""
        self._packages: set[str] = set()
        for path, source in modules:
            *folders, name = path.removesuffix(".py").split("/")
            for depth in range(len(folders)):
                self._packages.add(".".join(folders[: depth + 1]))
            parts = folders if name == _PACKAGE else [*folders, name]
            self._files[".".join(parts)] = (path, source)

    def find_spec(
        self,
        fullname: str,
        path: object = None,
        target: object = None,
    ) -> ModuleSpec | None:
        """Return the spec of a module that was handed in; leave any other to the next finder."""
        del path, target
        name = _name(fullname)
        is_package = name in self._packages
        if not is_package and name not in self._files:
            return None
        loader: Any = self  # it has what a loader needs, and no base class
        return ModuleSpec(fullname, loader, is_package=is_package)

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave the making of the module to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run a module; a folder without `__init__.py` is an empty one."""
        name = _name(module.__name__)
        path, source = self._files.get(name, ("", ""))
        file = f"{os.getcwd()}/{path}"
        if path:
            module.__file__ = file
        if name in self._packages:
            module.__path__ = [os.path.dirname(file)]
        self._run(module, source, file)


def _name(fullname: str) -> str:
    """Return the name of a module, seen from the folder of the file."""
    return fullname.removeprefix(f"{PARENT}.")


def put(modules: Sequence[Sequence[str]], run: Run) -> None:
    """Make `modules`, each a path and its source, importable, after what is refused.

    They are written as files, too: a notebook may say `%run utils.py`.
    """
    if not modules:
        return
    for path, source in modules:
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(source)
    sys.meta_path.insert(1, Beside(modules, run))
    parent = ModuleType(PARENT)
    parent.__path__ = [os.getcwd()]
    sys.modules[PARENT] = parent
