"""The trusted end of the wire: it writes requests, and decodes replies with strict, total code.

`frames.py` says what a frame looks like, and `worker.py` what its header holds. Every byte string
decodes to a `Loading`, an `Outcome`, a `Ran`, the answers of a probe, or an `Unreadable` that says
why not. Nothing is raised and nothing is evaluated. Nothing is allocated beyond the size of what
was received, and `length` bounds that before it is received.
"""

import functools
import re
import secrets
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec

from grader import untrusted
from grader.confined import frames
from grader.model import Array, Loading, Module, Outcome, Raised, Skipped, Unit

TOKEN_BYTES = 16
FRAME_CAP = frames.PREFIX.size + frames.HEADER_CAP + frames.PAYLOAD_CAP

_TEXT_CAP = 500
_Text = Annotated[str, msgspec.Meta(max_length=1000)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=(1 << 31) - 1)]
_Lengths = Annotated[
    list[Annotated[int, msgspec.Meta(ge=0, le=frames.PAYLOAD_CAP)]],
    msgspec.Meta(max_length=64),
]
_Texts = Annotated[list[_Text], msgspec.Meta(max_length=64)]

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_])")
_MODULE_FILE = re.compile(r" \((?:/|[A-Za-z]:\\)[^()]*\.(?:py|so|pyd)\)")
"""Where an ImportError found the module that does not have the name."""
_SCRATCH = re.compile(
    r"(?:/[^\s'\"(/]{1,64}){0,8}"
    r"/grader-[0-9a-z_]{8}(?:/(?:[0-9]{1,9}|tmp[0-9a-z_]{8}))?(?![0-9A-Za-z_])"
)
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


class Unreadable(msgspec.Struct, frozen=True):
    """Why a reply could not be read; not an exception, since hostile bytes are to be expected."""

    reason: str


class Probed(msgspec.Struct, frozen=True):
    """What a probe tried, and whether it was refused."""

    blocked: dict[str, bool]


class Ran(msgspec.Struct, frozen=True):
    """What one cell of a notebook raised."""

    skipped: tuple[Skipped, ...]


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    """Part of a reply; unknown fields make the reply unreadable."""


class _Error(_Strict):
    type: _Text
    message: _Text
    line: _Number | None
    cell: _Number | None


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


class _Ran(_Reply, tag="ran"):
    skipped: Annotated[list[_Skipped], msgspec.Meta(max_length=64)]


class _Probed(_Reply, tag="probed"):
    blocked: Annotated[dict[_Text, bool], msgspec.Meta(max_length=64)]


_Message = (
    _Loaded | _Returned | _Raised | _OutOfMemory | _TooLarge | _Ran | _Probed
)
_decoder = msgspec.json.Decoder(_Message)

# --------------------------------------------------------------------------- requests


def new_token() -> str:
    """Return 32 random hexadecimal digits."""
    return secrets.token_hex(TOKEN_BYTES)


def load_request(
    token: str,
    *,
    units: tuple[Unit, ...],
    function: str,
    arguments: int,
    forbidden: tuple[str, ...],
    real: tuple[str, ...] = (),
    definitions_only: bool,
    modules: tuple[Module, ...] = (),
) -> bytes:
    """Return the frame that asks a worker to load a submission.

    The source is sent whole, however long it is: the caps are for what comes back.
    """
    header = {
        "op": "load",
        "token": token,
        "units": [[unit.source, unit.cell] for unit in units],
        "function": function,
        "arguments": arguments,
        "forbidden": forbidden,
        "real": real,
        "definitions_only": definitions_only,
        **_beside(modules),
    }
    return frames.pack_frame(header, trusted=True)


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


def call_request(token: str, arguments: tuple[Array, ...]) -> bytes:
    """Return the frame that asks a worker for one call."""
    return frames.pack_call(token, arguments)


def probe_request(token: str, **fields: object) -> bytes:
    """Return the frame that asks a worker to try what it must not be able to do."""
    return frames.pack_frame({"op": "probe", "token": token, **fields})


# ---------------------------------------------------------------------------- replies


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


def decode(
    data: bytes, token: str, arguments: int
) -> Loading | Outcome | Ran | Probed | Unreadable:
    """Return what one whole frame says. Total: any bytes give a record, and no exception.

    `token` is that of the request, `arguments` is how many arrays it carried. `clean` makes the
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
        arrays = frames.split_payload(message.frames, data[start:])
        return _record(message, arrays, arguments)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Unreadable(clean(f"a message cannot be read: {error}"))


def why_invalid(record: object) -> str:
    """Return why a record that `decode` returned is no answer to what was asked."""
    if isinstance(record, Unreadable):
        return record.reason
    return "a message does not answer the request"


def _record(
    message: _Message, arrays: list[Array], arguments: int
) -> Loading | Outcome | Ran | Probed | Unreadable:
    if isinstance(message, _Returned):
        return _outcome(message, arrays, arguments)
    if arrays:
        return Unreadable("a message carries arrays that it should not")
    return _RECORDS[type(message)](message)


def _too_large(message: _TooLarge) -> Outcome:
    reason = f"the result is too large to send: shape {clean(message.shape)}"
    return Outcome(
        kind="invalid_output", type_name=clean(message.type_name), reason=reason
    )


def _outcome(
    message: _Returned, arrays: list[Array], arguments: int
) -> Outcome | Unreadable:
    after = tuple(arrays[message.value :])
    if len(arrays) < message.value or len(after) not in {0, arguments}:
        return Unreadable("a message does not carry the arrays that it should")
    return Outcome(
        kind="returned",
        value=arrays[0] if message.value else None,
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
    )


def _probed(message: _Probed) -> Probed:
    return Probed(
        {clean(name): blocked for name, blocked in message.blocked.items()}
    )


_RECORDS: dict[type, Callable[[Any], Loading | Outcome | Ran | Probed]] = {
    _Raised: lambda message: Outcome(
        kind="raised", raised=_raised(message.error)
    ),
    _OutOfMemory: lambda _: Outcome(kind="out_of_memory", reason="MemoryError"),
    _TooLarge: _too_large,
    _Loaded: _loading,
    _Ran: lambda message: Ran(_skipped(message.skipped)),
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
    )


@functools.lru_cache  # the names of types come again with every answer
def clean(text: str) -> str:
    """Return a student's text for a report: one line, at most 500 characters, the same each time.

    Colours are left out. Memory addresses and scratch folders are replaced, because they differ
    from run to run and a report must not.
    """
    plain = _ANSI.sub("", text[: 2 * _TEXT_CAP])
    return untrusted.one_line(_same_each_time(plain), _TEXT_CAP)


def clean_lines(text: str) -> str:
    """Return what a student's code printed as lines for a report, the same each time."""
    return untrusted.visible(
        _same_each_time(_ANSI.sub("", text)).replace("\t", "    ")
    )


def _same_each_time(text: str) -> str:
    text = _MODULE_FILE.sub("", text)
    return _SCRATCH.sub("(scratch)", _ADDRESS.sub("0x...", text))
