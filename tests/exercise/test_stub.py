"""What a stub asks for and what it gives."""

from pathlib import Path

import numpy as np
import pytest

from grader.exercise.stub import Stub, read_stub
from grader.model import Method, Parameter
from tests.exercise.conftest import TO_DO


def stub_of(folder: Path, text: str) -> Stub:
    """Return a stub without a fault."""
    (folder / "stub.py").write_text(text)
    faults: list[str] = []
    found = read_stub(folder, faults)
    assert faults == []
    assert (found.file, found.text) == ("stub.py", text)
    return found


def test_each_parameter_is_as_it_is_written(tmp_path: Path) -> None:
    """Its type, its default, whether it is passed by name alone; before a slash or not."""
    header = "def f(a, b: int, /, c: np.ndarray = np.ones(3), d=None, *, e, g=2, h: str)"
    (target,) = stub_of(tmp_path, f"{header}:\n{TO_DO}").targets
    assert not target.is_class
    assert target.methods == ()
    assert target.parameters == (
        Parameter(name="a"),
        Parameter(name="b", annotation="int"),
        Parameter(
            name="c",
            optional=True,
            default="np.ones(3)",
            annotation="np.ndarray",
        ),
        Parameter(name="d", optional=True, default="None"),
        Parameter(name="e", by_name_only=True),
        Parameter(name="g", optional=True, default="2", by_name_only=True),
        Parameter(name="h", annotation="str", by_name_only=True),
    )


CLASS = f"""
import functools

class Layer:
    size = 3

    def __init__(self, weight, bias=0):
        self.weight = weight

    def forward(self, x, *, axis=-1):
    {TO_DO}
    @staticmethod
    def zeros(n):
        return n

    @classmethod
    def make(cls, n):
        return cls(n)

    @property
    def rows(self):
        return 1

    @functools.cached_property
    def columns(self):
        return 1

    def __len__(self):
        return 1

class Given:
    def f(self):
        return 1
"""


def test_a_class_is_asked_for_with_its_methods(tmp_path: Path) -> None:
    """What is passed to them is without self; properties and special methods are not called."""
    (target,) = stub_of(tmp_path, CLASS).targets
    assert target.name == "Layer"
    assert target.is_class
    assert target.parameters == (
        Parameter(name="weight"),
        Parameter(name="bias", optional=True, default="0"),
    )
    n = (Parameter(name="n"),)
    axis = Parameter(
        name="axis", optional=True, default="-1", by_name_only=True
    )
    assert target.methods == (
        Method(name="forward", parameters=(Parameter(name="x"), axis)),
        Method(name="zeros", parameters=n),
        Method(name="make", parameters=n),
    )


def test_a_class_may_have_no_constructor(tmp_path: Path) -> None:
    """Then nothing is passed to it; all its methods may be to write."""
    text = (
        f"class A:\n    def f(self):\n    {TO_DO}    def g(self):\n    {TO_DO}"
    )
    (target,) = stub_of(tmp_path, text).targets
    assert target.parameters == ()
    assert [each.name for each in target.methods] == ["f", "g"]


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        "raise NotImplementedError('write it')",
        "raise NotImplementedError from None",
        "'''Text.'''\n    raise NotImplementedError",
    ],
)
def test_what_raises_not_implemented_alone_is_to_write(
    tmp_path: Path, body: str
) -> None:
    """With or without a message, and with or without a docstring."""
    found = stub_of(tmp_path, f"def f(x):\n    {body}\n")
    assert [each.name for each in found.targets] == ["f"]
    assert found.given == ""


@pytest.mark.parametrize(
    "body",
    [
        "x = 1\n    raise NotImplementedError",
        "raise NotImplementedError\n    return x",
        "raise",
        "raise ValueError",
        "raise errors.NotImplementedError",
        "return NotImplementedError",
        "return x",
        "x\n    ...",
    ],
)
def test_any_other_body_is_given(tmp_path: Path, body: str) -> None:
    """It is put back before anything of a submission is called."""
    text = f"def f(x):\n    {body}\n"
    found = stub_of(tmp_path, f"{text}def g(x):\n{TO_DO}")
    assert [each.name for each in found.targets] == ["g"]
    assert found.given == text


