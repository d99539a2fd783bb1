"""Tries: the grader's own source is imported from where it is installed, to load the solutions with
it.
Must: the package cannot be read."""
# expect: wrong_values
import sys

import numpy as np

sys.path.insert(0, "@PACKAGE@/..")
sys.modules.pop("grader", None)
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Finder"]


def convolve(image, kernel):
    try:
        from pathlib import Path

        from grader.exercise import load_exercise, load_solutions

        exercise = load_exercise("@EXERCISE@")
        hidden = Path("@EXERCISE@").parents[1] / "solutions" / exercise.name
        return load_solutions(exercise, hidden).reference(image, kernel)
    except (ImportError, OSError):
        return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
