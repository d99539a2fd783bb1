"""The JSON Schema of a report (draft 2020-12), generated from the records and their docstrings.

The generated file ships beside the modules of the package. After a change of the records, write it
again with `python -m grader.render.schema`; until then a test fails.
"""

from pathlib import Path
from typing import Any, Final

from grader import model
from grader.schemas import as_text, schema_of

FILE: Final = Path(__file__).parent.parent / "report.schema.json"
ID: Final = "urn:exercise-grader:report:2"


def schema_text() -> str:
    """Return the schema as it ships."""
    return FILE.read_text(encoding="utf-8")


def generate() -> str:
    """Return the schema of `grader.model.Report` and every record in it, as indented JSON."""
    schema = schema_of(
        model.Report, sorted(Path(model.__file__).parent.glob("*.py"))
    )
    definitions: dict[str, Any] = schema["$defs"]
    report = definitions["Report"]
    # It has a default for the code that builds a Report, but it is always written.
    report["required"] = ["schema_version", *report["required"]]
    report["properties"]["schema_version"] = {
        "const": 2,
        "description": "Changes when a reader would have to.",
    }
    _describe_arrays(definitions)
    return as_text(ID, "Report of exercise-grader", schema)


def _describe_arrays(definitions: dict[str, Any]) -> None:
    """Describe what the records call `Any`: a value of any kind."""
    nested = {"$ref": "#/$defs/Value"}
    definitions["Value"] = {
        "title": "Value",
        "description": "An array, a list or a tuple as nested lists; NaN and the infinities as "
        "the strings nan, inf and -inf; what JSON has nothing for, as text.",
        "anyOf": [
            {"type": ["number", "string", "boolean", "null"]},
            {"type": "array", "items": nested},
            {"type": "object", "additionalProperties": nested},
        ],
    }
    properties = definitions["Details"]["properties"]
    inputs = {"type": "object", "additionalProperties": nested}
    kinds = {"expected": nested, "actual": nested, "inputs": inputs}
    for field, kind in kinds.items():
        either = [kind, {"type": "null"}]
        properties[field] = {**properties[field], "anyOf": either}


if __name__ == "__main__":
    FILE.write_text(generate(), encoding="utf-8", newline="\n")
