# expected: arguments-swapped
import numpy as np
def conv2d(image, kernel):
    kh, kw = kernel.shape
    h, w = image.shape
    return np.array([[np.sum(image[i:i+kh, j:j+kw]*kernel) for j in range(w-kw+1)] for i in range(h-kh+1)])
def convolve(image, kernel):
    return conv2d(kernel, image)
