"""Read `reference.py`: it has to define everything that the stub asks for."""

import inspect
import types
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.exercise.author_file import Names
from grader.exercise.files import label
from grader.model import Parameter, Target
from grader.strict import did_you_mean


def reference_faults(
    names: Names,
    path: Path,
    targets: Sequence[Target],
) -> Iterator[str]:
    """Yield what a reference lacks."""
    for target in targets:
        found = names.get(target.name)
        if target.is_class:
            yield from _class_faults(
                found,
                target,
                names,
                path,
            )
        elif not callable(found):
            yield f"{label(path)}: defines no function {target.name}{_close(target.name, names)}"
        else:
            yield from _call_faults(
                found,
                target.name,
                target.parameters,
                path,
            )


def _close(
    name: str,
    names: Names,
) -> str:
    known = [
        each
        for each, value in names.items()
        if isinstance(value, types.FunctionType | type)
    ]
    return did_you_mean(name, known)


def _class_faults(
    found: Any,  # noqa: ANN401 - whatever the name is bound to
    target: Target,
    names: Names,
    path: Path,
) -> Iterator[str]:
    if not isinstance(found, type):
        yield f"{label(path)}: defines no class {target.name}{_close(target.name, names)}"
        return
    yield from _call_faults(
        found,
        target.name,
        target.parameters,
        path,
    )
    for method in target.methods:
        if not callable(getattr(found, method.name, None)):
            known = [each for each in dir(found) if each != method.name]
            close = did_you_mean(method.name, known)
            yield f"{label(path)}: class {target.name} has no method {method.name}{close}"


def _call_faults(
    found: Any,  # noqa: ANN401 - the author's function or class
    name: str,
    parameters: Sequence[Parameter],
    path: Path,
) -> Iterator[str]:
    """Yield a fault if the reference cannot be called as the stub says, by place and by name."""
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        return  # it does not say
    required = [each for each in parameters if not each.optional]
    by_place = [each for each in required if not each.by_name_only]
    by_name = {each.name: 0 for each in required if each.by_name_only}
    try:
        signature.bind(*by_place, **by_name)
        signature.bind_partial(
            **{each.name: 0 for each in parameters if each.optional}
        )
    except TypeError as error:
        asked = ", ".join(each.name for each in parameters)
        yield f"{label(path)}: {name} cannot be called as the stub's {name}({asked}): {error}"
