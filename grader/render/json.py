"""A report as JSON, and JSON as a report: UTF-8, two spaces, the same bytes for the same report."""

import re
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.errors import UsageError
from grader.model import Report, Status
from grader.opening import Folder, UnreadableError, read_alone, refused
from grader.untrusted import file_name, for_json_document, one_line

MAX_BYTES: Final = 16 * 2**20
"""A report is some ten thousand bytes long. A longer file is not one."""

_MOST: Final = 500
"""Cases of a report, its notes, the hints of a case: a page of more takes minutes and gigabytes."""

_VERSION: Final = 2
_SCALAR: Final = r'(?:-?\d[\d.eE+-]*+|"-?(?:nan|inf)")'
# JSON has line ends only between values, so this never matches inside a student's text.
_ROW: Final = re.compile(rf"\[\n\s+({_SCALAR}(?:,\n\s+{_SCALAR})*+)\n\s+\]")


class _Version(msgspec.Struct):
    """The one field that says whether the others can be understood."""

    schema_version: Any


def render(report: Report) -> str:
    r"""Return the report as indented JSON with one row of an array per line, and a line end.

    Characters that act, and what a CI runner would take for a command, are written as `\uXXXX`,
    which is the same JSON.
    """
    encoded = encode_report(report)
    pretty = msgspec.json.format(encoded, indent=2).decode()
    return for_json_document(_ROW.sub(_on_one_line, pretty)) + "\n"


def _on_one_line(row: re.Match[str]) -> str:
    # No value holds a blank.
    return f"[{' '.join(row[1].split())}]"


def encode_report(report: Report) -> bytes:
    r"""Return the report as compact UTF-8 JSON.

    Half a surrogate pair, which UTF-8 does not have, becomes text such as `\ud800`.
    """
    try:
        return msgspec.json.encode(report)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(msgspec.to_builtins(report)))


def decode_report(data: bytes, name: str = "report") -> Report:
    """Read a report strictly; raise UsageError with one line that names `name` and the fault."""
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        raise UsageError(
            f"{name}: too long for a report (more than {limit} MB)"
        )
    try:
        report = _decode(data, name)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{name}: not a report: {one_line(str(error))}"
        ) from None
    except msgspec.DecodeError as error:
        raise UsageError(f"{name}: not JSON: {one_line(str(error))}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name}: not a report: it is not UTF-8") from None
    except RecursionError:
        raise UsageError(
            f"{name}: not a report: it is nested too deeply"
        ) from None
    is_fault = report.status is Status.GRADER_ERROR
    if is_fault is not (report.score is None):
        raise UsageError(
            f"{name}: not a report: score must be null for status grader_error, "
            "and a number otherwise"
        )
    hints = max((len(case.hints) for case in report.cases), default=0)
    if max(len(report.cases), len(report.notes), hints) > _MOST:
        raise UsageError(
            f"{name}: too long for a report (more than {_MOST} cases, notes or hints)"
        )
    return report


def _decode(data: bytes, name: str) -> Report:
    version = msgspec.json.decode(data, type=_Version).schema_version
    if version != _VERSION or isinstance(version, bool):
        raise UsageError(
            f"{name}: schema_version is {one_line(repr(version), 40)}; "
            f"this grader reads version {_VERSION}"
        )
    return msgspec.json.decode(data, type=Report)


def read_report(path: Path) -> Report:
    """Read a report from a file of at most `MAX_BYTES` that is not a link.

    Raises UsageError where that fails.
    """
    data = read_alone(path, "give the file that `grader` wrote", MAX_BYTES)
    return decode_report(data, file_name(path))


def read_report_below(results: Folder, report: str) -> Report:
    """Read the report of this name in a folder of results; raise UsageError where that fails."""
    way = ("reports", f"{report}.json")
    path = results.path.joinpath(*way)
    try:
        data = results.read(way, MAX_BYTES)
    except UnreadableError as error:
        raise refused(
            path, error, "grade the class again to write it anew"
        ) from error
    return decode_report(data, file_name(path))


def _encodable(value: Any) -> Any:  # noqa: ANN401 - JSON is any of its types
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {
                _encodable(key): _encodable(item) for key, item in value.items()
            }
        case list() | tuple():
            return [_encodable(item) for item in value]
        case _:
            return value
