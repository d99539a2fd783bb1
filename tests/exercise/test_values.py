"""Values as TOML writes them: what each way of writing stands for."""

import tomllib
from typing import Any

import numpy as np
import pytest

from grader.exercise.values import DTYPES, read_value
from grader.recording import generator_of


def value_of(text: str) -> Any:
    """Return the value that a text of TOML stands for, which has no fault."""
    faults: list[str] = []
    value = read_value("a", tomllib.loads(f"a = {text}")["a"], faults)
    assert faults == []
    return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("3", 3), ("0.5", 0.5), ("'text'", "text"), ("true", True)),
        *(("[]", []), ("['a', 1]", ["a", 1]), ("[true, 'a']", [True, "a"])),
        *(("[[]]", [[]]), ("[['a'], 'b']", [["a"], "b"])),
        ("{ w = 1, b = 'x' }", {"w": 1, "b": "x"}),
        ("{ list = [1, [2, 0.5]] }", [1, [2, 0.5]]),
        ("{ list = [{ tuple = [1] }] }", [(1,)]),
        ("{ tuple = [1, 'a', true] }", (1, "a", True)),
        ("{ tuple = [] }", ()),
        ("{ complex = ' 1 + 2j' }", 1 + 2j),
        ("{ complex = 3 }", 3 + 0j),
        ("{ bytes = 'ü' }", "ü".encode()),
        ("{ none = true }", None),
        ("{ dict = { list = 1 } }", {"list": 1}),
        ("{ list = 1, tuple = 2 }", {"list": 1, "tuple": 2}),
        ("{}", {}),
    ],
)
def test_plain_values_are_what_they_say(text: str, value: object) -> None:
    """Numbers, texts, lists with text in them, tables, and the words for the rest."""
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "dtype", "values"),
    [
        ("[1, 2]", "int64", [1, 2]),
        ("[[1, 2], [3, 0.5]]", "float64", [[1, 2], [3, 0.5]]),
        ("[0.5]", "float64", [0.5]),
        ("[true, false]", "bool", [True, False]),
        ("[[1], [2]]", "int64", [[1], [2]]),
        *((f"{{ {name} = [[1, 0]] }}", name, [[1, 0]]) for name in DTYPES),
        ("{ float32 = 0.5 }", "float32", 0.5),
        ("{ uint8 = [] }", "uint8", []),
    ],
)
def test_lists_of_numbers_are_arrays(
    text: str, dtype: str, values: object
) -> None:
    """Whole numbers make int64, one with a point float64; a word names any other type."""
    found = value_of(text)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.dtype(dtype)
    assert found.tolist() == values
    assert not found.flags.writeable


def test_the_types_are_those_of_numpy() -> None:
    """Truth values, whole numbers with and without a sign, fractions, complex numbers."""
    kinds: list[str] = [np.dtype(name).kind for name in DTYPES]
    assert [kinds.count(kind) for kind in "biufc"] == [1, 4, 4, 3, 2]
    assert len({np.dtype(name) for name in DTYPES}) == len(DTYPES) == 14


def test_a_generator_is_that_of_its_seed() -> None:
    """The same numbers as in the exercise's text: PCG64 of this seed."""
    made = generator_of(value_of("{ generator = 7 }"))
    expected = np.random.Generator(np.random.PCG64(7))
    assert made.integers(1000, size=4).tolist() == (
        expected.integers(1000, size=4).tolist()
    )
