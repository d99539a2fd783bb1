"""Where student code runs, and nothing else: the only room that starts a process for it."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.execution.prestart import Early
    from grader.execution.runner import Confinement, Runner, open_runner

__all__ = ["Confinement", "Early", "Runner", "open_runner"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    # On first use, because `early` must be importable without numpy.
    if name not in __all__:
        raise AttributeError(f"module 'grader.execution' has no attribute {name!r}")
    home = "grader.execution.prestart" if name == "Early" else "grader.execution.runner"
    return getattr(importlib.import_module(home), name)
