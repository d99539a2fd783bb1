"""A student's file as text, and what the text alone shows."""

from typing import Any, Literal

import msgspec


class Unit(msgspec.Struct, frozen=True):
    """A piece of source: a whole .py file, or one code cell of a notebook."""

    source: str
    cell: int | None = None
    """The number of the code cell, counted from 1; None for a file."""


class Module(msgspec.Struct, frozen=True):
    """A module that was handed in with a file, which imports it."""

    path: str
    """Below the folder in which Python looks for modules: `helpers/utils.py`."""
    source: str


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a submission cannot be graded."""

    message: str
    """One line that a beginner understands."""
    misconception: str | None = None
    """The id of the misconception that the fault shows, if it shows one."""


class NameUse(msgspec.Struct, frozen=True):
    """A name where the student's text uses it."""

    name: str
    line: int
    cell: int | None = None
    suggestion: str | None = None
    """For an unbound name: a line to add (`import numpy as np`), or the name probably meant."""


class SourceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the text says about the student's function and about those that it calls."""

    line: int | None = None
    """The line of the definition; None if the text has none."""
    cell: int | None = None
    parameters: tuple[str, ...] = ()
    unread_parameters: tuple[str, ...] = ()
    """Parameters that the function never reads."""
    reads_globals: tuple[NameUse, ...] = ()
    """Data from outside that it reads, other than functions, classes, modules and literals."""
    unbound: tuple[NameUse, ...] = ()
    """Names that it reads and nothing binds: `np` without its import, a typo, a cell's data."""
    bound_inside: frozenset[str] = frozenset()
    """Those of them that some function binds for itself, or a comprehension."""


class Submission(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A student's file as text: never imported, never written."""

    name: str
    kind: Literal["python", "notebook"]
    digest: str
    units: tuple[Unit, ...]
    notebook: Any = None
    """The nbformat node of a notebook, without outputs; else None."""
    fault: Fault | None = None
    """Set if the text alone shows that the submission cannot be graded."""
    offence: Fault | None = None
    """Set if the text uses a forbidden library: the fault, if running shows that it is needed."""
    notes: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    """What was handed in with it and can be imported; part of the digest."""
