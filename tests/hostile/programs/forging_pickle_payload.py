"""Tries: an array of objects in the payload is a pickle that writes a file in the process that
reads it.
Must: no pickle is ever read."""
# expect: invalid_output
import io
import json
import os
import pickle
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


class Planted:
    def __reduce__(self):
        return open, ("@CANARY@/pickle", "w")


def convolve(image, kernel):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "|O", "fortran_order": False, "shape": (1,)}
    )
    arrays = [file.getvalue() + pickle.dumps([Planted()]), npy(image), npy(kernel)]
    header = {
        "op": "returned",
        "token": token(),
        "type_name": "ndarray",
        "dtype": None,
        "value": True,
    }
    send(header | {"frames": [len(array) for array in arrays]}, b"".join(arrays))
    os._exit(0)
