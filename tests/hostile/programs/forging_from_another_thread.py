"""Tries: a thread waits on the worker's socket, takes the requests, and answers them with what is
cheapest.
Must: it may answer for its own function, and the answer is wrong."""
# expect: wrong_values, timed_out, invalid_output, crashed, not_run
import io
import json
import os
import struct
import threading

import numpy as np


def send(header, payload=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    os.write(3, struct.pack("!4sII", b"GRD1", len(text), len(payload)) + text + payload)


def npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, (1, 0))
    return file.getvalue()


def read(length):
    data = b""
    while len(data) < length:
        data += os.read(3, length - len(data))
    return data


def answer():
    while True:
        _, header, payload = struct.unpack("!4sII", read(12))
        request, data = json.loads(read(header)), read(payload)
        first, second = request["frames"]
        image = np.load(io.BytesIO(data[:first]))
        arrays = [
            npy(np.zeros((image.shape[0] - 2, image.shape[1] - 2))),
            data[:first],
            data[first:],
        ]
        header = {
            "op": "returned",
            "token": request["token"],
            "type_name": "ndarray",
            "dtype": None,
            "value": True,
        }
        send(header | {"frames": [len(array) for array in arrays]}, b"".join(arrays))


def convolve(image, kernel):
    threading.Thread(target=answer, daemon=True).start()
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
