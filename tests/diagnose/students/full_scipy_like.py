# expected: full-padding
import numpy as np

def convolve(image, kernel):
    ph, pw = kernel.shape[0] - 1, kernel.shape[1] - 1
    img = np.pad(image, ((ph, ph), (pw, pw)))
    out = np.zeros((img.shape[0] - ph, img.shape[1] - pw))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(img[i:i+ph+1, j:j+pw+1] * kernel)
    return out
