"""Tries: a complete reply with the right token is written raw, and the worker never gets to write
its own.
Must: the reply says what the array is, and never that it is right: wrong values, and then a process
that hangs."""
# expect: wrong_values, timed_out, not_run
import io
import json
import os
import struct
import sys
import threading

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
    arrays = [
        npy(array) for array in (np.zeros((image.shape[0] - 2, image.shape[1] - 2)), image, kernel)
    ]
    header = {
        "op": "returned",
        "token": token(),
        "type_name": "ndarray",
        "dtype": None,
        "value": True,
    }
    send(header | {"frames": [len(array) for array in arrays]}, b"".join(arrays))
    threading.Event().wait()
