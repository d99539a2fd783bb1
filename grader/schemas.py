"""JSON Schemas (draft 2020-12) of records, with the texts that stand below their fields."""

import ast
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_of(
    record: type[msgspec.Struct],
    files: Sequence[Path],
) -> dict[str, Any]:
    """Return the schema of a record and of every record in it.

    Python keeps no docstrings of fields, so they are read from `files`, in which the records stand.
    """
    schema = msgspec.json.schema(record)
    definitions: dict[str, Any] = schema["$defs"]
    for name, fields in _field_docs(files).items():
        properties = definitions.get(name, {}).get("properties", {})
        for field, text in fields.items():
            if field in properties:
                properties[field] = {**properties[field], "description": text}
    return schema


def as_text(identifier: str, title: str, schema: dict[str, Any]) -> str:
    """Return a whole schema as indented JSON."""
    head = {"$schema": DRAFT, "$id": identifier, "title": title}
    encoded = msgspec.json.encode({**head, **schema})
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _field_docs(files: Sequence[Path]) -> dict[str, dict[str, str]]:
    docs = {}
    for path in files:
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
