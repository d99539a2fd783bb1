"""Tries: replies whose values claim to be huge, deep, of no kind, or what no result can be.
Must: none can be read, and nothing of what they claim is allocated."""
# expect: invalid_output
import os
import struct
import sys

MANY = struct.pack("!I", 0xFFFFFFFF)
ONE = struct.pack("!I", 1)
TREES = (
    b"l" + MANY + b"N",
    (b"t" + ONE) * 200_000 + b"N",
    b"d" + MANY + b"N",
    b"s" + MANY + b"text",
    b"i" + MANY + b"\xff",
    b"p\x20" + (b"l" + MANY) * 32 + b"\x0b",
    b"d\0\0\0\2TNi" + ONE + b"\1N",
    b"d" + ONE + b"l\0\0\0\0N",
    b"e\0\0\0\0",
    b"r" + ONE + b"a" + ONE + b"b",
    b"u" + ONE + b"a" + ONE + b"b",
    b"x",
)


def convolve(image, kernel):
    frame = sys._getframe(1)
    while "token" not in frame.f_locals:
        frame = frame.f_back
    token = frame.f_locals["token"]
    value = TREES[int(abs(image).sum() * 1000) % len(TREES)]
    header = (
        f'{{"op": "returned", "token": "{token}", "type_name": "ndarray", '
        f'"dtype": null, "value": true, "frames": [{len(value)}]}}'
    ).encode()
    reply = struct.pack("!4sII", b"GRD1", len(header), len(value)) + header + value
    view = memoryview(reply)
    while view:
        view = view[os.write(3, view) :]
    os._exit(0)
