"""The JSON Schema of a report (draft 2020-12), generated from the records and their docstrings.

The generated file ships beside the modules of the package. After a change of the records, write it
again with `python -m grader.render.schema`; until then a test fails.
"""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from grader import model

FILE: Final = Path(__file__).parent.parent / "report.schema.json"
ID: Final = "urn:exercise-grader:report:2"


def schema_text() -> str:
    """Return the schema as it ships."""
    return FILE.read_text(encoding="utf-8")


def generate() -> str:
    """Return the schema of `grader.model.Report` and every record in it, as indented JSON."""
    schema = msgspec.json.schema(model.Report)
    definitions: dict[str, Any] = schema["$defs"]
    for name, fields in _field_docs().items():
        definition = definitions.get(name, {})
        properties = definition.get("properties", {})
        for field, text in fields.items():
            if field in properties:
                properties[field] = {**properties[field], "description": text}
    report = definitions["Report"]
    # It has a default for the code that builds a Report, but it is always written.
    report["required"] = ["schema_version", *report["required"]]
    report["properties"]["schema_version"] = {
        "const": 2,
        "description": "Changes when a reader would have to.",
    }
    _describe_arrays(definitions)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Report of exercise-grader",
        **schema,
    }
    encoded = msgspec.json.encode(whole)
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


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


def _field_docs() -> dict[str, dict[str, str]]:
    """Return the docstrings under the fields of each record, which Python itself does not keep."""
    folder = Path(model.__file__).parent
    docs = {}
    for path in folder.glob("*.py"):
        module = ast.parse(path.read_text("utf-8"))
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                docs[node.name] = dict(_documented(node))
    return docs


def _documented(record: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the name of each field that a text follows, and the text."""
    for field, below in itertools.pairwise(record.body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(
            below, ast.Expr
        ):
            continue
        name, text = field.target, below.value
        if not isinstance(name, ast.Name) or not isinstance(text, ast.Constant):
            continue
        if isinstance(text.value, str):
            yield name.id, text.value.strip()


if __name__ == "__main__":
    FILE.write_text(generate(), encoding="utf-8", newline="\n")
