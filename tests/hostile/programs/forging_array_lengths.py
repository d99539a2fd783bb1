"""Tries: the lengths of the arrays are negative, too large, too many, and overlap.
Must: the lengths must add up to exactly the payload."""
# expect: invalid_output
import io
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


def npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, (1, 0))
    return file.getvalue()


def convolve(image, kernel):
    one = npy(np.zeros((6, 6)))
    lengths = {16: [-1, len(one)], 22: [10**9] * 3, 20: [len(one)] * 60}.get(
        sum(image.shape), [0, 0, 0, len(one)]
    )
    header = {
        "op": "returned",
        "token": token(),
        "type_name": "ndarray",
        "dtype": None,
        "value": True,
    }
    send(header | {"frames": lengths}, one)
    os._exit(0)
