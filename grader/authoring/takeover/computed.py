"""What the notebook's own solution gives, tried in a child process with a time limit."""

from typing import Any

import msgspec
import numpy as np

from grader.authoring.bounded import Ended, in_child
from grader.authoring.starting.toml_text import NotWritableError, toml_value
from grader.model import Value

_SECONDS = 10.0
_ROUGH = 0.02
"""How far a test may be from the solution, for its digits to be those of a rounded result."""


class Computed(msgspec.Struct, frozen=True):
    """What exercise.toml is to expect, and what to tell the author about it."""

    expected: str
    note: str | None = None


def computed(
    reference: str,
    function: str,
    args: dict[str, Value],
    claimed: tuple[Value, ...] = (),
) -> Computed:
    """Return what a function of the solution gives, as exercise.toml writes it.

    `claimed` holds what a test expects, if one does: it is kept as it is, but a test with a
    tolerance has fewer digits than an example needs, and it has no types. Raises
    `NotWritableError` for a result that has no form there.
    """

    def work() -> list[str | None]:
        try:
            value = _run(reference, function, args)
        except Exception as error:  # noqa: BLE001 - the author's code may raise anything
            return _failed(f"raises {type(error).__name__}: {error}", claimed)
        try:
            if not claimed:
                return [toml_value(value), None]
            return _chosen(value, claimed[0], function)
        except NotWritableError as error:
            return [None, str(error)]

    found = in_child(work, _SECONDS)
    if isinstance(found, Ended):
        found = _failed(found.why, claimed)
    expected, note = found
    if expected is None:
        raise NotWritableError(note)
    return Computed(expected, note)


def _run(
    reference: str,
    function: str,
    args: dict[str, Value],
) -> Value:
    space: dict[str, Any] = {"__name__": "reference"}
    code = compile(reference, "reference.py", "exec")
    exec(code, space)  # noqa: S102 - the author's own notebook
    return space[function](**args)


def _failed(
    what: str,
    claimed: tuple[Value, ...],
) -> list[str | None]:
    what = " ".join(f"the notebook's solution {what}".split())
    if not claimed:
        return [None, what]
    try:
        return [toml_value(claimed[0]), f"{what} where a test has a value"]
    except NotWritableError as error:
        return [None, str(error)]


def _chosen(
    value: Value,
    claim: Value,
    function: str,
) -> list[str | None]:
    """Return what an example expects: the test's value, with the solution's types and digits."""
    try:
        near = np.shape(value) == np.shape(claim) and np.allclose(
            value, claim, rtol=_ROUGH, atol=_ROUGH
        )
    except (TypeError, ValueError):
        return [toml_value(claim), None]
    if near:
        return [toml_value(value), None]
    note = f"the notebook's solution and its test of {function} differ: look at its example"
    return [toml_value(claim), note]
