"""Tries: the token of the request is taken from the worker's frames, and a reply in the right
format is sent before the worker's own.
Must: two answers to one question are no answer."""
# expect: invalid_output, wrong_values
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
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
