# expected: three-channels-only
import numpy as np
def gray(im):
    return im[:, :, 0]*0.3 + im[:, :, 1]*0.6 + im[:, :, 2]*0.1
def convolve(image, kernel):
    image = gray(image)
    out = np.zeros((image.shape[0]-2, image.shape[1]-2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
