import numpy as np
import matplotlib.pyplot as plt


def convolve(image, kernel):
    padded = np.pad(image, 1)
    output = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            output[i, j] = np.sum(padded[i : i + 3, j : j + 3] * kernel)
    return output


picture = plt.imread("camera.png")
plt.imshow(convolve(picture, np.ones((3, 3)) / 9))
plt.show()