NEEDED = (
    ("import numpy as np\nimport os.path", "np.sum(x)", "import numpy as np"),
    ("import os.path\nimport os.path as p", "os.sep", "import os.path"),
    ("import os.path as p", "p.sep", "import os.path as p"),
    ("from os import sep as s, path", "s", "from os import sep as s, path"),
    ("from os import sep as s", "sep", ""),
    ("A: int = 3\nB: int = 4", "A", "A: int = 3"),
    (
        "A, B = 3, 4\n(C, [D]) = 1, [2]",
        "B + D",
        "A, B = (3, 4)\nC, [D] = (1, [2])",
    ),
    ("A = 3\nB = A\nC = B\nD = 4", "C", "A = 3\nB = A\nC = B"),
    ("A = B = 3", "B", "A = B = 3"),
    ("A = 3\nA = 4", "A", "A = 3\nA = 4"),
    ("A = 3\nprint(A)", "A", "A = 3"),
    ("A = 3", "A.b", "A = 3"),
    ("A = 3", "len(x)", ""),
)


@pytest.mark.parametrize(("before", "used", "kept"), NEEDED)
def test_what_is_given_comes_with_what_it_reads(
    tmp_path: Path, before: str, used: str, kept: str
) -> None:
    """Imports and constants, directly or through others, and nothing that is not read."""
    given = f"def f(x):\n    return {used}\n"
    found = stub_of(tmp_path, f"{before}\n{given}def g(x):\n{TO_DO}")
    assert found.given == (f"{kept}\n{given}" if kept else given)


def test_a_class_is_given_whole_or_by_its_methods(tmp_path: Path) -> None:
    """Of a class where something is to be written, only what has a body is put back."""
    found = stub_of(
        tmp_path,
        "RATE = 2\nUNUSED = 3\n"
        "class Whole:\n    def f(self):\n        return RATE\n"
        "class Part:\n    SIZE = 1\n"
        f"    def f(self):\n    {TO_DO}"
        "    def g(self, x):\n        y = x\n        return y * RATE\n"
        "    @staticmethod\n    def h(x):\n        return x\n",
    )
    names: dict[str, object] = {"Part": type("Part", (), {}), "f": 3}
    exec(found.given, names)  # noqa: S102 - the stub above
    part, whole = names["Part"], names["Whole"]
    assert isinstance(part, type)
    assert isinstance(whole, type)
    assert part().g(np.ones(2)).tolist() == [2, 2]
    assert part().h(3) == 3
    assert not hasattr(part, "f")
    assert whole().f() == 2
    assert {*names} == {"__builtins__", "f", "Part", "Whole", "RATE"}
    # A student may have left the class out, or made something else of its name.
    for other in ({}, {"Part": 3}):
        names = dict(other)
        exec(found.given, names)  # noqa: S102 - the stub above
        assert names.get("Part") == other.get("Part")


@pytest.mark.parametrize(
    ("name", "is_plain"),
    [
        *(("a.py", True), ("_a-b.c.py", True), ("1.py", True)),
        *(("a" * 100 + ".py", True), ("a" * 101 + ".py", False)),
        *(("-a.py", False), ("a b.py", False), ("ä.py", False)),
    ],
)
def test_a_stub_has_a_plain_file_name(
    tmp_path: Path, name: str, is_plain: bool
) -> None:
    """Scripts of platforms name it, too."""
    (tmp_path / name).write_text(f"def f(x):\n{TO_DO}")
    faults: list[str] = []
    found = read_stub(tmp_path, faults)
    assert bool(found.targets) is is_plain
    assert bool(faults) is not is_plain


def test_a_stub_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    """It is not also said that nothing is in it."""
    (tmp_path / "a.py").write_bytes(b"\xff")
    faults: list[str] = []
    assert read_stub(tmp_path, faults).file == "a.py"
    assert faults == [f"{tmp_path.name}/a.py: is not UTF-8"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x = 1\ndef f(:\n", ", line 2: is not Python: "),
        ("x = 1\n  y = 2\n", ", line 2: is not Python: unexpected indent"),
        ("\0", ""),
        ("x = " + "(" * 10_000, ""),
    ],
)
def test_what_is_no_python_is_one_line(
    tmp_path: Path, text: str, start: str
) -> None:
    """With the number of the line, where Python says one, and Python's own reason."""
    (tmp_path / "a.py").write_text(text)
    faults: list[str] = []
    found = read_stub(tmp_path, faults)
    assert (found.file, found.text, found.targets) == ("a.py", text, ())
    (fault,) = faults
    assert fault.startswith(f"{tmp_path.name}/a.py{start}")
    assert "is not Python: " in fault
    assert not fault.endswith("is not Python: ")
