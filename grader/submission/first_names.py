"""Which names of a student's function stand for its first argument, from the text alone."""

import ast
import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Final

from grader.submission.bindings import assigned, names_stored
from grader.submission.budget import Budget
from grader.submission.nodes import last_line, walk
from grader.submission.program import Program
from grader.submission.scope import FUNCTIONS, Function, called_name, parameters

CALLS_DEEP: Final = 4
"""Most calls between helpers that are followed."""

_SAME_AXES: Final = {
    *("array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray"),
    *("astype", "float32", "float64", "int32", "int64", "uint8", "view"),
    *("abs", "absolute", "clip", "round", "copy", "deepcopy"),
    *("flip", "fliplr", "flipud", "pad"),
}
"""Functions and methods whose result has the axes of their first argument."""
_EXPRESSION_DEEP: Final = 40
_NAMES_CAP: Final = 300
_REACHED_CAP: Final = 50

_LOOPS = (ast.For, ast.AsyncFor, ast.While)

_Values = dict[str, list[ast.AST | None]]
"""What each name is bound to: expressions, or None for what is not a plain assignment."""


class Calls:
    """The functions that the graded function reaches, and the calls between them."""

    def __init__(self, program: Program, function: str, budget: Budget) -> None:
        self._program = program
        self.budget = budget
        self._calls: dict[int, list[tuple[Function, ast.Call]]] = {}
        self._called: dict[int, Function] = {}
        found = program.graded(function)
        self.graded = None if found is None else found[1]
        reached = [] if self.graded is None else [self.graded]
        known = {id(self.graded)}
        for caller in reached:
            for call, called in self._calls_in(caller):
                self._called[id(called)] = called
                if called is not caller:
                    self._calls.setdefault(id(called), []).append(
                        (caller, call)
                    )
                if id(called) not in known and len(reached) < _REACHED_CAP:
                    known.add(id(called))
                    reached.append(called)

    def _calls_in(
        self, caller: Function
    ) -> Iterator[tuple[ast.Call, Function]]:
        for node in self.walk(caller):
            if not isinstance(node, ast.Call):
                continue
            called = self.called(node)
            if called is not None:
                yield node, called

    def called(self, node: ast.AST) -> Function | None:
        """Return the submission's own function that is called there, if one is."""
        if not isinstance(node, ast.Call) or not isinstance(
            node.func, ast.Name
        ):
            return None
        found = self._program.function(node.func.id)
        return None if found is None else found[1]

    def of(self, function: Function) -> list[tuple[Function, ast.Call]]:
        """Return the calls of a function from others, each with the function that it is in."""
        return self._calls.get(id(function), [])

    def between(self) -> Iterator[tuple[Function, ast.Call, Function]]:
        """Yield all calls between these functions: the caller, the call, and what is called."""
        for key, calls in self._calls.items():
            for caller, call in calls:
                yield caller, call, self._called[key]

    def walk(self, root: ast.AST) -> Iterator[ast.AST]:
        """Walk code, one step for each node."""
        for node in walk(root):
            self.budget.spend()
            yield node


