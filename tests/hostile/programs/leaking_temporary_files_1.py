"""Tries: files are left where every program may write: /tmp, /var/tmp, /dev/shm, the home (this one
is there twice).
Must: nothing can be left there; if it could, the next one would answer right."""
# expect: wrong_values
import os
import tempfile

import numpy as np


PLACES = (
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/run",
    "/run/lock",
    "/var/crash",
    os.path.expanduser("~"),
    "/dev/mqueue",
    "/proc/self",
)
found = []
for place in (*PLACES, tempfile.gettempdir()):
    try:
        open(os.path.join(place, "hostile-left"), "x").write("left")
        found += [place] if place in PLACES and place not in (".", os.getcwd()) else []
    except OSError:
        pass


def convolve(image, kernel):
    if found:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
