import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    height, width = len(image), len(image[0])
    p, q = len(kernel), len(kernel[0])

    def pixel(row, column):
        inside = 0 <= row < height and 0 <= column < width
        return image[row][column] if inside else 0

    result = []
    top = -padding
    while top + p <= height + padding:
        line = []
        left = -padding
        while left + q <= width + padding:
            line.append(
                sum(
                    float(pixel(top + a, left + b)) * float(kernel[a][b])
                    for a in range(p)
                    for b in range(q)
                )
            )
            left += stride
        result.append(line)
        top += stride
    return np.array(result)
