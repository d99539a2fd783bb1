"""Make the folders of a new exercise: whole, or not at all."""

import ast
import builtins
import keyword
import re
import shutil
import string
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from grader.authoring.starting.plans import Plan, files_of
from grader.errors import UsageError
from grader.model import Target

_NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_LONGEST = 50


def new(
    name: str,
    root: Path | None = None,
    *,
    functions: tuple[str, ...] = (),
    taken_from: Path | None = None,
) -> list[str]:
    """Make `exercises/NAME` and `solutions/NAME` under `root`, and return what to tell the author.

    `root` is the working folder by default. With `functions`, signatures such as `f(x, k=1)`, or
    a notebook or a file `taken_from`, it is an exercise for these; else it is a small one that
    works. It has this name in its title and its files. Raises `UsageError` if the name is not
    valid, if an argument is not what it should be, or if one of the folders exists or cannot be
    made; then nothing is left behind.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise UsageError(
            f"{name}: is not a valid exercise name; use small letters, digits and -, "
            "as in moving-average"
        )
    files, notes = _files(name, functions, taken_from)
    root = Path.cwd() if root is None else root
    made = _written(root, name, files)
    return [*(f"made {path.relative_to(root)}" for path in made), *notes]


def _files(
    name: str, functions: tuple[str, ...], taken_from: Path | None
) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
    """Return the files of both halves, and what to tell the author."""
    title = (
        name.replace(
            "-",
            " ",
        )
        .replace("_", " ")
        .capitalize()
    )
    stub_name = f"{name.replace('-', '_')}.py"
    if taken_from is not None:
        from grader.authoring.takeover import plan_from_file

        plan = plan_from_file(taken_from, name, title, functions)
        return files_of(plan, stub_name), plan.notes
    if functions:
        plan = _plan_for(name, title, functions)
        return files_of(plan, stub_name), plan.notes
    return _template_files(name, title)


def _plan_for(
    name: str,
    title: str,
    functions: tuple[str, ...],
) -> Plan:
    from grader.authoring.starting.from_signature import plan_for
    from grader.authoring.starting.signature import read_signatures

    targets = read_signatures(functions)
    for target in targets:
        _require_possible(target)
    plan = plan_for(title, targets)
    notes = (*plan.notes, f"Try it after each step: grader validate {name}")
    return msgspec.structs.replace(
        plan,
        notes=notes,
    )


def _require_possible(target: Target) -> None:
    """Refuse names that would hide what the new exercise's own code uses."""
    for name in (target.name, *(each.name for each in target.parameters)):
        if name in {"np", "numpy", "student"}:
            raise UsageError(
                f"--function: {name} is a name that the new exercise's own code uses; "
                "choose another"
            )
    if target.name in vars(builtins):
        raise UsageError(
            f"--function: {target.name} would hide Python's own {target.name}; choose another name"
        )


def _written(
    root: Path, name: str, files: dict[str, dict[str, str]]
) -> list[Path]:
    made: list[Path] = []
    try:
        for half, texts in files.items():
            folder = root / half / name
            folder.parent.mkdir(
                parents=True,
                exist_ok=True,
            )
            folder.mkdir()
            made.append(folder)
            for file, text in texts.items():
                (folder / file).write_text(
                    text,
                    encoding="utf-8",
                )
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
    return [path for folder in made for path in sorted(folder.iterdir())]


# ---- The template: a small exercise that works


def _template_files(
    name: str, title: str
) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
    template = resources.files("grader.authoring").joinpath("template")
    function = _function_name(name, template)
    text = {
        "name": name,
        "function": function,
        "title": title,
    }
    files: dict[str, dict[str, str]] = {}
    for half in ("exercises", "solutions"):
        for file in template.joinpath(half).iterdir():
            # The files are called .txt so that no tool takes them for code of the grader.
            file_name = file.name.removesuffix(".txt").replace(
                "function.py", f"{function}.py"
            )
            filled = string.Template(file.read_text("utf-8")).substitute(text)
            files.setdefault(
                half,
                {},
            )[file_name] = filled
    notes = (
        f"It works as it is (it asks for distances between points): grader validate {name}",
        "Now make it yours: first the statement, the examples and the stub,",
        "then the reference solution, the hidden cases and the known mistakes.",
    )
    return files, notes


def _function_name(
    name: str,
    template: Traversable,
) -> str:
    """Return the name of the function that students write: `moving-average` -> `moving_average`."""
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
        elif isinstance(
            node,
            ast.FunctionDef | ast.alias,
        ):
            yield node.name
