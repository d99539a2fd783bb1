"""Values as TOML writes them: lists of numbers are arrays, and a few tables stand for the rest.

| written | is |
|---|---|
| `[[1, 2], [3, 4]]`, `[1, 0.5]` | an array of int64; of float64 if a number has a point |
| `3`, `0.5`, `"text"`, `true` | the number, the text, the truth value |
| `["a", "b"]`, `[]` | a list, for there is text in it, or nothing |
| `{ w = 1, b = 2 }` | a dict |
| `{ tuple = [1, "a"] }`, `{ list = [1, 2] }` | a tuple; a list of numbers that is not an array |
| `{ float32 = [1, 2] }` | an array of that type; so are the other types of NumPy |
| `{ generator = 7 }` | `numpy.random.Generator(numpy.random.PCG64(7))` |
| `{ complex = "1+2j" }`, `{ bytes = "text" }`, `{ none = true }` | a complex number, bytes, None |
| `{ dict = { list = 1 } }` | a dict whose only key is one of these words |
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from grader.model import Array, Random, Value
from grader.recording import random_of

DTYPES: Final = (
    "bool",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
_INT: Final = np.dtype(np.int64)
_FLOAT: Final = np.dtype(np.float64)


def read_value(
    at: str,
    data: object,
    faults: list[str],
) -> Value:
    """Return the value that plain data of TOML stands for; arrays in it are read-only."""
    if isinstance(data, dict):
        return _table(at, data, faults)
    if isinstance(data, list):
        return _sequence(at, data, faults)
    return _plain(at, data, faults)


def _plain(
    at: str,
    data: object,
    faults: list[str],
) -> Value:
    if isinstance(data, float) and not math.isfinite(data):
        faults.append(f"{at}: numbers must be finite")
    elif not isinstance(data, bool | int | float | str):
        faults.append(f"{at}: write a number, a text, a list or a table")
    return data


def _sequence(
    at: str,
    data: list[Any],
    faults: list[str],
) -> Value:
    kinds = {type(leaf) for leaf in _leaves(data)}
    if kinds and kinds <= {int, float}:
        return _array(
            at,
            data,
            _INT if kinds == {int} else _FLOAT,
            faults,
        )
    if kinds == {bool}:
        return _array(
            at,
            data,
            np.dtype(bool),
            faults,
        )
    if bool in kinds and kinds & {int, float} and kinds <= {bool, int, float}:
        faults.append(
            f"{at}: has numbers and truth values; write {{ list = [...] }} for a list"
        )
    return _items(at, data, faults)


def _items(
    at: str,
    data: object,
    faults: list[str],
) -> list[Value]:
    """Return a list as it stands, whatever is in it; lists inside it are lists too."""
    if not isinstance(data, list):
        faults.append(f"{at}: expected a list")
        return []
    return [
        _items(f"{at} {n}", item, faults)
        if isinstance(item, list)
        else read_value(f"{at} {n}", item, faults)
        for n, item in enumerate(data, 1)
    ]


def _array(
    at: str,
    data: object,
    dtype: np.dtype[Any],
    faults: list[str],
) -> Array | None:
    try:
        with np.errstate(
            over="ignore"
        ):  # what is infinite then is a fault below
            array: Array = np.array(data, dtype=dtype)
    except OverflowError:
        faults.append(f"{at}: a number is too big")
        return None
    except (ValueError, TypeError):
        faults.append(f"{at}: {_why_no_array(data)}")
        return None
    if array.dtype.kind in "fc" and not np.isfinite(array).all():
        faults.append(f"{at}: numbers must be finite")
    array.flags.writeable = False
    return array


def _why_no_array(data: object) -> str:
    if {type(leaf) for leaf in _leaves(data)} <= {int, float, bool}:
        return (
            "every row must be as long as the others; "
            "write { list = [...] } for a list of lists"
        )
    return "write numbers, or lists of numbers"


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _table(
    at: str,
    data: dict[str, Any],
    faults: list[str],
) -> Value:
    if len(data) == 1:
        word, inner = next(iter(data.items()))
        if word in DTYPES:
            return _array(
                f"{at}.{word}",
                inner,
                np.dtype(word),
                faults,
            )
        if word in _WORDS:
            return _WORDS[word](f"{at}.{word}", inner, faults)
    return _dict(at, data, faults)


def _dict(
    at: str,
    data: object,
    faults: list[str],
) -> dict[str, Value]:
    if not isinstance(data, dict):
        faults.append(f"{at}: expected a table")
        return {}
    return {
        key: read_value(f"{at}.{key}", item, faults)
        for key, item in data.items()
    }


def _tuple(
    at: str,
    data: object,
    faults: list[str],
) -> tuple[Value, ...]:
    if not isinstance(data, list):
        faults.append(f"{at}: expected a list of the parts")
        return ()
    return tuple(
        read_value(f"{at} {n}", item, faults) for n, item in enumerate(data, 1)
    )


def _generator(
    at: str,
    data: object,
    faults: list[str],
) -> Random | None:
    if isinstance(data, bool) or not isinstance(data, int) or data < 0:
        faults.append(f"{at}: expected a seed: a whole number of 0 or above")
        return None
    return random_of(np.random.Generator(np.random.PCG64(data)))


def _complex(
    at: str,
    data: object,
    faults: list[str],
) -> complex | None:
    try:
        return complex(str(data).replace(" ", ""))
    except ValueError:
        faults.append(f'{at}: expected a number such as "1+2j"')
        return None


def _bytes(
    at: str,
    data: object,
    faults: list[str],
) -> bytes:
    if not isinstance(data, str):
        faults.append(f"{at}: expected text")
        return b""
    return data.encode()


def _none(
    at: str,
    data: object,
    faults: list[str],
) -> None:
    if data is not True:
        faults.append(f"{at}: write {{ none = true }} for None")


_WORDS: Final[dict[str, Callable[[str, object, list[str]], Value]]] = {
    "tuple": _tuple,
    "list": _items,
    "generator": _generator,
    "complex": _complex,
    "bytes": _bytes,
    "none": _none,
    "dict": _dict,
}
