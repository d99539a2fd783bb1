"""What the tests of a notebook claim: a call, and what it has to give.

Only what is written out is taken: `assert f(1, [2, 3]) == 4`, `np.allclose(f(x), y)` with an `x`
and a `y` that were written out above, `np.testing.assert_allclose(f(x), y)`, an expression with
its saved result (otter). All else is named, so that its author can carry it over by hand.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from grader.authoring.takeover.conditions import (
    REDUCED,
    SAME,
    TRUE,
    difference,
    inner,
    is_print,
    shown,
)
from grader.authoring.takeover.literals import NotLiteralError, literal
from grader.model import Target, Value


class Claim(
    msgspec.Struct,
    frozen=True,
    eq=False,
):
    """One call that is written out, and the value that it has to give."""

    target: str
    args: dict[str, Value]
    """Name of the parameter -> value."""
    expected: Value


class Unread(msgspec.Struct, frozen=True):
    """A test that could not be taken over, and why."""

    line: int
    """In its cell, as Python counts."""
    why: str


class _NoClaimError(Exception):
    """A test of another form; the message says which."""


class Reader:
    """Reads the tests of one cell, statement by statement; variables keep what was written out."""

    def __init__(
        self,
        targets: Mapping[str, Target],
    ) -> None:
        self._targets = targets
        self._values: dict[str, Value] = {}
        self._calls: dict[str, ast.Call] = {}

    def read(
        self, statements: Sequence[ast.stmt], output: str | None = None
    ) -> Iterator[Claim | Unread]:
        """Yield what the statements claim; `output` is the saved result of the last one."""
        for number, statement in enumerate(statements, 1):
            last = number == len(statements)
            yield from self._statement(
                statement,
                output if last else None,
            )

    def _statement(
        self, node: ast.stmt, output: str | None
    ) -> Iterator[Claim | Unread]:
        if isinstance(node, ast.FunctionDef):
            yield from self.read(node.body)
        elif isinstance(node, ast.Assign):
            self._assign(node)
        elif isinstance(node, ast.Assert):
            yield from self._tried(node, node.test)
        elif isinstance(node, ast.Expr):
            yield from self._expression(node, output)
        elif self._mentions(node):
            kind = type(node).__name__.lower()
            yield Unread(node.lineno, f"a test inside a `{kind}` block")

    def _assign(
        self,
        node: ast.Assign,
    ) -> None:
        """Remember what a variable is: a value that is written out, or a call."""
        for target in node.targets:
            if not isinstance(target, ast.Name):
                continue
            self._values.pop(target.id, None)
            self._calls.pop(target.id, None)
            call = self._call(node.value)
            if call is not None:
                self._calls[target.id] = call
                continue
            try:
                self._values[target.id] = literal(
                    node.value,
                    self._values,
                )
            except NotLiteralError:
                continue

    def _expression(
        self, node: ast.Expr, output: str | None
    ) -> Iterator[Claim | Unread]:
        value = node.value
        if isinstance(
            value,
            ast.Constant,
        ) or not self._mentions(value):
            return
        call = self._call(value)
        if call is None:
            if not is_print(value):
                yield from self._tried(node, value)
            return
        if output is None:
            return  # a call that shows something, and claims nothing
        try:
            expected = literal(
                ast.parse(output, mode="eval").body,
                {},
            )
            yield self._claim(call, expected)
        except (
            SyntaxError,
            ValueError,
            NotLiteralError,
            _NoClaimError,
        ) as error:
            yield Unread(
                node.lineno, str(error) or "a result that is not written out"
            )

    def _tried(
        self, node: ast.stmt, test: ast.expr
    ) -> Iterator[Claim | Unread]:
        if not self._mentions(test):
            return
        try:
            yield from self._claims(test)
        except (NotLiteralError, _NoClaimError) as error:
            yield Unread(node.lineno, str(error))

    def _mentions(
        self,
        node: ast.AST,
    ) -> bool:
        """Return whether a target is called in it, or a variable used that is such a call."""
        return any(
            isinstance(each, ast.Name)
            and (each.id in self._targets or each.id in self._calls)
            for each in ast.walk(node)
        )

    # ---- What a condition claims

    def _claims(
        self,
        test: ast.expr,
    ) -> Iterator[Claim]:
        if isinstance(
            test,
            ast.BoolOp,
        ) and isinstance(test.op, ast.And):
            for value in test.values:
                if self._mentions(value):
                    yield from self._claims(value)
            return
        if isinstance(
            test,
            ast.UnaryOp,
        ) and isinstance(test.op, ast.Not):
            call = self._call(test.operand)
            if call is not None:
                yield self._claim(call, expected=False)
                return
        call = self._call(test)
        if call is not None:
            yield self._claim(call, expected=True)
            return
        left, right = self._sides(test)
        yield self._pair(left, right)

    def _sides(
        self,
        test: ast.expr,
    ) -> tuple[ast.expr, ast.expr]:
        """Return the two sides of whatever says that they are the same."""
        if (
            isinstance(
                test,
                ast.Compare,
            )
            and len(test.ops) == 1
        ):
            return self._compared(test)
        if isinstance(test, ast.Call):
            name = ast.unparse(test.func).rpartition(".")[2]
            if name in SAME and len(test.args) > 1:
                return test.args[0], test.args[1]
            about = inner(test)
            if about is not None and name in REDUCED | TRUE:
                return self._sides(about)
        raise _NoClaimError(f"{shown(test)} is not a comparison with a value")

    def _compared(
        self,
        test: ast.Compare,
    ) -> tuple[ast.expr, ast.expr]:
        operator, right = test.ops[0], test.comparators[0]
        if isinstance(
            operator,
            ast.Eq | ast.Is,
        ):
            if (
                isinstance(
                    right,
                    ast.Constant,
                )
                and right.value is True
            ):
                return self._unless_call(test.left, right)
            return test.left, right
        if isinstance(
            operator,
            ast.Lt | ast.LtE,
        ):
            found = difference(test.left)
            if found is not None:
                return found.left, found.right
        raise _NoClaimError(f"{shown(test)} is not a comparison with a value")

    def _unless_call(
        self, left: ast.expr, right: ast.expr
    ) -> tuple[ast.expr, ast.expr]:
        if self._call(left) is not None:
            return left, right
        return self._sides(left)

    def _pair(
        self,
        left: ast.expr,
        right: ast.expr,
    ) -> Claim:
        for one, other in ((left, right), (right, left)):
            call = self._call(one)
            if call is not None:
                return self._claim(
                    call,
                    literal(other, self._values),
                )
        raise _NoClaimError(
            f"{shown(left)} is more than a call of what is to be written"
        )

    # ---- Calls

    def _call(
        self,
        node: ast.expr,
    ) -> ast.Call | None:
        """Return the call of a target that an expression is, or that its variable stands for."""
        if isinstance(node, ast.Name):
            return self._calls.get(node.id)
        if not isinstance(node, ast.Call):
            return None
        name = ast.unparse(node.func)
        if (
            name
            in {
                "np.array",
                "np.asarray",
                "list",
                "float",
                "tuple",
            }
            and node.args
        ):
            return self._call(node.args[0])
        target = self._targets.get(name)
        return node if target is not None and not target.is_class else None

    def _claim(
        self,
        call: ast.Call,
        expected: Value,
    ) -> Claim:
        target = self._targets[ast.unparse(call.func)]
        names = [
            each.name for each in target.parameters if not each.by_name_only
        ]
        if len(call.args) > len(names) or any(
            isinstance(
                arg,
                ast.Starred,
            )
            for arg in call.args
        ):
            raise _NoClaimError(
                f"{shown(call)} has other arguments than {target.name}"
            )
        args: dict[str, Any] = {
            name: literal(arg, self._values)
            for name, arg in zip(
                names,
                call.args,
                strict=False,
            )
        }
        for each in call.keywords:
            if each.arg is None:
                raise _NoClaimError(f"{shown(call)} has arguments with **")
            args[each.arg] = literal(
                each.value,
                self._values,
            )
        return Claim(target.name, args, expected)
