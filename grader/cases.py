"""Draw the inputs of every trial from a secret and the submission's digest.

Each trial has its own generator, seeded by HMAC-SHA-256 over the exercise's name, the case, the
trial and the digest. So a resubmission meets new inputs, and whatever one attempt leaks is worth
nothing to the next. A regrade of the same bytes meets the same inputs, and nobody can compute them
without the secret.
"""

import functools
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from grader.errors import ExerciseError, UsageError
from grader.model import (
    ArgumentRecipe,
    Array,
    Case,
    CaseRecipe,
    Example,
    Exercise,
    Solutions,
    Trial,
    TrialRecipe,
)

SECRET_VARIABLE = "GRADER_SECRET"  # noqa: S105 - the name of the variable
DEFAULT_SECRET = b"well-known: grades made with it can be foreseen"
"""For trying things out. A report says when it was used."""

PROBE = "\0probe"
"""What the probe is drawn as: no case can have this name, which cannot be printed."""

_SECRET_BYTES = 64 * 2**10
_REDRAWS = 1000
_REDRAWN_AT_ONCE = 8


class Secret(msgspec.Struct, frozen=True):
    """The secret from which hidden inputs are derived, and where it came from."""

    value: bytes
    source: Literal["file", "environment", "default"]

    def __repr__(self) -> str:
        """Show only the source: a traceback or a log must not carry the secret."""
        return f"Secret(source={self.source!r})"


def read_secret(file: Path | None, environ: Mapping[str, str]) -> Secret:
    """Return the secret from the file, else from `GRADER_SECRET`, else the well-known default.

    Line ends at the end are not part of the secret, since editors and `echo` add them. Raises
    `UsageError` for a file that cannot be read, and for an empty secret, which would look like a
    secret and protect nothing.
    """
    if file is not None:
        return Secret(_stripped(_read(file), str(file)), "file")
    if SECRET_VARIABLE in environ:
        content = environ[SECRET_VARIABLE].encode("utf-8", "surrogateescape")
        return Secret(_stripped(content, SECRET_VARIABLE), "environment")
    return Secret(DEFAULT_SECRET, "default")


def _read(file: Path) -> bytes:
    try:
        # A pipe is fine: `--secret-file <(vault read ...)` leaves nothing on the disk.
        with file.open("rb") as stream:
            content = stream.read(_SECRET_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"{file}: the secret cannot be read ({reason})"
        ) from error
    if len(content) > _SECRET_BYTES:
        size = f"{_SECRET_BYTES >> 10} KiB"
        raise UsageError(f"{file}: is larger than {size}; is this the secret?")
    return content


def _stripped(content: bytes, where: str) -> bytes:
    value = content.rstrip(b"\r\n")
    if not value.strip():
        raise UsageError(f"{where}: the secret is empty")
    return value


