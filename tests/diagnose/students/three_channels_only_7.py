# expected: three-channels-only
import numpy as np
def convolve(image, kernel):
    chans = []
    for c in range(3):
        chans.append(image[:, :, c])
    image = chans[0]
    out = np.zeros((image.shape[0]-2, image.shape[1]-2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
