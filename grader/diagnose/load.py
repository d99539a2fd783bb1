"""From a solutions folder to a catalogue: run and check the author's `misconceptions.py`."""

import ast
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from grader.diagnose.catalogue import (
    EVIDENCE,
    Catalogue,
    Causes,
    evidence_of_ignoring,
    hint_of,
    id_of,
)
from grader.diagnose.pipeline import Pipeline
from grader.diagnose.plans import Parts, is_variant
from grader.diagnose.signs import SIGNS
from grader.errors import ExerciseError
from grader.model import Exercise, Solutions

FILE: Final = "misconceptions.py"

_STAGES: Final = ("SHAPING", "NUMBERS", "VALUES")

Names: TypeAlias = Mapping[str, Any]
"""The names that `misconceptions.py` defines."""


def load_catalogue(exercise: Exercise, solutions: Solutions) -> Catalogue:
    """Load the misconceptions of an exercise; without the file, return an empty catalogue.

    Runs the author's file. Raises `ExerciseError` with every fault if it is not what `catalogue`
    describes.
    """
    path = solutions.folder / FILE
    if not path.is_file():
        return Catalogue({}, {})
    names = _run(path)
    faults = [f"{path}: {fault}" for fault in _faults(names, exercise)]
    if faults:
        raise ExerciseError(*faults)
    texts: dict[str, str] = {}
    for function in alternatives(names):
        hint = "" if is_variant(function) else hint_of(function)
        texts[id_of(function)] = texts.get(id_of(function)) or hint
    whole: Mapping[Any, str] = names.get("WHOLE", {})
    evidence = {kind: id_of(function) for function, kind in whole.items()}
    parts = _parts(names, solutions)
    answers = names.get("ANSWERS", ())
    return Pipeline(texts, evidence, parts, answers, _causes(names))


def _causes(names: Names) -> Causes:
    return Causes(
        signs=_by_id(names.get("SIGNS", {})),
        support=_by_id(names.get("SUPPORT", {})),
        effects={
            id_of(each): " ".join(text.split())
            for each, text in names.get("EFFECTS", {}).items()
        },
    )


def _by_id(
    signs: Mapping[Any, Sequence[str]],
) -> dict[str, tuple[str, ...]]:
    return {id_of(each): tuple(some) for each, some in signs.items()}


def alternatives(names: Names) -> list[Any]:
    """List every wrong alternative: those of the stages in their order, then complete answers."""
    stages = [stage for key in _STAGES for stage in names.get(key, ())]
    wrong = [function for stage in stages for function in stage[1:]]
    return [*wrong, *names.get("ANSWERS", ()), *names.get("WHOLE", {})]


# ---- Submissions made of misconceptions


def submission_source(folder: Path, exercise: Exercise, *names: str) -> str:
    """Return the text of a submission that has these misconceptions.

    With it `grader validate` grades them the real way. `folder` is the solutions folder. `names`
    are ids, or names of functions in `misconceptions.py` where a variant is meant. Several may be
    combined, but a member of `WHOLE` or `ANSWERS` only stands alone. The text needs numpy and
    nothing else, and defines the exercise's function, unless the misconception is that it has
    another name. Raises `KeyError` for a name that the file does not have.
    """
    path = folder / FILE
    text = path.read_text("utf-8")
    defined = _run(path)
    known = {function.__name__: function for function in alternatives(defined)}
    functions = [known[name.replace("-", "_")] for name in names]
    whole = defined.get("WHOLE", {})
    if len(functions) == 1 and functions[0] in whole:
        function = functions[0]
        renamed = whole[function] != "another name"
        return _only(
            text, function.__name__, exercise.function if renamed else None
        )
    arguments = ", ".join(exercise.arguments)
    if functions and functions[0] in defined.get("ANSWERS", ()):
        body = [f"return {functions[0].__name__}({arguments})"]
    else:
        values = {f for stage in defined.get("VALUES", ()) for f in stage}
        body = _steps(functions, values, exercise.arguments)
    lines = [
        f"def {exercise.function}({arguments}):",
        *(f"    {line}" for line in body),
    ]
    return "\n".join([text, "", *lines, ""])


