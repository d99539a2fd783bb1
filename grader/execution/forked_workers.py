"""Workers from the fork server, and what confines them. Linux only."""

import os

from grader.execution import forked_worker
from grader.execution.interactive import Demotion
from grader.execution.prestart import PrestartedTemplate
from grader.execution.settings import Settings
from grader.execution.template import Template

_ALWAYS = ("rlimits", "no-new-privs", "fork-server")
_SINGLE = 2
"""How many workers a single submission takes: the probe has the first one."""


class ForkedWorkers:
    """A template, and the workers forked from it."""

    def __init__(
        self, settings: Settings, prestarted: PrestartedTemplate | None = None
    ) -> None:
        self._template = Template(settings, prestarted)
        self._wanted = _SINGLE if settings.single else None
        self._given = 0
        self.outside = f"{self._template.root}/outside"
        self._template.spawn_ahead()

    @property
    def template(self) -> Template:
        """The process that the workers are forked from."""
        return self._template

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """What confines workers, as the template reports it."""
        found = self._template.found()
        landlock = (f"landlock-abi{found.landlock}",) if found.landlock else ()
        seccomp = ("seccomp",) if found.seccomp else ()
        capabilities = ("capabilities-dropped",) if os.geteuid() == 0 else ()
        return (*landlock, *seccomp, *capabilities, *_ALWAYS)

    @property
    def missing(self) -> tuple[str, ...]:
        """What does not confine them, with the reason and how to get it."""
        found = self._template.found()
        reasons = []
        if not found.landlock:
            why = (
                _NO_LANDLOCK
                if self._template.settings.landlock
                else "switched off"
            )
            reasons.append(f"Landlock: {why}")
        if not found.seccomp:
            program = self._template.program
            why = program if isinstance(program, str) else _NO_SECCOMP
            reasons.append(f"seccomp: {why}")
        return tuple(reasons)

    def worker(self, demotion: Demotion | None = None) -> forked_worker.Worker:
        """Return a worker; `demotion` lowers it once it has used its share.

        GraderError where the machine cannot start one; TemplateLost where the template is gone.
        """
        self._given += 1
        return forked_worker.Worker(
            self._template, self._template.spawn(), demotion
        )

    def prepare(self) -> None:
        """Begin to fork the next worker, so that it has confined itself when it is needed.

        Not on a single processor, where it would only get in the way of the worker that is busy.
        Not where processes that a worker leaves behind must be looked for: the next worker would
        be taken for one of them.
        """
        if self._wanted is not None and self._given >= self._wanted:
            return
        if len(os.sched_getaffinity(0)) > 1 and self._template.found().seccomp:
            self._template.spawn_ahead()

    def hang_up(self) -> None:
        """Let the template end, and do not wait for it."""
        self._template.hang_up()

    def close(self) -> None:
        """End the template, its workers and their files."""
        self._template.close()


_NO_LANDLOCK = (
    "this kernel does not offer it: it takes Linux 5.13 or later with `landlock` in the kernel's "
    "list of security modules (kernel parameter lsm=landlock,...), and a container runtime that "
    "lets the system calls through"
)
_NO_SECCOMP = (
    "this kernel, or the container runtime around it, "
    "does not let a process filter its own system calls"
)
