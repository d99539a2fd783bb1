"""The trusted side of running student code: the only room that starts a process for it."""

TYPE_CHECKING = False  # not from typing, which the first module of a command must not import
if TYPE_CHECKING:
    from grader.execution.interactive import Interactive
    from grader.execution.kinds import Confinement
    from grader.execution.prestart import PrestartedTemplate
    from grader.execution.runner import Runner, open_runner

__all__ = [
    "Confinement",
    "Interactive",
    "PrestartedTemplate",
    "Runner",
    "open_runner",
]


def __getattr__(name: str) -> object:
    """Import a public name on first use: `prestart` must be importable without numpy."""
    if name not in __all__:
        raise AttributeError(
            f"module 'grader.execution' has no attribute {name!r}"
        )
    from importlib import import_module

    module = {"PrestartedTemplate": "prestart", "Interactive": "interactive"}
    where = f"grader.execution.{module.get(name, 'runner')}"
    value: object = getattr(import_module(where), name)
    return value
