"""Tries: every text that the worker may send holds markup, formulas, escape sequences and line
ends.
Must: it is told as text, in one line."""
# expect: raised
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


TEXT = (
    "</script><script>alert(1)</script>\x1b]0;owned\x07\n::error::=cmd|' /C calc'!A0\u202e\x00" * 8
)


def convolve(image, kernel):
    error = {"type": TEXT[:900], "message": TEXT[:900], "line": 1, "cell": None}
    send({"op": "raised", "token": token(), "frames": [], "error": error})
    os._exit(0)
