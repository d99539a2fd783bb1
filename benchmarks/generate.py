"""A class of any size: submissions of `convolve` in the mix of 222 public implementations.

Each submission has one of several styles and variable names of its own, so that hardly any two are
the same text. Its mistake is drawn with the frequencies of that survey: a fifth is right; the most
frequent mistakes are a size kept by padding, a flipped kernel, and both together. The same seed
writes the same class.

    python benchmarks/generate.py 200 FOLDER [--notebooks SHARE] [--looped]
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

LOOPS = '''\
import numpy as np


def convolve({image}, {kernel}):
    """{text}"""
    {h}, {w} = {image}.shape
    {p}, {q} = {kernel}.shape
    {out} = np.zeros(({h} - {p} + 1, {w} - {q} + 1))
    for {i} in range({out}.shape[0]):
        for {j} in range({out}.shape[1]):
            {out}[{i}, {j}] = np.sum({image}[{i}:{i} + {p}, {j}:{j} + {q}] * {kernel})
    return {out}
'''
FOUR_LOOPS = """\
import numpy as np


def convolve({image}, {kernel}):
    {h}, {w} = {image}.shape
    {p}, {q} = {kernel}.shape
    {out} = np.zeros(({h} - {p} + 1, {w} - {q} + 1))
    for {i} in range({h} - {p} + 1):
        for {j} in range({w} - {q} + 1):
            total = 0.0
            for a in range({p}):
                for b in range({q}):
                    total += {image}[{i} + a, {j} + b] * {kernel}[a, b]
            {out}[{i}, {j}] = total
    return {out}
"""
VECTOR = """\
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolve({image}, {kernel}):
    # {text}
    {out} = sliding_window_view({image}, {kernel}.shape)
    return np.einsum("ijab,ab->ij", {out}, {kernel})
"""
SAME = '''\
import numpy as np


def convolve({image}, {kernel}):
    """{text}"""
    {h}, {w} = {image}.shape
    {p}, {q} = {kernel}.shape
    {kernel} = {turned}
    padded = np.pad({image}, (({p} // 2, {p} // 2), ({q} // 2, {q} // 2)), mode="{mode}")
    {out} = np.zeros({image}.shape)
    for {i} in range({h}):
        for {j} in range({w}):
            {out}[{i}, {j}] = np.sum(padded[{i}:{i} + {p}, {j}:{j} + {q}] * {kernel})
    return {out}
'''
FLIPPED = LOOPS.replace(
    "    {out} = np.zeros", "    {kernel} = {turned}\n    {out} = np.zeros"
)
BORDER = """\
import numpy as np


def convolve({image}, {kernel}):
    {h}, {w} = {image}.shape
    {out} = {start}
    for {i} in range({first}, {h} - {last}):
        for {j} in range({first}, {w} - {last}):
            patch = {image}[{i} - {first}:{i} - {first} + 3, {j} - {first}:{j} - {first} + 3]
            {out}[{i}, {j}] = np.sum(patch * {kernel})
    return {out}
"""
CROPPED = LOOPS.replace(
    "for {i} in range({out}.shape[0])", "for {i} in range({h} - {p})"
).replace("for {j} in range({out}.shape[1])", "for {j} in range({w} - {q})")
TRIPLE = """\
import numpy as np


def convolve({image}, {kernel}):
    {h}, {w}, c = {image}.shape
    return np.zeros(({h} - 2, {w} - 2))
