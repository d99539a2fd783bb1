"""A new exercise of which only the signature is known: everything works, around a placeholder.

The placeholder does something simple to each argument, so that the exercise validates before its
author has written a line, and each step from there to the real one can be validated.
"""

from collections.abc import Iterator

import numpy as np

from grader.authoring.starting.kinds import (
    WORDS,
    Kind,
    is_generator,
    is_understood,
    kind_of,
)
from grader.authoring.starting.plans import ExampleText, Plan
from grader.authoring.starting.signature import signature
from grader.authoring.starting.toml_text import toml_value
from grader.model import Parameter, Target, Value

_STUB = 'raise NotImplementedError("Replace this line with your code.")'
_MARK = "# Placeholder: write the solution instead."


def plan_for(
    title: str,
    targets: tuple[Target, ...],
) -> Plan:
    """Return an exercise that validates as it is, for these functions and classes."""
    return Plan(
        title=title,
        statement=_statement(title, targets),
        stub=_stub(title, targets),
        reference=_reference(targets),
        cases=_cases(targets),
        examples=tuple(
            _example(
                target,
                first=target is targets[0],
            )
            for target in targets
        ),
        misconceptions=_misconceptions(targets),
        notes=(
            "It works as it is, around a placeholder: search for the word in all of its files,",
            "and replace it in this order: the statement, the examples and the stub,",
            "then the reference solution, the hidden cases and the known mistakes.",
        ),
    )


# ---- What the placeholder does


def _kinds(parameters: tuple[Parameter, ...]) -> dict[str, Kind]:
    return {
        each.name: kind_of(each) for each in parameters if is_understood(each)
    }


def _result(parameters: tuple[Parameter, ...]) -> str:
    texts = [
        kind.placeholder.format(name)
        for name, kind in _kinds(parameters).items()
    ]
    if not texts:
        return "42"
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _computed(parameters: tuple[Parameter, ...]) -> Value:
    values = [kind.computed for kind in _kinds(parameters).values()]
    if not values:
        return 42
    return values[0] if len(values) == 1 else tuple(values)


def _definition(
    target: Target,
    body: str,
    *,
    docstring: bool,
) -> Iterator[str]:
    """Yield the lines of a function or a class; `body` is that of each function, see `_bodies`."""
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


def _docstring(
    parameters: tuple[Parameter, ...],
    indent: str,
) -> Iterator[str]:
    yield f'{indent}"""Placeholder: say in one line what this returns.'
    yield ""
    for each in parameters:
        words = "random generator"
        if not is_generator(each):
            words = kind_of(each).words
        yield f"{indent}{each.name}: {words}"
    yield f'{indent}"""'


# ---- The files


def _statement(
    title: str,
    targets: tuple[Target, ...],
) -> str:
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


def _stub(
    title: str,
    targets: tuple[Target, ...],
) -> str:
    blocks = [
        "\n".join(_definition(target, _STUB, docstring=True))
        for target in targets
    ]
    said = f'"""Exercise {title}: write what is below. README.md says what it does."""'
    return _with_numpy(said, blocks, targets)


def _reference(targets: tuple[Target, ...]) -> str:
    blocks = [
        "\n".join(_definition(target, "", docstring=False))
        for target in targets
    ]
    return _with_numpy('"""The reference solution."""', blocks, targets)


