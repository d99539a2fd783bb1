"""Start a new exercise: a small one that works, for its author to change."""

import ast
import keyword
import re
import shutil
import string
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from grader.errors import UsageError

_NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_LONGEST = 50


def new(name: str, root: Path | None = None) -> list[str]:
    """Make `exercises/NAME` and `solutions/NAME` under `root`, and return what to tell the author.

    `root` is the working folder by default. The exercise has this name in its title, its function
    and its files, and it validates and grades as it is. Raises `UsageError` if the name is not
    valid, or if one of the folders exists or cannot be made; then nothing is left behind.
    """
    template = resources.files("grader.authoring").joinpath("template")
    function = _function_name(name, template)
    title = name.replace("-", " ").replace("_", " ").capitalize()
    text = {"name": name, "function": function, "title": title}
    root = Path.cwd() if root is None else root
    made: list[Path] = []
    try:
        for half in ("exercises", "solutions"):
            folder = root / half / name
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
            made.append(folder)
            _fill(template.joinpath(half), folder, text)
    except OSError as error:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, FileExistsError):
            raise UsageError(
                f"{error.filename}: exists already; choose another name"
            ) from error
        raise UsageError(
            f"{error.filename or root}: cannot be made ({error.strerror})"
        ) from error
    files = [path for folder in made for path in sorted(folder.iterdir())]
    return [
        *(f"made {path.relative_to(root)}" for path in files),
        f"It works as it is (it asks for distances between points): grader validate {name}",
        "Now make it yours: first the statement, the examples and the stub,",
        "then the reference solution, the hidden cases and the known mistakes.",
    ]


def _function_name(name: str, template: Traversable) -> str:
    """Return the name of the function that students write: `moving-average` -> `moving_average`."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise UsageError(
            f"{name}: is not a valid exercise name; use small letters, digits and -, "
            "as in moving-average"
        )
    function = name.replace("-", "_")
    # A function of this name would be a syntax error, or hide a name that the template needs.
    if keyword.iskeyword(function) or function in _names_in(template):
        raise UsageError(
            f"{name}: cannot be the name of the function that students write, because Python "
            "or the new exercise's own code uses it; choose another name"
        )
    return function


def _names_in(template: Traversable) -> set[str]:
    """Return every name that the template's own code uses."""
    names: set[str] = set()
    for half in template.iterdir():
        for file in half.iterdir():
            if file.name.endswith(".py.txt"):
                text = string.Template(file.read_text("utf-8"))
                tree = ast.parse(text.safe_substitute(function="_", title=""))
                names.update(_names_of(tree))
    return names


def _names_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.alias):
            yield node.name


def _fill(source: Traversable, target: Path, text: dict[str, str]) -> None:
    for file in source.iterdir():
        # The files are called .txt so that no tool takes them for code of the grader.
        name = file.name.removesuffix(".txt").replace(
            "function.py", f"{text['function']}.py"
        )
        filled = string.Template(file.read_text("utf-8")).substitute(text)
        (target / name).write_text(filled, encoding="utf-8")
