# expected: kernel-flipped
import numpy as np

def convolve(image, kernel):
    k = np.rot90(kernel, 2)
    m, n = k.shape
    y, x = image.shape
    y = y - m + 1
    x = x - n + 1
    new_image = np.zeros((y, x))
    for i in range(y):
        for j in range(x):
            new_image[i][j] = np.sum(image[i:i+m, j:j+n] * k)
    return new_image
