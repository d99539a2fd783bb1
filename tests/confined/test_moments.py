"""What a crash tells about the names of its line: short, true of honest code, and never asked for.

The objects are a student's: none of their own methods is called, whatever they would do.
"""

import json
import linecache
from typing import Any

import numpy as np
import pytest

from grader.confined.moments import variables_of

FILE = "submission.py"

Told = dict[str, dict[str, Any]]


def crash(source: str, **given: object) -> Told:
    """Run a source that raises, and return what is told, by name."""
    linecache.cache[FILE] = (
        len(source),
        None,
        source.splitlines(keepends=True),
        FILE,
    )
    try:
        exec(compile(source, FILE, "exec"), {"np": np, **given})  # noqa: S102 - ours
    except BaseException as error:  # noqa: BLE001 - as a worker does
        variables = variables_of(error.__traceback__, {FILE: None})
        assert given.get("calls", []) == []
        assert len(json.dumps(variables)) < 4096
        return {each.pop("name"): each for each in variables}
    finally:
        del linecache.cache[FILE]
    raise AssertionError("it raised nothing")


def test_names_of_the_failing_line() -> None:
    """Numbers, texts, arrays and lengths are told; functions, modules and keywords are not."""
    source = """
def f(image, n):
    flag, text, ratio, empty, rows = True, "abc", np.float64(0.5), None, [1, 2]
    other = 5
    if flag and text and ratio and empty is None and rows and len(image) == n and np.sum(
        image
    ): f(1, 2, 3)
f(np.ones((2, 3)), 2)
"""
    told = crash(
        source.replace("np.sum(\n        image\n    )", "np.sum(image)")
    )
    assert told["flag"] == {"type": "bool", "text": "True"}
    assert told["text"] == {"type": "str", "text": "'abc'"}
    assert told["ratio"] == {"type": "float64", "text": "0.5"}
    assert told["empty"] == {"type": "NoneType", "text": "None"}
    assert told["rows"] == {"type": "list", "shape": [2]}
    assert told["n"] == {"type": "int", "text": "2", "number": 2}
    assert told["image"] == {
        "type": "ndarray",
        "shape": [2, 3],
        "dtype": "float64",
    }
    assert told.keys().isdisjoint({"np", "len", "f", "other", "if"})


def test_the_deepest_frame_of_ones_own() -> None:
    """What is told is of the line of one's own code that failed, not of a library's."""
    told = crash(
        "def f(shape):\n    return np.zeros(3).reshape(shape)\nf((2, 2))"
    )
    assert told == {"shape": {"type": "tuple", "shape": [2]}}


LIAR = """
import time
def lie(*_):
    calls.append(1)
    raise SystemExit
class Meta(type):
    __hash__ = __eq__ = __instancecheck__ = __subclasscheck__ = __getattr__ = lie
class Liar(BASE, metaclass=META):
    __len__ = __repr__ = __str__ = __int__ = __index__ = __float__ = lie
    __getattribute__ = __hash__ = __eq__ = __format__ = __bool__ = lie
    shape = dtype = size = __class__ = property(lie)
made = MAKE
calls.clear()
made, 1 / 0
"""


@pytest.mark.parametrize(
    "base", ["object", "int", "float", "str", "list", "dict", "np.ndarray"]
)
@pytest.mark.parametrize("meta", ["type", "Meta"])
def test_no_method_of_an_object_is_called(base: str, meta: str) -> None:
    """An object whose every method lies, raises or hangs is told by its type alone."""
    make = (
        "np.ndarray.__new__(Liar, (2, 2))"
        if base == "np.ndarray"
        else f"{base}.__new__(Liar)"
    )
    source = LIAR.replace("BASE", base).replace("META", meta)
    calls: list[int] = []
    told = crash(source.replace("MAKE", make), calls=calls)
    expected: dict[str, Any] = {"type": "Liar"}
    if base == "np.ndarray" and meta == "type":
        expected |= {"shape": [2, 2], "dtype": "float64"}
    assert told["made"] == expected


def test_a_million_locals() -> None:
    """However many names there are, those of the line are told."""
    body = "".join(f"    v{n} = {n}\n" for n in range(20_000))
    told = crash(f"def f():\n{body}    v19999 / 0\nf()")
    assert told["v19999"]["number"] == 19_999
    names = " + ".join(f"n{n}" for n in range(100_000))
    source = f"globals().update({{f'n{{n}}': n for n in range(100_000)}})\n{names} / 0"
    assert len(crash(source)) <= 12


def test_names_that_are_no_identifiers() -> None:
    """Names that only `exec` can make are not told, nor are mappings of the student's own asked."""
    odd = "globals()['a b'] = 1; globals()[''] = 2; globals()[7] = 3; 1 / 0"
    assert crash(odd) == {}
    asked: list[str] = []

    class Mapping(dict[str, object]):
        def __missing__(self, key: str) -> object:
            asked.append(key)
            raise KeyError(key)

    source = "mapping = m()\nexec(compile('x / 0', 'submission.py', 'exec'), {'x': 1}, mapping)"
    asked_by_code = crash(source, m=Mapping)
    assert asked_by_code.keys() <= {"x", "mapping", "m"}
    assert set(asked) <= {"x"}  # by the code itself


BIG = {
    "digits": "10 ** 100_000",
    "text": "'\\ud800' * 10 ** 6",
    "nested": "[[]] * 10 ** 6",
    "axes": "np.ones((1,) * 32)",
    "fields": "np.zeros(1, [(f'f{n}', 'f8') for n in range(1000)])",
    "name": "type('N' * 10 ** 6, (), {})()",
    "range": "range(10 ** 100)",
}


@pytest.mark.parametrize("value", BIG.values(), ids=BIG)
def test_what_is_told_is_short(value: str) -> None:
    """However large a value is, a line about it stays below 4 KB."""
    names = [f"{'ä' * 30}{n}" for n in range(20)]
    source = "".join(f"{name} = " for name in names) + value
    told = crash(f"{source}\n{', '.join(names)}, 1 / 0")
    assert 0 < len(told) <= 12


def test_without_a_line_nothing_is_told() -> None:
    """Where the text is not known, or nothing of one's own failed, nothing is told."""
    assert variables_of(None, {FILE: None}) == []
    with pytest.raises(ZeroDivisionError) as found:
        exec(compile("x = 1; x / 0", "elsewhere.py", "exec"), {})  # noqa: S102 - ours
    trace = found.value.__traceback__
    assert variables_of(trace, {"elsewhere.py": None}) == []
    assert variables_of(trace, {FILE: None}) == []
