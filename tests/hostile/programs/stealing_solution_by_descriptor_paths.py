"""Tries: O_PATH descriptors, which open anything, and then openat, /proc/self/fd, fchdir and a
symbolic link from there.
Must: a file that is reached so is as closed as by its path."""
# expect: wrong_values
import os

import numpy as np


def attempts():
    folder = os.open("@SOLUTIONS@", os.O_PATH)
    yield lambda: os.open("reference.py", os.O_RDONLY, dir_fd=folder)
    path = os.open("@SOLUTIONS@/reference.py", os.O_PATH)
    yield lambda: os.open(f"/proc/self/fd/{path}", os.O_RDONLY)
    yield lambda: os.open(f"/dev/fd/{path}", os.O_RDONLY)
    os.fchdir(folder)
    yield lambda: os.open("reference.py", os.O_RDONLY)
    yield lambda: os.open("./../convolution/reference.py", os.O_RDONLY | os.O_NOFOLLOW)
    yield lambda: os.symlink("@SOLUTIONS@/reference.py", "link") or os.open("link", os.O_RDONLY)
    yield lambda: os.link("@SOLUTIONS@/reference.py", "link") or os.open("link", os.O_RDONLY)


def source():
    for attempt in attempts():
        try:
            return os.read(attempt(), 1 << 20)
        except OSError:
            pass
    return b""


space = {}
try:
    exec(source(), space)
except OSError:
    pass


def convolve(image, kernel):
    function = space.get("reference") or space.get("convolve")
    return (
        function(image, kernel) if function else np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    )
