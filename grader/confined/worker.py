"""The confined side: loads a student's code, calls it, sends back arrays. Standard library and numpy only.

A worker reads requests and writes replies as frames (`frames.py`). Every request has a `token`, 32
random hexadecimal digits, which the reply repeats: what was written before the request came cannot
be its answer.

    {"op": "load", "token", "name", "function", "arguments": n, "units": [[source, cell], ...],
     "definitions_only": bool, "forbidden": [library, ...]}
     once, first
        -> {"op": "loaded", "token", "frames": [], ...}                     the fields of
        `model.Loading`
    {"op": "call", "token"} and the arguments as arrays
        -> {"op": "returned", "token", "type_name", "dtype", "value": bool} the result if `value`;
        then all arguments,
                                                                            but none if they are as
                                                                            they came
        -> {"op": "raised", "token", "error": {"type", "message", "line", "cell"}}
        -> {"op": "out_of_memory", "token"}
        -> {"op": "too_large", "token", "type_name", "shape"}
    {"op": "probe", "token", ...}               the fields that `attempts.py` reads
        -> {"op": "probed", "token", "blocked": {attempt: bool}}

None of this is trusted by the side that reads it. A student's code shares this process and can
write what it likes; all that it can gain is to answer for its own function, which it may do anyway.
"""

import contextlib
import importlib
import linecache
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from grader.confined import escape_attempts, frames, loading
from grader.confined.bounded_text import bounded

Array = frames.Array
Json = dict[str, Any]

_LOST = 114
_SCALARS = (bool, int, float, complex, np.generic)
_SHAPE_CAP = 100
_PAGE = 4096
_REHEARSALS = 10
_EXAMPLE = """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
import nothing
SIZE = 3
def helper(a, b):
    return np.sum(a * b)
def function(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = helper(image[i : i + SIZE, j : j + SIZE], kernel)
    return np.einsum("ijkl,kl->ij", sliding_window_view(image, kernel.shape), kernel)
1 / 0
"""


class Connection:
    """Whole frames over two descriptors."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._ahead = b""

    def receive(self) -> tuple[Json, bytes] | None:
        """Give the next request and its payload, or None when the grader has hung up."""
        prefix = self._read(frames.PREFIX.size)
        if not prefix:
            return None
        _, header_length, payload_length = frames.PREFIX.unpack(prefix)
        header = frames.parse_header(self._read(header_length))
        return header, self._read(payload_length)

    def send(self, frame: bytes) -> None:
        """Write all of a frame."""
        view = memoryview(frame)
        while view:
            view = view[os.write(self._outgoing, view) :]

    def _read(self, length: int) -> bytes:
        data = self._ahead
        while len(data) < length:
            # One call of a student's function fits in a page, and is then read by one system call.
            piece = os.read(self._incoming, max(_PAGE, length - len(data)))
            if not piece:
                return b""
            data += piece
        self._ahead = data[length:]
        return data[:length]


def run(incoming: int, outgoing: int, _prepared: None) -> NoReturn:
    """Serve on these descriptors; this process is confined already."""
    serve(Connection(incoming, outgoing))


def prepare(config: Json) -> None:
    """Do all that a worker does, in the template, until nothing in it is done for the first time any more."""
    for name in config["preload"]:
        with contextlib.suppress(Exception):  # what is not installed is not preloaded
            importlib.import_module(name)
    for _ in range(_REHEARSALS):
        rehearse()


def example_requests() -> list[bytes]:
    """Give what a worker is asked for an ordinary submission: to load it and to call its function twice."""
    what = {
        "name": "x.py",
        "units": [[_EXAMPLE, None]],
        "function": "function",
        "arguments": 2,
    }
    load = frames.pack_frame(
        {
            "op": "load",
            "token": "",
            **what,
            "definitions_only": False,
            "forbidden": ["nothing"],
        }
    )
    images = np.ones((8, 8)), np.ones((8, 8), np.int64)
    return [
        load,
        *(
            frames.pack_frame({"op": "call", "token": ""}, (image, np.ones((3, 3))))
            for image in images
        ),
    ]


def rehearse() -> None:
    """Load and call an example, and forget it.

    A fork shares memory until one side writes to it, and Python writes a lot where it does
    something for the first time: caches of attributes, counters in code, interned strings. Each
    page so written costs a worker 1 to 3 us.
    """
    finders, arguments = sys.meta_path[:], sys.argv
    reading, writing = os.pipe()
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        for request in example_requests():
            os.write(writing, request)
        os.close(writing)
        answer_all(Connection(reading, null))
    finally:
        os.close(reading)
        os.close(null)
    sys.meta_path[:], sys.argv = finders, arguments
    del sys.modules[loading.MODULE]
    linecache.clearcache()


def serve(
    connection: Connection, load: Callable[[Json], loading.Loaded] = loading.load
) -> NoReturn:
    """Answer requests until the grader hangs up; then end at once, without the student's exit handlers."""
    with contextlib.suppress(OSError):
        answer_all(connection, load)
    os._exit(_LOST)


