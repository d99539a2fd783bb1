"""The public examples of exercise.toml: worked cases with values of every kind."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.exercise.tables import ExampleTable, ExerciseTable, duplicates
from grader.exercise.values import read_value
from grader.model import Earlier, Example, Target, Trial, Value
from grader.recording import RecordingError, recorded_call, recorded_from_text
from grader.strict import did_you_mean

MOST_EXAMPLES: Final = 200
"""A report shows each one."""
_Parts = Mapping[str, Sequence[str]]


def read_examples(
    table: ExerciseTable,
    targets: Sequence[Target],
) -> tuple[tuple[Example, ...], list[str]]:
    """Return the public examples with read-only arrays, and every fault.

    An array is int64 if all its numbers are whole, and float64 if one of them has a point.
    """
    # An example without a name is a fault already, and no other fault of it could be named.
    tables = [example for example in table.example if example.name]
    if len(tables) > MOST_EXAMPLES:
        said = f"there are {len(tables):,}; {MOST_EXAMPLES} is the most"
        return (), [f"example: {said}"]
    faults = list(duplicates("example", [example.name for example in tables]))
    if not table.example:
        faults.append(
            "example: give at least one, so that `grader check` has something to show"
        )
    examples = []
    for each in tables:
        example = _read_example(
            each,
            table.parts,
            targets,
            faults,
        )
        if example is not None:
            examples.append(example)
    return tuple(examples), faults


def _read_example(
    table: ExampleTable,
    parts: _Parts,
    targets: Sequence[Target],
    faults: list[str],
) -> Example | None:
    at = f"example {table.name!r}"
    before = len(faults)
    inputs = {
        name: read_value(f"{at}: inputs.{name}", value, faults)
        for name, value in table.inputs.items()
    }
    faults += _answer_faults(at, table)
    trial = (
        _trial(
            at,
            table,
            inputs,
            targets,
            faults,
        )
        if targets
        else None
    )
    names = parts.get(_asked(trial, targets), ()) if trial else ()
    written = table.any_of or (table.expected,)
    answers = [
        _answer(
            f"{at}: expected",
            each,
            names,
            faults,
        )
        for each in written
        if each is not None
    ]
    if len(faults) > before or trial is None or not answers:
        return None
    return Example(
        name=table.name,
        title=table.title,
        args=trial.args,
        expected=answers[0],
        others=tuple(answers[1:]),
        names=trial.names,
        calls=trial.calls,
        result=trial.result,
    )


def _answer_faults(
    at: str,
    table: ExampleTable,
) -> Iterator[str]:
    if table.expected is None and not table.any_of:
        yield f"{at}: expected: missing"
    elif table.expected is not None and table.any_of:
        yield f"{at}: any_of: give expected or any_of, not both"


def _trial(
    at: str,
    table: ExampleTable,
    inputs: Mapping[str, Value],
    targets: Sequence[Target],
    faults: list[str],
) -> Trial | None:
    """Return what an example asks for; without `calls`, it is the first target."""
    first = targets[0]
    found = [] if table.calls else list(_first_faults(at, inputs, first))
    faults += found
    if found:
        return None
    try:
        if table.calls:
            return recorded_from_text(
                table.name,
                "example",
                table.calls,
                inputs,
                targets,
            )
        return _first_called(table.name, inputs, first)
    except RecordingError as error:
        where = f"{at}: {'calls' if table.calls else 'inputs'}"
        # A value that no table may have, such as a date, has been named where it stands.
        if not any(each.startswith(where) for each in faults):
            faults.append(f"{where}: {error}")
        return None


def _first_faults(
    at: str,
    given: Mapping[str, Value],
    first: Target,
) -> Iterator[str]:
    """Yield why the first target cannot be called with these inputs."""
    if first.is_class:
        yield f'{at}: calls: missing; say what is called, as in calls = ["{first.name}(...)..."]'
    else:
        yield from _input_faults(f"{at}: inputs", given, first)


def _first_called(
    name: str,
    inputs: Mapping[str, Value],
    target: Target,
) -> Trial:
    """Return the call of a target with these inputs: a plain one for arrays by position alone."""
    wanted = [each for each in target.parameters if each.name in inputs]
    args = tuple(inputs[each.name] for each in wanted)
    arrays = all(isinstance(each, np.ndarray) for each in args)
    if arrays and not any(
        each.optional or each.by_name_only for each in wanted
    ):
        return Trial(case=name, name="example", args=args)
    return recorded_call(
        name,
        "example",
        inputs,
        target,
    )


def _input_faults(
    at: str,
    given: Mapping[str, Any],
    target: Target,
) -> Iterator[str]:
    known = [each.name for each in target.parameters]
    for name in given:
        if name not in known:
            yield f"{at}.{name}: unknown argument{did_you_mean(name, known)}"
    for each in target.parameters:
        if each.name not in given and not each.optional:
            yield f"{at}.{each.name}: missing"


def _asked(
    trial: Trial,
    targets: Sequence[Target],
) -> str:
    """Return the name of the function whose result is the result, or an empty text."""
    if not trial.calls:
        return targets[0].name
    result = trial.result
    return trial.calls[result.index].name if isinstance(result, Earlier) else ""


def _answer(
    at: str,
    data: object,
    parts: Sequence[str],
    faults: list[str],
) -> Value:
    """Return an expected value; where the parts have names, a table of them is a tuple."""
    if isinstance(data, dict) and parts and set(data) == set(parts):
        return tuple(
            read_value(f"{at}.{name}", data[name], faults) for name in parts
        )
    if parts and isinstance(data, dict) and not {"tuple", "none"} & data.keys():
        faults.append(f"{at}: give its parts: {', '.join(parts)}")
    return read_value(at, data, faults)
