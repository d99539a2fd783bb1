"""The house: imports go one way, and `import grader` is cheap."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import grader

PACKAGE = Path(grader.__file__).parent
ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"

# Lower floors first. A room may import from floors below its own, and from inside itself.
FLOORS = (
    {"model", "errors", "version", "untrusted", "confined"},
    {"files", "strict", "figures", "startup", "vocabulary"},
    {"exercise", "submission", "cases", "execution", "compare", "render", "platforms"},
    {"diagnose", "intake"},
    {"grading"},
    {"classbook"},
    {"api", "output"},
    {"batch", "authoring", "packaging"},
    {"cli", "jupyter", "pytest_plugin"},
    {"__main__"},
)
HEAVY = (
    "IPython",
    "nbclient",
    "nbformat",
    "jinja2",
    "rich",
    "jupyter_client",
    "zmq",
    "click",
    "scipy",
)


def room_of(path: Path) -> str:
    """Name the room of a module: its first name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def floor_of(room: str) -> int:
    """Find the floor of a room; a room that is on none is a room that nobody has thought about."""
    floors = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    assert floors, (
        f"grader/{room} stands on no floor: place it in tests/house/test_arrows.py and docs/architecture.md"
    )
    return floors[0]


def imported_rooms(path: Path) -> set[str]:
    """List the rooms that a module imports, at its top or inside a function."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path.name}: a relative import hides which room it enters"
            )
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        parts = [name.split(".") for name in names]
        rooms |= {part[1] for part in parts if part[0] == "grader" and len(part) > 1}
    return rooms


MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent != PACKAGE or path.name != "__init__.py"
]


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_a_room_imports_only_from_floors_below(path: Path) -> None:
    """No import goes up or sideways: `compare` cannot run code, `execution` cannot compare."""
    room = room_of(path)
    if room in {"exercises", "notebooks"}:
        return  # what the wheel carries for students is no room
    for other in imported_rooms(path) - {room}:
        assert floor_of(other) < floor_of(room), (
            f"{path.relative_to(PACKAGE)} imports grader.{other}"
        )


def test_the_document_has_the_same_floors() -> None:
    """The table in docs/architecture.md and `FLOORS` are one; `__main__` is `cli` by another name."""
    documented: list[set[str]] = []
    for row in re.findall(
        r"^\| (\d?) *\| (`.*?) \|", ARCHITECTURE.read_text("utf-8"), re.MULTILINE
    ):
        documented += [set()] if row[0] else []
        documented[-1] |= set(re.findall(r"`(\w+)`", row[1]))
    assert tuple(documented) == FLOORS[:-1]


def test_importing_grader_loads_nothing_heavy() -> None:
    """`import grader` in a fresh process loads none of the libraries that only some users need."""
    code = f"import sys, grader; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def confined_modules() -> set[str]:
    """Follow the imports from the script that every process for student code starts with."""
    found: set[str] = set()
    waiting = ["entry"]
    while waiting:
        name = waiting.pop()
        found.add(name)
        for node in ast.walk(
            ast.parse((PACKAGE / "confined" / f"{name}.py").read_text("utf-8"))
        ):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "grader.confined"
            ):
                names = [
                    *(node.module or "").split(".")[2:3],
                    *(alias.name for alias in node.names),
                ]
                waiting += [
                    one
                    for one in names
                    if (PACKAGE / "confined" / f"{one}.py").is_file()
                    and one not in found
                ]
    return found


def test_the_confined_side_knows_nothing_of_the_trusted_one() -> None:
    """What runs beside student code imports the standard library, numpy and itself; a kernel, Jupyter's parts too."""
    confined = confined_modules()
    assert confined >= {
        "template_process",
        "worker",
        "loading",
        "frames",
        "confine",
        "fresh_worker",
    }
    kernel = {"kernel", "shell", "cells"}
    for name in sorted(confined | kernel):
        allowed = {"numpy", "grader"} | (
            {"ipykernel", "IPython", "jupyter_client", "traitlets"}
            if name in kernel
            else set()
        )
        for node in ast.walk(
            ast.parse((PACKAGE / "confined" / f"{name}.py").read_text("utf-8"))
        ):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                first, *rest = module.split(".")
                assert first in sys.stdlib_module_names | allowed, f"{name}: {module}"
                assert first != "grader" or rest[:1] == ["confined"], (
                    f"{name}: {module}"
                )
