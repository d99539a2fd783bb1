"""Draw all hidden cases of a submission, and the call that is not graded."""

from collections.abc import Mapping

import numpy as np

from grader.cases.recipes import draw_inputs
from grader.cases.script import draw_script
from grader.cases.secret import generator
from grader.model import (
    Case,
    CaseRecipe,
    Example,
    Exercise,
    Solutions,
    Trial,
    Value,
)
from grader.recording import recorded_call

PROBE = "\0probe"
"""What the probe is drawn as: no case can have this name, which cannot be printed."""


def draw_cases(
    exercise: Exercise,
    solutions: Solutions,
    submission_digest: str,
    secret: bytes,
) -> tuple[Case, ...]:
    """Draw the inputs of all hidden cases: the same bytes and secret give the same inputs anywhere.

    Raises `ExerciseError` where the author's files do not allow it.
    """
    if solutions.script is not None:
        return draw_script(
            exercise,
            solutions.script,
            submission_digest,
            secret,
        )
    return tuple(
        _case(
            exercise,
            solutions,
            recipe,
            submission_digest,
            secret,
        )
        for recipe in solutions.cases
    )


def draw_probe(
    exercise: Exercise,
    solutions: Solutions,
    submission_digest: str,
    secret: bytes,
) -> Trial | None:
    """Draw the inputs of the call that is not graded, as the first trial's are drawn.

    None where the exercise has no probe.
    """
    if solutions.probe is None:
        return None
    recipe = CaseRecipe(name=PROBE, title="", shapes=solutions.probe.shapes)
    first = solutions.trials[0]
    drawn_by = generator(
        secret,
        exercise.name,
        PROBE,
        first.name,
        submission_digest,
    )
    inputs = draw_inputs(
        exercise,
        recipe,
        first,
        {},
        drawn_by,
    )
    return _trial(
        exercise,
        PROBE,
        first.name,
        inputs,
    )


def example_cases(exercise: Exercise) -> tuple[Case, ...]:
    """Return one case with one trial for each public example."""
    return tuple(
        _example_case(exercise, example) for example in exercise.examples
    )


def _example_case(
    exercise: Exercise,
    example: Example,
) -> Case:
    names = example.names or exercise.arguments
    return Case(
        name=example.name,
        title=example.title,
        points=exercise.points,
        shapes=_shapes(dict(zip(names, example.args, strict=True))),
        trials=(example_trial(example),),
    )


def example_trial(example: Example) -> Trial:
    """Return the trial that a public example is."""
    return Trial(
        case=example.name,
        name="example",
        args=example.args,
        names=example.names,
        calls=example.calls,
        result=example.result,
    )


def _shapes(inputs: Mapping[str, Value]) -> dict[str, tuple[int, ...]]:
    return {
        name: value.shape
        for name, value in inputs.items()
        if isinstance(value, np.ndarray)
    }


def _case(
    exercise: Exercise,
    solutions: Solutions,
    recipe: CaseRecipe,
    digest: str,
    secret: bytes,
) -> Case:
    drawn: dict[str, dict[str, Value]] = {}
    for trial in solutions.trials:
        drawn_by = generator(
            secret,
            exercise.name,
            recipe.name,
            trial.name,
            digest,
        )
        drawn[trial.name] = draw_inputs(
            exercise,
            recipe,
            trial,
            drawn,
            drawn_by,
        )
    points = exercise.points if recipe.points is None else recipe.points
    return Case(
        name=recipe.name,
        title=recipe.title,
        points=points,
        shapes=recipe.shapes,
        trials=tuple(
            _trial(
                exercise,
                recipe.name,
                name,
                inputs,
            )
            for name, inputs in drawn.items()
        ),
        tolerance=recipe.tolerance,
    )


def _trial(
    exercise: Exercise,
    case: str,
    name: str,
    inputs: Mapping[str, Value],
) -> Trial:
    """Return a plain trial for arrays; other values travel as the arguments of a recorded call."""
    if set(map(type, inputs.values())) <= {np.ndarray}:
        return Trial(case=case, name=name, args=tuple(inputs.values()))
    return recorded_call(
        case,
        name,
        inputs,
        exercise.targets[0],
    )
