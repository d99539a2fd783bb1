"""What a worker is asked: the frames that this side writes.

What it is asked is trusted, so nothing here is bounded. `worker.py` says what a header holds.
"""

import functools
import json
import os

from grader.confined import frames
from grader.execution import values
from grader.model import Call, Exercise, Module, Submission, Value

TOKEN_BYTES = 16
_CALL = ("name", "on", "attribute", "keywords", "place", "keep", "send")


def new_token() -> str:
    """Return 32 random hexadecimal digits."""
    return os.urandom(TOKEN_BYTES).hex()


def load_request(
    token: str,
    exercise: Exercise,
    submission: Submission,
    *,
    definitions_only: bool,
) -> bytes:
    """Return the frame that asks a worker to load a submission.

    The source is sent whole, however long it is: the caps are for what comes back.
    """
    header = {
        "op": "load",
        "token": token,
        "units": [[unit.source, unit.cell] for unit in submission.units],
        "function": exercise.function,
        "arguments": len(exercise.arguments),
        "forbidden": exercise.rules.libraries,
        "real": exercise.preload,
        "definitions_only": definitions_only,
        **_beside(submission.modules),
        **_targets(exercise),
        **({"given": exercise.given} if exercise.given else {}),
    }
    return frames.pack_frame(header, trusted=True)


def wanted(exercise: Exercise) -> list[tuple[str, int, list[str], bool]]:
    """Return the fields of a `judging.Wanted` for each thing that the student writes."""
    found = []
    for target in exercise.targets:
        required = [each for each in target.parameters if not each.optional]
        by_name = [each.name for each in required if each.by_name_only]
        count = len(required) - len(by_name)
        found.append((target.name, count, by_name, target.is_class))
    return found or [(exercise.function, len(exercise.arguments), [], False)]


def _targets(exercise: Exercise) -> dict[str, object]:
    """Return the field for what is asked for, where that is more than the function."""
    found = wanted(exercise)
    if found == [(exercise.function, len(exercise.arguments), [], False)]:
        return {}
    return {"targets": found}


def cell_request(
    token: str,
    source: str,
    cell: int,
    *,
    definitions_only: bool = False,
    modules: tuple[Module, ...] = (),
) -> bytes:
    """Return the frame that asks a kernel to run one code cell, or only its definitions.

    What was handed in beside the notebook comes with its first cell.
    """
    header = {
        "op": "cell",
        "token": token,
        "source": source,
        "cell": cell,
        "definitions_only": definitions_only,
        **_beside(modules),
    }
    return frames.pack_frame(header, trusted=True)


def _beside(modules: tuple[Module, ...]) -> dict[str, object]:
    """Return the field for what was handed in beside a file; hardly any file needs one."""
    if not modules:
        return {}
    return {"modules": [[module.path, module.source] for module in modules]}


def call_request(
    token: str,
    arguments: tuple[Value, ...],
) -> bytes:
    """Return the frame that asks a worker for one call of the function.

    Raises ValueError with a sentence where an argument cannot be sent.
    """
    return frames.pack_call(token, list(map(values.pack, arguments)))


def trial_request(
    token: str,
    call: Call,
    place: int,
) -> bytes:
    """Return the frame that asks a worker for one call of a trial; ValueError as above."""
    fields = _call_fields(
        call.name,
        call.on,
        call.is_attribute,
        tuple(call.kwargs),
        place,
        call.is_kept,
        call.is_sent,
    )
    header = f'{{"op": "call", "token": {json.dumps(token)}, {fields}}}'
    arguments = (*call.args, *call.kwargs.values())
    return frames.join(header, list(map(values.pack, arguments)))


@functools.lru_cache  # the same calls come again with every trial
def _call_fields(*fields: object) -> str:
    """Return the fields of a call that are the same in each trial, as they stand in JSON."""
    return json.dumps(dict(zip(_CALL, fields, strict=True)))[1:-1]


def probe_request(
    token: str,
    **fields: object,
) -> bytes:
    """Return the frame that asks a worker to try what it must not be able to do."""
    return frames.pack_frame({"op": "probe", "token": token, **fields})
