"""From a secret and a submission's digest to the inputs of every trial.

Each trial has its own generator, seeded by HMAC-SHA-256 over the exercise's name, the case, the
trial and the digest. So a resubmission meets new inputs, and what one attempt leaks is worth
nothing to the next; a regrade of the same bytes meets the same inputs; and nobody without the
secret can compute them.
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
    Exercise,
    Solutions,
    Trial,
    TrialRecipe,
)

SECRET_VARIABLE = "GRADER_SECRET"  # noqa: S105 - the name of the variable
DEFAULT_SECRET = b"well-known: grades made with it can be foreseen"
"""Good for trying out. A report says when it was used."""

_SECRET_CAP = 64 * 2**10
_REDRAWS = 1000
_BLOCK = 8
_FIELDS = 256


class Secret(msgspec.Struct, frozen=True):
    """What hidden inputs are derived from, and where it came from."""

    value: bytes
    source: Literal["file", "environment", "default"]

    def __repr__(self) -> str:
        """Show the source alone: a traceback or a log must not carry the secret."""
        return f"Secret(source={self.source!r})"


def read_secret(file: Path | None, environ: Mapping[str, str]) -> Secret:
    """Read the secret from the file, else from `GRADER_SECRET`, else take the well-known default.

    Line ends at its end are no part of it, since editors and `echo` add them. Raises `UsageError`
    for a file that cannot be read and for an empty secret, which would look like one and protect
    nothing.
    """
    if file is not None:
        return Secret(_given(_read(file), str(file)), "file")
    if SECRET_VARIABLE in environ:
        text = environ[SECRET_VARIABLE].encode("utf-8", "surrogateescape")
        return Secret(_given(text, SECRET_VARIABLE), "environment")
    return Secret(DEFAULT_SECRET, "default")


def _read(file: Path) -> bytes:
    try:
        # A pipe is welcome: `--secret-file <(vault read ...)` leaves nothing on the disk.
        with file.open("rb") as stream:
            content = stream.read(_SECRET_CAP + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{file}: the secret cannot be read ({reason})") from error
    if len(content) > _SECRET_CAP:
        raise UsageError(
            f"{file}: is bigger than {_SECRET_CAP >> 10} KiB; is it the secret?"
        )
    return content


def _given(content: bytes, where: str) -> bytes:
    value = content.rstrip(b"\r\n")
    if not value.strip():
        raise UsageError(f"{where}: the secret is empty")
    return value


def draw_cases(
    exercise: Exercise, solutions: Solutions, submission_digest: str, secret: bytes
) -> tuple[Case, ...]:
    """Draw the inputs of all hidden cases: the same for the same bytes and secret, on every machine.

    The arrays are read-only: trials share them (`same_as`), and the reference sees what the
    student's code sees.
    """
    return tuple(
        _case(exercise, solutions, recipe, submission_digest, secret)
        for recipe in solutions.cases
    )


def example_cases(exercise: Exercise) -> tuple[Case, ...]:
    """Make one case with one trial of each public example."""
    return tuple(
        Case(
            name=example.name, title=example.title, points=exercise.points,
            shapes={name: array.shape for name, array in zip(exercise.arguments, example.args, strict=True)},
            trials=(Trial(case=example.name, name="example", args=example.args),),
        )
        for example in exercise.examples
    )  # fmt: skip


def _case(
    exercise: Exercise,
    solutions: Solutions,
    recipe: CaseRecipe,
    digest: str,
    secret: bytes,
) -> Case:
    drawn: dict[str, dict[str, Array]] = {}
    for trial in solutions.trials:
        generator = _generator(secret, exercise.name, recipe.name, trial.name, digest)
        drawn[trial.name] = _inputs(exercise, recipe, trial, drawn, generator)
    trials = tuple(
        Trial(
            case=recipe.name,
            name=name,
            args=tuple(inputs[argument] for argument in exercise.arguments),
        )
        for name, inputs in drawn.items()
    )
    return Case(
        name=recipe.name,
        title=recipe.title,
        points=exercise.points,
        shapes=recipe.shapes,
        trials=trials,
    )


def _generator(secret: bytes, *fields: str) -> np.random.Generator:
    # Each field is preceded by its length: "8x8" + "float" must not be the message of "8x" +
    # "8float".
    message = b"".join(map(_field, fields))
    # The digest as one big number, in the words that numpy would take that apart into, one by one.
    words = np.frombuffer(hmac.digest(secret, message, "sha256")[::-1], "<u4")
    return np.random.Generator(np.random.PCG64(words))


@functools.lru_cache(_FIELDS)
def _field(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8, "big") + encoded


def _inputs(
    exercise: Exercise, case: CaseRecipe, trial: TrialRecipe, drawn: Mapping[str, Mapping[str, Array]],
    generator: np.random.Generator,
) -> dict[str, Array]:  # fmt: skip
    inputs = {}
    for name in exercise.arguments:
        recipe = trial.inputs[name]
        if recipe.same_as is not None:
            inputs[name] = drawn[recipe.same_as][name]
            continue
        array = _draw(recipe, case.shapes[name], generator)
        if array is None:
            raise ExerciseError(
                f"cases.toml: trial {trial.name!r}: inputs.{name}: {_REDRAWS} draws for case {case.name!r}, and none "
                "with its sum in sum_between"
            )
        array.flags.writeable = False
        inputs[name] = array
    return inputs


def _draw(
    recipe: ArgumentRecipe, shape: tuple[int, ...], generator: np.random.Generator
) -> Array | None:
    if recipe.sum_between is None:
        return _values(recipe, shape, generator)
    low, high = recipe.sum_between
    # Several at once: one draw that is not taken costs as much as the rest of a trial's inputs.
    for _ in range(_REDRAWS // _BLOCK):
        block = _values(recipe, (_BLOCK, *shape), generator)
        sums = np.add.reduce(block.reshape(_BLOCK, -1), axis=1).tolist()
        fitting = next(
            (at for at, total in enumerate(sums) if low <= total <= high), None
        )
        if fitting is not None:
            return np.array(block[fitting])
    return None


def _values(
    recipe: ArgumentRecipe, shape: tuple[int, ...], generator: np.random.Generator
) -> Array:
    if recipe.kind == "integers":
        return generator.integers(
            int(recipe.low), int(recipe.high), shape, np.int64, endpoint=True
        )
    if recipe.kind == "normal":
        values = generator.normal(recipe.mean, recipe.std, shape)
    elif recipe.step is not None:
        # Drawn as whole steps, so that both ends are as likely as what lies between.
        steps = generator.integers(
            round(recipe.low / recipe.step),
            round(recipe.high / recipe.step),
            shape,
            endpoint=True,
        )
        return steps * recipe.step
    else:
        values = generator.uniform(recipe.low, recipe.high, shape)
    if recipe.step is not None:
        values = np.round(values / recipe.step) * recipe.step
    return np.asarray(
        values if recipe.decimals is None else np.round(values, recipe.decimals)
    )
