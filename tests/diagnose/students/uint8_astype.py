# expected: uint8-result
import numpy as np

def convolve(image, kernel):
    from numpy.lib.stride_tricks import sliding_window_view
    return np.einsum('ijkl,kl->ij', sliding_window_view(image, kernel.shape), kernel).astype(np.uint8)
