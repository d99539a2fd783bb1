# expected: edge-padding clipped uint8-result
import numpy as np

def convolve(image, kernel):
    (iH, iW) = image.shape[:2]
    (kH, kW) = kernel.shape[:2]
    pad = (kW - 1) // 2
    image = np.pad(image, pad, mode="edge")
    output = np.zeros((iH, iW), dtype="float32")
    for y in np.arange(pad, iH + pad):
        for x in np.arange(pad, iW + pad):
            roi = image[y - pad:y + pad + 1, x - pad:x + pad + 1]
            output[y - pad, x - pad] = (roi * kernel).sum()
    output = np.clip(output, 0, 255) / 255
    output = (output * 255).astype("uint8")
    return output
