# expected: kernel-flipped same-padding clipped uint8-result
import numpy as np

def im2col(x, k):
    n, m = x.shape
    cols = []
    for i in range(n - k + 1):
        for j in range(m - k + 1):
            cols.append(x[i:i + k, j:j + k].reshape(-1))
    return np.array(cols)

def convolve(image, kernel):
    k = kernel.shape[0]
    flipped = kernel[::-1, ::-1].reshape(-1)
    padded = np.pad(image, k // 2, mode='constant', constant_values=0)
    res = im2col(padded, k).dot(flipped).reshape(image.shape)
    res[res < 0] = 0
    res[res > 255] = 255
    return res.astype(np.uint8)
