"""Mutants stand for students who nearly got there."""

import ast
from pathlib import Path

from grader.authoring.mutation import mutants, plain

LOOPS = """
import numpy as np

SCALE = 2

def moving(x, k=3):
    \"\"\"Text that no mutant changes.\"\"\"
    out = np.zeros(len(x) - k + 1)
    for i in range(len(out)):
        total = 0.0
        for j in range(k):
            total += x[i + j]
        out[i] = total / k
    return out
"""
PLAIN = """
def words(text):
    found = []
    for part in text.split():
        if part.isalnum() and part:
            found.append(part.lower())
    return found
"""
LAYER = """
class Layer:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def forward(self, x):
        return {"y": x @ self.w + self.b, "x": x}
"""


def test_each_kind_of_slip_is_there() -> None:
    """Constants, operators, names, axes, slices, types, statements and results are changed."""
    found = set(mutants(LOOPS))
    for old, new in (
        ("SCALE = 2", "SCALE = 3"),
        ("total / k", "total * k"),
        ("x[i + j]", "x[i - j]"),
        ("x[i + j]", "out[i + j]"),
        ("range(k)", "range(0, k - 1)"),
        ("total = 0.0", "pass"),
        ("return out", "return out[1:]"),
        ("return out", "return out.T"),
        ("+ 1)", "+ 1, dtype=int)"),
        ("total += x[i + j]", "total = x[i + j]"),
    ):
        text = plain(LOOPS)
        assert old in text
        assert text.replace(old, new) in found, new
    indented = plain(LOOPS).replace(
        "        out[i] = total / k", "            out[i] = total / k"
    )
    assert indented in found


def test_mutants_are_programs_and_differ(tmp_path: Path) -> None:
    """Each is Python, none is there twice, and the source itself is not among them."""
    for source in (LOOPS, PLAIN, LAYER):
        found = list(mutants(source))
        assert len(found) > 50
        assert len(set(found)) == len(found)
        assert plain(source) not in found
        for text in found:
            ast.parse(text)
        assert "np." not in "".join(found) or "numpy" in source
    assert not list(tmp_path.iterdir())


def test_a_class_has_its_own_slips() -> None:
    """Attributes are exchanged, and parts of a dict left out."""
    found = "\n".join(mutants(LAYER))
    assert "x @ self.b" in found
    assert "return {'x': x}" in found


def test_a_source_gives_the_same_mutants_again() -> None:
    """The order depends on the source alone, so that two runs can be compared."""
    assert list(mutants(LOOPS)) == list(mutants(LOOPS))
