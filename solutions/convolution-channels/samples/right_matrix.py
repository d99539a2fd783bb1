from numpy import *


def convolve(image, kernels, dtype="float32"):
    n, depth, p, q = kernels.shape
    rows, cols = image.shape[1] - p + 1, image.shape[2] - q + 1
    patches = [image[:, i:i + p, j:j + q].flatten() for i, j in ndindex(rows, cols)]
    weights = kernels.reshape(n, depth * p * q)
    return (weights.astype(dtype) @ array(patches, dtype).T).reshape(n, rows, cols)
