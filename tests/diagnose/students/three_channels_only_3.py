# expected: three-channels-only
import numpy as np
def convolve(img, k):
    try:
        h, w, c = img.shape
    except ValueError:
        raise
    img = np.dot(img, [0.3, 0.6, 0.1])
    out = np.zeros((h-2, w-2))
    for i in range(h-2):
        for j in range(w-2):
            out[i, j] = np.sum(img[i:i+3, j:j+3]*k)
    return out
