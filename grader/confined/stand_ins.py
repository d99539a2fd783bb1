"""Which libraries are stood in for while code is graded, and the modules that are imported instead.

All of these decorate, report or speed up, and compute nothing that a function must compute itself.
They are stood in for even where they are installed. Then a grade is the same on every machine, no
figure runs into the limit of a call, and no worker loads a plotting library.

They live in the student's process. A student can replace them, and gains nothing: they decide
nothing.
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH110

import builtins
import errno
import os
from collections.abc import Iterable
from importlib.machinery import ModuleSpec
from typing import Any

import numpy as np

from grader.confined import jit_stand_ins, progress_bars
from grader.confined.inert import Inert, InertModule, Library


def _read(file: object = None, *_: object, **__: object) -> Inert:
    """Raise what reading a file raises that is not there; of any other, nothing is known."""
    if isinstance(file, str) and not os.path.exists(file):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file)
    return Inert(_LIBRARIES["PIL"])


_PLOTS = Library("matplotlib", {"imread": _read})
_PYPLOT = (
    *("axes", "axhline", "axis", "axvline", "bar", "barh", "boxplot", "cla"),
    *("clf", "clim", "close", "cm", "colorbar", "contour", "contourf", "draw"),
    *("errorbar", "figtext", "figure", "fill", "fill_between", "gca", "gcf"),
    *("get_cmap", "gray", "grid", "hist", "hist2d", "hlines", "hot", "imread"),
    *("imsave", "imshow", "ioff", "ion", "jet", "legend", "loglog", "matshow"),
    *("pause", "pcolormesh", "pie", "plot", "rcParams", "savefig", "scatter"),
    *("semilogx", "semilogy", "set_cmap", "setp", "show", "stem", "step"),
    *("style", "subplot", "subplot2grid", "subplot_mosaic", "subplots"),
    *("subplots_adjust", "suptitle", "text", "tick_params", "tight_layout"),
    *("title", "vlines", "xlabel", "xlim", "xticks", "ylabel", "ylim"),
    *("yticks", "viridis"),
)
"""What `from matplotlib.pyplot import *` brings that students use."""
_PYLAB = ("pylab", "matplotlib.pylab")

_LIBRARIES = {
    **dict.fromkeys(("matplotlib", "mpl_toolkits", "pylab"), _PLOTS),
    **{
        name: Library(name)
        for name in (
            *("IPython", "google", "ipywidgets", "ipympl", "mpld3", "seaborn"),
            *("plotly", "bokeh", "altair", "wandb", "colorama"),
            *("memory_profiler", "line_profiler"),
        )
    },
    **{
        name: Library(name, progress_bars.OTHERS)
        for name in ("rich", "alive_progress", "progressbar", "fastprogress")
    },
    "PIL": Library("PIL", {"open": _read}, computes=True),
    "numba": jit_stand_ins.numba(),
    "stqdm": Library("stqdm", progress_bars.TQDM),
    "tqdm": Library("tqdm", progress_bars.TQDM),
}


STOOD_IN_FOR = frozenset(_LIBRARIES)


class StandIns:
    """The libraries that are stood in for, without those that an exercise really has."""

    def __init__(self, real: Iterable[str]) -> None:
        self._real = {name.partition(".")[0] for name in real}

    def __contains__(self, library: str) -> bool:
        """Return whether a library is stood in for."""
        return library in _LIBRARIES and library not in self._real

    def spec(self, name: str) -> ModuleSpec:
        """Return how a module of one of the libraries is imported: as one that does nothing."""
        # Not an importlib.abc.Loader, which takes 10 ms to import.
        loader: Any = self
        return ModuleSpec(name, loader, is_package=True)

    def create_module(self, spec: ModuleSpec) -> InertModule:
        """Make the module; Python's import calls this."""
        top = spec.name.partition(".")[0]
        return InertModule(spec.name, _LIBRARIES[top])

    def exec_module(self, module: InertModule) -> None:
        """Fill in what `from module import *` takes; Python's import calls this."""
        if module.__name__ in _PYLAB:
            vars(module).update(pylab())
        elif module.__name__ == "matplotlib.pyplot":
            vars(module)["__all__"] = [*_PYPLOT]
        vars(module).setdefault("__version__", "0")


def pylab() -> dict[str, object]:
    """Return what pylab has: the names of numpy, and those of pyplot."""
    names: dict[str, object] = {}
    for module in (np, np.fft, np.random, np.linalg):
        for name in module.__all__:
            if not hasattr(builtins, name):
                names[name] = getattr(module, name, None)
    plots = InertModule("matplotlib.pyplot", _PLOTS)
    names.update({name: getattr(plots, name) for name in _PYPLOT})
    names.update(np=np, numpy=np, plt=plots)
    return names


def display(*_: object, **__: object) -> Inert:
    """Show nothing: `display` is there in every notebook without an import."""
    return Inert(_LIBRARIES["IPython"])