def _with_numpy(
    said: str,
    blocks: list[str],
    targets: tuple[Target, ...],
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


def _example(
    target: Target,
    *,
    first: bool,
) -> ExampleText:
    inputs = dict(_inputs(target.parameters))
    if not target.is_class:
        return ExampleText(
            name=target.name.replace(
                "_",
                "-",
            ),
            title=f"{target.name}, by hand",
            calls=() if first else (_call(target.name, target.parameters),),
            inputs=inputs,
            expected=toml_value(_computed(target.parameters)),
        )
    method = target.methods[0]
    inputs |= dict(_inputs(method.parameters))
    return ExampleText(
        name=target.name.lower(),
        title=f"{target.name}, by hand",
        calls=(
            f"made = {_call(target.name, target.parameters)}",
            f"made.{_call(method.name, method.parameters)}",
        ),
        inputs=inputs,
        expected=toml_value(_computed(method.parameters)),
    )


def _inputs(parameters: tuple[Parameter, ...]) -> Iterator[tuple[str, str]]:
    for each in parameters:
        if is_generator(each):
            yield each.name, "{ generator = 7 }"
        elif is_understood(each):
            yield each.name, toml_value(kind_of(each).example)


def _call(
    name: str,
    parameters: tuple[Parameter, ...],
    size: str = "",
) -> str:
    """Return a call: with the arguments by their names, or with those that are drawn."""
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


_SIZES = {
    "drawn": ("small", "a small input"),
    "larger": ("larger", "a larger input"),
}


def _cases(targets: tuple[Target, ...]) -> str:
    blocks = [
        "\n".join(_case(target, size, alone=len(targets) == 1))
        for target in targets
        for size in _SIZES
    ]
    names = ", ".join(target.name for target in targets)
    head = [
        f'"""The hidden cases of {names}: one function for each row of the report.',
        "",
        "A docstring is the row's title, and each `yield` is one trial. Nothing is computed here:",
        "`student` notes what is to be asked of the student's code, and of the reference solution.",
        "Placeholder: draw what the statement promises, edges and unusual sizes too.",
        '"""',
        "",
        "import numpy as np",
    ]
    few = [
        name
        for block, name in zip(blocks, _case_names(targets), strict=True)
        if "rng." not in block and "rng)" not in block.partition(":")[2]
    ]
    if few:
        names = "".join(f'"{name}", ' for name in few).strip()
        blocks.append(
            "# Their inputs come again, of which `grader validate` would complain.\n"
            f"FEW_INPUTS = ({names})"
        )
    text = "\n\n\n".join(["\n".join(head), *blocks]) + "\n"
    if "WORDS" in text:
        words = f'WORDS = "{" ".join(WORDS)}".split()'
        text = text.replace(
            "import numpy as np", f"import numpy as np\n\n{words}", 1
        )
    return (
        text.replace("import numpy as np\n\n", "")
        if "np." not in text
        else text
    )


def _case_names(targets: tuple[Target, ...]) -> list[str]:
    alone = len(targets) == 1
    return [
        name if alone else f"{target.name.lower()}_{name}"
        for target in targets
        for name, _ in _SIZES.values()
    ]


def _case(
    target: Target,
    size: str,
    *,
    alone: bool,
) -> Iterator[str]:
    name, title = _SIZES[size]
    if not alone:
        name = f"{target.name.lower()}_{name}"
        title = f"{target.name}: {title}"
    yield f"def {name}(student, rng):"
    yield f'    "{title}"'
    call = _call(f"student.{target.name}", target.parameters, size)
    if not target.is_class:
        yield f"    yield {call}"
        return
    yield f"    made = {call}"
    for method in target.methods:
        yield f"    yield {_call(f'made.{method.name}', method.parameters, size)}"


# ---- A known mistake

_HINT = "Placeholder: you return what you were given. Say what happened, and what to look at."


def _misconceptions(targets: tuple[Target, ...]) -> str | None:
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
    return all(_kinds(each.parameters) for each in methods)


def _mistake(
    target: Target,
    *,
    first: bool,
) -> str:
    return "unchanged" if first else f"unchanged__{target.name.lower()}"


def _unchanged(
    target: Target,
    *,
    first: bool,
) -> Iterator[str]:
    name = _mistake(target, first=first)
    hint = f'    """{_HINT}"""'
    if not target.is_class:
        yield f"def {signature(name, target.parameters)}:"
        yield from [hint] if first else []
        yield f"    return {', '.join(_kinds(target.parameters))}"
        return
    own = (Parameter(name="self"),)
    yield f"class {name}:"
    yield from [hint, ""] if first else []
    yield f"    def {signature('__init__', (*own, *target.parameters))}:"
    yield "        pass"
    for method in target.methods:
        yield ""
        yield f"    def {signature(method.name, (*own, *method.parameters))}:"
        yield f"        return {', '.join(_kinds(method.parameters))}"
