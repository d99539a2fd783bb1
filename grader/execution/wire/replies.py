"""What a worker answers, decoded with strict, total code.

Every byte string decodes to a `Loading`, an `Outcome`, a `Ran`, the answers of a probe, or an
`Unreadable` that says why not. Nothing is raised and nothing is evaluated. Nothing is allocated
beyond the size of what was received, and `length` bounds that before it is received.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from grader.confined import bounds, frames
from grader.execution import values
from grader.execution.cleaning import clean
from grader.execution.wire.requests import TOKEN_BYTES
from grader.model import (
    Loading,
    Outcome,
    Raised,
    Skipped,
    Still,
    Unsent,
    Value,
    Variable,
)

FRAME_CAP = frames.PREFIX.size + frames.HEADER_CAP + frames.PAYLOAD_CAP

_Text = Annotated[str, msgspec.Meta(max_length=1000)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=(1 << 31) - 1)]
_Signed = Annotated[int, msgspec.Meta(ge=-(1 << 31), le=(1 << 31) - 1)]
_Short = Annotated[str, msgspec.Meta(max_length=100)]
_Lengths = Annotated[
    list[Annotated[int, msgspec.Meta(ge=0, le=frames.PAYLOAD_CAP)]],
    msgspec.Meta(max_length=64),
]
_Texts = Annotated[list[_Text], msgspec.Meta(max_length=64)]


class Unreadable(msgspec.Struct, frozen=True):
    """Why a reply could not be read; not an exception, since hostile bytes are to be expected."""

    reason: str


class Probed(msgspec.Struct, frozen=True):
    """What a probe tried, and whether it was refused."""

    blocked: dict[str, bool]


class Ran(msgspec.Struct, frozen=True):
    """What one cell of a notebook raised."""

    skipped: tuple[Skipped, ...]


Record = Loading | Outcome | Ran | Still | Probed
"""What a readable reply says."""


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    """Part of a reply; unknown fields make the reply unreadable."""


class _Variable(_Strict):
    name: _Short
    type: _Short
    text: _Short | None = None
    number: _Signed | None = None
    shape: Annotated[list[_Number], msgspec.Meta(max_length=8)] | None = None
    dtype: _Short | None = None


class _Error(_Strict):
    type: _Text
    message: _Text
    line: _Number | None
    cell: _Number | None
    variables: Annotated[list[_Variable], msgspec.Meta(max_length=12)] = (
        msgspec.field(default_factory=list)
    )


class _Skipped(_Strict):
    line: _Number | None
    cell: _Number | None
    raised: _Error


class _Reply(_Strict, tag_field="op"):
    token: Annotated[str, msgspec.Meta(max_length=2 * TOKEN_BYTES)]
    frames: _Lengths


class _Loaded(_Reply, tag="loaded"):
    state: Literal[
        "ready", "no_function", "not_callable", "bad_signature", "foreign"
    ]
    skipped: Annotated[list[_Skipped], msgspec.Meta(max_length=64)]
    functions: _Texts
    type_name: _Text | None = None
    required: _Texts = msgspec.field(default_factory=list)
    module: _Text | None = None
    replaced: bool = False
    target: _Text | None = None


class _Returned(_Reply, tag="returned"):
    type_name: _Text
    dtype: _Text | None
    value: bool


class _Raised(_Reply, tag="raised"):
    error: _Error


class _OutOfMemory(_Reply, tag="out_of_memory"):
    pass


class _TooLarge(_Reply, tag="too_large"):
    type_name: _Text
    shape: _Text
    bound: Literal["shape", "bytes", "depth", "parts", "keys", "digits"] = (
        "shape"
    )


class _Ran(_Reply, tag="ran"):
    skipped: Annotated[list[_Skipped], msgspec.Meta(max_length=64)]


class _Still(_Reply, tag="still"):
    lines: Annotated[list[_Number], msgspec.Meta(min_length=1, max_length=64)]
    cell: _Number | None


class _Probed(_Reply, tag="probed"):
    blocked: Annotated[dict[_Text, bool], msgspec.Meta(max_length=64)]


_Message = (
    _Loaded
    | _Returned
    | _Raised
    | _OutOfMemory
    | _TooLarge
    | _Ran
    | _Still
    | _Probed
)
_decoder = msgspec.json.Decoder(_Message)


def length(prefix: bytes | bytearray) -> int | Unreadable:
    """Return the length of the frame that begins with these 12 bytes, at most `FRAME_CAP`."""
    if len(prefix) < frames.PREFIX.size:
        return Unreadable("a message is cut short")
    magic, header, payload = frames.PREFIX.unpack_from(prefix)
    if magic != frames.MAGIC:
        return Unreadable(
            "something else than a message was written to the grader's socket"
        )
    if header > frames.HEADER_CAP or payload > frames.PAYLOAD_CAP:
        return Unreadable("a message is too large")
    return int(frames.PREFIX.size + header + payload)


def decode(data: bytes, token: str, arguments: int) -> Record | Unreadable:
    """Return what one whole frame says. Total: any bytes give a record, and no exception.

    `token` is that of the request, `arguments` is how many values it carried. `clean` makes the
    text harmless.
    """
    size = length(data)
    if isinstance(size, Unreadable):
        return size
    if size != len(data):
        return Unreadable("a message is not as long as it says")
    start = frames.PREFIX.size + frames.PREFIX.unpack_from(data)[1]
    try:
        message = _decoder.decode(memoryview(data)[frames.PREFIX.size : start])
        if message.token != token:
            return Unreadable("a message does not answer the request")
        pieces = frames.split(message.frames, data[start:])
        return _record(message, list(map(values.unpack, pieces)), arguments)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Unreadable(clean(f"a message cannot be read: {error}"))


def last_words(data: bytes) -> Still | None:
    """Return where a worker says it is that was asked when its time was over; total as above."""
    record = decode(data, "", 0)
    return record if isinstance(record, Still) else None


def why_invalid(record: object) -> str:
    """Return why a record that `decode` returned does not answer what was asked."""
    if isinstance(record, Unreadable):
        return record.reason
    return "a message does not answer the request"


def _record(
    message: _Message, carried: list[Value], arguments: int
) -> Record | Unreadable:
    if isinstance(message, _Returned):
        return _outcome(message, carried, arguments)
    if carried:
        return Unreadable("a message carries values that it should not")
    return _RECORDS[type(message)](message)


def _too_large(message: _TooLarge) -> Outcome:
    why = bounds.why_too_large(message.bound, clean(message.shape))
    return Outcome(
        kind="invalid_output",
        type_name=clean(message.type_name),
        reason=f"the result {why}",
    )


def _outcome(
    message: _Returned, carried: list[Value], arguments: int
) -> Outcome | Unreadable:
    after = tuple(carried[message.value :])
    if len(carried) < message.value or len(after) not in {0, arguments}:
        return Unreadable("a message does not carry the values that it should")
    value = carried[0] if message.value else None
    if isinstance(value, Unsent):
        return Unreadable("a result claims to be a value, and is not one")
    if isinstance(value, np.ndarray) and message.type_name != "ndarray":
        return Unreadable("an array claims to be something else")
    return Outcome(
        kind="returned",
        value=value,
        type_name=clean(message.type_name),
        dtype=None if message.dtype is None else clean(message.dtype),
        args_after=after or None,
    )


def _loading(message: _Loaded) -> Loading:
    return Loading(
        state=message.state,
        skipped=_skipped(message.skipped),
        functions=tuple(clean(name) for name in message.functions),
        type_name=None
        if message.type_name is None
        else clean(message.type_name),
        required=tuple(clean(name) for name in message.required),
        module=None if message.module is None else clean(message.module),
        replaced=message.replaced,
        target=None if message.target is None else clean(message.target),
    )


def _probed(message: _Probed) -> Probed:
    return Probed(
        {clean(name): blocked for name, blocked in message.blocked.items()}
    )


_RECORDS: dict[type, Callable[[Any], Record]] = {
    _Raised: lambda message: Outcome(
        kind="raised", raised=_raised(message.error)
    ),
    _OutOfMemory: lambda _: Outcome(kind="out_of_memory", reason="MemoryError"),
    _TooLarge: _too_large,
    _Loaded: _loading,
    _Ran: lambda message: Ran(_skipped(message.skipped)),
    _Still: lambda message: Still(
        lines=tuple(sorted(set(message.lines))), cell=message.cell
    ),
    _Probed: _probed,
}


def _skipped(several: list[_Skipped]) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(line=one.line, cell=one.cell, raised=_raised(one.raised))
        for one in several
    )


def _raised(error: _Error) -> Raised:
    return Raised(
        type=clean(error.type),
        message=clean(error.message),
        line=error.line,
        cell=error.cell,
        variables=tuple(map(_variable, error.variables)),
    )


def _variable(sent: _Variable) -> Variable:
    return Variable(
        name=clean(sent.name),
        type=clean(sent.type),
        text=None if sent.text is None else clean(sent.text),
        number=sent.number,
        shape=None if sent.shape is None else tuple(sent.shape),
        dtype=None if sent.dtype is None else clean(sent.dtype),
    )
