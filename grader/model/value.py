"""Values: all that may be an argument or a result of a student's function."""

from typing import Any, TypeAlias

import msgspec

Value: TypeAlias = Any
"""None, bool, int, float, complex, str, bytes, a NumPy scalar, an array, a `Random`, or a list, a
tuple or a dict of values, nested to a bounded depth."""


class Earlier(msgspec.Struct, frozen=True):
    """The result of an earlier call of the same trial, by its place among the calls."""

    index: int


class Random(msgspec.Struct, frozen=True):
    """A `numpy.random.Generator`, as it was when a call got it."""

    kind: str
    """The name of its bit generator, such as `PCG64`."""
    state: str
    """The state of its bit generator, as JSON."""


class Unsent(msgspec.Struct, frozen=True):
    """What stands in a result for a thing that no value can be: an object, a function, a set."""

    type_name: str
    dtype: str | None = None
    """For an array whose values are not sent, such as one of objects."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of something that the student writes, as the stub has it."""

    name: str
    optional: bool = False
    """Whether it has a default value."""
    default: str | None = None
    """The default value as it is written."""
    annotation: str | None = None
    by_name_only: bool = False


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """A method of a class that the student writes; `self` is not among its parameters."""

    name: str
    parameters: tuple[Parameter, ...] = ()


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A function or a class that the student writes, as the stub has it."""

    name: str
    is_class: bool = False
    parameters: tuple[Parameter, ...] = ()
    """Of the function, or of the class's `__init__`."""
    methods: tuple[Method, ...] = ()
    parts: tuple[str, ...] = ()
    """The names of the parts of the tuple that a function returns, where they have names."""


class Call(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One thing that is asked of the student's code: a call, or an attribute."""

    name: str
    """The name of the function or class; with `on`, of a method or an attribute."""
    on: int | None = None
    """Whose method or attribute it is: the result of an earlier call, by its place."""
    is_attribute: bool = False
    args: tuple[Value, ...] = ()
    """The arguments by position; `Earlier` stands for the result of an earlier call."""
    kwargs: dict[str, Value] = {}
    names: tuple[str, ...] = ()
    """The parameters' names of `args`, then of `kwargs`."""
    is_kept: bool = False
    """Whether a later call of the trial uses its result, which then stays with the worker."""
    is_sent: bool = True
    """Whether its result is part of the trial's result."""
