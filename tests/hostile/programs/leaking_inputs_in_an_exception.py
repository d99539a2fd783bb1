"""Tries: the inputs are shown to the student in an exception's text.
Must: they may be: the next submission gets others. It raised."""
# expect: raised


def convolve(image, kernel):
    raise ValueError(f"{image.tolist()} {kernel.tolist()}")