def _steps(
    functions: Sequence[Any], values: set[Any], arguments: Sequence[str]
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


def _only(
    text: str,
    name: str,
    new_name: str | None,
) -> str:
    """Cut out one function with the imports, so that globals it reads really are missing."""
    kept: list[ast.stmt] = []
    for node in ast.parse(text).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            kept.append(node)
        elif isinstance(node, ast.FunctionDef) and node.name == name:
            node.name = new_name or name
            kept.append(node)
    return "\n".join(map(ast.unparse, kept)) + "\n"


# ---- The author's file


def _run(path: Path) -> dict[str, Any]:
    module = types.ModuleType("misconceptions")
    module.__file__ = str(path)
    try:
        source = path.read_text("utf-8")
        code = compile(source, str(path), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - the author's file, which is trusted
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # Whatever the author's file does, even sys.exit, is reported in one line.
        raise ExerciseError(
            f"{path}: {type(error).__name__}: {error}"
        ) from error
    return vars(module)


def _parts(names: Names, solutions: Solutions) -> Parts:
    factor = names.get("FACTOR")
    values = tuple(names.get("VALUES", ()))
    factor_id = None if factor is None else id_of(factor)
    if "start" in names:
        return Parts(
            start=names["start"],
            shaping=tuple(names.get("SHAPING", ())),
            numbers=tuple(names.get("NUMBERS", ())),
            finish=names["finish"],
            shape=names.get("shape"),
            blank=names.get("blank"),
            values=values,
            factor=factor_id,
        )
    # The simple form: a plan is the function that answers.
    right = solutions.reference
    answers = (right, *map(_choosing, names.get("ANSWERS", ())))
    return Parts(
        start=lambda *_shapes: right,
        shaping=(),
        numbers=(answers,),
        finish=lambda answer, *args: answer(*args[:-1]),
        shape=None,
        blank=None,
        values=values,
        factor=factor_id,
    )


def _choosing(function: Any) -> Any:  # noqa: ANN401 - the author's function, of whatever arguments
    """Make the alternative that replaces any plan by this function."""

    def choose(_plan: object) -> Any:  # noqa: ANN401 - as above
        return function

    choose.__name__ = function.__name__
    return choose


def _faults(names: Names, exercise: Exercise) -> Iterator[str]:
    staged = "SHAPING" in names or "NUMBERS" in names
    if staged and not {"start", "finish"} <= names.keys():
        yield "SHAPING and NUMBERS need `start` and `finish` beside them"
    functions = alternatives(names)
    strange = [
        function for function in functions if not hasattr(function, "__name__")
    ]
    if strange:
        yield from (f"{function!r} is not a function" for function in strange)
        return
    yield from _hint_faults(functions)
    yield from _evidence_faults(names.get("WHOLE", {}), exercise.arguments)
    signs = names.get("SIGNS", {})
    for key in ("SIGNS", "SUPPORT"):
        yield from _sign_faults(key, names.get(key, {}))
    for function in names.get("EFFECTS", {}):
        if function not in signs:
            yield f"EFFECTS: {function.__name__} has no SIGNS: this hint would always be given"


def _hint_faults(functions: Sequence[Any]) -> Iterator[str]:
    plain = [function for function in functions if not is_variant(function)]
    hinted = {id_of(function) for function in plain if hint_of(function)}
    for name in dict.fromkeys(map(id_of, functions)):
        if name not in hinted:
            yield f"{name.replace('-', '_')} has no docstring: it is the hint"


def _sign_faults(key: str, signs: Mapping[Any, Sequence[str]]) -> Iterator[str]:
    known = ", ".join(repr(sign) for sign in sorted(SIGNS))
    for function, wanted in signs.items():
        for sign in wanted:
            if sign not in SIGNS:
                yield f"{key}: {function.__name__}: {sign!r} is no sign; there are {known}"


def _evidence_faults(
    whole: Mapping[Any, str], arguments: Sequence[str]
) -> Iterator[str]:
    known = [*EVIDENCE, *map(evidence_of_ignoring, arguments)]
    for function, kind in whole.items():
        if kind not in known:
            import difflib  # only a fault needs it

            close = difflib.get_close_matches(str(kind), known, n=1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            name = function.__name__
            yield f"WHOLE: {name}: {kind!r} is not a kind of evidence{meant}"
