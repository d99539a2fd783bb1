"""A report goes into JSON and comes back the same, or one line says why not."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from grader.errors import UsageError
from grader.model import Details, Report, SubmissionInfo
from grader.opening import Folder
from grader.render import json as report_json
from grader.render import schema


def test_round_trip(report: Report) -> None:
    """Writing and reading give the same report."""
    assert (
        report_json.decode_report(report_json.render(report).encode()) == report
    )


def test_rows_stand_on_one_line(mixed: Report) -> None:
    """The JSON is indented by two spaces, with one row of an array per line."""
    shown = report_json.render(mixed)
    assert "\n            [0.5, -1.25, 0.75],\n" in shown
    assert '"image": [8, 8],\n' in shown
    assert shown.endswith("}\n")
    assert json.loads(shown) == json.loads(report_json.encode_report(mixed))


def test_the_schema_validates_every_report(report: Report) -> None:
    """Each report that is written is valid against the schema that ships."""
    validator = jsonschema.Draft202012Validator(
        json.loads(schema.schema_text())
    )
    validator.validate(json.loads(report_json.render(report)))


def test_the_schema_is_current() -> None:
    """The schema that ships is that of the records; `python -m grader.render.schema` writes it."""
    assert schema.schema_text() == schema.generate()


def test_the_schema_is_a_schema_with_descriptions() -> None:
    """It is valid draft 2020-12 and explains the fields."""
    generated = json.loads(schema.schema_text())
    jsonschema.Draft202012Validator.check_schema(generated)
    assert (
        generated["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    )
    assert (
        "counted from 0"
        in generated["$defs"]["Details"]["properties"]["first"]["description"]
    )


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 1},
        {"status": "fine"},
        {"cases": [{}]},
        {"score": "4"},
        {"notes": None},
        {"submission": {"name": "a", "kind": "java", "digest": ""}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(
    mixed: Report, change: dict[str, Any]
) -> None:
    """Reader and schema agree on what is not a report."""
    broken = {**msgspec.to_builtins(mixed), **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(
            json.loads(schema.schema_text())
        ).validate(broken)
    with pytest.raises(UsageError):
        report_json.decode_report(json.dumps(broken).encode())


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "not JSON"),
        (b"PK\x03\x04", "not JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `schema_version`"),
        (
            b'{"schema_version": 1}',
            "schema_version is 1; this grader reads version 2",
        ),
        (b'{"schema_version": true}', "schema_version is True"),
        (b'{"schema_version": "2"}', "schema_version is '2'"),
        (b'{"schema_version": 2}', "missing required field `exercise`"),
        (b'{"schema_version": "\xff"}', "it is not UTF-8"),
        (b'{"schema_version": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"schema_version": 2, "status": 1e999}', ""),
        (
            b" " * (report_json.MAX_BYTES + 1),
            "too long for a report (more than 16 MB)",
        ),
    ],
    ids=lambda value: (
        value[:24].decode("latin-1").encode("unicode_escape").decode()
        if isinstance(value, bytes)
        else ""
    ),
)
def test_broken_input_gets_one_line(data: bytes, fault: str) -> None:
    """Whatever is not a report is a UsageError in one line that names the file and the fault."""
    with pytest.raises(UsageError) as caught:
        report_json.decode_report(data, "r.json")
    line = str(caught.value)
    assert line.startswith("r.json: ")
    assert fault in line
    assert "\n" not in line


def test_score_and_status_must_agree(mixed: Report) -> None:
    """A report without a score is a grader error, and a grader error has no score."""
    for change in ({"score": None}, {"status": "grader_error"}):
        with pytest.raises(
            UsageError, match="score must be null for status grader_error"
        ):
            report_json.decode_report(
                json.dumps({**msgspec.to_builtins(mixed), **change}).encode()
            )


@pytest.mark.parametrize("field", ["cases", "notes", "hints"])
def test_more_than_anybody_would_read_is_no_report(
    mixed: Report, field: str
) -> None:
    """A page of ten thousand cases, notes or hints would take minutes and a gigabyte."""
    many = msgspec.to_builtins(mixed)
    hint = {"misconception": "a", "text": "b"}
    if field == "hints":
        many["cases"][0]["hints"] = [hint] * 501
    else:
        many[field] = [*many[field], "a"][:1] * 501
    with pytest.raises(UsageError, match="more than 500 cases, notes or hints"):
        report_json.decode_report(json.dumps(many).encode())


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    """Of a file of 500 MB no more is read than a report can have."""
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(500 * 2**20)
    with pytest.raises(UsageError, match="bigger than 16 MiB"):
        report_json.read_report(huge)


def test_unreadable_paths_get_one_line(tmp_path: Path) -> None:
    """A path that is missing, or a folder, is said to be so."""
    with pytest.raises(UsageError, match="No such file"):
        report_json.read_report(tmp_path / "none.json")
    (tmp_path / "r").mkdir()
    with pytest.raises(UsageError, match=r"r: .*not a regular file"):
        report_json.read_report(tmp_path / "r")


def test_a_report_is_read_from_a_folder_of_results(
    mixed: Report, tmp_path: Path
) -> None:
    """By its name; one that is not there is said to be, and what to do."""
    path = tmp_path / "reports" / "ada.json"
    path.parent.mkdir()
    path.write_text(report_json.render(mixed), "utf-8")
    results = Folder(tmp_path)
    assert report_json.read_report_below(results, "ada") == mixed
    assert report_json.read_report(path) == mixed
    with pytest.raises(
        UsageError, match=r"bob\.json: .*grade the class again to write it anew"
    ):
        report_json.read_report_below(results, "bob")
    path.write_text("{}", "utf-8")
    with pytest.raises(UsageError, match=r"ada\.json: not a report: "):
        report_json.read_report_below(results, "ada")
    with pytest.raises(UsageError, match=r"give the file that `grader` wrote"):
        report_json.read_report(tmp_path)


def test_half_a_surrogate_pair_is_escaped_wherever_it_is(mixed: Report) -> None:
    """In keys, lists and texts inside of what came back; numbers stay numbers."""
    details = Details(
        inputs={"\udcff": [1, "\udcff", None, {"a": ("\udcff",)}]},
        expected=True,
    )
    case = msgspec.structs.replace(mixed.cases[0], details=details)
    changed = msgspec.structs.replace(mixed, cases=(case,))
    read = report_json.decode_report(report_json.encode_report(changed))
    assert read.cases[0].details.inputs == {
        "\\udcff": [1, "\\udcff", None, {"a": ["\\udcff"]}],
    }
    assert read.cases[0].details.expected is True


def test_half_a_surrogate_pair_becomes_its_escape(
    mixed: Report,
) -> None:
    """A file name that is not UTF-8 reaches Python as half a pair; JSON gets its escape as text."""
    named = msgspec.structs.replace(
        mixed, submission=SubmissionInfo("s\udcff.py", "python", "sha256:0")
    )
    assert (
        report_json.decode_report(
            report_json.render(named).encode()
        ).submission.name
        == "s\\udcff.py"
    )
