import numpy as np


class Convolution:
    """All windows as rows of one matrix, then one product (im2col)."""

    def __init__(self, kernel, stride, padding):
        self.kernel, self.stride, self.padding = kernel, stride, padding

    def __call__(self, image):
        x = np.pad(image, self.padding)
        p, q = self.kernel.shape
        starts_i = np.arange(0, x.shape[0] - p + 1, self.stride)
        starts_j = np.arange(0, x.shape[1] - q + 1, self.stride)
        windows = np.stack([x[i:i + p, j:j + q].ravel() for i in starts_i for j in starts_j])
        return (windows @ self.kernel.ravel()).reshape(starts_i.size, starts_j.size)


def convolve(image, kernel, stride=1, padding=0):
    return Convolution(kernel, stride, padding)(image)
