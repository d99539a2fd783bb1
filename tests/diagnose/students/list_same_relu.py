# expected: returns-list same-padding negative-lost
import numpy as np

def convolve(image, kernel):
    img = np.pad(image, 1)
    feature_map = []
    for i in range(image.shape[0]):
        r = []
        for j in range(image.shape[1]):
            r.append(max(0, np.sum(img[i:i+3, j:j+3] * kernel)))
        feature_map.append(r)
    return feature_map
