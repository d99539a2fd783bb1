"""The JSON Schemas of exercise.toml and cases.toml, for editors, generated from the records.

The generated files ship beside the modules of the package. After a change of the records, write
them again with `python -m grader.exercise.schema`; until then a test fails.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

from grader.exercise.cases_table import CasesTable
from grader.exercise.tables import ExerciseTable
from grader.model import exercise as records
from grader.schemas import as_text, schema_of

KINDS: Final[dict[str, type[msgspec.Struct]]] = {
    "exercise": ExerciseTable,
    "cases": CasesTable,
}
"""What has a schema: the file `KIND.toml`."""

_PACKAGE: Final = Path(__file__).parent.parent
_VALUE: Final = (
    "Nested lists of numbers are an array. Numbers, texts, true and false are themselves, a list "
    "with text in it is a list, and a table is a dict. { tuple = [...] }, { list = [...] }, "
    "{ float32 = [...] }, { generator = 7 } and { none = true } are what they say."
)


def schema_text(kind: str) -> str:
    """Return the schema of `exercise` or `cases` as it ships."""
    return _file(kind).read_text(encoding="utf-8")


def generate(kind: str) -> str:
    """Return the schema of a kind of file, as indented JSON."""
    here = Path(__file__).parent
    files = [
        here / "tables.py",
        here / "cases_table.py",
        Path(records.__file__),
    ]
    schema = schema_of(KINDS[kind], files)
    definitions: dict[str, Any] = schema["$defs"]
    for definition in definitions.values():
        if "properties" in definition:
            definition["additionalProperties"] = False
    if kind == "exercise":
        _describe_values(definitions["ExampleTable"]["properties"])
    title = f"{kind}.toml of exercise-grader"
    return as_text(f"urn:exercise-grader:{kind}:1", title, schema)


def _describe_values(example: dict[str, Any]) -> None:
    """Describe what the record of an example calls `Any`, and take away what stands for nothing."""
    example["inputs"]["description"] = _VALUE
    example["expected"] = {"description": _VALUE}


def _file(kind: str) -> Path:
    return _PACKAGE / f"{kind}.schema.json"


if __name__ == "__main__":
    for each in KINDS:
        _file(each).write_text(generate(each), encoding="utf-8", newline="\n")
