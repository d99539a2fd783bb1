"""Tries: the header of an array, which is a Python literal, holds calls, and shapes that are no
shapes.
Must: the header is matched and not evaluated."""
# expect: invalid_output
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


HEADERS = (
    "{'descr': '<f8', 'fortran_order': False, 'shape': __import__('os').system('touch @CANARY@/header'), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999, 0), }",
    "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (-1, 8), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "(" * 60 + "1,), }",
)


def convolve(image, kernel):
    text = (HEADERS[image.shape[0] * image.shape[1] % 4] + "\n").encode()
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
    header = {
        "op": "returned",
        "token": token(),
        "type_name": "ndarray",
        "dtype": None,
        "value": True,
    }
    send(header | {"frames": [len(array)] * 3}, array * 3)
    os._exit(0)
