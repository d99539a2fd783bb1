"""Call what a student has written, and describe what came of it.

Used by workers and by `check` in a notebook, as `judging` is.

One call is asked for at a time. The calls of a trial may belong together: a class is called, then a
method of its instance, which may be no value that could be sent. Such a result is kept here until
the next trial begins, and requests name it by the place of its call.

What comes back is plain values. A student's object may lie about itself; `packing` says how it is
looked at all the same.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.confined import frames
from grader.confined.bounded_text import bounded
from grader.confined.bounds import BYTES, TooLargeError, Unsent, Value
from grader.confined.judging import describe_exception, traceback_of
from grader.confined.moments import variables_of
from grader.confined.packing import Packer, name_of, packed_unsent
from grader.confined.unpacking import NPY, Unpacker
from grader.confined.values import generator_of

Json = dict[str, Any]

_CHANGING = (np.ndarray, list, tuple, dict)
"""Types of arguments that a call can change, or something in them."""
_SHORT = 100
"""A name of fewer characters is not too long for anybody."""
_NOT_SHOWN = packed_unsent(Unsent(""))
"""In place of a random generator or an earlier result: they may change, and cannot be sent."""


class _Reader(Unpacker):
    """Reads an argument; `is_plain` unless there is more in it than values."""

    is_plain = True

    def __init__(
        self,
        data: bytes,
        kept: Mapping[int, object],
    ) -> None:
        super().__init__(data)
        self._kept = kept

    def special(self, tag: bytes) -> Value:
        """Return a random generator, or the result of an earlier call."""
        self.is_plain = False
        if tag == b"r":
            return generator_of(self.text(), self.text())
        if tag == b"e":
            return self._kept[self.number()]
        return super().special(tag)


class Calls:
    """Answers the requests for calls of one submission."""

    def __init__(
        self,
        functions: Mapping[str, object],
        first: str,
        cells: Mapping[str, int | None],
    ) -> None:
        """Take all that can be called, by name, and the name of what a plain call calls.

        `cells` is as for `describe_exception`.
        """
        self._functions = functions
        self._first = first
        self._cells = cells
        self._kept: dict[int, object] = {}

    def answer(
        self,
        request: Json,
        payload: bytes,
    ) -> bytes:
        """Do what a `call` request asks for, and return the reply as a frame.

        `worker` lists the replies. Whatever the student's code does short of ending the process,
        there is one.
        """
        token = request["token"]
        try:
            return self._answer(request, payload, token)
        except MemoryError:
            return frames.pack_frame({"op": "out_of_memory", "token": token})
        except BaseException as error:  # noqa: BLE001 - SystemExit too: it is the student's doing
            described = describe_exception(error, self._cells)
            trace = traceback_of(error)
            described["variables"] = variables_of(trace, self._cells)
            return frames.pack_frame(
                {
                    "op": "raised",
                    "token": token,
                    "error": described,
                }
            )

    def _answer(
        self,
        request: Json,
        payload: bytes,
        token: str,
    ) -> bytes:
        pieces = frames.split(request["frames"], payload)
        place = request.get("place", 0)
        if not place and self._kept:
            self._kept.clear()  # another trial begins
        arguments, before = [], []
        for piece in pieces:
            if piece.startswith(NPY):
                value, shown = frames.unpack_array(piece), piece
            else:
                value, shown = self._argument(piece)
            arguments.append(value)
            before.append(shown)
        result = self._call(request, arguments)
        if request.get("keep"):
            self._kept[place] = result
        after = list(map(_after, arguments, before))
        changed = [] if after == before else after
        try:
            if not request.get("send", True):
                return _unsent(token, Unsent(_type_name(result)), changed)
            return _pack_result(result, changed, token)
        except TooLargeError as error:
            return _too_large(token, _type_name(result), error)

    def _argument(self, piece: bytes) -> tuple[Value, bytes]:
        """Return an argument, and the bytes that show it if the call changes one of them."""
        reader = _Reader(piece, self._kept)
        value = reader.unpack()
        return value, piece if reader.is_plain else _NOT_SHOWN

    def _call(
        self,
        request: Json,
        arguments: list[Value],
    ) -> object:
        name = request.get("name", self._first)
        on = request.get("on")
        if on is not None:
            found = getattr(self._kept[on], name)
        elif name in self._functions:
            found = self._functions[name]
        else:
            raise NameError(f"name {name!r} is not defined", name=name)
        if request.get("attribute"):
            return found
        keywords = request.get("keywords")
        if not keywords:
            return found(*arguments)
        by_place = len(arguments) - len(keywords)
        by_name = dict(zip(keywords, arguments[by_place:], strict=True))
        return found(*arguments[:by_place], **by_name)


def _after(argument: Value, before: bytes) -> bytes:
    """Return an argument as it is after the call, as bytes; `before` shows it as it was.

    Nobody can check that this is true, and nobody needs to: hiding a change gains nothing.
    """
    if type(argument) is np.ndarray:
        return frames.pack_array(_plain(argument))
    if type(argument) not in _CHANGING or before is _NOT_SHOWN:
        return before
    try:
        packed = Packer().pack(argument)
    except TooLargeError:
        packed = Unsent(type(argument).__name__)
    if isinstance(packed, Unsent):
        return packed_unsent(packed)
    return packed


def _plain(argument: frames.Array) -> frames.Array:
    """Return an argument that can be sent: its bytes, if the function gave it another dtype."""
    if argument.dtype.str in frames.DTYPES:
        return argument
    data = b"?" if argument.dtype.hasobject else argument.tobytes()
    return np.frombuffer(data, np.uint8)


def _type_name(result: object) -> str:
    # Asked for nothing unless it is a real string: a class may have one that lies as its name.
    name = name_of(type(result))
    if type(name) is str and len(name) < _SHORT and name.isascii():
        return name
    return bounded(name)


def _pack_result(
    result: object,
    changed: list[bytes],
    token: str,
) -> bytes:
    packed = _packed(result)
    if isinstance(packed, Unsent):
        return _unsent(token, packed, changed)
    # Of any subclass, an array is an `ndarray`.
    type_name = "ndarray" if packed.startswith(NPY) else _type_name(result)
    if len(packed) + sum(map(len, changed)) > frames.PAYLOAD_CAP:
        raise TooLargeError("bytes")
    return frames.pack_returned(token, type_name, packed, changed)


def _packed(result: object) -> bytes | Unsent:
    if (
        type(result) is np.ndarray
        and result.dtype.str in frames.DTYPES
        and result.nbytes <= BYTES
    ):
        return frames.pack_array(result)  # what `Packer` gives, only sooner
    return Packer().pack(result)


def _unsent(
    token: str,
    what: Unsent,
    changed: list[bytes],
) -> bytes:
    header = {
        "op": "returned",
        "token": token,
        "type_name": what.type_name,
        "dtype": what.dtype or None,
        "value": False,
    }
    return frames.join(json.dumps(header), changed)


def _too_large(
    token: str,
    type_name: str,
    error: TooLargeError,
) -> bytes:
    header = {
        "op": "too_large",
        "token": token,
        "type_name": type_name,
        "bound": error.bound,
        "shape": error.shape,
    }
    return frames.pack_frame(header)
