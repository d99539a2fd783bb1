"""Writes docs/exercise.md from its template and the records, or checks that it is up to date.

Usage: exercise_format.py [--check]
"""

import ast
import inspect
import itertools
import re
import sys
import textwrap
from pathlib import Path
from typing import Any, get_args

import msgspec

from grader import model
from grader.diagnose import catalogue
from grader.exercise import cases_table, tables, values

ROOT = Path(__file__).parents[1]
TEMPLATE = Path(__file__).with_name("exercise.md")
PAGE = ROOT / "docs" / "exercise.md"
RECORDS: dict[str, type[Any]] = {
    "ExerciseTable": tables.ExerciseTable,
    "ExampleTable": tables.ExampleTable,
    "CasesTable": cases_table.CasesTable,
    **{
        name: getattr(model, name)
        for name in (
            *("Limits", "Tolerance", "Comparison", "Rules", "Speed"),
            *("Picture", "CaseRecipe", "TrialRecipe", "ArgumentRecipe"),
            "ProbeRecipe",
        )
    },
}
WORDS = {
    "str": "text",
    "float": "number",
    "int": "whole number",
    "bool": "true or false",
    "Any": "value",
    "None": "nothing",
}


def page() -> str:
    """Return the page: the template with its placeholders filled in."""
    text = TEMPLATE.read_text(encoding="utf-8")
    text = re.sub(r"^\{\{record (\w+)\}\}$", _record, text, flags=re.MULTILINE)
    text = text.replace("{{values}}", _table_in(inspect.getdoc(values) or ""))
    mistakes = inspect.getdoc(catalogue) or ""
    text = text.replace("{{misconceptions}}", _definitions(mistakes))
    evidence = ", ".join(f"`{each}`" for each in catalogue.EVIDENCE)
    return text.replace("{{evidence}}", evidence)


def _record(found: "re.Match[str]") -> str:
    """Return a table of the fields of a record: key, what it holds, default, meaning."""
    record = RECORDS[found[1]]
    docs = field_docs(record)
    rows = ["| key | holds | default | |", "|---|---|---|---|"]
    for field in msgspec.structs.fields(record):
        meaning = docs.get(field.name) or _of_type(field.type)
        cells = (
            f"`{field.encode_name}`",
            _type(field.type),
            _default(field),
            " ".join(meaning.split()).replace("|", "\\|"),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def field_docs(record: type[Any]) -> dict[str, str]:
    """Return the docstrings of a record's fields: the text that stands below each."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(record)))
    (body,) = (
        node.body for node in tree.body if isinstance(node, ast.ClassDef)
    )
    found = {}
    for node, below in itertools.pairwise(body):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            found[node.target.id] = str(below.value.value)
    return found


def _of_type(kind: object) -> str:
    """Return what the record that a field holds says of itself."""
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            return (inspect.getdoc(each) or "").split("\n")[0]
    return ""


def _type(kind: Any) -> str:  # noqa: ANN401 - a type expression
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return "table"
    text = str(kind) if get_args(kind) else getattr(kind, "__name__", str(kind))
    if "Struct" in text or any(name in text for name in RECORDS):
        return "tables" if text.startswith("tuple") else "table"
    text = re.sub(r"typing\.|Annotated\[(\w+), .*\]", r"\1", text)
    if text.startswith("Literal"):
        return "one of " + ", ".join(f"`{each}`" for each in get_args(kind))
    text = re.sub(r"tuple\[(\w+), \.\.\.\]", r"list of \1", text)
    text = re.sub(r"dict\[str, (.+)\]", r"table of \1", text)
    text = re.sub(r"tuple\[(\w+), \w+\]", r"two \1", text)
    words = re.sub(r"\w+", lambda one: WORDS.get(one[0], one[0]), text)
    return words.replace(" | nothing", "").replace(" | ", " or ")


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    value = field.default
    if value is msgspec.NODEFAULT or isinstance(value, msgspec.Struct):
        return ""
    if value is None or value in ((), {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _table_in(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.startswith("|"))


def _definitions(text: str) -> str:
    """Turn names with indented texts below them into sections."""
    found = re.split(r"^(`.+)$", text, flags=re.MULTILINE)
    parts = [
        f"**{names}**: {' '.join(meaning.split())}\n"
        for names, meaning in zip(found[1::2], found[2::2], strict=True)
    ]
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write the page; with --check return 1 where it is out of date."""
    if "--check" not in arguments:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/exercise.md is out of date: run python .ci/exercise_format.py")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
