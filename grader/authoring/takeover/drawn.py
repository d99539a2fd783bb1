"""The hidden cases of an exercise that was taken over: inputs like those of its tests."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from grader.authoring.starting.kinds import (
    WORDS,
    drawn_like,
    is_generator,
    kind_of,
)
from grader.authoring.takeover.claims import Claim
from grader.model import Parameter, Target, Value

_MOST: Final = 4
"""Trials of a case."""
_LARGEST_NUMBER: Final = 100
_FEW: Final = "# Cases whose inputs come again, of which `grader validate` would complain."


def cases_text(
    targets: dict[str, Target], public: Sequence[Claim], hidden: Sequence[Claim]
) -> str:
    """Return the text of cases.py: each function with inputs like those of its tests.

    What hidden tests write out becomes a case of its own.
    """
    known: dict[str, list[dict[str, Value]]] = {}
    for claim in (*public, *hidden):
        known.setdefault(
            claim.target,
            [],
        ).append(claim.args)
    blocks, few = [], []
    for target in targets.values():
        examples = known.get(
            target.name,
            [{}],
        )[:_MOST]
        blocks.append("\n".join(_drawn_case(target, examples)))
        if not target.is_class and _is_small(blocks[-1]):
            few.append(f"{target.name.lower()}_drawn")
    if hidden:
        blocks.append("\n".join(_hidden_case(hidden, targets)))
        few.append("hidden_tests")
    if few:
        names = "".join(f"{json.dumps(name)}, " for name in few)
        blocks.append(f"{_FEW}\nFEW_INPUTS = ({names.strip()})")
    text = "\n\n\n".join(blocks)
    head = (
        f'"""The hidden cases of {", ".join(targets)}: one function for each row of the report.\n\n'
        "Inputs are drawn anew for each submission; let them be all that the statement promises.\n"
        '"""'
    )
    parts = [head]
    if "np." in text:
        parts.append("import numpy as np")
    if "WORDS" in text:
        parts.append(f"WORDS = {json.dumps(' '.join(WORDS))}.split()")
    return "\n\n".join(parts) + f"\n\n\n{text}\n"


def _is_small(case: str) -> bool:
    """Return whether a case draws so little that its inputs must come again."""
    return not any(
        word in case for word in ("normal", "uniform", "WORDS", "size=")
    )


def _drawn_case(
    target: Target, examples: Sequence[dict[str, Value]]
) -> Iterator[str]:
    yield f"def {target.name.lower()}_drawn(student, rng):"
    yield f'    "{target.name} for inputs like those of the examples"'
    calls = [
        f"student.{target.name}({_drawn_arguments(target, example)})"
        for example in examples
    ]
    if not target.is_class:
        for call in dict.fromkeys(calls) if len(calls) > 1 else calls * 2:
            yield f"    yield {call}"
        return
    yield f"    made = {calls[0]}"
    for method in target.methods:
        drawn = ", ".join(
            "rng" if is_generator(each) else _drawn(each)
            for each in method.parameters
            if not each.optional
        )
        yield f"    yield made.{method.name}({drawn})"


def _drawn(parameter: Parameter) -> str:
    """Return how an argument is drawn of which no test has an example.

    A whole number may be how often something is done, so it is a small one.
    """
    kind = kind_of(parameter)
    if type(kind.example) is int:
        return f"int(rng.integers(1, {_LARGEST_NUMBER}))"
    return kind.drawn


def _drawn_arguments(
    target: Target,
    example: dict[str, Value],
) -> str:
    drawn = []
    for each in target.parameters:
        by_name = each.optional or each.by_name_only
        if is_generator(each):
            text = "rng"
        elif each.name in example:
            text = drawn_like(example[each.name])
        elif each.optional:
            continue
        else:
            text = _drawn(each)
        drawn.append(f"{each.name}={text}" if by_name else text)
    return ", ".join(drawn)


def _hidden_case(
    hidden: Sequence[Claim], targets: dict[str, Target]
) -> Iterator[str]:
    yield "def hidden_tests(student, rng):"
    yield '    "the notebook\'s hidden tests"'
    for claim in hidden:
        optional = {
            each.name: each.optional or each.by_name_only
            for each in targets[claim.target].parameters
        }
        given = [
            f"{name}={_written(value)}"
            if optional.get(name)
            else _written(value)
            for name, value in claim.args.items()
        ]
        yield f"    yield student.{claim.target}({', '.join(given)})"


def _written(value: Value) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r}, dtype={str(value.dtype)!r})"
    return repr(value)
