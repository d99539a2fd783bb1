"""Tries: every folder from the root down, a few levels deep, is listed in search of a reference.py.
Must: no folder outside of the Python installation can be listed."""
# expect: wrong_values
import os

import numpy as np


def search():
    places = [
        "/",
        "@SUBMISSIONS@/..",
        "..",
        "../..",
        os.path.expanduser("~"),
        "/opt",
        "/home",
        "/tmp",
        "/autograder",
        "/grade",
        "/srv",
    ]
    for _ in range(4):
        below = []
        for place in places[:2000]:
            try:
                with os.scandir(place) as entries:
                    for entry in entries:
                        if entry.name == "reference.py":
                            return open(entry.path).read()
                        if entry.is_dir(follow_symlinks=False) and entry.name not in (
                            "proc",
                            "sys",
                            "lib",
                            "usr",
                        ):
                            below.append(entry.path)
            except OSError:
                pass
        places = below
    return ""


space = {}
exec(search(), space)


def convolve(image, kernel):
    function = space.get("reference") or space.get("convolve")
    return (
        function(image, kernel) if function else np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    )
