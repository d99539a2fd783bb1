# expected: arguments-swapped
import numpy as np
def convolve(k, img):
    kh, kw = k.shape
    H, W = img.shape
    out = np.zeros((H-kh+1, W-kw+1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i+kh, j:j+kw]*k).sum()
    return out
