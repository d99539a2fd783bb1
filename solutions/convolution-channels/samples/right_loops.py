import numpy as np


def convolve(image, kernels):
    C = len(image)
    H = len(image[0])
    W = len(image[0][0])
    K = len(kernels)
    p = len(kernels[0][0])
    q = len(kernels[0][0][0])
    planes = []
    for k in range(K):
        plane = []
        for i in range(H - p + 1):
            row = []
            for j in range(W - q + 1):
                total = 0.0
                for c in range(C):
                    for a in range(p):
                        for b in range(q):
                            total = total + float(image[c, i + a, j + b]) * float(
                                kernels[k, c, a, b]
                            )
                row.append(total)
            plane.append(row)
        planes.append(plane)
    return np.array(planes)
