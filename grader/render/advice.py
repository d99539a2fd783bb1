"""One more sentence about an exception that beginners often meet: only what it proves."""

import re
from collections.abc import Callable
from typing import Final

from grader.libraries import removed_from_numpy
from grader.model import CutOff, ExceptionDetails, Rebound
from grader.untrusted import one_line
from grader.vocabulary import place

Found = re.Match[str]
Sentence = Callable[[Found, str], str | None]
"""Takes what the pattern found and the line of source; None where that line does not fit."""

_OPERANDS: Final = 2


def advice(error: ExceptionDetails) -> str | None:
    """Return what the exception means in plain words; None where that would be a guess."""
    message = one_line(error.message)
    if error.nearby is not None:
        return _meant(message, one_line(error.nearby, 40))
    if error.rebound is not None:
        return _rebound(error.rebound)
    if error.cut_off is not None and re.search(_MET, message):
        return _cut_off(error.cut_off)
    for kind, pattern, sentence in _KNOWN:
        found = re.search(pattern, message) if kind == error.type else None
        if found:
            return sentence(found, error.source or "")
    return None


def _no_attribute(found: Found, _source: str) -> str | None:
    removed = removed_from_numpy(found[1])
    if removed is not None or len(found[1]) > _LONGEST_NAME:
        return removed
    # What the arrays or the module of the NumPy that grades here have.
    import difflib

    import numpy as np

    holder: object = np if "module" in found[0] else np.ndarray
    names = [name for name in dir(holder) if not name.startswith("_")]
    close = difflib.get_close_matches(found[1], names, 1, 0.75)
    what = "NumPy has" if holder is np else "An array has"
    return f"{what} {close[0]}: did you mean that?" if close else None


def _meant(message: str, own: str) -> str:
    name = message.partition("'")[2].partition("'")[0]
    said = f"There is no {name} here, but you have {own}: did you mean that?"
    if name.casefold() == own.casefold():
        said += " Python tells capital letters from small ones."
    return said


def _rebound(rebound: Rebound) -> str:
    name = one_line(rebound.name, 40)
    where = place(rebound.line, rebound.cell)
    return (
        f"{name} is an argument of your function, but the loop of {where} gives that name to "
        "something else: choose another name for the loop."
    )


def _cut_off(cut: CutOff) -> str:
    expression, array = one_line(cut.expression, 60), one_line(cut.array, 40)
    if cut.first < 0:
        return (
            f"{expression} begins at a negative index, which counts from the end, so nothing is "
            "left of it. Where should the loop begin?"
        )
    return (
        f"{expression} reaches over the edge of {array}, so it is cut off there. "
        "How far should the loop go?"
    )


def _undefined(found: Found, _source: str) -> str:
    name = one_line(found[1], 40)
    if name == "np":
        return (
            "np is NumPy's usual short name: the file needs import numpy as np."
        )
    return (
        f"There is no {name} here when the function is called: "
        "is it spelled right, and is it set?"
    )


def _bounds(found: Found, _source: str) -> str:
    index, axis, length = int(found[1]), found[2], int(found[3])
    meaning = {"0": " (rows)", "1": " (columns)"}.get(axis, "")
    if length == 0:
        return f"Along axis {axis}{meaning} that array has no places at all."
    # A fact about the array. Whether the index is wrong or the array too small, the exception does
    # not say.
    return (
        f"Along axis {axis}{meaning} that array has the indices 0 to {length - 1}: "
        f"there is no {index}."
    )


def _indices(found: Found, _source: str) -> str:
    takes, gets = found[1], found[2]
    noun = "index" if takes == "1" else "indices"
    return f"That array takes {takes} {noun} at most, and here it gets {gets}."


def _broadcast(found: Found, _source: str) -> str | None:
    shapes = re.findall(r"\(([\d,]*)\)", found[0])
    if len(shapes) != _OPERANDS:
        return None
    first, second = (_size(shape) for shape in shapes)
    return f"Two arrays of different sizes met: {first} and {second}."


def _size(shape: str) -> str:
    return "x".join(part for part in shape.split(",") if part) or "1"


def _unpack(found: Found, source: str) -> str | None:
    if ".shape" not in source:
        return None
    return (
        f"A shape of {found[2]} numbers was taken apart into {found[1]} names."
    )


def _whole(_found: Found, source: str) -> str | None:
    if not re.search(r"[^/]/[^/]", source):
        return None
    return "In Python / always gives a decimal number, // a whole one."


def _not_a_type(_found: Found, source: str) -> str | None:
    maker = re.search(r"\b(zeros|ones|empty|full)\s*\(", source)
    if maker is None:
        return None
    return (
        f"The size is one argument, in brackets of its own: np.{maker[1]}((rows, columns)). "
        "What stands second is the type."
    )


