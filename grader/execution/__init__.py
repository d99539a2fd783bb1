"""Where student code runs, and nothing else: the only room that starts a process for it."""

from grader.execution.runner import Confinement, Runner, open_runner

__all__ = ["Confinement", "Runner", "open_runner"]
