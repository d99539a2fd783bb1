# expected: uint8-result
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    rows = [[int(np.sum(image[i:i+3, j:j+3]*kernel)) for j in range(W-2)] for i in range(H-2)]
    return np.array(rows, dtype=np.uint8)
