# expected: edge-padding
import numpy as np

def convolve(image, kernel):
    pad = (kernel.shape[1] - 1) // 2
    (iH, iW) = image.shape[:2]
    image = np.pad(image, pad, mode="edge")
    output = np.zeros((iH, iW), dtype="float32")
    for y in np.arange(pad, iH + pad):
        for x in np.arange(pad, iW + pad):
            roi = image[y - pad:y + pad + 1, x - pad:x + pad + 1]
            k = (roi * kernel).sum()
            output[y - pad, x - pad] = k
    return output