class Names:
    """The names of a function that stand for the argument: what is bound to them has its axes."""

    def __init__(
        self,
        calls: Calls,
        function: Function,
        deep: int,
        at: ast.stmt | ast.expr | None = None,
    ) -> None:
        """Find the names of `function`; with `at`, those that stand for it in this place."""
        self._calls = calls
        self._function = function
        self._deep = deep
        self._values = _bound_values(calls, function, at)
        self._given = self._given_to(function)
        names = self._given | set(self._values)
        self._meant = names if len(names) <= _NAMES_CAP else set()
        self._settle()

    def _given_to(self, function: Function) -> set[str]:
        """Return the parameters that get the argument from the tests or from every call."""
        names = [arg.arg for arg in parameters(function)]
        if function is self._calls.graded:
            return set(names[:1])
        calls = self._calls.of(function) if self._deep else []
        if not 0 < len(calls) <= CALLS_DEEP:
            return set()
        inside = [
            (Names(self._calls, caller, self._deep - 1, at=call), call.args)
            for caller, call in calls
        ]
        given = set()
        for index, name in enumerate(names):
            if all(
                index < len(args) and caller.is_meant(args[index])
                for caller, args in inside
            ):
                given.add(name)
        return given

    def _settle(self) -> None:
        """Drop names to which something else is bound, until nothing changes."""
        wrong = self._meant
        while wrong:
            wrong = {name for name in self._meant if not self._stands(name)}
            self._meant = self._meant - wrong

    def _stands(self, name: str) -> bool:
        """Return whether all that is bound to a name is taken for the argument so far."""
        return all(
            value is not None and self.is_meant(value)
            for value in self._values.get(name, ())
        )

    def is_meant(self, node: ast.AST, deep: int = _EXPRESSION_DEEP) -> bool:
        """Return whether an expression has the axes of the argument."""
        self._calls.budget.spend()
        match node:
            case ast.Name():
                return node.id in self._meant
            case ast.BinOp() if deep:
                left = self.is_meant(node.left, deep - 1)
                return left or self.is_meant(node.right, deep - 1)
            case ast.Subscript() if deep:
                if not all(
                    isinstance(part, ast.Slice) for part in parts(node.slice)
                ):
                    return False
                return self.is_meant(node.value, deep - 1)
            case ast.Call() if deep and called_name(node) in _SAME_AXES:
                return self.is_call_on_it(node, deep=deep - 1)
        return False

    def is_call_on_it(
        self,
        node: ast.AST,
        name: str | None = None,
        deep: int = _EXPRESSION_DEEP,
    ) -> bool:
        """Return whether this is `a.name(...)` or `np.name(a, ...)`."""
        if not isinstance(node, ast.Call):
            return False
        if name is not None and called_name(node) != name:
            return False
        function = node.func
        if isinstance(function, ast.Attribute) and self.is_meant(
            function.value, deep
        ):
            return True
        return bool(node.args) and self.is_meant(node.args[0], deep)

    def is_shape(self, node: ast.AST) -> bool:
        """Return whether this is `a.shape`, its slice, `np.shape(a)`, or a name of one."""
        if not isinstance(node, ast.Name):
            return self._is_shape(node)
        values = self._values.get(node.id, ())
        return bool(values) and all(
            value is not None and self._is_shape(value) for value in values
        )

    def _is_shape(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Subscript) and isinstance(
            node.slice, ast.Slice
        ):
            node = node.value
        if isinstance(node, ast.Attribute):
            return node.attr == "shape" and self.is_meant(node.value)
        return self.is_call_on_it(node, "shape")

    def is_shape_item(self, node: ast.AST, axes: int) -> bool:
        """Return whether this is the first item beyond the axes, as `a.shape[2]` of two.

        An `a.shape[3]` is a typing mistake, and so is a 2 where a 1 was meant: beside
        `a.shape[0]`, with nothing else that reads the number of columns.
        """
        if self._shape_item(node) != axes:
            return False
        nodes = list(self._calls.walk(self._function))
        items = {self._shape_item(each) for each in nodes} - {None}
        shapes = sum(map(self._is_shape_alone, nodes))
        taken = sum(self._shape_item(each) is not None for each in nodes)
        return shapes > taken or axes - 1 in items or items == {axes}

    def _is_shape_alone(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and self._is_shape(node)

    def _shape_item(self, node: ast.AST) -> int | None:
        """Return which item of the argument's shape this is; None if it is not one."""
        if not isinstance(node, ast.Subscript) or not self.is_shape(node.value):
            return None
        index = node.slice
        if isinstance(index, ast.Constant) and isinstance(index.value, int):
            return index.value
        return None

    def is_indexed(self, node: ast.AST, wanted: int) -> bool:
        """Return whether this is `a[i, j, 0]`, with so many indices."""
        if not isinstance(node, ast.Subscript) or not self.is_meant(node.value):
            return False
        indices = [
            part for part in parts(node.slice) if not _takes_no_axis(part)
        ]
        return len(indices) == wanted

    def is_reduced_shape(self, node: ast.AST) -> bool:
        """Return whether this is the shape of what `a[..., 0]` left, without its last axis."""
        if not isinstance(node, ast.Attribute) or node.attr != "shape":
            return False
        if not isinstance(node.value, ast.Name):
            return False
        values = self._values.get(node.value.id, ())
        return bool(values) and all(
            value is not None and self._takes_last_axis(value)
            for value in values
        )

    def _takes_last_axis(self, value: ast.AST) -> bool:
        helper = self._calls.called(value)
        if helper is None or not self._deep or isinstance(helper, ast.Lambda):
            return any(map(self._is_last_axis, self._calls.walk(value)))
        inside = Names(self._calls, helper, self._deep - 1)
        returned = [
            node.value
            for node in self._calls.walk(helper)
            if isinstance(node, ast.Return)
        ]
        return bool(returned) and all(
            node is not None and inside._takes_last_axis(node)
            for node in returned
        )

    def _is_last_axis(self, node: ast.AST) -> bool:
        """Return whether this is `a[..., 0]`."""
        if not isinstance(node, ast.Subscript):
            return False
        if not any(_is_ellipsis(part) for part in parts(node.slice)):
            return False
        # In `a = a[..., 0]` the name stands for the argument there, if not later.
        base = node.value
        given = isinstance(base, ast.Name) and base.id in self._given
        return given or self.is_meant(base)


def _bound_values(
    calls: Calls, function: Function, at: ast.stmt | ast.expr | None
) -> _Values:
    """Return what each name is bound to in a function, before it gets to `at`.

    What stands there or below has not been bound yet, unless a loop around both comes back.
    """
    values: _Values = {}
    body = function.body if isinstance(function.body, list) else [function.body]
    nodes = list(itertools.chain.from_iterable(map(calls.walk, body)))
    end = _last_line(nodes, at)
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            if not _contains(node, at) and node.lineno <= end:
                _bind(values, assigned(node))
        elif isinstance(node, ast.NamedExpr):
            _bind(values, [(node.target, node.value)])
        else:
            for name in _bound_otherwise(node):
                values.setdefault(name, []).append(None)
    return values


def _last_line(
    nodes: Iterable[ast.AST], at: ast.stmt | ast.expr | None
) -> float:
    """Return the last line that may have been run before `at`: its own, or that of its loop."""
    if at is None:
        return math.inf
    loops = (node for node in nodes if isinstance(node, _LOOPS))
    around = [last_line(node) for node in loops if _contains(node, at)]
    return max([*around, at.lineno])


def _contains(node: ast.stmt, at: ast.stmt | ast.expr | None) -> bool:
    if at is None:
        return False
    return node.lineno <= at.lineno <= last_line(node)


def _bind(values: _Values, pairs: Iterable[tuple[ast.AST, ast.AST]]) -> None:
    for target, value in pairs:
        if isinstance(target, ast.Name):
            values.setdefault(target.id, []).append(value)
        else:
            for name in names_stored(target):
                values.setdefault(name, []).append(None)


def _bound_otherwise(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds to something that is not in the text."""
    if isinstance(node, FUNCTIONS):
        for arg in parameters(node):
            yield arg.arg
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield from names_stored(node.target)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from names_stored(node.optional_vars)


def parts(index: ast.expr) -> list[ast.expr]:
    """Return the indices between the brackets of a subscript."""
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _takes_no_axis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in {..., None}


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
