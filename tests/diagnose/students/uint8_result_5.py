# expected: uint8-result
import numpy as np
def convolve(image, kernel):
    out = np.zeros((image.shape[0]-2, image.shape[1]-2), np.uint8)
    for idx in np.ndindex(out.shape):
        i, j = idx
        out.itemset if False else None
        out[idx] = np.uint8(int(np.sum(image[i:i+3, j:j+3]*kernel)))
    return out
