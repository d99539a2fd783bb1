"""The confined side: load a student's code, call it, send back values.

A worker reads requests and writes replies as frames (see `frames`). Every request has a `token` of
32 random hexadecimal digits, which the reply repeats: what a worker wrote before it got the request
cannot be the answer to it.

    {"op": "load", "token", "function", "arguments": n, "units": [[source, cell], ...],
     "definitions_only": bool, "forbidden": [library, ...],
     "modules": [[path, source], ...], "real": [module, ...], "given": source,
     "targets": [[name, arguments, [parameter, ...], is_class], ...]}
     once, first; `real` modules are never stood in for, `given` is run last, and `targets` is there
     where more is asked for than the function
        -> {"op": "loaded", "token", "frames": [], ...}     the fields of `model.Loading`

    {"op": "call", "token"}                                 and the arguments, by position
        -> {"op": "returned", "token", "type_name", "dtype", "value": bool}
           and the result, if `value`, then all arguments, if one of them has changed
        -> {"op": "raised", "token", "error": {"type", "message", "line", "cell",
           "variables": [{"name", "type", "text", "number", "shape", "dtype"}, ...]}}
        -> {"op": "out_of_memory", "token"}
        -> {"op": "too_large", "token", "type_name", "bound", "shape"}
    {"op": "call", "token", "name", "on": place or null, "attribute": bool, "keywords": [name, ...],
     "place": n, "keep": bool, "send": bool}
     one of the calls of a trial, which has this place among them: of what has this name, or of the
     attribute of an earlier result that was kept; the last arguments are given by `keywords`
        -> as above; without `send` the result is not in the reply

    {"op": "probe", "token", ...}                           the fields that `escape_attempts` reads
        -> {"op": "probed", "token", "blocked": {attempt: bool}}

    the signal `watching.ASKING`, when the time for an answer is over
        -> {"op": "still", "token": "", "lines": [n, ...], "cell"}     if any Python code is run

The side that reads the replies trusts none of them. A student's code shares this process and can
write whatever it likes. All it can gain is to answer for its own function, which it may do anyway.
"""

import contextlib
import importlib
import json
import linecache
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from grader.confined import (
    calls,
    escape_attempts,
    frames,
    loading,
    watching,
)
from grader.confined.packing import Packer

Json = dict[str, Any]

_LOST = 114
"""Exit status of a worker whose grader has hung up."""
_PAGE = 4096
_REHEARSALS = 10
_EXAMPLE = """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
import nothing
SIZE = 3
def same(value):
    return value
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


_VALUES = (
    2.5,
    7,
    "text",
    None,
    np.float64(2.5),
    (np.ones(3), 0.5, True),
    {"w": [0.5, 1.5], "b": ["some", "words"]},
)
"""One of each of the kinds that are often sent."""


class Connection:
    """Whole frames over two descriptors."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._ahead = b""

    def receive(self) -> tuple[Json, bytes] | None:
        """Return the next request and its payload, or None when the grader has hung up."""
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
            # The request for one call fits in a page, and then one system call reads all of it.
            piece = os.read(self._incoming, max(_PAGE, length - len(data)))
            if not piece:
                return b""
            data += piece
        self._ahead = data[length:]
        return data[:length]


def run(
    incoming: int,
    outgoing: int,
    _prepared: None,
) -> NoReturn:
    """Serve on these descriptors; this process is already confined."""
    serve(Connection(incoming, outgoing))


def prepare(config: Json) -> None:
    """Warm up the template, so that its workers pay no first-time costs."""
    for name in config["preload"]:
        with contextlib.suppress(Exception):  # not every machine has it
            importlib.import_module(name)
    # For a single submission the one that the template has made is enough.
    for _ in range(0 if config["single"] else _REHEARSALS):
        rehearse(_VALUES)


def example_requests(values: Sequence[object] = ()) -> list[bytes]:
    """Return the requests for an ordinary submission: load it, then call its function twice.

    And once more for each of `values`, which it returns.
    """
    load = {
        "op": "load",
        "token": "",
        "units": [[_EXAMPLE, None]],
        "function": "function",
        "targets": [["function", 2], ["same", 1]],
        "arguments": 2,
        "definitions_only": False,
        "forbidden": ["nothing"],
        "real": [],
    }
    call = {"op": "call", "token": ""}
    kernel = np.ones((3, 3))
    return [
        frames.pack_frame(load),
        frames.pack_frame(call, (np.ones((8, 8)), kernel)),
        frames.pack_frame(call, (np.ones((8, 8), np.int64), kernel)),
        *map(_same, values),
    ]


def _same(value: object) -> bytes:
    header = {"op": "call", "token": "", "name": "same"}
    packed = Packer().pack(value)
    pieces = [packed] if isinstance(packed, bytes) else []
    return frames.join(json.dumps(header), pieces)


def rehearse(values: Sequence[object] = ()) -> None:
    """Load and call an example, and forget it.

    A fork shares memory until one side writes to it, and Python writes a lot when it does something
    for the first time: caches of attributes, counters in code, interned strings. Each page written
    costs a worker 1 to 3 us.
    """
    finders, arguments = sys.meta_path[:], sys.argv
    reading, writing = os.pipe()
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        for request in example_requests(values):
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
    connection: Connection,
    load: Callable[[Json], loading.Loaded] = loading.load,
) -> NoReturn:
    """Answer requests until the grader hangs up; then end without the student's exit handlers."""
    watching.answer_when_asked(connection.send, loading.cell_of)
    try:  # noqa: SIM105 - `suppress` makes an object, and uses four functions
        answer_all(connection, load)
    except OSError:
        pass
    os._exit(_LOST)


def answer_all(
    connection: Connection,
    load: Callable[[Json], loading.Loaded] = loading.load,
) -> None:
    """Answer requests until the grader hangs up."""
    functions: calls.Calls | None = None
    while request := connection.receive():
        header, payload = request
        token = header["token"]
        if header["op"] == "probe":
            blocked = escape_attempts.run(header)
            answer = {
                "op": "probed",
                "token": token,
                "blocked": blocked,
            }
            reply = frames.pack_frame(answer)
        elif header["op"] == "load":
            loaded = load(header)
            functions = calls.Calls(
                loaded.functions, header["function"], loaded.cells
            )
            answer = {
                "op": "loaded",
                "token": token,
                **loaded.facts,
            }
            reply = frames.pack_frame(answer)
        elif functions is None:
            return  # the grader loads before it calls
        else:
            reply = functions.answer(header, payload)
        flush()
        connection.send(reply)


def flush() -> None:
    """Hand on what the student's code has printed."""
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105 - as in `serve`
            stream.flush()
        except BaseException:  # noqa: BLE001, S110 - a student may have put anything in its place
            pass
