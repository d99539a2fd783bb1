"""A student's file as text, and what the text alone shows."""

from typing import Any, Literal

import msgspec


class Unit(msgspec.Struct, frozen=True):
    """A piece of source: a whole .py file, or one code cell of a notebook."""

    source: str
    cell: int | None = None
    """Number of the code cell, from 1; None for a file."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a submission cannot be graded: one line for a beginner, and the misconception's id where it is one."""

    message: str
    misconception: str | None = None


class NameUse(msgspec.Struct, frozen=True):
    """A name where the student's text uses it."""

    name: str
    line: int
    cell: int | None = None
    suggestion: str | None = None
    """For a name that nothing binds: a line to add (`import numpy as np`), or the name that was probably meant."""


class SourceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the text says about the student's function, and about the functions of theirs that it reaches."""

    line: int | None = None
    """Of the definition; None where the text has none."""
    cell: int | None = None
    parameters: tuple[str, ...] = ()
    unread_parameters: tuple[str, ...] = ()
    """Parameters whose values the function's body never loads."""
    reads_globals: tuple[NameUse, ...] = ()
    """Data of the file or of another cell that it loads: no function, class, module or literal."""
    unbound: tuple[NameUse, ...] = ()
    """Names that it loads, and that nothing binds: `np` without its import, a slip of the pen, data from elsewhere."""


class Submission(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A student's file as text: never imported, never written."""

    name: str
    kind: Literal["python", "notebook"]
    digest: str
    units: tuple[Unit, ...]
    notebook: Any = None
    """The nbformat node of a notebook (outputs dropped), else None."""
    fault: Fault | None = None
    """Set where the text alone shows that it cannot be graded."""
    notes: tuple[str, ...] = ()
