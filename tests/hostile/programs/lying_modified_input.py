"""Tries: the image is set to zero, so that whoever computes the expected result afterwards gets
zeros.
Must: what was expected was computed from another copy; the change is seen."""
# expect: modified_input


def convolve(image, kernel):
    import numpy as np

    kernel[...] = 0
    image[...] = 0
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
