"""Calls that are written as text, as in the examples of exercise.toml: read, and never run.

Each line is `NAME = call`, a call, an attribute, or a tuple, list or dict of these; the last one is
the result. Arguments are names of inputs or of earlier results, or literals.
"""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from grader.model import Target, Trial, Value
from grader.recording.node import Node, RecordingError, close_to
from grader.recording.student import Recorder


def recorded_from_text(
    case: str,
    name: str,
    lines: Sequence[str],
    inputs: Mapping[str, Value],
    targets: Sequence[Target],
) -> Trial:
    """Return the trial that these lines ask for; `RecordingError` says which line cannot be read.

    Each input has to be used.
    """
    reader = _Reader(inputs, targets)
    result: Any = None
    for number, line in enumerate(lines, 1):
        try:
            result = reader.read(line)
        except (AttributeError, TypeError, RecursionError) as error:
            why = f"{error} cannot be used here"
            raise RecordingError(f"line {number}: {why}") from None
        except RecordingError as error:
            raise RecordingError(f"line {number}: {error}") from None
    unused = [each for each in inputs if each not in reader.used]
    if unused:
        raise RecordingError(f"{', '.join(unused)}: is not used by any call")
    return reader.recorder.trial(case, name, result)


def recorded_call(
    case: str,
    name: str,
    inputs: Mapping[str, Value],
    target: Target,
) -> Trial:
    """Return the trial that calls one target with these inputs, by name where it has a default."""
    optional = {each.name for each in target.parameters if each.optional}
    recorder = Recorder([target])
    ask = getattr(recorder.student, target.name)
    in_order = [
        each.name
        for each in target.parameters
        if each.name in inputs and each.name not in optional
    ]
    by_name = {key: one for key, one in inputs.items() if key not in in_order}
    return recorder.trial(
        case, name, ask(*(inputs[each] for each in in_order), **by_name)
    )


class _Reader:
    """Walks over expressions; `used` has the inputs that it met."""

    def __init__(
        self,
        inputs: Mapping[str, Value],
        targets: Sequence[Target],
    ) -> None:
        self.recorder = Recorder(targets)
        self.used: set[str] = set()
        self._inputs = inputs
        self._results: dict[str, Any] = {}

    def read(
        self,
        line: str,
    ) -> Any:  # noqa: ANN401 - a node, or a value with nodes
        """Record what one line asks for, and return its result."""
        try:
            body = ast.parse(line.strip()).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise RecordingError(f"{line!r} is not a line of Python") from None
        if len(body) != 1:
            raise RecordingError("write one call")
        match body[0]:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._results[name] = self._value(value)
                return self._results[name]
            case ast.Expr(value=value):
                return self._value(value)
        raise RecordingError("write `NAME = call`, or a call")

    def _value(
        self,
        node: ast.expr,
    ) -> Any:  # noqa: ANN401 - as in `read`
        match node:
            case ast.Name(id=name):
                return self._named(name)
            case ast.Call(func=func, args=args, keywords=keywords):
                return self._called(func, args, keywords)
            case ast.Attribute(value=value, attr=name):
                return getattr(self._node(value), name)
        return self._several(node)

    def _several(
        self,
        node: ast.expr,
    ) -> Any:  # noqa: ANN401 - as in `read`
        """Return a tuple, a list or a dict, whose items may be calls, or a literal."""
        match node:
            case ast.Tuple(elts=items):
                return tuple(map(self._value, items))
            case ast.List(elts=items):
                return list(map(self._value, items))
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return {_literal(key): self._value(one) for key, one in pairs}
        return _literal(node)

    def _named(
        self,
        name: str,
    ) -> Any:  # noqa: ANN401 - as in `read`
        if name in self._results:
            return self._results[name]
        if name in self._inputs:
            self.used.add(name)
            return self._inputs[name]
        known = [*self._results, *self._inputs]
        raise RecordingError(f"there is no {name}{close_to(name, known)}")

    def _node(
        self,
        node: ast.expr,
    ) -> Node:
        found = self._value(node)
        if not isinstance(found, Node):
            raise RecordingError(
                f"{ast.unparse(node)} is not a result of a call"
            )
        return found

    def _called(
        self,
        func: ast.expr,
        args: Sequence[ast.expr],
        keywords: Sequence[ast.keyword],
    ) -> Any:  # noqa: ANN401 - as in `read`
        if any(each.arg is None for each in keywords):
            raise RecordingError("write each argument by itself, without **")
        values = [self._value(each) for each in args]
        named = {each.arg or "": self._value(each.value) for each in keywords}
        match func:
            case ast.Name(id=name):
                return getattr(self.recorder.student, name)(*values, **named)
            case ast.Attribute(value=value, attr=name):
                return getattr(self._node(value), name)(*values, **named)
        raise RecordingError(f"{ast.unparse(func)} cannot be called")


def _literal(node: ast.expr | None) -> Any:  # noqa: ANN401 - whatever literals give
    if node is None:
        raise RecordingError("write each key by itself, without **")
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise RecordingError(
            f"{ast.unparse(node)} is not a call, a name or a literal"
        ) from None
