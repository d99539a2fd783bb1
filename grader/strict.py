"""Strict reading of plain data into records: every fault at once, each naming its key, with "did you mean".

`msgspec.convert` alone would stop at the first fault, and an author would fix a file one run at a
time. So tables are walked here, key by key, and `msgspec` converts the leaves.
"""

import difflib
from typing import Any, get_args, get_origin

import msgspec

_KINDS = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a table", "null": "nothing", "datetime": "a date", "date": "a date", "time": "a time",
}  # fmt: skip


def did_you_mean(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """Give `; did you mean X?` for the known word that is close to this one, else an empty string."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def read(data: object, kind: Any, at: str, faults: list[str]) -> Any:  # noqa: ANN401 - `kind` is a type expression
    """Convert data to `kind`, a record or a type of its fields; faults are appended as `key: what is wrong`.

    With faults, a record holds defaults (or nothing, for what has none) in their places: good for
    looking for further faults, and for nothing else.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _record(data, kind, at, faults)
    if (
        origin is tuple
        and isinstance(data, list)
        and len(arguments) == 2
        and arguments[1] is ...
    ):  # noqa: PLR2004 - (item, ...)
        items = [
            read(item, arguments[0], f"{at} {number}", faults)
            for number, item in enumerate(data, 1)
        ]
        return tuple(item for item in items if item is not None)
    if origin is dict and isinstance(data, dict):
        return {
            key: read(item, arguments[1], f"{at}.{key}", faults)
            for key, item in data.items()
        }
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        faults.append(f"{at}: {_plain(str(error))}")
        return None


def _record(
    data: object, kind: type[msgspec.Struct], at: str, faults: list[str]
) -> msgspec.Struct | None:
    if not isinstance(data, dict):
        faults.append(f"{at}: expected a table, got {_kind_of(data)}")
        return None
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    prefix = f"{at}." if at else ""
    for key in data:
        if key not in fields:
            unused = [name for name in fields if name not in data]
            faults.append(f"{prefix}{key}: unknown key{did_you_mean(key, unused)}")
    values = {}
    for name, field in fields.items():
        before = len(faults)
        value = (
            read(data[name], field.type, f"{prefix}{name}", faults)
            if name in data
            else None
        )
        if name not in data and field.required:
            faults.append(f"{prefix}{name}: missing")
        if value is not None or (field.required and len(faults) == before):
            values[field.name] = value
        elif field.required:
            values[field.name] = _nothing(field.type)
    return kind(**values)


def _nothing(kind: Any) -> object:  # noqa: ANN401 - as in `read`
    kind = get_origin(kind) or kind
    return kind() if kind in {str, int, float, tuple, dict} else None


def _kind_of(value: object) -> str:
    name = type(value).__name__
    return _KINDS.get(
        {"dict": "object", "list": "array"}.get(name, name), "something else"
    )


def _plain(text: str) -> str:
    """Turn msgspec's words (Expected `float | null`, got `str`) into an author's (expected a number, got text)."""
    text = text.replace(" | null", "")
    for name, plain in _KINDS.items():
        text = text.replace(f"`{name}`", plain)
    return text[:1].lower() + text[1:]
