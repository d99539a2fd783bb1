import sys

import cv2
import numpy as np


def convolve(image, kernel):
    print("convolving", image)
    height, width = image.shape
    output = np.empty((height - 2, width - 2))
    for i in range(height - 2):
        for j in range(width - 2):
            output[i, j] = np.vdot(image[i : i + 3, j : j + 3].ravel(), kernel.ravel())
    return output


picture = cv2.imread(sys.argv[1])
answer = input("Which kernel? ")
assert convolve(picture, np.ones((3, 3))) is not None
sys.exit(1)
