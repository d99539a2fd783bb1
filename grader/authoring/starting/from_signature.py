"""A new exercise of which only the signature is known: everything works, around a placeholder.

The placeholder does something simple to each argument, so that the exercise validates before its
author has written a line, and each step from there to the real one can be validated.
"""

from collections.abc import Iterator

import numpy as np

from grader.authoring.starting.first_cases import cases_text
from grader.authoring.starting.first_mistake import misconceptions_text
from grader.authoring.starting.kinds import (
    is_generator,
    is_understood,
    kind_of,
)
from grader.authoring.starting.placeholder import call, computed, definition
from grader.authoring.starting.plans import ExampleText, Plan
from grader.authoring.starting.signature import signature
from grader.authoring.starting.toml_text import toml_value
from grader.model import Parameter, Target

_STUB = 'raise NotImplementedError("Replace this line with your code.")'


def plan_for(title: str, targets: tuple[Target, ...]) -> Plan:
    """Return an exercise that validates as it is, for these functions and classes."""
    return Plan(
        title=title,
        statement=_statement(title, targets),
        stub=_stub(title, targets),
        reference=_reference(targets),
        cases=cases_text(targets),
        examples=tuple(
            _example(target, first=target is targets[0]) for target in targets
        ),
        misconceptions=misconceptions_text(targets),
        notes=(
            "It works as it is, around a placeholder: search for the word in all of its files,",
            "and replace it in this order: the statement, the examples and the stub,",
            "then the reference solution, the hidden cases and the known mistakes.",
        ),
    )


def _statement(title: str, targets: tuple[Target, ...]) -> str:
    lines = [f"# {title}", "", "Placeholder: say what is to be written.", ""]
    lines += [f"- {_described(target)}" for target in targets]
    lines += [
        "",
        "## What is promised, and what is asked",
        "",
        "- Placeholder: say of each argument what it is, and which sizes and values occur.",
        "- Placeholder: say what is returned. Nothing is tested that is not promised here.",
        "- Do not change the arguments.",
        "",
    ]
    return "\n".join(lines)


def _described(target: Target) -> str:
    text = f"`{signature(target.name, target.parameters)}`"
    if target.is_class:
        methods = ", ".join(
            f"`{signature(each.name, each.parameters)}`"
            for each in target.methods
        )
        text = f"the class {text} with {methods}"
    return f"{text}: for now, what it gets, doubled, in capitals or backwards."


def _stub(title: str, targets: tuple[Target, ...]) -> str:
    blocks = [
        "\n".join(definition(target, _STUB, docstring=True))
        for target in targets
    ]
    said = f'"""Exercise {title}: write what is below. README.md says what it does."""'
    return _with_numpy(said, blocks, targets)


def _reference(targets: tuple[Target, ...]) -> str:
    blocks = [
        "\n".join(definition(target, "", docstring=False)) for target in targets
    ]
    return _with_numpy('"""The reference solution."""', blocks, targets)


def _with_numpy(
    said: str, blocks: list[str], targets: tuple[Target, ...]
) -> str:
    """Put a file together, with NumPy where an argument is an array or the code uses it."""
    parameters = [
        each
        for target in targets
        for one in (target.parameters, *(m.parameters for m in target.methods))
        for each in one
    ]
    kinds = map(kind_of, parameters)
    arrays = any(isinstance(kind.example, np.ndarray) for kind in kinds)
    used = arrays or any("np." in block for block in blocks)
    head = f"{said}\n\nimport numpy as np" if used else said
    return "\n\n\n".join([head, *blocks]) + "\n"


def _example(target: Target, *, first: bool) -> ExampleText:
    inputs = dict(_inputs(target.parameters))
    if not target.is_class:
        return ExampleText(
            name=target.name.replace("_", "-"),
            title=f"{target.name}, by hand",
            calls=() if first else (call(target.name, target.parameters),),
            inputs=inputs,
            expected=toml_value(computed(target.parameters)),
        )
    method = target.methods[0]
    inputs |= dict(_inputs(method.parameters))
    return ExampleText(
        name=target.name.lower(),
        title=f"{target.name}, by hand",
        calls=(
            f"made = {call(target.name, target.parameters)}",
            f"made.{call(method.name, method.parameters)}",
        ),
        inputs=inputs,
        expected=toml_value(computed(method.parameters)),
    )


def _inputs(parameters: tuple[Parameter, ...]) -> Iterator[tuple[str, str]]:
    for each in parameters:
        if is_generator(each):
            yield each.name, "{ generator = 7 }"
        elif is_understood(each):
            yield each.name, toml_value(kind_of(each).example)
