"""The kinds of workers: which one a submission needs, and how each kind is started.

There is a template of each kind; it starts when it is first needed.
"""

import errno
import os
import re
import sys
from pathlib import Path
from typing import Literal

import msgspec

from grader.confined.rlimits import KERNEL_DESCRIPTORS
from grader.execution import given_files
from grader.execution.contracts import Workers, processor_time
from grader.execution.prestart import PrestartedTemplate
from grader.execution.settings import Settings
from grader.model import Exercise, Submission

Kind = Literal["python", "preloaded", "notebook"]
"""`preloaded` is for .py files that import what the exercise preloads.

A worker takes a few milliseconds to fork from a template that has imported it, and most of a second
to import it itself. Other files are not forked from that template, because it is larger.
"""


class Confinement(msgspec.Struct, frozen=True, kw_only=True):
    """Which mechanisms to use where the machine has them; to switch one off is for tests."""

    landlock: bool = True
    seccomp: bool = True
    fork_server: bool = True


def kind_of(submission: Submission, exercise: Exercise) -> Kind:
    """Choose the template by what the text seems to import: a wrong guess only costs time."""
    if submission.kind == "notebook":
        return "notebook"
    names = {name.partition(".")[0] for name in exercise.preload}
    libraries = "|".join(sorted(map(re.escape, names)))
    if not libraries:
        return "python"
    pattern = rf"^[ \t]*(?:import|from)[ \t]+(?:{libraries})\b"
    imports = re.compile(pattern, re.MULTILINE)
    if any(imports.search(unit.source) for unit in submission.units):
        return "preloaded"
    return "python"


def start_workers(
    kind: Kind,
    exercise: Exercise,
    solutions: Path | None,
    confinement: Confinement,
    *,
    single: bool,
    same_session: bool,
    prestarted: PrestartedTemplate | None,
) -> Workers:
    """Start what workers of a kind come from: a template, or new interpreters without a fork."""
    if not (confinement.fork_server and _can_fork_workers()):
        # Not needed on Linux.
        from grader.execution.fresh import FreshWorkers

        return FreshWorkers(
            exercise.limits,
            kernel=_kernel_config(exercise) if kind == "notebook" else None,
            files=given_files.read(exercise),
        )
    from grader.execution.forked_workers import ForkedWorkers  # Linux only

    settings = Settings(
        limits=exercise.limits,
        files=given_files.read(exercise),
        forbidden=exercise.rules.libraries,
        hidden=() if solutions is None else (str(solutions),),
        landlock=confinement.landlock,
        seccomp=confinement.seccomp,
        single=single,
        same_session=same_session,
    )
    if kind == "notebook":
        settings = _for_notebooks(settings, exercise)
    elif kind == "preloaded":
        settings = msgspec.structs.replace(settings, preload=exercise.preload)
    return ForkedWorkers(settings, prestarted)


def _for_notebooks(settings: Settings, exercise: Exercise) -> Settings:
    """Return the settings of the template for notebooks, whose workers are kernels."""
    return msgspec.structs.replace(
        settings,
        run="grader.confined.kernel:run",
        prepare="grader.confined.kernel:prepare",
        preload=exercise.preload,
        descriptors=KERNEL_DESCRIPTORS,
        cpu_s=processor_time(settings.limits, kernel=True),
    )


def _kernel_config(exercise: Exercise) -> dict[str, object]:
    return {
        "preload": exercise.preload,
        "forbidden": exercise.rules.libraries,
    }


def _can_fork_workers() -> bool:
    """Return whether there is a fork server: Linux 5.3 or later, which has pidfds."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except AttributeError:
        return False  # this Python was built for an older Linux
    except OSError as error:
        # Any other error passes. Falling back because of it would be a way around isolation.
        return error.errno not in (errno.ENOSYS, errno.EPERM)
    return True
