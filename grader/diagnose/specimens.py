"""Submissions that are made of misconceptions, so that these can be graded the real way."""

import ast
import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from grader.diagnose.catalogue import LOOPS
from grader.diagnose.load import (
    FILE,
    alternatives,
    answers_by_target,
    is_staged,
    run_file,
)
from grader.model import Exercise, Parameter, Target

_REFERENCE: Final = "reference.py"
_RENAMED: Final = "another name"
_BY_TEXT: Final = frozenset(
    {
        _RENAMED,
        "reads a global",
        "needs more arguments",
        "exchanges the arguments",
    }
)
"""Evidence in the text itself, for which nothing else may stand in it."""


def submission_source(folder: Path, exercise: Exercise, *names: str) -> str:
    """Return the text of a submission that has these misconceptions.

    With it `grader validate` grades them the real way. `folder` is the solutions folder. `names`
    are ids, or names of functions in `misconceptions.py` where a variant is meant. Several may be
    combined, but a member of `WHOLE` or `ANSWERS` only stands alone. Whatever else the stub asks
    for is right. The text defines the exercise's function, unless the misconception is that it has
    another name. Raises `KeyError` for a name that the file does not have.
    """
    text = (folder / FILE).read_text("utf-8")
    defined = run_file(folder / FILE, exercise)
    known = {function.__name__: function for function in alternatives(defined)}
    functions = [known[name.replace("-", "_")] for name in names]
    first = functions[0] if functions else None
    evidence = defined.get("WHOLE", {}).get(first)
    if evidence is not None:
        return _whole(text, first, evidence, folder, exercise)
    target = _target_of(first, answers_by_target(defined, exercise), exercise)
    if target is not None:
        return _standing_in(text, first, target, folder, exercise)
    if not is_staged(defined):
        raise KeyError(*names)
    return _staged(text, functions, defined, exercise)


def _target_of(
    function: Any,  # noqa: ANN401 - the author's function or class
    answers: dict[str, tuple[Any, ...]],
    exercise: Exercise,
) -> Target | None:
    """Return what an answer stands in for; None if it is not an answer."""
    for name, some in answers.items():
        if any(function is each for each in some):
            return next(
                (one for one in exercise.targets if one.name == name), None
            )
    return None


def _whole(
    text: str,
    function: Any,  # noqa: ANN401 - as above
    evidence: object,
    folder: Path,
    exercise: Exercise,
) -> str:
    target = _alike(function, exercise.targets)
    is_cut_out = isinstance(evidence, str) and evidence != LOOPS
    if evidence not in _BY_TEXT and _needs_others(text, function.__name__):
        is_cut_out = False
    if is_cut_out and len(exercise.targets) == 1:
        renamed = evidence != _RENAMED
        return _only(
            text,
            function.__name__,
            exercise.function if renamed else None,
        )
    return _standing_in(text, function, target, folder, exercise)


def _needs_others(text: str, name: str) -> bool:
    """Return whether something uses other parts of the author's file: then it is shown with them.

    A class is always shown with them.
    """
    body = ast.parse(text).body
    own = [
        node
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    others = [_defined_by(node) for node in body if node not in own]
    known = frozenset().union(*others)
    used = {one.id for node in own for one in _names_in(node)}
    return name in known or not known.isdisjoint(used)


def _defined_by(node: ast.stmt) -> frozenset[str]:
    """Return the names that a statement defines; none for an import, which is always kept."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return frozenset({node.name})
    stored = (one for one in _names_in(node) if isinstance(one.ctx, ast.Store))
    return frozenset(one.id for one in stored)


def _names_in(node: ast.AST) -> Iterator[ast.Name]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Name))


def _alike(function: Any, targets: Sequence[Target]) -> Target:  # noqa: ANN401 - as above
    """Return the target whose parameters a function or a class has; else the first."""
    names = list(inspect.signature(function).parameters)
    for target in targets:
        is_possible = target.is_class or not isinstance(function, type)
        if is_possible and names == [one.name for one in target.parameters]:
            return target
    return targets[0]


def _standing_in(
    text: str,
    function: Any,  # noqa: ANN401 - as above
    target: Target,
    folder: Path,
    exercise: Exercise,
) -> str:
    """Return the author's text, with one target that does what a wrong answer does."""
    name = function.__name__
    lines = [text, ""]
    others = [one for one in exercise.targets if one.name != target.name]
    if others:
        reference = (folder / _REFERENCE).read_text("utf-8")
        lines += ["_all_right = {}", f"exec({reference!r}, _all_right)"]
        for one in others:
            lines += [*_standing_for(one, f"_all_right[{one.name!r}]"), ""]
    if name == target.name:
        return "\n".join([*lines, ""])
    if isinstance(function, type):
        lines += [f"class {target.name}({name}):", "    pass"]
    else:
        lines += _standing_for(target, name)
    return "\n".join([*lines, ""])


def _standing_for(target: Target, name: str) -> list[str]:
    """Return a definition that passes everything on."""
    if target.is_class and name.startswith("_all_right"):
        return [f"class {target.name}({name}):", "    pass"]
    parameters = ", ".join(_written(target.parameters))
    passed = ", ".join(
        f"{one.name}={one.name}" if one.by_name_only else one.name
        for one in target.parameters
    )
    return [
        f"def {target.name}({parameters}):",
        f"    return {name}({passed})",
    ]


def _written(parameters: Sequence[Parameter]) -> Iterator[str]:
    starred = False
    for one in parameters:
        if one.by_name_only and not starred:
            starred = True
            yield "*"
        yield one.name if one.default is None else f"{one.name}={one.default}"


def _staged(
    text: str,
    functions: Sequence[Any],
    defined: dict[str, Any],
    exercise: Exercise,
) -> str:
    arguments = ", ".join(exercise.arguments)
    values = {f for stage in defined.get("VALUES", ()) for f in stage}
    body = _steps(functions, values, exercise.arguments)
    lines = [
        f"def {exercise.function}({arguments}):",
        *(f"    {line}" for line in body),
    ]
    return "\n".join([text, "", *lines, ""])


def _steps(
    functions: Sequence[Any],
    values: set[Any],
    arguments: Sequence[str],
) -> list[str]:
    """Write the body of a function that takes these steps, those of VALUES last."""
    shapes = ", ".join(f"{name}.shape" for name in arguments)
    together = ", ".join(arguments)
    planning = [f for f in functions if f not in values]
    changing = [f for f in functions if f in values]
    return [
        f"plan = start({shapes})",
        *(f"plan = {f.__name__}(plan)" for f in planning),
        f"values = finish(plan, {together}, {{}})",
        *(f"values = {f.__name__}(values, {together})" for f in changing),
        "return values",
    ]


def _only(text: str, name: str, new_name: str | None) -> str:
    """Cut out one function with the imports, so that globals it reads really are missing."""
    kept: list[ast.stmt] = []
    for node in ast.parse(text).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            kept.append(node)
        elif isinstance(node, ast.FunctionDef) and node.name == name:
            node.name = new_name or name
            kept.append(node)
    return "\n".join(map(ast.unparse, kept)) + "\n"
