# expected: stride-two
import numpy as np

def convolve(image, kernel, stride=2):
    h, w = image.shape
    oh = (h - 3) // stride + 1
    ow = (w - 3) // stride + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[i, j] = np.sum(image[i*stride:i*stride+3, j*stride:j*stride+3] * kernel)
    return out
