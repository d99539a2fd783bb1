"""The public examples of an exercise that was taken over: what its tests write out."""

from collections.abc import Iterator, Sequence
from typing import Final

from grader.authoring.starting.kinds import is_generator, kind_of
from grader.authoring.starting.plans import ExampleText
from grader.authoring.starting.toml_text import NotWritableError, toml_value
from grader.authoring.takeover.claims import Claim
from grader.authoring.takeover.computed import computed
from grader.model import Target, Value

_MOST: Final = 8


def examples_of(
    claims: Sequence[Claim],
    targets: dict[str, Target],
    reference: str,
    notes: list[str],
) -> Iterator[ExampleText]:
    """Yield an example for each claim, and add to `notes` what could not become one."""
    numbers: dict[str, int] = {}
    for claim in claims[:_MOST]:
        number = numbers[claim.target] = (
            numbers.get(
                claim.target,
                0,
            )
            + 1
        )
        try:
            found = computed(
                reference, claim.target, claim.args, (claim.expected,)
            )
            if found.note is not None:
                notes.append(found.note)
            yield _example(
                targets,
                claim.target,
                claim.args,
                found.expected,
                title=f"{claim.target}, example {number}",
                number=f"-{number}",
            )
        except NotWritableError as error:
            notes.append(f"a test of {claim.target}: {error}")
    if len(claims) > _MOST:
        more = len(claims) - _MOST
        notes.append(f"{more} of the public tests: {_MOST} are examples")


def _example(
    targets: dict[str, Target],
    target: str,
    args: dict[str, Value],
    expected: str,
    *,
    title: str,
    number: str = "",
) -> ExampleText:
    call = f"{target}({', '.join(f'{name}={name}' for name in args)})"
    return ExampleText(
        name=f"{target.replace('_', '-')}{number}",
        title=title,
        calls=() if target == next(iter(targets)) else (call,),
        inputs={name: toml_value(value) for name, value in args.items()},
        expected=expected,
    )


def made_up(
    targets: dict[str, Target], reference: str, notes: list[str]
) -> Iterator[ExampleText]:
    """Yield an example for each function, computed with the notebook's own solution."""
    for target in targets.values():
        if target.is_class:
            notes.append(
                f"an example of {target.name}: write one into exercise.toml"
            )
            continue
        args = {
            each.name: kind_of(each).example
            for each in target.parameters
            if not each.optional and not is_generator(each)
        }
        try:
            found = computed(reference, target.name, args)
            yield _example(
                targets,
                target.name,
                args,
                found.expected,
                title=f"{target.name}, made up and computed: check it by hand",
            )
        except NotWritableError as error:
            notes.append(
                f"an example of {target.name}: no test writes one out, and for made-up arguments: "
                f"{error}; write one into exercise.toml"
            )
