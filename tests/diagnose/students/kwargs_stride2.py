# expected: stride-two
import numpy as np

def convolve(image, kernel):
    return _c(image, kernel)


def _c(x, k, stride=2):
        n = (x.shape[0]-3)//stride+1; m = (x.shape[1]-3)//stride+1
        return np.array([[np.sum(x[i*stride:i*stride+3, j*stride:j*stride+3]*k) for j in range(m)] for i in range(n)])
