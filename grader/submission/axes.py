"""Does a line that raised take the image for an array with more axes than it has? From the text alone. Pure and total.

An exception says how many axes were wanted, but not of which array: `result[i, j, 0]` fails on an
array that the student made, and `a, b, c = kernel.shape` on the kernel. So a line counts only where
it does this to the function's first argument, or to what has the same axes: a copy of it, a padded
one, a part, what a helper is given.
"""

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from grader.model import Exercise, Raised, Unit
from grader.submission.bindings import assigned, names_stored
from grader.submission.program import Program, function_node, read_program
from grader.submission.scope import Function, parameters

_UNPACKED: Final = re.compile(
    r"not enough values to unpack \(expected (\d+), got (\d+)\)"
)
_INDEXED: Final = re.compile(
    r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed"
)
_AXIS: Final = re.compile(r"axis \d+ is out of bounds for array of dimension (\d+)")
_PADDED: Final = re.compile(r"\((\d+),\s*2\)\s+and requested shape\s+\((\d+),\s*2\)")
_SAME_AXES: Final = frozenset(
    {
        "abs", "absolute", "array", "asanyarray", "asarray", "ascontiguousarray", "asfortranarray", "astype", "clip",
        "copy", "deepcopy", "flip", "fliplr", "flipud", "float32", "float64", "int32", "int64", "pad", "round", "uint8",
        "view",
    }
)  # fmt: skip
"""Functions, and methods, whose result has the axes of their first argument."""
_CALLS_DEEP: Final = 4
_EXPRESSION_DEEP: Final = 40
_NAMES_CAP: Final = 300
_REACHED_CAP: Final = 50


def wants_more_axes(
    units: Sequence[Unit], exercise: Exercise, raised: Raised, axes: int
) -> bool:
    """Tell whether the statement that raised needs a first argument with more than so many axes."""
    if raised.line is None:
        return False
    text = _Text(read_program(units), exercise.function)
    tree = next(
        (tree for cell, tree in text.program.trees() if cell == raised.cell), None
    )
    path = [] if tree is None else _path_to(tree, raised.line)
    outer = next((node for node in path if isinstance(node, Function)), None)
    if outer is None or any(isinstance(node, ast.ClassDef) for node in path):
        return False
    # What `image = image[:, :, 0]` binds, it has not bound yet.
    names = _Names(text, outer, _CALLS_DEEP, but=path[-1])
    return _wants(list(_own_nodes(path[-1])), names, raised.message, axes)


def _wants(nodes: Sequence[ast.AST], names: "_Names", message: str, axes: int) -> bool:
    found = _UNPACKED.search(message)
    if found:
        wanted, had = map(int, found.groups())
        # `gray = image[..., 0]` takes the columns for colours, and has an axis less than it should
        # have.
        is_one = (
            names.is_reduced_shape
            if (wanted, had) == (axes, axes - 1)
            else names.is_shape
        )
        return (had == axes < wanted or (wanted, had) == (axes, axes - 1)) and any(
            map(is_one, nodes)
        )
    found = _INDEXED.search(message)
    if found:
        had, wanted = map(int, found.groups())
        return had == axes and any(names.is_indexed(node, wanted) for node in nodes)
    found = _PADDED.search(message)
    if found:
        return str(axes) in found.groups() and any(
            names.is_call_on_image(node, "pad") for node in nodes
        )
    found = _AXIS.search(message)
    if found:
        return int(found[1]) == axes and any(map(names.is_call_on_image, nodes))
    if "axes don't match array" in message:
        return any(names.is_call_on_image(node, "transpose") for node in nodes)
    return "tuple index out of range" in message and any(
        names.is_shape_item(node, axes) for node in nodes
    )


