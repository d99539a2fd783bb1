"""Read plain data into records strictly: report every fault at once, each with its key.

`msgspec.convert` alone would stop at the first fault, and an author would fix a file one run at a
time. So this module walks the tables key by key, and `msgspec` converts the leaves.
"""

from collections.abc import Sequence
from types import NoneType, UnionType
from typing import Any, Final, TypeGuard, get_args, get_origin

import msgspec

_PLAIN_WORDS: Final = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
    "datetime": "a date",
    "date": "a date",
    "time": "a time",
}
"""What an author calls the types that msgspec names."""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return `; did you mean X?` for the known word closest to this one, or an empty string."""
    import difflib  # only a fault needs it

    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


# `kind` is a type expression.
def read(data: object, kind: Any, at: str, faults: list[str]) -> Any:  # noqa: ANN401
    """Convert data to `kind`, a record or the type of a field.

    Faults are added to `faults` as `key: what is wrong`. A record with faults holds defaults in
    their places, or nothing where there is no default. It is good for finding further faults and
    for nothing else.
    """
    if _is_record(kind):
        return _read_record(data, kind, at, faults)
    origin, arguments = get_origin(kind), get_args(kind)
    optional = _optional_record(origin, arguments)
    if optional is not None and data is not None:
        return _read_record(data, optional, at, faults)
    if origin is tuple and arguments[1:] == (...,) and isinstance(data, list):
        return _read_items(data, arguments[0], at, faults)
    if origin is dict and isinstance(data, dict):
        return _read_values(data, arguments[1], at, faults)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        faults.append(f"{at}: {_in_plain_words(str(error))}")
        return None


def _optional_record(
    origin: object, arguments: tuple[Any, ...]
) -> type[msgspec.Struct] | None:
    """Return the record of a type `Record | None`; None for any other type."""
    if origin is not UnionType or NoneType not in arguments:
        return None
    return next((each for each in arguments if _is_record(each)), None)


def _read_values(
    data: dict[str, object], kind: object, at: str, faults: list[str]
) -> dict[str, Any]:
    items = {
        key: read(item, kind, f"{at}.{key}", faults)
        for key, item in data.items()
    }
    # One that is wrong is a fault already, and stands for nothing.
    return {key: item for key, item in items.items() if item is not None}


def _is_record(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _read_items(
    data: list[object], kind: object, at: str, faults: list[str]
) -> tuple[Any, ...]:
    items = [
        read(item, kind, f"{at} {n}", faults) for n, item in enumerate(data, 1)
    ]
    return tuple(item for item in items if item is not None)


def _read_record(
    data: object, kind: type[msgspec.Struct], at: str, faults: list[str]
) -> msgspec.Struct | None:
    if not isinstance(data, dict):
        faults.append(f"{at}: expected a table, got {_plain_type(data)}")
        return None
    fields = {
        field.encode_name: field for field in msgspec.structs.fields(kind)
    }
    prefix = f"{at}." if at else ""
    missing = [name for name in fields if name not in data]
    unknown = [key for key in data if key not in fields]
    faults += [
        f"{prefix}{key}: unknown key{did_you_mean(key, missing)}"
        for key in unknown
    ]
    values = {}
    for name, field in fields.items():
        value = _read_field(data, field, f"{prefix}{name}", faults)
        if value is not None or field.required:
            values[field.name] = value
    return kind(**values)


def _read_field(
    data: dict[str, object],
    field: msgspec.structs.FieldInfo,
    at: str,
    faults: list[str],
) -> object:
    """Return the value of a record's field: an empty one if it is required and has a fault."""
    before = len(faults)
    value = None
    if field.encode_name in data:
        value = read(data[field.encode_name], field.type, at, faults)
    elif field.required:
        faults.append(f"{at}: missing")
    if value is None and field.required and len(faults) > before:
        return _empty(field.type)
    return value


def _empty(kind: Any) -> object:  # noqa: ANN401 - as in `read`
    """Return an empty value to stand in for one that is missing or wrong."""
    kind = get_origin(kind) or kind
    return kind() if kind in {str, int, float, tuple, dict} else None


def _plain_type(value: object) -> str:
    name = type(value).__name__
    name = {"dict": "object", "list": "array"}.get(name, name)
    return _PLAIN_WORDS.get(name, "something else")


def _in_plain_words(text: str) -> str:
    """Turn msgspec's "Expected `float | null`, got `str`" into "expected a number, got text"."""
    text = text.replace(" | null", "")
    for name, plain in _PLAIN_WORDS.items():
        text = text.replace(f"`{name}`", plain)
    return text[:1].lower() + text[1:]
