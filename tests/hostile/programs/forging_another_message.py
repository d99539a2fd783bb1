"""Tries: a call is answered with the messages of other questions: loaded, probed, ran.
Must: an answer to another question is none."""
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
    which = image.shape[0] + image.shape[1]
    if which == 16:
        send({"op": "probed", "token": token(), "frames": [], "blocked": {"everything": True}})
    elif which == 22:
        send({"op": "ran", "token": token(), "frames": [], "skipped": []})
    else:
        send(
            {
                "op": "loaded",
                "token": token(),
                "frames": [],
                "state": "ready",
                "skipped": [],
                "functions": ["convolve"],
            }
        )
    os._exit(0)
