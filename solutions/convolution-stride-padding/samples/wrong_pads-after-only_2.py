import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    h, w = image.shape
    p, q = kernel.shape
    big = np.zeros((h + 2 * padding, w + 2 * padding))
    big[:h, :w] = image
    windows = np.lib.stride_tricks.sliding_window_view(big, (p, q))[::stride, ::stride]
    return (windows * kernel).sum(axis=(2, 3))
