"""From a solutions folder to a catalogue: run and check the author's `misconceptions.py`."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from grader.diagnose.catalogue import (
    EVIDENCE,
    Catalogue,
    Causes,
    evidence_of_ignoring,
    hint_of,
    id_of,
    question_of,
)
from grader.diagnose.pipeline import Pipeline
from grader.diagnose.plans import Parts, is_variant
from grader.diagnose.predicates import Predicates, predicate
from grader.diagnose.replaying import Member, Replaying, ids_of
from grader.diagnose.signs import SIGNS
from grader.errors import ExerciseError
from grader.exercise.author_file import run_source
from grader.model import Exercise, Solutions
from grader.strict import did_you_mean

FILE: Final = "misconceptions.py"

_STAGES: Final = ("SHAPING", "NUMBERS", "VALUES")
_STAGED: Final = (*_STAGES, "start", "finish", "FACTOR")
_KNOWN: Final = (
    *_STAGES,
    *("ANSWERS", "WHOLE", "FACTOR", "SIGNS", "EFFECTS", "SUPPORT"),
)
"""The names in capital letters that such a file may define."""

Names: TypeAlias = Mapping[str, Any]
"""The names that `misconceptions.py` defines."""


def load_catalogue(exercise: Exercise, solutions: Solutions) -> Catalogue:
    """Load the misconceptions of an exercise; without the file, return an empty catalogue.

    Runs the author's file. Raises `ExerciseError` with every fault if it is not what `catalogue`
    describes.
    """
    path = solutions.folder / FILE
    if not path.is_file():
        return _replaying({}, {}, {}, exercise, solutions)
    names = run_file(path, exercise)
    faults = [f"{path}: {fault}" for fault in _faults(names, exercise)]
    if faults:
        raise ExerciseError(*faults)
    texts: dict[str, str] = {}
    for function in alternatives(names):
        if len(ids_of(function)) > 1:
            continue  # it stands for others, which have hints
        hint = "" if is_variant(function) else hint_of(function)
        texts[id_of(function)] = texts.get(id_of(function)) or hint
    whole: Mapping[Any, Any] = names.get("WHOLE", {})
    evidence = {
        kind: id_of(function)
        for function, kind in whole.items()
        if isinstance(kind, str)
    }
    if is_staged(names):
        parts = _parts(names, solutions)
        answers = names.get("ANSWERS", ())
        causes = _causes(names, alternatives(names))
        return Pipeline(texts, evidence, parts, answers, causes)
    return _replaying(texts, evidence, names, exercise, solutions)


def _replaying(
    texts: dict[str, str],
    evidence: dict[str, str],
    names: Names,
    exercise: Exercise,
    solutions: Solutions,
) -> Replaying:
    """Return the catalogue of an exercise whose wrong answers are complete ones."""
    members = [
        Member(target=target, answer=answer, ids=ids_of(answer))
        for target, answers in answers_by_target(names, exercise).items()
        for answer in answers
    ]
    targets = exercise.targets
    whole: Mapping[Any, Any] = names.get("WHOLE", {})
    predicates = [
        predicate(ids_of(function), holds, targets)
        for function, holds in whole.items()
        if not isinstance(holds, str)
    ]
    own = {target.name for target in targets} | _case_names(solutions)
    properties = [
        predicate(ids_of(check), check, targets)
        for name, check in solutions.checks.items()
        if name not in own
    ]
    for name, check in solutions.checks.items():
        if name not in own:
            texts.setdefault(id_of(check), hint_of(check))
    properties_of = [
        check for name, check in solutions.checks.items() if name not in own
    ]
    asking = [*alternatives(names), *properties_of]
    return Replaying(
        texts,
        evidence,
        exercise=exercise,
        right={exercise.function: solutions.reference, **solutions.names},
        members=members,
        predicates=Predicates(exercise, predicates, properties),
        causes=_causes(names, asking),
    )


def _case_names(solutions: Solutions) -> set[str]:
    script = solutions.script
    cases = solutions.cases if script is None else script.cases
    return {case.name for case in cases}


def is_staged(names: Names) -> bool:
    """Return whether a file has mistakes that combine, beside complete wrong answers."""
    return any(key in names for key in _STAGED)


def answers_by_target(
    names: Names,
    exercise: Exercise,
) -> dict[str, tuple[Any, ...]]:
    """Return the complete wrong answers, by the function or class that each stands in for."""
    answers = names.get("ANSWERS", ())
    if isinstance(answers, Mapping):
        return {name: tuple(some) for name, some in answers.items()}
    return {exercise.function: tuple(answers)}


def _causes(names: Names, functions: Sequence[Any]) -> Causes:
    questions: dict[str, str] = {}
    for function in functions:
        asked = "" if is_variant(function) else question_of(function)
        if asked and len(ids_of(function)) == 1:
            questions.setdefault(id_of(function), asked)
    return Causes(
        questions=questions,
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
    answers = names.get("ANSWERS", ())
    if isinstance(answers, Mapping):
        answers = itertools.chain.from_iterable(answers.values())
    return [*wrong, *answers, *names.get("WHOLE", {})]


# ---- The author's file


def run_file(path: Path, exercise: Exercise) -> dict[str, Any]:
    """Run the author's file, and return the names that it defines; `ExerciseError` if it fails.

    It finds the files of the exercise as submissions do.
    """
    try:
        return run_source(
            path.read_text("utf-8"), path, exercise.folder, exercise.files
        )
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # Whatever the author's file does, even sys.exit, is reported in one line.
        raise ExerciseError(
            f"{path}: {type(error).__name__}: {error}"
        ) from error


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
    yield from _name_faults(names)
    wrong_forms = list(_form_faults(names, exercise))
    if wrong_forms:
        yield from wrong_forms
        return
    functions = alternatives(names)
    strange = [
        function for function in functions if not hasattr(function, "__name__")
    ]
    if strange:
        yield from (f"{function!r} is not a function" for function in strange)
        return
    yield from _hint_faults(functions)
    yield from _evidence_faults(names.get("WHOLE", {}), exercise)
    signs = names.get("SIGNS", {})
    for key in ("SIGNS", "SUPPORT"):
        yield from _sign_faults(key, names.get(key, {}))
    for function in names.get("EFFECTS", {}):
        if function not in signs:
            yield f"EFFECTS: {function.__name__} has no SIGNS: this hint would always be given"


def _name_faults(names: Names) -> Iterator[str]:
    """Yield names that are nearly one of those that mean something, such as `ANSWER`."""
    import difflib  # only an author's file needs it

    absent = [name for name in _KNOWN if name not in names]
    for name in names:
        if not name.isupper() or name in _KNOWN:
            continue
        close = difflib.get_close_matches(name, absent, n=1, cutoff=0.8)
        if close:
            yield f"{name}: means nothing here; did you mean {close[0]}?"


def _form_faults(names: Names, exercise: Exercise) -> Iterator[str]:
    answers = names.get("ANSWERS", ())
    known = [target.name for target in exercise.targets]
    if isinstance(answers, Mapping):
        for name, some in answers.items():
            if name not in known:
                yield f"ANSWERS: {name!r} is not in the stub{did_you_mean(str(name), known)}"
            if not isinstance(some, list | tuple):
                yield f"ANSWERS: {name!r}: give a tuple of functions, such as (f, g) or (f,)"
    elif not isinstance(answers, list | tuple):
        yield "ANSWERS: give a tuple of functions, such as (f, g) or (f,)"
    elif answers and len(known) > 1:
        yield f"ANSWERS: say of what: {{{known[0]!r}: (f, g), {known[1]!r}: (h,)}}"
    if not isinstance(names.get("WHOLE", {}), Mapping):
        yield 'WHOLE: give a dict from a function to its evidence: {f: "returned None"}'


def _hint_faults(functions: Sequence[Any]) -> Iterator[str]:
    plain = [
        function
        for function in functions
        if not is_variant(function) and len(ids_of(function)) == 1
    ]
    hinted = {id_of(function) for function in plain if hint_of(function)}
    ids = [name for each in functions for name in sorted(ids_of(each))]
    for name in dict.fromkeys(ids):
        if name not in hinted:
            yield f"{name.replace('-', '_')} has no docstring: it is the hint"


def _sign_faults(key: str, signs: Mapping[Any, Sequence[str]]) -> Iterator[str]:
    known = ", ".join(repr(sign) for sign in sorted(SIGNS))
    for function, wanted in signs.items():
        for sign in wanted:
            if sign not in SIGNS:
                yield f"{key}: {function.__name__}: {sign!r} is not a sign; there are {known}"


def _evidence_faults(
    whole: Mapping[Any, Any],
    exercise: Exercise,
) -> Iterator[str]:
    known = [*EVIDENCE, *map(evidence_of_ignoring, exercise.arguments)]
    for function, kind in whole.items():
        if callable(kind):
            yield from _predicate_faults(function, kind, exercise)
        elif kind not in known:
            meant = did_you_mean(str(kind), list(map(repr, known)))
            name = function.__name__
            yield f"WHOLE: {name}: {kind!r} is not a kind of evidence{meant}"


def _predicate_faults(
    function: Any,  # noqa: ANN401 - the author's function, of whatever arguments
    holds: Callable[..., Any],
    exercise: Exercise,
) -> Iterator[str]:
    try:
        found = predicate(ids_of(function), holds, exercise.targets)
    except (ValueError, TypeError) as error:
        yield f"WHOLE: {function.__name__}: {error}"
        return
    if not found.targets:
        yield (
            f"WHOLE: {function.__name__}: its predicate asks for what nothing in the stub takes: "
            "name parameters of a function or class there, `expected`, `case` or `raised`"
        )
