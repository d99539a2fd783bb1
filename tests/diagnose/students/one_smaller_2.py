# expected: off-by-one
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H-kh, W-kw))
    for i in range(H-kh):
        for j in range(W-kw):
            out[i, j] = np.sum(image[i:i+kh, j:j+kw]*kernel)
    return out
