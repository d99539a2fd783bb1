# expected: same-padding kernel-flipped
import numpy as np

def convolve(image, kernel):
    """Convolution as in the tutorial."""
    kernel = np.flipud(np.fliplr(kernel))
    output = np.zeros_like(image, dtype=float)
    image_padded = np.zeros((image.shape[0] + 2, image.shape[1] + 2))
    image_padded[1:-1, 1:-1] = image
    for x in range(image.shape[1]):
        for y in range(image.shape[0]):
            output[y, x] = (kernel * image_padded[y:y+3, x:x+3]).sum()
    return output
