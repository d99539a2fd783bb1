"""Tries: the header's numbers are NaN, infinite, larger than any machine's, and its text is half of
a pair.
Must: it cannot be read, or the place is looked up in vain; the report stays valid."""
# expect: invalid_output, raised
import json
import os
import struct
import sys

import numpy as np


def token():
    frame = sys._getframe()
    while frame:
        if isinstance(frame.f_locals.get("token"), str):
            return frame.f_locals["token"]
        frame = frame.f_back
    return "0" * 32


def send(header, payload=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    os.write(3, struct.pack("!4sII", b"GRD1", len(text), len(payload)) + text + payload)


ERRORS = (
    b'{"type": "E", "message": "m", "line": NaN, "cell": null}',
    b'{"type": "E", "message": "m", "line": 1e999, "cell": -1}',
    b'{"type": "\\ud800", "message": "m", "line": 1, "cell": null}',
    b'{"type": "E", "message": "m", "line": 2147483647, "cell": 2147483647}',
)


def convolve(image, kernel):
    error = ERRORS[{16: 0, 22: 1, 20: 2}.get(sum(image.shape), 3) if image.shape != (12, 8) else 3]
    send(
        b'{"op": "raised", "token": "'
        + token().encode()
        + b'", "frames": [], "error": '
        + error
        + b"}"
    )
    os._exit(0)
