"""Read the stub: what students write, and what they are given.

Whatever does nothing but raise `NotImplementedError` is to be written: top-level functions, and
methods of top-level classes. What has a body is given. The stub is only read, never run.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.exercise.files import label, read_text
from grader.exercise.given import given_source
from grader.model import Method, Parameter, Target

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FILE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\.py")
"""What the stub may be called: scripts of platforms name it, too."""


class Stub(msgspec.Struct, frozen=True, eq=False):
    """The one Python file of a public half."""

    file: str = ""
    text: str = ""
    targets: tuple[Target, ...] = ()
    given: str = ""


def read_stub(
    folder: Path,
    faults: list[str],
) -> Stub:
    """Return what the only Python file of a folder asks for; what is wrong with it is a fault."""
    found = sorted(folder.glob("*.py"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found)
        several = (
            f"there are several Python files ({names}); keep one, the stub"
        )
        none = "there is no Python file; write the stub, such as softmax.py"
        faults.append(f"{folder.name}: {several if found else none}")
        return Stub()
    path = found[0]
    if not _FILE.fullmatch(path.name):
        faults.append(
            f"{folder.name}: {path.name!r} is not a plain file name; use letters, digits and _, as "
            "in softmax.py"
        )
        return Stub()
    before = len(faults)
    text = read_text(path, faults)
    if len(faults) > before:
        return Stub(path.name)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = (
            f", line {error.lineno}"
            if isinstance(error, SyntaxError) and error.lineno
            else ""
        )
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        faults.append(f"{label(path)}{line}: is not Python: {message}")
        return Stub(path.name, text)
    reader = _Reader()
    targets = tuple(reader.targets(tree))
    faults += [f"{label(path)}{fault}" for fault in reader.faults]
    if not targets and not reader.faults:
        faults.append(
            f"{label(path)}: nothing in it raises NotImplementedError, so there is nothing to "
            "write; what a student writes has `raise NotImplementedError` as its only statement"
        )
    return Stub(
        path.name,
        text,
        targets,
        given_source(tree, reader.to_write),
    )


class _Reader:
    """Finds the targets in the stub's tree; `faults` begin with the line."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.to_write: set[ast.stmt] = set()
        """The functions and methods that students write."""

    def targets(
        self,
        tree: ast.Module,
    ) -> Iterator[Target]:
        """Yield what is to be written, in the order of the stub."""
        seen: set[str] = set()
        for node in tree.body:
            if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                continue
            if node.name in seen:
                self._fault(node, f"{node.name} is defined twice; keep one")
            seen.add(node.name)
            if isinstance(node, ast.ClassDef):
                yield from self._class(node)
            elif self._is_to_do(node):
                yield Target(name=node.name, parameters=self._parameters(node))

    def _class(
        self,
        node: ast.ClassDef,
    ) -> Iterator[Target]:
        methods = [each for each in node.body if isinstance(each, _FUNCTIONS)]
        to_do = [self._is_to_do(method) for method in methods]
        if not any(to_do):
            return
        made = [each for each in methods if each.name == "__init__"]
        yield Target(
            name=node.name,
            is_class=True,
            parameters=self._parameters(made[0], 1) if made else (),
            methods=tuple(
                Method(
                    name=method.name,
                    parameters=self._parameters(method, _bound(method)),
                )
                for method in methods
                if not method.name.startswith("__") and not _is_property(method)
            ),
        )

    def _is_to_do(
        self,
        node: _Function,
    ) -> bool:
        """Return whether a function is to be written; an empty one is a fault."""
        body = node.body
        if ast.get_docstring(node) is not None:
            body = body[1:]
        if all(_does_nothing(statement) for statement in body):
            self._fault(
                node,
                f"{node.name} does nothing: let it `raise NotImplementedError` if students "
                "write it, or give it a body",
            )
            return False
        if len(body) != 1 or not _raises_not_implemented(body[0]):
            return False
        if isinstance(node, ast.AsyncFunctionDef):
            self._fault(node, f"{node.name} is async; write a plain def")
        self.to_write.add(node)
        return True

    def _parameters(
        self,
        node: _Function,
        without: int = 0,
    ) -> tuple[Parameter, ...]:
        """Return the parameters of a function, `without` that many at the beginning."""
        args = node.args
        for variadic in (args.vararg, args.kwarg):
            if variadic is not None:
                self._fault(
                    node,
                    f"{node.name}: name each parameter, instead of *{variadic.arg}",
                )
        by_place = [*args.posonlyargs, *args.args]
        missing = len(by_place) - len(args.defaults)
        defaults = [*[None] * missing, *args.defaults]
        plain = [
            _parameter(*pair) for pair in zip(by_place, defaults, strict=True)
        ]
        by_name = [
            _parameter(*pair, by_name_only=True)
            for pair in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        ]
        return (*plain[without:], *by_name)

    def _fault(
        self,
        node: ast.stmt,
        text: str,
    ) -> None:
        fault = f", line {node.lineno}: {text}"
        if fault not in self.faults:
            self.faults.append(fault)


def _parameter(
    argument: ast.arg,
    default: ast.expr | None,
    *,
    by_name_only: bool = False,
) -> Parameter:
    annotation = argument.annotation
    return Parameter(
        name=argument.arg,
        optional=default is not None,
        default=None if default is None else ast.unparse(default),
        annotation=None if annotation is None else ast.unparse(annotation),
        by_name_only=by_name_only,
    )


def _decorators(node: _Function) -> Sequence[str]:
    return [
        ast.unparse(each).rpartition(".")[2] for each in node.decorator_list
    ]


def _bound(method: _Function) -> int:
    """Return how many parameters of a method are not passed: self, except for static methods."""
    return 0 if "staticmethod" in _decorators(method) else 1


def _is_property(method: _Function) -> bool:
    return any("property" in each for each in _decorators(method))


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


def _raises_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc
    if isinstance(raised, ast.Call):
        raised = raised.func
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
