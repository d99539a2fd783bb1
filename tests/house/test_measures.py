"""How dense, long and tangled the code may be: the limits that docs and reviews go by."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "grader"
MODULES = sorted(PACKAGE.rglob("*.py"))
# What students hand in keeps its own lines.
STUDENTS = (
    "tests/hostile/programs/",
    "tests/diagnose/students/",
    "tests/scenarios/",
    "solutions/convolution/samples/",
)
WRITTEN = [
    path
    for folder in ("grader", "tests", "benchmarks", "solutions", ".ci", "docs")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(STUDENTS)
]
SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
MOST_COLUMNS = 100
MOST_TOKENS = 7.5
MOST_FUNCTION_LINES = 47
MOST_MODULE_LINES = 320


def code_tokens(source: str) -> list[int]:
    """Return the line of each token that is code: no comment, docstring or line end."""
    lines = []
    starts_a_line = True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in SILENT:
            starts_a_line |= token.type != tokenize.COMMENT
            continue
        if not (starts_a_line and token.type == tokenize.STRING):
            lines.append(token.start[0])
        starts_a_line = False
    return lines


def test_no_line_is_longer_than_a_hundred_columns() -> None:
    """Every line that we wrote fits, code, text and comment."""
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in WRITTEN
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > MOST_COLUMNS
    ]
    assert long == []


def test_a_line_holds_one_thought() -> None:
    """The package has at most seven and a half tokens in a line that holds code."""
    tokens = lines = 0
    for path in MODULES:
        found = code_tokens(path.read_text("utf-8"))
        tokens += len(found)
        lines += len(set(found))
    assert tokens / lines <= MOST_TOKENS


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    """A module over the limit has a seam at which it can be cut."""
    long = {
        path.relative_to(ROOT).as_posix(): size
        for path in MODULES
        if (size := len(set(code_tokens(path.read_text("utf-8")))))
        > MOST_MODULE_LINES
    }
    assert long == {}


def test_no_function_is_too_long_to_be_seen_at_once() -> None:
    """A function fits on a screen, its docstring aside."""
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0]
                begin = first.lineno
                if ast.get_docstring(node) is not None:
                    begin = (first.end_lineno or begin) + 1
                size = (node.end_lineno or begin) - begin + 1
                if size > MOST_FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} {size}")
    assert long == []


def imports_of(path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules of the package that are imported when this one is."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                found.add(module if module in known else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & known.keys()


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    """Return module -> the modules that it imports at its top."""
    known = {}
    for path in MODULES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        known[name] = path
    return {
        name: imports_of(path, known) - {name} for name, path in known.items()
    }


def test_no_module_imports_itself_in_a_circle(
    graph: dict[str, set[str]],
) -> None:
    """Taking away what imports nothing that is left, nothing is left in the end."""
    left = dict(graph)
    while free := [
        name for name, imported in left.items() if not imported & left.keys()
    ]:
        for name in free:
            del left[name]
    assert sorted(left) == []
