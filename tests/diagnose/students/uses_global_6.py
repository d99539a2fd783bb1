# expected: uses-global
import numpy as np
img = np.random.rand(5, 5)
def output_size():
    return img.shape[0] - 2, img.shape[1] - 2
def convolve(image, kernel):
    out = np.zeros((image.shape[0]-2, image.shape[1]-2))
    h, w = output_size()
    for i in range(h):
        for j in range(w):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