def _too_small_a_type(found: Found, _source: str) -> str | None:
    ends = _WHOLE_NUMBERS.get(found[1])
    if ends is None:
        return None
    return (
        f"An array of type {found[1]} holds whole numbers from {ends[0]} to {ends[1]} only. "
        "Older versions of NumPy went on with a wrong number there; since 2.0 it is an error."
    )


def _always(sentence: str) -> Sentence:
    return lambda _found, _source: sentence


_MET: Final = r"could not (be )?broadcast|mismatch|not aligned|same (size|shape)|inhomogeneous"
"""What exceptions say where two arrays do not fit together, and one of them may be too small."""
_LONGEST_NAME: Final = 40
_NO_NETWORK: Final = (
    "There is no network where this is graded: "
    "the function gets all that it needs through its arguments."
)
_NETWORK_FAULTS: Final = (
    *("URLError", "gaierror", "ConnectionError", "ConnectTimeout"),
    *("ConnectError", "NewConnectionError", "MaxRetryError", "SSLError"),
)
_WHOLE_NUMBERS: Final = {
    "uint8": (0, 255),
    "int8": (-128, 127),
    "uint16": (0, 65_535),
    "int16": (-32_768, 32_767),
    "uint32": (0, 4_294_967_295),
    "int32": (-2_147_483_648, 2_147_483_647),
}
_OUT_OF_BOUNDS: Final = (
    r"index (-?\d{1,9}) is out of bounds for axis (\d{1,2}) with size (\d{1,9})"
)
_TOO_MANY_INDICES: Final = (
    r"too many indices for array: "
    r"array is (\d{1,2})-dimensional, but (\d{1,3}) were indexed"
)

_KNOWN: Final[tuple[tuple[str, str, Sentence], ...]] = (
    ("NameError", r"name '([^']+)' is not defined", _undefined),
    (
        "AttributeError",
        r"(?:module 'numpy'|'numpy\.ndarray' object) has no attribute '(\w+)'",
        _no_attribute,
    ),
    ("AttributeError", r"`np\.(\w+)` was removed in the NumPy", _no_attribute),
    (
        "TypeError",
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        _always(
            "A number is needed there, and it is an array. Since NumPy 2.4 even an array of one "
            "number, such as (1, 1), does not count as one: take it out with .item()."
        ),
    ),
    (
        "ValueError",
        r"Unable to avoid copy while creating an array",
        _always(
            "Since NumPy 2.0 np.array(a, copy=False) fails where it has to copy: "
            "write np.asarray(a)."
        ),
    ),
    ("IndexError", _OUT_OF_BOUNDS, _bounds),
    ("IndexError", _TOO_MANY_INDICES, _indices),
    ("ValueError", r"could not be broadcast.*", _broadcast),
    ("ValueError", r"could not broadcast.*", _broadcast),
    (
        "ValueError",
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        _unpack,
    ),
    (
        "ValueError",
        r"setting an array element with a sequence",
        _always(
            "One place of an array holds one number only. Since NumPy 2.4 even an array of one "
            "number, such as (1, 1), does not fit: take the number out with .item()."
        ),
    ),
    (
        "ValueError",
        r"(assignment|output array|destination).* read-only",
        _always("The arguments may only be read."),
    ),
    (
        "ValueError",
        r"negative dimensions are not allowed",
        _always(
            "The size that was computed is negative: is a larger number taken from a smaller one?"
        ),
    ),
    ("TypeError", r"Cannot interpret '\d+' as a data type", _not_a_type),
    (
        "OverflowError",
        r"Python integer -?\d+ out of bounds for (\w+)",
        _too_small_a_type,
    ),
    (
        "EOFError",
        r"EOF when reading a line",
        _always(
            "Nobody can answer input() where this is graded: "
            "the function gets all that it needs through its arguments."
        ),
    ),
    (
        "PermissionError",
        r"",
        _always(
            "Processes, programs, the network, new folders and files elsewhere "
            "are out of reach where this is graded."
        ),
    ),
    *((kind, r"", _always(_NO_NETWORK)) for kind in _NETWORK_FAULTS),
    ("OSError", r"Network is unreachable", _always(_NO_NETWORK)),
    (
        "TypeError",
        r"'float' object cannot be interpreted as an integer",
        _whole,
    ),
    ("TypeError", r"slice indices must be integers", _whole),
    (
        "TypeError",
        r"'NoneType' object",
        _always(
            "Something is None there: a function without return gives None."
        ),
    ),
    (
        "TypeError",
        r"'numpy.ndarray' object is not callable",
        _always("An array is indexed with [ ], not with ( )."),
    ),
    (
        "UnboundLocalError",
        r".",
        _always("The function sets that name somewhere, but uses it before."),
    ),
    (
        "RecursionError",
        r"",
        _always("A function called itself again and again without an end."),
    ),
    (
        "NotImplementedError",
        r"",
        _always(
            "That line of the stub is still to be replaced by your own code."
        ),
    ),
)
"""Type of the exception, pattern of its message, and what to say."""
