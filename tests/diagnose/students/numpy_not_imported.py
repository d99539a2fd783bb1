# expected: nothing
def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2))
    for y in range(h - 2):
        for x in range(w - 2):
            out[y, x] = (image[y:y+3, x:x+3] * kernel).sum()
    return out
