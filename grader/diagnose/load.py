"""From a solutions folder to a catalogue: `misconceptions.py`, the author's and trusted, read strictly."""

import ast
import difflib
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grader.diagnose.catalogue import EVIDENCE, Catalogue, hint_of, id_of
from grader.diagnose.pipeline import Pipeline
from grader.diagnose.plans import Parts
from grader.errors import ExerciseError
from grader.model import Exercise, Solutions

FILE: Final = "misconceptions.py"


def load_catalogue(exercise: Exercise, solutions: Solutions) -> Catalogue:
    """Load the misconceptions of an exercise; an exercise without the file has an empty catalogue.

    Runs the author's file. Raises `ExerciseError` with every fault where it is not what `catalogue`
    says.
    """
    path = solutions.folder / FILE
    if not path.is_file():
        return Catalogue({}, {})
    module = _run(path)
    faults = [f"{path}: {fault}" for fault in _faults(module, exercise)]
    if faults:
        raise ExerciseError(*faults)
    whole: Mapping[Any, str] = module.get("WHOLE", {})
    texts: dict[str, str] = {}
    for function in alternatives(module):
        texts.setdefault(id_of(function), "")
        texts[id_of(function)] = texts[id_of(function)] or (
            "" if "__" in function.__name__ else hint_of(function)
        )
    evidence = {kind: id_of(function) for function, kind in whole.items()}
    return Pipeline(texts, evidence, _parts(module, solutions))


def alternatives(module: Mapping[str, Any]) -> list[Any]:
    """List every wrong alternative of a module, in the order of its stages, whole functions last."""
    return [
        *(f for stage in _stages(module) for f in stage[1:]),
        *module.get("ANSWERS", ()),
        *module.get("WHOLE", {}),
    ]


def submission_source(folder: Path, exercise: Exercise, *names: str) -> str:
    """Give the text of a submission that has these misconceptions, for `grader validate` to grade the real way.

    `folder` is the solutions folder; `names` are ids, or names of functions in `misconceptions.py`
    where a variant is meant. Several may be combined, a member of `WHOLE` only stands alone. The
    text needs numpy and nothing else; it defines the exercise's function, unless the misconception
    is that it has another name. Raises `KeyError` for a name that the file does not have.
    """
    path = folder / FILE
    text = path.read_text("utf-8")
    module = _run(path)
    known = {function.__name__: function for function in alternatives(module)}
    functions = [known[name.replace("-", "_")] for name in names]
    whole = module.get("WHOLE", {})
    arguments = ", ".join(exercise.arguments)
    if len(functions) == 1 and functions[0] in whole:
        return _whole_source(
            text, functions[0].__name__, exercise.function, whole[functions[0]]
        )
    if functions and functions[0] in module.get("ANSWERS", ()):
        return f"{text}\n\ndef {exercise.function}({arguments}):\n    return {functions[0].__name__}({arguments})\n"
    values = {f for stage in module.get("VALUES", ()) for f in stage}
    steps = [f.__name__ for f in functions if f not in values]
    chain = [f.__name__ for f in functions if f in values]
    shapes = ", ".join(f"{name}.shape" for name in exercise.arguments)
    lines = [
        f"    plan = start({shapes})",
        *(f"    plan = {name}(plan)" for name in steps),
    ]
    lines += [f"    values = finish(plan, {arguments}, {{}})"]
    lines += [f"    values = {name}(values, {arguments})" for name in chain]
    return "\n".join(
        [
            text,
            "",
            f"def {exercise.function}({arguments}):",
            *lines,
            "    return values",
            "",
        ]
    )


def _whole_source(text: str, name: str, function: str, evidence: str) -> str:
    """Cut one function out, with the imports, so that what it reads from outside really is not there."""
    tree = ast.parse(text)
    kept = [
        node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    wanted = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    for node in wanted:
        node.name = name if evidence == "another name" else function
    return "\n".join(ast.unparse(node) for node in [*kept, *wanted]) + "\n"


def _run(path: Path) -> dict[str, Any]:
    module = types.ModuleType("misconceptions")
    module.__file__ = str(path)
    try:
        source = path.read_text("utf-8")
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the author's file
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # Whatever the author's file does, sys.exit included, the answer is one line.
        raise ExerciseError(f"{path}: {type(error).__name__}: {error}") from error
    return vars(module)


def _stages(module: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name in ("SHAPING", "NUMBERS", "VALUES"):
        yield from module.get(name, ())


def _parts(module: Mapping[str, Any], solutions: Solutions) -> Parts:
    factor = module.get("FACTOR")
    values = tuple(module.get("VALUES", ()))
    known_factor = None if factor is None else id_of(factor)
    if "start" in module:
        return Parts(
            start=module["start"], shaping=tuple(module.get("SHAPING", ())), numbers=tuple(module.get("NUMBERS", ())),
            finish=module["finish"], shape=module.get("shape"), blank=module.get("blank"), values=values,
            factor=known_factor,
        )  # fmt: skip
    right = solutions.reference
    answers = (right, *(_answering(function) for function in module.get("ANSWERS", ())))
    return Parts(
        start=lambda *_shapes: right, shaping=(), numbers=(answers,), finish=lambda plan, *args: plan(*args[:-1]),
        shape=None, blank=None, values=values, factor=known_factor,
    )  # fmt: skip


def _answering(function: Any) -> Any:  # noqa: ANN401 - the author's function, of whatever arguments
    def chosen(_plan: object) -> Any:  # noqa: ANN401 - as above
        return function

    chosen.__name__ = function.__name__
    return chosen


def _faults(module: Mapping[str, Any], exercise: Exercise) -> Iterator[str]:
    if (
        any(name in module for name in ("SHAPING", "NUMBERS"))
        and not {"start", "finish"} <= module.keys()
    ):
        yield "SHAPING and NUMBERS need `start` and `finish` beside them"
    functions = alternatives(module)
    strange = [function for function in functions if not hasattr(function, "__name__")]
    if strange:
        yield from (f"{function!r} is no function" for function in strange)
        return
    hinted = {
        id_of(function)
        for function in functions
        if "__" not in function.__name__ and hint_of(function)
    }
    for name in dict.fromkeys(id_of(function) for function in functions):
        if name not in hinted:
            yield f"{name.replace('-', '_')} has no docstring: it is the hint"
    yield from _evidence_faults(module.get("WHOLE", {}), exercise.arguments)


def _evidence_faults(
    whole: Mapping[Any, str], arguments: Sequence[str]
) -> Iterator[str]:
    known = [*EVIDENCE[:-1], *(f"the same for another {name}" for name in arguments)]
    for function, kind in whole.items():
        if kind not in known:
            close = difflib.get_close_matches(str(kind), known, n=1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            yield f"WHOLE: {function.__name__}: no such evidence: {kind!r}{meant}"
