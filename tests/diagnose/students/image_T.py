# expected: image-transposed
import numpy as np

def convolve(image, kernel):
    image = image.T
    h, w = image.shape
    return np.array([[np.sum(image[i:i+3, j:j+3]*kernel) for j in range(w-2)] for i in range(h-2)])
