import numpy as np


def convolve1d(signal, kernel):
    n, k = len(signal), len(kernel)
    out = []
    for i in range(k - 1, n):
        s = 0
        for j in range(k):
            s += signal[i - j] * kernel[j]
        out.append(s)
    return np.array(out)
