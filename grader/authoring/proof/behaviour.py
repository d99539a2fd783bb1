"""What a program gives for common inputs, in a form in which two programs can be compared."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from grader.authoring.judge import Asked, Judge
from grader.authoring.local import Program
from grader.model import Outcome, Unsent, Value

_DIGITS = 4
"""Digits that count: two mutants that differ in the last ones behave the same."""


def behaviour(judge: Judge, program: Program, asked: Sequence[Asked]) -> str:
    """Return a digest of what comes of these trials; the same for two programs that agree."""
    digest = hashlib.sha256()
    for each in asked:
        outcome = program.outcome(each.trial)
        verdict = judge.finding(each, outcome).verdict
        for piece in (verdict, *_pieces(outcome)):
            digest.update(f"{piece}\n".encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def _pieces(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.kind} {outcome.call} {outcome.args_after is not None}"
    if outcome.raised is not None:
        yield outcome.raised.type
    yield from parts(outcome.value)


def parts(value: Value) -> Iterator[str]:
    """Yield the parts of a value as text, numbers with few digits."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield repr(key)
            yield from parts(item)
    elif isinstance(value, list | tuple):
        yield f"{type(value).__name__} {len(value)}"
        for item in value:
            yield from parts(item)
    elif isinstance(value, np.ndarray | np.number | int | float | complex):
        array = np.asarray(value)
        yield f"{array.shape}"
        with np.errstate(all="ignore"):
            yield from (
                f"{number:.{_DIGITS}g}"
                for number in np.ravel(array).astype(complex).tolist()
            )
    else:
        yield value.type_name if isinstance(value, Unsent) else repr(value)
