"""The JSON Schemas of an author's files: current, and true of every file that ships."""

import json
import runpy
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from grader.cli.reports import schema as command
from grader.exercise import schema

ROOT = Path(__file__).parents[2]
SHIPPED = [
    *(("exercise", path) for path in ROOT.glob("exercises/*/exercise.toml")),
    *(("cases", path) for path in ROOT.glob("solutions/*/cases.toml")),
]


def validator(kind: str) -> Any:
    """Return what validates values against a schema."""
    return jsonschema.Draft202012Validator(json.loads(schema.schema_text(kind)))


@pytest.mark.parametrize("kind", schema.KINDS)
def test_each_schema_is_current(kind: str) -> None:
    """It is that of the records; `python -m grader.exercise.schema` writes it."""
    assert schema.schema_text(kind) == schema.generate(kind)
    validator(kind).check_schema(json.loads(schema.schema_text(kind)))


def test_the_module_writes_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a program, where they ship, and with the same line ends on every system."""
    written = {}

    def write(path: Path, text: str, encoding: str, newline: str) -> None:
        written[path] = text.replace("\n", newline).encode(encoding)

    monkeypatch.setattr(Path, "write_text", write)
    # Not `run_module`: where the package is installed, pytest reads it, and that cannot be run so.
    runpy.run_path(schema.__file__, run_name="__main__")
    package = Path(schema.__file__).parents[1]
    assert written == {
        package / f"{kind}.schema.json": schema.schema_text(kind).encode()
        for kind in ("exercise", "cases")
    }


@pytest.mark.parametrize(
    ("kind", "path"), SHIPPED, ids=lambda part: getattr(part, "name", part)
)
def test_every_file_that_ships_is_valid(kind: str, path: Path) -> None:
    """An editor that reads the schema underlines nothing in an exercise of this repository."""
    validator(kind).validate(tomllib.loads(path.read_text("utf-8")))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("exercise", "titel = 'x'\ntitle = 'x'\nexample = []"),
        ("exercise", "title = 3\nexample = []"),
        ("exercise", "title = 'x'"),
        ("exercise", "title = 'x'\nexample = []\nrules.loops = 'no'"),
        ("exercise", "title = 'x'\nexample = []\nfunction = 'f'"),
        ("cases", "case = []\ntrial = 3"),
        (
            "cases",
            "case = [{ name = 'a', title = '', shapes = 3 }]\ntrial = []",
        ),
    ],
)
def test_a_schema_refuses_what_the_reader_refuses(kind: str, text: str) -> None:
    """Unknown and missing keys and wrong types are underlined while an author writes."""
    with pytest.raises(jsonschema.ValidationError):
        validator(kind).validate(tomllib.loads(text))


@pytest.mark.parametrize("kind", schema.KINDS)
def test_the_command_prints_it(kind: str) -> None:
    """`grader schema exercise` is what an editor is given."""
    printed = CliRunner().invoke(command, [kind])
    assert printed.exit_code == 0
    assert printed.output == schema.schema_text(kind)
