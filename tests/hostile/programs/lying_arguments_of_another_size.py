"""Tries: the arguments get another size, other strides and another type, so that no comparison
fits.
Must: they are compared as what they are now: changed."""
# expect: modified_input

import numpy as np

def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    result = np.einsum("ijkl,kl->ij", windows, kernel)
    del windows
    image.resize((70, 50), refcheck=False)
    kernel.dtype = "V8"
    kernel.strides = (0, 0)
    return result
