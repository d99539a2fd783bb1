"""The first `misconceptions.py` of a new exercise: it returns what it was given."""

from collections.abc import Iterator

from grader.authoring.starting.placeholder import kinds
from grader.authoring.starting.signature import signature
from grader.model import Parameter, Target

_HINT = "Placeholder: you return what you were given. Say what happened, and what to look at."


def misconceptions_text(targets: tuple[Target, ...]) -> str | None:
    """Return the text of `misconceptions.py`; None where there is nothing to return unchanged."""
    described = [target for target in targets if _can_be_unchanged(target)]
    if not described:
        return None
    blocks = [
        "\n".join(_unchanged(target, first=target is described[0]))
        for target in described
    ]
    listed = {
        target.name: f"({_mistake(target, first=target is described[0])},)"
        for target in described
    }
    members = ", ".join(f'"{name}": {one}' for name, one in listed.items())
    head = '"""Known wrong answers: the name says what is wrong, and the docstring is the hint."""'
    answers = f"{{{members}}}" if len(targets) > 1 else listed[targets[0].name]
    text = "\n\n\n".join([*blocks, f"ANSWERS = {answers}"]) + "\n"
    imports = "import numpy as np\n\n\n" if "np." in text else "\n"
    return f"{head}\n\n{imports}{text}"


def _can_be_unchanged(target: Target) -> bool:
    methods = target.methods if target.is_class else (target,)
    return all(kinds(each.parameters) for each in methods)


def _mistake(target: Target, *, first: bool) -> str:
    return "unchanged" if first else f"unchanged__{target.name.lower()}"


def _unchanged(target: Target, *, first: bool) -> Iterator[str]:
    name = _mistake(target, first=first)
    hint = f'    """{_HINT}"""'
    if not target.is_class:
        yield f"def {signature(name, target.parameters)}:"
        yield from [hint] if first else []
        yield f"    return {', '.join(kinds(target.parameters))}"
        return
    own = (Parameter(name="self"),)
    yield f"class {name}:"
    yield from [hint, ""] if first else []
    yield f"    def {signature('__init__', (*own, *target.parameters))}:"
    yield "        pass"
    for method in target.methods:
        yield ""
        yield f"    def {signature(method.name, (*own, *method.parameters))}:"
        yield f"        return {', '.join(kinds(method.parameters))}"