"""
NOTHING = LOOPS.replace("    return {out}\n", "    print({out})\n")
EARLY = LOOPS.replace("    return {out}\n", "            return {out}\n")
EXTRA = LOOPS.replace("({image}, {kernel}):", "({image}, {kernel}, stride):")
RENAMED = LOOPS.replace("def convolve(", "def convolv(")
BROKEN = LOOPS.replace(
    "for {i} in range({out}.shape[0]):", "for {i} in range({out}.shape[0])"
)
INTEGER = LOOPS.replace("{w} - {q} + 1))", "{w} - {q} + 1), dtype=int)")
LATENT = LOOPS.replace(
    "{w} - {q} + 1))", "{w} - {q} + 1), dtype={image}.dtype)"
)
CLIPPED = LOOPS.replace("return {out}\n", "return np.clip({out}, 0, 255)\n")
AVERAGED = LOOPS.replace("return {out}\n", "return {out} / {kernel}.sum()\n")
SQUARE = LOOPS.replace(
    "{h}, {w} = {image}.shape", "{h} = {w} = {image}.shape[0]"
)
MATRIX = LOOPS.replace(
    "{j}:{j} + {q}] * {kernel})", "{j}:{j} + {q}] @ {kernel})"
)
WRITES = LOOPS.replace(
    "    return {out}\n",
    "    {image}[:{out}.shape[0], :{out}.shape[1]] = {out}\n    return {out}\n",
)
RAISES = LOOPS.replace("range({out}.shape[0])", "range({h})").replace(
    "range({out}.shape[1])", "range({w})"
)
ENDLESS = LOOPS.replace(
    "    return {out}\n", "    while True:\n        {out} += 0\n"
)

RIGHT = (LOOPS, LOOPS, LOOPS, FOUR_LOOPS, VECTOR)
WRONG: tuple[tuple[int, str], ...] = (
    (42, SAME), (27, SAME.replace("{turned}", "{kernel}[::-1, ::-1]")), (25, FLIPPED), (14, SAME),
    (14, BORDER), (9, CROPPED), (20, LATENT), (11, INTEGER), (10, CLIPPED), (8, AVERAGED),
    (12, TRIPLE), (12, EXTRA), (10, SQUARE), (8, RENAMED), (5, NOTHING), (3, EARLY), (4, MATRIX),
    (3, WRITES), (6, RAISES), (4, BROKEN),
)  # fmt: skip
_NAMES = {
    "image": ("image", "img", "im", "x", "picture", "input_image", "a"),
    "kernel": ("kernel", "k", "filt", "weights", "mask", "kern"),
    "out": ("out", "result", "output", "res", "feature_map", "ret"),
    "h": ("h", "H", "rows", "height", "n"), "w": ("w", "W", "cols", "width", "m"),
    "p": ("p", "kh", "k_rows", "fh"), "q": ("q", "kw", "k_cols", "fw"),
    "i": ("i", "r", "row", "y"), "j": ("j", "c", "col", "xx"),
}  # fmt: skip
_TEXTS = (
    "Slide the kernel over the image.",
    "Cross-correlation.",
    "Feature map of image and kernel",
    "homework 3",
)
_TAILS = (
    "",
    "",
    "\n\nif __name__ == '__main__':\n    print(convolve(np.ones((4, 4)), np.ones((3, 3))))\n",
    "\n# done\n",
)
RIGHT_SHARE = 0.2


def submission(random_: random.Random, *, looped: bool = False) -> str:
    """Return one submission, right or with a mistake; if `looped`, a plain right one with loops."""
    if looped:
        template = LOOPS
    elif random_.random() < RIGHT_SHARE:
        template = random_.choice(RIGHT)
    else:
        template = random_.choices(
            [text for _, text in WRONG], [weight for weight, _ in WRONG]
        )[0]
    names = {name: random_.choice(choices) for name, choices in _NAMES.items()}
    inside = random_.random() < 0.6  # noqa: PLR2004 - three in five start inside the border
    text = random_.choice(_TEXTS)
    mode = random_.choice(("constant", "constant", "constant", "edge"))
    turned = f"np.flip({names['kernel']})"
    if template is SAME:
        turned = random_.choice((names["kernel"], turned))
    zeros, copy = (
        f"np.zeros({names['image']}.shape)",
        f"{names['image']}.astype(float)",
    )
    source = template.format(
        **names,
        text=text,
        mode=mode,
        turned=turned,
        start=random_.choice((zeros, copy)),
        first=1 if inside else 0,
        last=1 if inside else 2,
    )
    return source if looped else source + random_.choice(_TAILS)


def notebook(source: str) -> str:
    """Return a notebook as in a course: a heading, the imports, the function, a call of it."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Convolution"},
        _cell("import numpy as np"),
        _cell(source),
        _cell(
            "print(convolve(np.arange(16.0).reshape(4, 4), np.ones((2, 2))).shape)"
        ),
    ]
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    )


def _cell(source: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def generate(
    count: int, *, seed: int = 7, notebooks: float = 0.0, looped: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield name and text of `count` submissions; the share `notebooks` of them are notebooks."""
    random_ = random.Random(seed)  # noqa: S311 - a benchmark
    for number in range(count):
        text = submission(random_, looped=looped)
        if random_.random() < notebooks:
            yield f"student-{number:06}.ipynb", notebook(text)
        else:
            yield f"student-{number:06}.py", text


def write(
    folder: Path,
    count: int,
    *,
    seed: int = 7,
    notebooks: float = 0.0,
    looped: bool = False,
) -> None:
    """Write a class into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in generate(
        count, seed=seed, notebooks=notebooks, looped=looped
    ):
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="Write a class of submissions."
    )
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--notebooks", type=float, default=0.0, help="share of notebooks"
    )
    parser.add_argument(
        "--looped",
        action="store_true",
        help="plain looped right solutions only",
    )
    given = parser.parse_args()
    write(
        given.folder,
        given.count,
        notebooks=given.notebooks,
        looped=given.looped,
    )