def draw_cases(
    exercise: Exercise,
    solutions: Solutions,
    submission_digest: str,
    secret: bytes,
) -> tuple[Case, ...]:
    """Draw the inputs of all hidden cases: the same bytes and secret give the same inputs anywhere.

    The arrays are read-only, because trials share them (`same_as`) and because the reference
    solution must see what the student's code sees.
    """
    return tuple(
        _case(exercise, solutions, recipe, submission_digest, secret)
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
    generator = _generator(
        secret, exercise.name, PROBE, first.name, submission_digest
    )
    inputs = _inputs(exercise, recipe, first, {}, generator)
    return Trial(case=PROBE, name=first.name, args=tuple(inputs.values()))


def example_cases(exercise: Exercise) -> tuple[Case, ...]:
    """Return one case with one trial for each public example."""
    return tuple(
        _example_case(exercise, example) for example in exercise.examples
    )


def _example_case(exercise: Exercise, example: Example) -> Case:
    shapes = [array.shape for array in example.args]
    return Case(
        name=example.name,
        title=example.title,
        points=exercise.points,
        shapes=dict(zip(exercise.arguments, shapes, strict=True)),
        trials=(Trial(case=example.name, name="example", args=example.args),),
    )


def _case(
    exercise: Exercise,
    solutions: Solutions,
    recipe: CaseRecipe,
    digest: str,
    secret: bytes,
) -> Case:
    drawn: dict[str, dict[str, Array]] = {}
    for trial in solutions.trials:
        generator = _generator(
            secret, exercise.name, recipe.name, trial.name, digest
        )
        drawn[trial.name] = _inputs(exercise, recipe, trial, drawn, generator)
    trials = tuple(
        Trial(case=recipe.name, name=name, args=tuple(inputs.values()))
        for name, inputs in drawn.items()
    )
    return Case(
        name=recipe.name,
        title=recipe.title,
        points=exercise.points,
        shapes=recipe.shapes,
        trials=trials,
    )


# Generators are quoted in annotations: numpy.random takes 6 ms to import, and `grader check` draws
# nothing.
def _generator(secret: bytes, *fields: str) -> "np.random.Generator":
    message = b"".join(map(_framed, fields))
    # The digest is one big number. These are the 32-bit words that numpy would split it into, only
    # faster.
    words = np.frombuffer(hmac.digest(secret, message, "sha256")[::-1], "<u4")
    return np.random.Generator(np.random.PCG64(words))


@functools.lru_cache  # the names of trials and cases come again with every submission
def _framed(text: str) -> bytes:
    """Encode a field, its length first, so that "a" and "bc" differ from "ab" and "c"."""
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8, "big") + encoded


def _inputs(
    exercise: Exercise,
    case: CaseRecipe,
    trial: TrialRecipe,
    drawn: Mapping[str, Mapping[str, Array]],
    generator: "np.random.Generator",
) -> dict[str, Array]:
    """Draw the arguments of one trial, in order; `drawn` has those of the trials before it."""
    inputs = {}
    for name in exercise.arguments:
        recipe = trial.inputs[name]
        if recipe.same_as is not None:
            inputs[name] = drawn[recipe.same_as][name]
            continue
        array = _draw(recipe, case.shapes[name], generator)
        if array is None:
            raise ExerciseError(
                f"cases.toml: trial {trial.name!r}: inputs.{name}: none of {_REDRAWS} draws "
                f"for case {case.name!r} has its sum in sum_between"
            )
        array.flags.writeable = False
        inputs[name] = array
    return inputs


def _draw(
    recipe: ArgumentRecipe,
    shape: tuple[int, ...],
    generator: "np.random.Generator",
) -> Array | None:
    if recipe.sum_between is None:
        return _values(recipe, shape, generator)
    low, high = recipe.sum_between
    # Several at once, since a rejected draw costs as much as the rest of a trial's inputs.
    for _ in range(_REDRAWS // _REDRAWN_AT_ONCE):
        block = _values(recipe, (_REDRAWN_AT_ONCE, *shape), generator)
        sums = np.add.reduce(
            block.reshape(_REDRAWN_AT_ONCE, -1), axis=1
        ).tolist()
        for array, total in zip(block, sums, strict=True):
            if low <= total <= high:
                return np.array(array)
    return None


def _values(
    recipe: ArgumentRecipe,
    shape: tuple[int, ...],
    generator: "np.random.Generator",
) -> Array:
    if recipe.kind == "integers":
        low, high = int(recipe.low), int(recipe.high)
        return generator.integers(low, high, shape, np.int64, endpoint=True)
    if recipe.kind == "uniform" and recipe.step is not None:
        # Whole steps are drawn, so that both ends are as likely as the values between them.
        low, high = (
            round(recipe.low / recipe.step),
            round(recipe.high / recipe.step),
        )
        return generator.integers(low, high, shape, endpoint=True) * recipe.step
    if recipe.kind == "uniform":
        values = generator.uniform(recipe.low, recipe.high, shape)
    else:
        values = generator.normal(recipe.mean, recipe.std, shape)
    if recipe.step is not None:
        values = np.round(values / recipe.step) * recipe.step
    if recipe.decimals is not None:
        values = np.round(values, recipe.decimals)
    return values
