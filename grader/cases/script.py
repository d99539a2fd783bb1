"""Draw the cases of cases.py: its functions run here, on the trusted side, and record calls."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from grader.cases.secret import generator
from grader.errors import ExerciseError
from grader.model import Case, CaseScript, Exercise, Script, Trial
from grader.recording import Recorder, RecordingError

MOST_TRIALS: Final = 100
"""The most trials of one case."""


def draw_script(
    exercise: Exercise,
    script: Script,
    digest: str,
    secret: bytes,
) -> tuple[Case, ...]:
    """Draw all cases; `ExerciseError` has a fault for each case that cannot be drawn."""
    cases = []
    faults: list[str] = []
    for each in script.cases:
        try:
            cases.append(
                _draw(
                    exercise,
                    each,
                    script.path,
                    digest,
                    secret,
                )
            )
        except ExerciseError as error:
            faults += error.faults
    if faults:
        raise ExerciseError(*faults)
    return tuple(cases)


def _draw(
    exercise: Exercise,
    case: CaseScript,
    path: Path,
    digest: str,
    secret: bytes,
) -> Case:
    trials: list[Trial] = []
    try:
        trials += _trials(
            exercise,
            case,
            digest,
            secret,
        )
    except KeyboardInterrupt:
        raise
    # The author's function may raise anything, SystemExit too.
    except BaseException as error:
        raise ExerciseError(_told(error, case, path)) from error
    if not trials:
        raise ExerciseError(
            f"{_label(path)}: {case.name}: yields nothing; `yield student...` ends each trial"
        )
    return Case(
        name=case.name,
        title=case.title,
        points=case.points,
        shapes=_shapes(trials[0]),
        trials=tuple(trials),
        tolerance=case.tolerance,
    )


def _trials(
    exercise: Exercise,
    case: CaseScript,
    digest: str,
    secret: bytes,
) -> Iterator[Trial]:
    recorder = Recorder(exercise.targets)
    rng = generator(
        secret,
        exercise.name,
        case.name,
        digest,
    )
    for number, result in enumerate(case.draw(recorder.student, rng), 1):
        if number > MOST_TRIALS:
            raise RecordingError(f"more than {MOST_TRIALS} trials in one case")
        yield recorder.trial(case.name, f"trial {number}", result)


def _shapes(trial: Trial) -> dict[str, tuple[int, ...]]:
    return {
        name: value.shape
        for name, value in zip(trial.names, trial.args, strict=True)
        if isinstance(value, np.ndarray)
    }


def _label(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _told(
    error: BaseException,
    case: CaseScript,
    path: Path,
) -> str:
    """Return a fault: the file, the line in it, the case, and why its next trial is none."""
    import traceback  # only a fault needs it

    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    where = f", line {lines[-1]}" if lines else ""
    text = " ".join(str(error).split())
    if not isinstance(error, RecordingError):
        text = (
            f"{type(error).__name__}: {text}" if text else type(error).__name__
        )
    return f"{_label(path)}{where}: {case.name}: {text}"
