# expected: clipped
import numpy as np

def convolve(image, kernel):
    from numpy.lib.stride_tricks import sliding_window_view
    out = np.einsum('ijkl,kl->ij', sliding_window_view(image, kernel.shape), kernel)
    return np.clip(out, image.min(), image.max())
