# expected: uses-global
import numpy as np
import matplotlib.pyplot as plt

I_gray = np.load("lena.npy")

def convolve(image, kernel):
    out = np.zeros((I_gray.shape[0] - 2, I_gray.shape[1] - 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3] * kernel)
    return out
