"""The record of `exercise.toml`, and the faults in it that its types cannot rule out."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

import msgspec

from grader.model import (
    Comparison,
    Limits,
    Picture,
    Rules,
    Speed,
    Target,
    Tolerance,
)
from grader.strict import did_you_mean

_PACKAGE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_WITHIN = re.compile(r"\d+(\.\d+)?x reference")
_LEAST_RATIO = 2
"""Two runs of the same code differ by less."""
_SAID_BY_THE_STUB = ("function", "arguments")

_LONGEST_TITLE: Final = 200


class ExampleTable(msgspec.Struct, frozen=True, kw_only=True):
    """One `[[example]]` of exercise.toml: a public case with its result."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    """Each only once."""
    title: str
    """What it shows, as a heading in the feedback."""
    inputs: dict[str, Any] = {}
    """Name of an argument -> its value."""
    calls: tuple[str, ...] = ()
    """Lines such as `layer = Linear(weights, bias)`; the last one is the result."""
    expected: Any = None
    """What is right."""
    any_of: tuple[Any, ...] = ()
    """Several right answers, in place of `expected`."""


class ExerciseTable(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of exercise.toml: what students may see."""

    title: str
    """The exercise's name for people."""
    points: float = 1.0
    """Per hidden case."""
    limits: Limits = Limits()
    tolerance: Tolerance = Tolerance()
    comparison: Comparison = Comparison()
    parts: dict[str, tuple[str, ...]] = {}
    """Function -> the names of the parts of the tuple that it returns."""
    rules: Rules = Rules()
    picture: Picture = Picture()
    speed: Speed | None = None
    missing: dict[str, str] = {}
    """Library -> one sentence that students read where it is missing."""
    files: tuple[str, ...] = ()
    """Files of the folder that submissions may read."""
    preload: tuple[str, ...] = ()
    """Modules that submissions import and that take long to load: loaded once, where installed."""
    packages: tuple[str, ...] = ()
    """Packages that submissions may import, and that artifacts install."""
    hand_in: str = ""
    """How to hand it in, as a sentence that a student reads when all public examples are right."""
    example: tuple[ExampleTable, ...]


def said_by_the_stub(values: dict[str, Any]) -> Iterator[str]:
    """Take away the keys that the stub has made superfluous, and yield a fault for each."""
    for key in _SAID_BY_THE_STUB:
        if values.pop(key, None) is not None:
            yield f"{key}: the stub says it; take this line away"


def exercise_faults(
    table: ExerciseTable,
    targets: Sequence[Target],
) -> Iterator[str]:
    """Yield what is wrong with an exercise's values, as `key: what is wrong`; examples apart."""
    if not table.title.strip():
        yield "title: is empty"
    elif not table.title.isprintable() or len(table.title) > _LONGEST_TITLE:
        yield (
            f"title: must be one line of at most {_LONGEST_TITLE} characters that can be printed"
        )
    for name in table.packages:
        if not _PACKAGE.fullmatch(name):
            yield (
                f"packages: {name!r} is not the name of a package, such as pandas; "
                "versions are those that are installed where an artifact is made"
            )
    yield from _number_faults(table)
    yield from _name_faults(table)
    yield from _parts_faults(table.parts, targets)
    yield from _picture_faults(table.picture, targets)
    speed = table.speed
    if speed is not None and not _WITHIN.fullmatch(speed.within):
        yield f'speed.within: {speed.within!r} is not a ratio such as "20x reference"'
    elif speed is not None and not speed.ratio >= _LEAST_RATIO:
        yield "speed.within: must be 2x reference or above"


def _picture_faults(
    picture: Picture,
    targets: Sequence[Target],
) -> Iterator[str]:
    window = picture.window
    if window and len(window) != len(("over", "by")):
        yield "picture.window: give two arguments: over which, then what is laid over it"
    arguments = [one.name for target in targets for one in target.parameters]
    for key in ("stride", "padding"):
        if getattr(picture, key) and not window:
            yield f"picture.{key}: says how a window moves, and there is no picture.window"
    named = [("window", name) for name in window]
    named += [(key, getattr(picture, key)) for key in ("stride", "padding")]
    for key, name in named:
        if name and name not in arguments:
            yield f"picture.{key}: {name!r} is not an argument{did_you_mean(name, arguments)}"


def _name_faults(table: ExerciseTable) -> Iterator[str]:
    named = {
        "preload": table.preload,
        "rules.forbidden": table.rules.forbidden,
        "rules.required": table.rules.required,
        "missing": tuple(table.missing),
    }
    for key, names in named.items():
        for name in names:
            if not _is_dotted(name):
                yield f"{key}: {name!r} is not a module's name, such as matplotlib.pyplot"
    for name in table.rules.required:
        if "." not in name:
            yield f"rules.required: {name!r}: write the whole name, such as numpy.einsum"
    for name, sentence in table.missing.items():
        if not sentence.strip():
            yield f"missing.{name}: is empty"


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _parts_faults(
    parts: Mapping[str, Sequence[str]],
    targets: Sequence[Target],
) -> Iterator[str]:
    known = [target.name for target in targets if not target.is_class]
    for name, names in parts.items():
        if targets and name not in known:
            close = did_you_mean(name, known)
            yield f"parts.{name}: the stub asks for no such function{close}"
        if not names:
            yield f"parts.{name}: name at least one part"
        yield from duplicates(f"parts.{name}", names)


def _number_faults(table: ExerciseTable) -> Iterator[str]:
    numbers = {"points": table.points}
    for key, value in msgspec.structs.asdict(table.limits).items():
        numbers[f"limits.{key}"] = value
    for key, value in numbers.items():
        if not 0 < value < math.inf:
            yield f"{key}: must be above 0"
    yield from tolerance_faults("tolerance", table.tolerance)


def tolerance_faults(
    key: str,
    tolerance: Tolerance | None,
) -> Iterator[str]:
    """Yield what is wrong with a tolerance."""
    if tolerance is None:
        return
    for name, value in msgspec.structs.asdict(tolerance).items():
        if not 0 <= value < math.inf:
            yield f"{key}.{name}: must be 0 or above"


def duplicates(
    key: str,
    names: Sequence[str],
) -> Iterator[str]:
    """Yield the names that are there twice, and those that nobody can read."""
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"{key}: {name!r} is there {names.count(name)} times"
        if not name.strip() or not name.isprintable():
            yield f"{key}: {name!r} is not a readable name"
