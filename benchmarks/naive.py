"""The script that most courses begin with: import numpy and the student's file, compare with a reference, print.

One fresh process per submission, no isolation, no time limit, no diagnosis; as many trials as this
project makes. It is what the speed of this project is measured against.

    python benchmarks/naive.py SUBMISSION.py
"""

import sys

import numpy as np


def reference(image, kernel):
    """Slide the kernel over every place where it fits."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, kernel)


def main(path):
    """Print how many of the four sizes are right."""
    names = {"__name__": "submission"}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), names)
    random = np.random.default_rng(1)
    score = 0
    for shape in ((8, 8), (12, 10), (10, 10), (12, 8)):
        passed = 0
        for kind in ("float", "integer", "float"):
            image = (
                random.random(shape)
                if kind == "float"
                else random.integers(0, 10, shape)
            )
            kernel = random.random((3, 3))
            try:
                passed += np.allclose(
                    names["convolve"](image.copy(), kernel.copy()),
                    reference(image, kernel),
                )
            except Exception as error:
                print(error)
        score += passed == 3
    print(f"{score} of 4")


if __name__ == "__main__":
    main(sys.argv[1])
