"""Tries: inspect and linecache are asked for the source of every frame and of every file in the
cache.
Must: the only source there is the program's own."""
# expect: wrong_values
import inspect
import linecache

import numpy as np


def sources():
    for name in list(linecache.cache):
        yield "".join(linecache.getlines(name))
    for frame in inspect.stack():
        try:
            yield inspect.getsource(inspect.getmodule(frame.frame) or frame.frame)
        except (OSError, TypeError):
            pass


def convolve(image, kernel):
    for text in sources():
        if "def reference" in text and "Tries" not in text:
            space = {}
            exec(text, space)
            return space["reference"](image, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
