# expected: uint8-result
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H-2, W-2)).astype(np.uint8)
    for i in range(H-2):
        for j in range(W-2):
            s = 0
            for a in range(3):
                for b in range(3):
                    s += float(image[i+a, j+b]) * float(kernel[a, b])
            out[i, j] = int(s)
    return out
