"""Tries: the hidden inputs are computed from the default secret and the program's own digest, and
answered from a table made at load.
Must: with a secret of one's own they are others."""
# expect: wrong_values
import hashlib
import hmac
import linecache

import numpy as np


SECRET = b"well-known: grades made with it can be foreseen"


def foreseen(case, trial):
    source = "".join(line for name in list(linecache.cache) for line in linecache.getlines(name))
    digest = "sha256:" + hashlib.sha256(source.encode()).hexdigest()
    fields = [field.encode() for field in ("convolution", case, trial, digest)]
    message = b"".join(len(field).to_bytes(8, "big") + field for field in fields)
    generator = np.random.Generator(
        np.random.PCG64(int.from_bytes(hmac.digest(SECRET, message, "sha256"), "big"))
    )
    shape = tuple(map(int, case.split("x")))
    if trial == "integer":
        return generator.integers(0, 255, shape, np.int64, endpoint=True)
    return generator.integers(-100, 300, shape, endpoint=True) * 0.5


IMAGES = [
    foreseen(case, trial)
    for case in ("8x8", "12x10", "10x10", "12x8")
    for trial in ("float", "integer")
]


def convolve(image, kernel):
    if any(np.array_equal(image, known) for known in IMAGES):
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
