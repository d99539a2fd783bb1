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
    {
        "model",
        "errors",
        "isolation",
        "version",
        "untrusted",
        "confined",
        "framed",
        "records",
    },
    {
        "files",
        "opening",
        "strict",
        "figures",
        "startup",
        "log",
        "vocabulary",
        "libraries",
        "recording",
        "schemas",
        "user_folders",
    },
    {
        "attempts",
        "exercise",
        "submission",
        "cases",
        "sheets",
        "execution",
        "compare",
        "render",
    },
    {"diagnose", "intake", "platforms"},
    {"grading"},
    {"classbook"},
    {"api", "output"},
    {"batch", "authoring", "packaging", "pytest_guard"},
    {"cli", "jupyter", "pytest_plugin", "nbgrader", "service"},
    {"__main__"},
)
# The same inside the service.
SERVICE_FLOORS = (
    {"settings", "words", "problems", "logs"},
    {"data"},
    {"graders", "lti"},
    {"work", "passback"},
    {"web", "operating"},
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
    "starlette",
    "sqlalchemy",
)


def room_of(path: Path) -> str:
    """Name the room of a module: its first name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def floor_of(room: str) -> int:
    """Find the floor of a room. Each room must have one."""
    floors = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    assert floors, (
        f"give grader/{room} a floor, here and in docs/architecture.md"
    )
    return floors[0]


def imported(path: Path) -> list[str]:
    """List what a module imports, at its top or inside a function, by dotted names."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path.name}: write the whole name of the module"
            )
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def imported_rooms(path: Path) -> set[str]:
    """List the rooms that a module imports."""
    parts = [name.split(".") for name in imported(path)]
    return {part[1] for part in parts if part[0] == "grader" and len(part) > 1}


CONFINED = sorted((PACKAGE / "confined").glob("*.py"))
KERNEL = {"kernel.py", "shell.py", "cells.py"}
JUPYTER = {"ipykernel", "IPython", "jupyter_client", "traitlets"}
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
        return  # folders of the wheel for students, not rooms
    others = imported_rooms(path) - {room}
    if path == PACKAGE / "cli" / "serve.py":
        others -= {"service"}  # beside it, and imported by this command alone
    for other in others:
        assert floor_of(other) < floor_of(room), (
            f"{path.relative_to(PACKAGE)} imports grader.{other}"
        )


def service_floor(room: str) -> int:
    """Find the floor of a room inside the service."""
    floors = [n for n, rooms in enumerate(SERVICE_FLOORS) if room in rooms]
    assert floors, (
        f"give grader/service/{room} a floor, here and in grader/service/__init__.py"
    )
    return floors[0]


@pytest.mark.parametrize(
    "path",
    sorted((PACKAGE / "service").rglob("*.py"))[1:],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_inside_the_service_imports_go_one_way_too(path: Path) -> None:
    """What a person does knows nothing of the web, and tables know nothing of either."""
    room = path.relative_to(PACKAGE / "service").parts[0].removesuffix(".py")
    for name in imported(path):
        parts = name.split(".")
        if parts[:2] != ["grader", "service"] or parts[2] == room:
            continue
        assert service_floor(parts[2]) < service_floor(room), (
            f"{path.relative_to(PACKAGE)} imports {name}"
        )


def test_the_service_lists_the_same_floors() -> None:
    """The table in grader/service/__init__.py has the floors that are tested."""
    listed: list[set[str]] = []
    text = (PACKAGE / "service" / "__init__.py").read_text("utf-8")
    for row in re.findall(r"^\| (\d?) *\| (`.*?) \|", text, re.MULTILINE):
        listed += [set()] if row[0] else []
        listed[-1] |= set(re.findall(r"`(\w+)`", row[1]))
    assert tuple(listed) == SERVICE_FLOORS


def test_the_document_has_the_same_floors() -> None:
    """The table in docs/architecture.md has the same floors; `__main__` is `cli` once more."""
    documented: list[set[str]] = []
    for row in re.findall(
        r"^\| (\d?) *\| (`.*?) \|",
        ARCHITECTURE.read_text("utf-8"),
        re.MULTILINE,
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


@pytest.mark.parametrize("path", CONFINED, ids=lambda path: str(path.name))
def test_a_students_process_knows_nothing_of_the_trusted_side(
    path: Path,
) -> None:
    """`confined` imports the standard library, numpy and itself; a kernel, Jupyter's parts too."""
    allowed = {*sys.stdlib_module_names, "numpy"}
    if path.name in KERNEL:
        allowed |= JUPYTER
    for name in imported(path):
        library, _, rest = name.partition(".")
        if library == "grader":
            assert rest.startswith("confined"), name
        else:
            assert library in allowed, name
