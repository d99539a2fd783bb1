"""The script that most courses begin with: import numpy and the student's file, compare, print.

One fresh process per submission, no isolation, no time limit, no diagnosis, and as many trials as
this project makes. The speed of this project is measured against it.

    python benchmarks/naive.py SUBMISSION.py
"""

import sys

import numpy as np


def reference(image, kernel):
    """Return the sum of products at every place where the kernel fits."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, kernel)


def main(path):
    """Print how many of the four sizes are right."""
    names = {"__name__": "submission"}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), names)
    convolve = names["convolve"]
    random = np.random.default_rng(1)
    score = 0
    for shape in ((8, 8), (12, 10), (10, 10), (12, 8)):
        passed = 0
        for kind in ("float", "integer", "float"):
            image = random.random(shape)
            if kind == "integer":
                image = random.integers(0, 10, shape)
            kernel = random.random((3, 3))
            try:
                result = convolve(image.copy(), kernel.copy())
                passed += np.allclose(result, reference(image, kernel))
            except Exception as error:
                print(error)
        score += passed == 3
    print(f"{score} of 4")


if __name__ == "__main__":
    main(sys.argv[1])
