"""The code of a placeholder: it does something simple to each argument, whatever its kind."""

from collections.abc import Iterator

from grader.authoring.starting.kinds import (
    Kind,
    is_generator,
    is_understood,
    kind_of,
)
from grader.authoring.starting.signature import signature
from grader.model import Parameter, Target, Value

_MARK = "# Placeholder: write the solution instead."


def kinds(parameters: tuple[Parameter, ...]) -> dict[str, Kind]:
    """Return the kind of each parameter that a placeholder can do something with."""
    return {
        each.name: kind_of(each) for each in parameters if is_understood(each)
    }


def computed(parameters: tuple[Parameter, ...]) -> Value:
    """Return what the placeholder gives for the example of each parameter."""
    values = [kind.computed for kind in kinds(parameters).values()]
    if not values:
        return 42
    return values[0] if len(values) == 1 else tuple(values)


def definition(target: Target, body: str, *, docstring: bool) -> Iterator[str]:
    """Yield the lines of a function or a class; without a `body` it is the placeholder."""
    if not target.is_class:
        yield f"def {signature(target.name, target.parameters)}:"
        if docstring:
            yield from _docstring(target.parameters, "    ")
        yield f"    {body or _MARK}"
        if not body:
            yield f"    return {_result(target.parameters)}"
        return
    yield f"class {target.name}:"
    own = (Parameter(name="self"),)
    yield f"    def {signature('__init__', (*own, *target.parameters))}:"
    kept = [f"self.{each.name} = {each.name}" for each in target.parameters]
    for line in [body] if body else kept or ["pass"]:
        yield f"        {line}"
    for method in target.methods:
        yield ""
        yield f"    def {signature(method.name, (*own, *method.parameters))}:"
        if docstring:
            yield from _docstring(method.parameters, "        ")
        yield f"        {body or _MARK}"
        if not body:
            yield f"        return {_result(method.parameters)}"


def _result(parameters: tuple[Parameter, ...]) -> str:
    texts = [
        kind.placeholder.format(name)
        for name, kind in kinds(parameters).items()
    ]
    if not texts:
        return "42"
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _docstring(parameters: tuple[Parameter, ...], indent: str) -> Iterator[str]:
    yield f'{indent}"""Placeholder: say in one line what this returns.'
    yield ""
    for each in parameters:
        words = "random generator"
        if not is_generator(each):
            words = kind_of(each).words
        yield f"{indent}{each.name}: {words}"
    yield f'{indent}"""'


def call(name: str, parameters: tuple[Parameter, ...], size: str = "") -> str:
    """Return a call with its arguments by their names, or drawn: `size` is `drawn` or `larger`."""
    given = []
    for each in parameters:
        value = each.name
        if is_generator(each):
            value = "rng" if size else value
        elif not is_understood(each) or (size == "drawn" and each.optional):
            continue
        elif size:
            value = getattr(kind_of(each), size)
        by_name = each.optional or each.by_name_only
        given.append(f"{each.name}={value}" if by_name else value)
    return f"{name}({', '.join(given)})"
