"""Tries: replies with guessed tokens are written when the program is loaded, in advance.
Must: what is written unasked ends the process, and its definitions alone are loaded."""
# expect: wrong_values, invalid_output
import json
import os
import struct

import numpy as np


def send(header, payload=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    os.write(3, struct.pack("!4sII", b"GRD1", len(text), len(payload)) + text + payload)


for number in range(3):
    send(
        {
            "op": "returned",
            "token": "0" * 32,
            "frames": [],
            "type_name": "ndarray",
            "dtype": None,
            "value": False,
        }
    )


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
