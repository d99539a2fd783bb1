"""A new exercise, before it is written to files."""

import msgspec


class ExampleText(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
):
    """One `[[example]]` of exercise.toml, its values as they are written there."""

    name: str
    title: str
    calls: tuple[str, ...] = ()
    inputs: dict[str, str]
    expected: str


class Plan(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
):
    """All that is written for a new exercise."""

    title: str
    statement: str
    stub: str
    reference: str
    cases: str
    examples: tuple[ExampleText, ...]
    misconceptions: str | None = None
    notes: tuple[str, ...] = ()
    """What the author is told: what could not be taken over, and what to do next."""


_HEAD = """\
# What students may see. `grader validate` reads it strictly, and names every fault with its key.

title = {title}
points = 1.0 # for each hidden case

[limits] # what may be left out has a default
call_s = 2.0 # for one call

[tolerance] # |yours - expected| <= atol + rtol * |expected|
rtol = 1e-5
atol = 1e-5

[rules] # libraries that the student's code must not use for this
forbidden = []

# Public examples, at least one: inputs by the names of the parameters, and what is expected.
# Numbers in lists make an array: of float64 where one has a point, of int64 otherwise.
"""


def exercise_toml(plan: Plan) -> str:
    """Return the text of exercise.toml."""
    from grader.authoring.starting.toml_text import toml_value

    parts = [_HEAD.format(title=toml_value(plan.title))]
    for example in plan.examples:
        lines = ["", "[[example]]"]
        lines.append(f"name = {toml_value(example.name)}")
        lines.append(f"title = {toml_value(example.title)}")
        if example.calls:
            calls = ", ".join(map(toml_value, example.calls))
            lines.append(f"calls = [{calls}]")
        lines += [
            f"inputs.{name} = {text}" for name, text in example.inputs.items()
        ]
        lines.append(f"expected = {example.expected}")
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def files_of(
    plan: Plan,
    stub_name: str,
) -> dict[str, dict[str, str]]:
    """Return the files of both halves: `exercises` and `solutions`, name -> text."""
    solutions = {
        "reference.py": plan.reference,
        "cases.py": plan.cases,
    }
    if plan.misconceptions is not None:
        solutions["misconceptions.py"] = plan.misconceptions
    return {
        "exercises": {
            "README.md": plan.statement,
            "exercise.toml": exercise_toml(plan),
            stub_name: plan.stub,
        },
        "solutions": solutions,
    }