def answer_all(
    connection: Connection, load: Callable[[Json], loading.Loaded] = loading.load
) -> None:
    """Answer requests until the grader hangs up."""
    loaded: loading.Loaded | None = None
    while request := connection.receive():
        header, payload = request
        if header["op"] == "probe":
            reply = frames.pack_frame(
                {
                    "op": "probed",
                    "token": header["token"],
                    "blocked": escape_attempts.run(header),
                }
            )
        elif header["op"] == "load":
            loaded = load(header)
            reply = frames.pack_frame(
                {"op": "loaded", "token": header["token"], **loaded.facts}
            )
        else:
            reply = _call(loaded, header, payload)
        flush()
        connection.send(reply)


def _call(loaded: "loading.Loaded | None", request: Json, payload: bytes) -> bytes:
    """Call the student's function and pack what came of it; whatever happens, there is a reply."""
    token = request["token"]
    if loaded is None:
        return frames.pack_frame({"op": "out_of_memory", "token": token})
    try:
        arguments = frames.split_payload(request["frames"], payload)
        result = loaded.function(*arguments)
        # What did not change is not sent back: whoever hides a change gains what not to change
        # anything gains.
        after = [_plain(argument) for argument in arguments]
        unchanged = b"".join(map(frames.pack_array, after)) == payload
        return _pack_result(result, [] if unchanged else after, token)
    except MemoryError:
        return frames.pack_frame({"op": "out_of_memory", "token": token})
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt too: all is the student's
        return frames.pack_frame(
            {"op": "raised", "token": token, "error": loaded.describe(error)}
        )


def _pack_result(result: object, changed: list[Array], token: str) -> bytes:
    type_name, array = _as_array(result)
    kind = None if array is None else _sendable(array.dtype)
    if array is None or kind is None:
        dtype = None if array is None else bounded(array.dtype)
        header = {
            "op": "returned",
            "token": token,
            "type_name": type_name,
            "dtype": dtype,
            "value": False,
        }
        return frames.pack_frame(header, changed)
    if array.size * kind.itemsize > frames.PAYLOAD_CAP // 2:
        shape = bounded(array.shape, _SHAPE_CAP)
        return frames.pack_frame(
            {"op": "too_large", "token": token, "type_name": type_name, "shape": shape}
        )
    return frames.pack_returned(token, type_name, array.astype(kind), changed)


def _plain(argument: Array) -> Array:
    """Give an argument as it can be sent; one that has been made something else, such as text, as its bytes."""
    if argument.dtype.str in frames.DTYPES:
        return argument
    return np.frombuffer(
        b"?" if argument.dtype.hasobject else argument.tobytes(), np.uint8
    )


def _as_array(result: object) -> tuple[str, Array | None]:
    """Give the name of the result's type, and its plain values where it has any.

    Asked is the type and never the object: `isinstance` believes an object's own `__class__`, and
    `np.asarray` its `__array__`.
    """
    kind = type(result)
    name = bounded(type.__getattribute__(kind, "__name__"))
    if np.ndarray in type.__getattribute__(kind, "__mro__"):
        return "ndarray", np.ndarray.view(result, np.ndarray)  # type: ignore[call-overload]  # it is an array
    if issubclass(kind, _SCALARS):
        return name, np.array(result)
    if kind is list or kind is tuple:
        return name, _from_list(result)
    return name, None


def _from_list(result: object) -> Array | None:
    try:
        return np.array(result)
    except (ValueError, TypeError, OverflowError):
        return None  # ragged: there is no array that it could be


def _sendable(dtype: np.dtype[Any]) -> np.dtype[Any] | None:
    """Give the type in which values of this type are sent; None where they are not numbers."""
    if dtype.kind in "biu" or (
        dtype.kind == "f" and dtype.itemsize <= np.dtype(float).itemsize
    ):
        return dtype.newbyteorder("<")
    if dtype.kind == "f":
        return np.dtype("<f8")
    return np.dtype("<c16") if dtype.kind == "c" else None


def flush() -> None:
    """Hand on what the student's code has printed."""
    for stream in (sys.stdout, sys.stderr):
        # The student may have put anything in their place.
        with contextlib.suppress(BaseException):
            stream.flush()
