"""What a part of a result is called: "`std`", "item 3 of the list", "what `f` returned"."""

from typing import Any, Final, NamedTuple

from grader.compare.script import names_of_results
from grader.compare.tree import Path, key_in_path
from grader.model import Earlier, Exercise, Finding, Trial, Value
from grader.untrusted import one_line

_KEY: Final = 60
_DEEP: Final = 6
"""How many steps of a path are shown; the rest is left out."""


class _Place(NamedTuple):
    """Where a path has got to: the name of the place, the value there, the steps that are left."""

    name: str
    value: Value
    rest: Path
    parts: tuple[str, ...] = ()
    """The names of the parts of a tuple, where they have names."""


def part_words(finding: Finding, exercise: Exercise | None) -> str | None:
    """Return the part of the result that is wrong, in words; None where that is all of it."""
    trial = finding.trial
    several = len(trial.calls) > 1
    compared = finding.rung is not None and finding.rung != "modified"
    if not compared or not (finding.part or several):
        return None
    place = _in_template(finding, exercise)
    if not place.rest:
        return place.name or None
    return _in_value(place)


def call_words(trial: Trial, index: int) -> str | None:
    """Return a call as sentences name it, such as `layer.backward`; None without such a call."""
    if not 0 <= index < len(trial.calls):
        return None
    call = trial.calls[index]
    if call.on is None:
        return call.name
    return f"{names_of_results(trial).get(call.on, 'result')}.{call.name}"


def _in_template(finding: Finding, exercise: Exercise | None) -> _Place:
    """Follow the path to the call whose result it leads into."""
    trial, rest = finding.trial, finding.part
    template, value, name = trial.result, finding.expected, ""
    while rest and not isinstance(template, Earlier):
        step = step_of(value, rest[0])
        if step is None or not isinstance(template, list | tuple | dict):
            break
        template, value, name = template[step], value[step], ""
        rest = rest[1:]
    if not isinstance(template, Earlier):
        return _Place(name, value, rest)
    if len(trial.calls) > 1:
        name = _result_words(trial, template.index)
    return _Place(name, value, rest, _part_names(trial, template, exercise))


def _result_words(trial: Trial, index: int) -> str:
    words = call_words(trial, index) or "the function"
    if 0 <= index < len(trial.calls) and trial.calls[index].is_attribute:
        return f"`{words}`"
    return f"what `{words}` returned"


def _part_names(
    trial: Trial, template: Earlier, exercise: Exercise | None
) -> tuple[str, ...]:
    if exercise is None or not exercise.targets:
        return ()
    name = exercise.targets[0].name
    if trial.calls:
        name = trial.calls[template.index].name
    found = (one.parts for one in exercise.targets if one.name == name)
    return next(found, ())


def step_of(value: Value, step: int | str) -> Any:  # noqa: ANN401 - a place, or any key
    """Return the place or the key that a step of a path stands for; None where there is none."""
    if isinstance(value, list | tuple):
        is_place = isinstance(step, int) and 0 <= step < len(value)
        return step if is_place else None
    if isinstance(value, dict):
        return next((key for key in value if key_in_path(key) == step), None)
    return None


def _in_value(place: _Place) -> str:
    """Name a part by its steps, the innermost first, up to one that has a name of its own."""
    steps = _named_steps(place)
    said = steps[-1]
    for outer in reversed(steps[:-1]):
        said = f"{said} of {outer}"
    whole = place.name
    if not whole and said.startswith("`"):
        return said
    if whole:
        return f"{said} of {whole}"
    kind = "tuple" if isinstance(place.value, tuple) else "list"
    return f"{said} of the {kind}" if steps[0].startswith("item") else said


def _named_steps(place: _Place) -> list[str]:
    value, names, steps = place.value, place.parts, []
    for step in place.rest[:_DEEP]:
        if isinstance(value, dict):
            steps.append(f"`{one_line(str(step), _KEY)}`")
        elif isinstance(step, int) and step < len(names):
            steps.append(f"`{names[step]}`")
        else:
            steps.append(f"item {step}")
        key = step_of(value, step)
        value = None if key is None else value[key]
        names = ()
    return steps
