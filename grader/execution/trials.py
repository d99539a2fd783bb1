"""The calls of a trial, made one by one, and what came of all of them put together."""

import functools
from collections.abc import Callable, Sequence

import msgspec

from grader.execution import wire
from grader.model import (
    Call,
    Earlier,
    Outcome,
    Random,
    Trial,
    Unsent,
    Value,
)

_NONE = "NoneType"

Request = Callable[[str], bytes]
"""Makes the request for one call, given its token; ValueError if an argument cannot be sent."""


def run(
    trial: Trial, call_once: Callable[[Request, Sequence[Value]], Outcome]
) -> Outcome:
    """Return what comes of a trial whose calls are made in order, up to one that does not return.

    `call_once` makes one call, and is given its arguments too.
    """
    request: Request
    if not trial.calls:
        request = functools.partial(wire.call_request, arguments=trial.args)
        return call_once(request, trial.args)
    outcomes: list[Outcome] = []
    for place, call in enumerate(trial.calls):
        request = functools.partial(wire.trial_request, call=call, place=place)
        outcomes.append(call_once(request, arguments_of(call)))
        if outcomes[-1].kind != "returned":
            break
    return together(trial, outcomes)


def together(
    trial: Trial,
    outcomes: Sequence[Outcome],
) -> Outcome:
    """Return the outcome of a trial whose calls came to these, up to one that did not return."""
    duration = sum(outcome.duration_s for outcome in outcomes)
    last = outcomes[-1]
    if last.kind != "returned":
        return msgspec.structs.replace(
            last, call=len(outcomes) - 1, duration_s=duration
        )
    after = _arguments_after(trial, outcomes)
    template = trial.result
    if isinstance(template, Earlier):
        return msgspec.structs.replace(
            outcomes[template.index], args_after=after, duration_s=duration
        )
    return Outcome(
        kind="returned",
        duration_s=duration,
        value=_filled(template, outcomes),
        type_name=type(template).__name__,
        args_after=after,
    )


def _filled(
    template: Value,
    outcomes: Sequence[Outcome],
) -> Value:
    """Put the results of the calls where the trial's result names them."""
    if isinstance(template, Earlier):
        return _value_of(outcomes[template.index])
    if isinstance(template, dict):
        return {key: _filled(part, outcomes) for key, part in template.items()}
    if isinstance(template, list | tuple):
        parts = [_filled(part, outcomes) for part in template]
        return parts if isinstance(template, list) else tuple(parts)
    return template


def _value_of(outcome: Outcome) -> Value:
    if outcome.value is None and outcome.type_name != _NONE:
        return Unsent(outcome.type_name or "", outcome.dtype)
    return outcome.value


def _arguments_after(
    trial: Trial, outcomes: Sequence[Outcome]
) -> tuple[Value, ...] | None:
    """Return all arguments as they were after the calls; None where no call changed one."""
    if all(outcome.args_after is None for outcome in outcomes):
        return None
    found: list[Value] = []
    for call, outcome in zip(trial.calls, outcomes, strict=True):
        found += outcome.args_after or arguments_of(call)
    return tuple(found)


def with_own(arguments: Sequence[Value], outcome: Outcome) -> Outcome:
    """Return an outcome with what we sent where a worker does not send it back.

    That is what holds a random generator or the result of an earlier call.
    """
    if outcome.args_after is None:
        return outcome
    pairs = zip(arguments, outcome.args_after, strict=True)
    after = tuple(before if _is_ours(before) else now for before, now in pairs)
    return msgspec.structs.replace(outcome, args_after=after)


def _is_ours(argument: Value) -> bool:
    if isinstance(argument, list | tuple):
        return any(map(_is_ours, argument))
    if isinstance(argument, dict):
        return any(map(_is_ours, argument.values()))
    return isinstance(argument, Earlier | Random)


def arguments_of(call: Call) -> tuple[Value, ...]:
    """Return the arguments of a call, those by position first."""
    return (*call.args, *call.kwargs.values())
