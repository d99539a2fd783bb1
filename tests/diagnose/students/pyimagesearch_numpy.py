# expected: edge-padding clipped uint8-result
import numpy as np

def rescale_intensity(image, in_range):
    lo, hi = in_range
    image = np.clip(image, lo, hi)
    return (image - lo) / (hi - lo)

def convolve(image, kernel):
    (iH, iW) = image.shape[:2]
    (kH, kW) = kernel.shape[:2]
    pad = (kW - 1) // 2
    image = np.pad(image, pad, mode="edge")
    output = np.zeros((iH, iW), dtype="float64")
    for y in np.arange(pad, iH + pad):
        for x in np.arange(pad, iW + pad):
            roi = image[y - pad:y + pad + 1, x - pad:x + pad + 1]
            output[y - pad, x - pad] = (roi * kernel).sum()
    output = rescale_intensity(output, in_range=(0, 255))
    output = (output * 255).astype("uint8")
    return output