class _Text:
    """A submission's program, and the functions of its own that its graded function reaches."""

    def __init__(self, program: Program, function: str) -> None:
        self.program = program
        found = function_node(program, function)
        self.graded = None if found is None else found[1]
        self._calls: list[tuple[Function, ast.Call, Function]] = []
        reached = [] if self.graded is None else [self.graded]
        for caller in reached:
            for node in ast.walk(caller):
                called = self.called(node)
                if called is not None and isinstance(node, ast.Call):
                    self._calls.append((caller, node, called))
                    if called not in reached and len(reached) < _REACHED_CAP:
                        reached.append(called)

    def called(self, node: ast.AST) -> Function | None:
        """Give the submission's own function that is called there."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return None
        found = function_node(self.program, node.func.id)
        return None if found is None else found[1]

    def calls_of(self, function: Function) -> list[tuple[Function, ast.Call]]:
        """Give the calls of a function, each with the function that it is in."""
        return [
            (caller, call)
            for caller, call, called in self._calls
            if called is function is not caller
        ]


class _Names:
    """Which names of a function stand for the image: all that is bound to them has its axes."""

    def __init__(
        self, text: _Text, function: Function, deep: int, but: ast.stmt | None = None
    ) -> None:
        self.text = text
        self.deep = deep
        self.values = _bound_values(function, but)
        self.given = self._given(function)
        names = self.given | set(self.values)
        self.images = names if len(names) <= _NAMES_CAP else set()
        self._settle()

    def _given(self, function: Function) -> set[str]:
        """Find the parameters that are given the image by the tests, or wherever the function is called."""
        names = [arg.arg for arg in parameters(function)]
        if function is self.text.graded:
            return set(names[:1])
        calls = self.text.calls_of(function) if self.deep else []
        if not 0 < len(calls) <= _CALLS_DEEP:
            return set()
        inside = [
            (_Names(self.text, caller, self.deep - 1), call) for caller, call in calls
        ]
        return {
            name
            for index, name in enumerate(names)
            if all(
                index < len(call.args) and caller.is_image(call.args[index])
                for caller, call in inside
            )
        }

    def _settle(self) -> None:
        """Leave out, until nothing changes, the names that something else is bound to."""
        wrong = self.images
        while wrong:
            wrong = {
                name
                for name in self.images
                if not (name in self.given or self.values.get(name))
                or not all(
                    value is not None and self.is_image(value)
                    for value in self.values.get(name, ())
                )
            }
            self.images = self.images - wrong

    def is_image(self, node: ast.AST, deep: int = _EXPRESSION_DEEP) -> bool:
        """Tell an expression that has the axes of the image."""
        match node:
            case ast.Name():
                return node.id in self.images
            case ast.BinOp() if deep:
                return self.is_image(node.left, deep - 1) or self.is_image(
                    node.right, deep - 1
                )
            case ast.Subscript() if deep:
                sliced = all(isinstance(part, ast.Slice) for part in _parts(node.slice))
                return sliced and self.is_image(node.value, deep - 1)
            case ast.Call() if deep:
                return _called_name(node) in _SAME_AXES and self.is_call_on_image(
                    node, deep=deep - 1
                )
        return False

    def is_call_on_image(
        self, node: ast.AST, name: str | None = None, deep: int = _EXPRESSION_DEEP
    ) -> bool:
        """Tell `image.name(...)` and `np.name(image, ...)`."""
        if not isinstance(node, ast.Call) or (
            name is not None and _called_name(node) != name
        ):
            return False
        if isinstance(node.func, ast.Attribute) and self.is_image(
            node.func.value, deep
        ):
            return True
        return bool(node.args) and self.is_image(node.args[0], deep)

    def is_shape(self, node: ast.AST) -> bool:
        """Tell `image.shape`, `image.shape[:3]`, `np.shape(image)`, and a name of one of them."""
        if isinstance(node, ast.Name):
            values = self.values.get(node.id, ())
            return bool(values) and all(
                value is not None and self._is_shape(value) for value in values
            )
        return self._is_shape(node)

    def _is_shape(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            node = node.value
        if isinstance(node, ast.Attribute):
            return node.attr == "shape" and self.is_image(node.value)
        return self.is_call_on_image(node, "shape")

    def is_shape_item(self, node: ast.AST, axes: int) -> bool:
        """Tell `image.shape[2]`, where there are two axes."""
        if not isinstance(node, ast.Subscript) or not self.is_shape(node.value):
            return False
        return (
            isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, int)
            and node.slice.value >= axes
        )

    def is_indexed(self, node: ast.AST, wanted: int) -> bool:
        """Tell `image[i, j, 0]`, with so many indices."""
        if not isinstance(node, ast.Subscript) or not self.is_image(node.value):
            return False
        return (
            sum(not _is_ellipsis_or_none(part) for part in _parts(node.slice)) == wanted
        )

    def is_reduced_shape(self, node: ast.AST) -> bool:
        """Tell the shape of what is left when the last axis was taken for the colours, as in `image[..., 0]`."""
        if (
            not isinstance(node, ast.Attribute)
            or node.attr != "shape"
            or not isinstance(node.value, ast.Name)
        ):
            return False
        values = self.values.get(node.value.id, ())
        return bool(values) and all(
            value is not None and self._takes_colours(value) for value in values
        )

    def _takes_colours(self, value: ast.AST) -> bool:
        helper = self.text.called(value)
        if helper is not None and self.deep and not isinstance(helper, ast.Lambda):
            inside = _Names(self.text, helper, self.deep - 1)
            returned = [
                node.value for node in ast.walk(helper) if isinstance(node, ast.Return)
            ]
            return bool(returned) and all(
                node is not None and inside._takes_colours(node) for node in returned
            )
        return any(
            isinstance(node, ast.Subscript)
            and any(
                isinstance(part, ast.Constant) and part.value is ...
                for part in _parts(node.slice)
            )
            # `image = image[..., 0]`: the name stands for the image there, if not later.
            and (
                self.is_image(node.value)
                or (isinstance(node.value, ast.Name) and node.value.id in self.given)
            )
            for node in ast.walk(value)
        )


def _bound_values(
    function: Function, but: ast.stmt | None
) -> dict[str, list[ast.AST | None]]:
    """Give what each name is bound to in a function, `but` for one statement.

    That is expressions, or None for what is no plain assignment.
    """
    values: dict[str, list[ast.AST | None]] = {}
    body = function.body if isinstance(function.body, list) else [function.body]
    for node in itertools.chain.from_iterable(map(ast.walk, body)):
        if node is but and isinstance(node, (ast.Assign, ast.AnnAssign)):
            continue
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            pairs = (
                [(node.target, node.value)]
                if isinstance(node, ast.NamedExpr)
                else assigned(node)
            )
            for target, value in pairs:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(value)
                else:
                    _unknown(values, names_stored(target))
        elif isinstance(node, Function):
            _unknown(values, (arg.arg for arg in parameters(node)))
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            _unknown(values, names_stored(node.target))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            _unknown(values, names_stored(node.optional_vars))
    return values


def _unknown(values: dict[str, list[ast.AST | None]], names: Iterator[str]) -> None:
    for name in names:
        values.setdefault(name, []).append(None)


def _path_to(tree: ast.Module, line: int) -> list[ast.stmt]:
    """Give the statements around a line, the outermost first."""
    path: list[ast.stmt] = []
    inner: Sequence[ast.AST] = tree.body
    while inner:
        here = next(
            (
                n
                for n in inner
                if isinstance(n, ast.stmt) and n.lineno <= line <= (n.end_lineno or 0)
            ),
            None,
        )
        if here is None:
            # An `except`, a `case`: no statements, but there are some in them.
            inner = [
                child
                for n in inner
                if not isinstance(n, ast.stmt)
                for child in ast.iter_child_nodes(n)
            ]
            continue
        path.append(here)
        inner = [
            child
            for child in ast.iter_child_nodes(here)
            if not isinstance(child, ast.expr)
        ]
    return path


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Walk a statement without those inside it."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        yield node
        stack += [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt)
        ]


def _parts(index: ast.expr) -> list[ast.expr]:
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _is_ellipsis_or_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is ... or node.value is None)


def _called_name(call: ast.Call) -> str:
    return (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else getattr(call.func, "id", "")
    )
