# expected: reflect-padding
import numpy as np

def convolve(image, kernel):
    h, w = kernel.shape
    img = np.pad(image, ((h // 2, h // 2), (w // 2, w // 2)), "reflect")
    from numpy.lib.stride_tricks import sliding_window_view
    return np.einsum("ijkl,kl->ij", sliding_window_view(img, (h, w)), kernel)
