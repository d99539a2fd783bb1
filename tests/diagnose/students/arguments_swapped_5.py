# expected: arguments-swapped
import numpy as np
def convolve(kernel, image):
    from numpy.lib.stride_tricks import sliding_window_view
    return np.einsum('ijab,ab->ij', sliding_window_view(image, kernel.shape), kernel)
