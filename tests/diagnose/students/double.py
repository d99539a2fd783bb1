# expected: nothing
import numpy as np

def convolve(image, kernel):
    def once(x):
        h, w = x.shape
        return np.array([[np.sum(x[i:i+3, j:j+3]*kernel) for j in range(w-2)] for i in range(h-2)])
    return once(np.pad(once(image), 1))
