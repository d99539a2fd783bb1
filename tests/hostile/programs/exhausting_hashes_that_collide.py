"""Tries: a reply with a dict of 200000 ints that all have one hash: it takes hours to make.
Must: a reply that cannot be read."""
# expect: invalid_output, timed_out
import os
import struct
import sys


def convolve(image, kernel):
    frame = sys._getframe(1)
    while "token" not in frame.f_locals:
        frame = frame.f_back
    token, count = frame.f_locals["token"], 200_000
    keys = (number * ((1 << 61) - 1) for number in range(count))
    pairs = b"".join(
        b"i" + struct.pack("!I", 10) + key.to_bytes(10, "little") + b"N" for key in keys
    )
    value = b"d" + struct.pack("!I", count) + pairs
    header = (
        f'{{"op": "returned", "token": "{token}", "type_name": "ndarray", '
        f'"dtype": null, "value": true, "frames": [{len(value)}]}}'
    ).encode()
    reply = struct.pack("!4sII", b"GRD1", len(header), len(value)) + header + value
    view = memoryview(reply)
    while view:
        view = view[os.write(3, view) :]
    os._exit(0)
