"""A report as JSON, and JSON as a report: UTF-8, two spaces, the same bytes for the same report."""

import re
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.errors import UsageError
from grader.model import Report, Status
from grader.render.plain import UNSAFE, one_line

MAX_BYTES: Final = 16 * 2**20
"""A report is some ten thousand bytes long; what is longer than this is not one."""

_VERSION: Final = 1
_SCALAR: Final = r'(?:-?\d[\d.eE+-]*|"-?(?:nan|inf)")'
# Only between values does JSON have a raw line end, so this never matches inside a student's text.
_ROW: Final = re.compile(rf"\[\n\s+({_SCALAR}(?:,\n\s+{_SCALAR})*)\n\s+\]")


class _Version(msgspec.Struct):
    """The one field that says whether the others can be understood."""

    schema_version: Any


def render(report: Report) -> str:
    r"""Write the report as indented JSON with one row of an array per line, and a newline at the end.

    Characters that would act on a terminal are written as `\uXXXX`, which is the same JSON.
    """
    pretty = msgspec.json.format(encode_report(report), indent=2).decode()
    rows = _ROW.sub(lambda row: "[" + re.sub(r"\n\s+", " ", row[1]) + "]", pretty)
    return UNSAFE.sub(_escaped, rows) + "\n"


def encode_report(report: Report) -> bytes:
    r"""Write the report as compact UTF-8 JSON; half a surrogate pair, which UTF-8 lacks, becomes the text `\ud800`."""
    try:
        return msgspec.json.encode(report)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(msgspec.to_builtins(report)))


def decode_report(data: bytes, name: str = "report") -> Report:
    """Read a report strictly; raise `UsageError` with one line that names `name` and the fault."""
    if len(data) > MAX_BYTES:
        raise UsageError(
            f"{name}: too long for a report (more than {MAX_BYTES // 2**20} MB)"
        )
    try:
        version = msgspec.json.decode(data, type=_Version).schema_version
        if version != _VERSION or isinstance(version, bool):
            shown = one_line(repr(version), 40)
            raise UsageError(
                f"{name}: schema_version is {shown}; this grader reads version {_VERSION}"
            )
        report = msgspec.json.decode(data, type=Report)
    except msgspec.ValidationError as error:
        raise UsageError(f"{name}: not a report: {one_line(str(error))}") from None
    except msgspec.DecodeError as error:
        raise UsageError(f"{name}: not JSON: {one_line(str(error))}") from None
    except (UnicodeDecodeError, RecursionError) as error:
        fault = (
            "it is not UTF-8"
            if isinstance(error, UnicodeDecodeError)
            else "it is nested too deeply"
        )
        raise UsageError(f"{name}: not a report: {fault}") from None
    if (report.score is None) is not (report.status is Status.GRADER_ERROR):
        raise UsageError(
            f"{name}: not a report: score must be null for status grader_error, and a number otherwise"
        )
    return report


def read_report(path: Path) -> Report:
    """Read a report from a file, at most `MAX_BYTES` of it; raise `UsageError` where that cannot be done."""
    name = one_line(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or 'it cannot be read'}") from None
    return decode_report(data, name)


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(
        f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)
    )


def _encodable(value: Any) -> Any:  # noqa: ANN401 - JSON is any of its types
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case list() | tuple():
            return [_encodable(item) for item in value]
        case _:
            return value
