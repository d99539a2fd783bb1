import numpy as np


def convolve(image, kernels):
    results = []
    for kernel in kernels:
        p, q = kernel.shape[1:]
        out = np.zeros((image.shape[1] - p + 1, image.shape[2] - q + 1))
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j] = np.sum(image[:, i:i + p, j:j + q] * kernel)
        results.append(out)
        return np.array(results)
