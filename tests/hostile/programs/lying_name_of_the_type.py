"""Tries: a class that is called ndarray, in a module that is called numpy.
Must: a name is not a type; it is no array."""
# expect: wrong_type, wrong_values


def convolve(image, kernel):
    made = type(
        "ndarray",
        (list,),
        {"__module__": "numpy", "shape": (image.shape[0] - 2, image.shape[1] - 2)},
    )
    return made([[0.0] * (image.shape[1] - 2)] * (image.shape[0] - 2))
