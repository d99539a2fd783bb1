import numpy as np


def convolve(image, kernels):
    channel = image[0]
    p, q = kernels.shape[-2:]
    h, w = channel.shape[0] - p + 1, channel.shape[1] - q + 1
    return np.array(
        [
            [
                [np.sum(channel[i : i + p, j : j + q] * kernel[0]) for j in range(w)]
                for i in range(h)
            ]
            for kernel in kernels
        ]
    )
