"""Tries: the code of the worker's own functions, found by the garbage collector, is replaced by one
that says passed.
Must: the worker is not believed, whatever code it runs."""
# expect: invalid_output, wrong_values, wrong_type, raised, crashed, timed_out
import gc
import os

import numpy as np


def pack_frame(header, arrays=(), **more):
    import json
    import struct

    text = json.dumps(
        {"op": "returned", "token": header["token"], "verdict": "passed", "score": 1, "frames": []}
    ).encode()
    return struct.pack("!4sII", b"GRD1", len(text), 0) + text


for thing in gc.get_objects():
    if (
        type(thing) is type(pack_frame)
        and thing is not pack_frame
        and thing.__name__ == "pack_frame"
    ):
        thing.__code__ = pack_frame.__code__


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
