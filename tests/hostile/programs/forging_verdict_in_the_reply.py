"""Tries: the reply carries fields that a careless grader would believe: verdict, passed, score.
Must: a field that is not in the protocol makes the message unreadable."""
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


def convolve(image, kernel):
    send(
        {
            "op": "returned",
            "token": token(),
            "type_name": "ndarray",
            "dtype": None,
            "value": False,
            "frames": [],
            "verdict": "passed",
            "passed": True,
            "score": 4.0,
            "max_score": 4.0,
        }
    )
    os._exit(0)
