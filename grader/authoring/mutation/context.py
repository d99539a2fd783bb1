"""What the changes have to know of the source that they change."""

import ast
from collections.abc import Iterator

import msgspec


class Context(
    msgspec.Struct,
    frozen=True,
    eq=False,
):
    """What a source defines."""

    numpy: str | None
    """How the source calls NumPy; None where it does not import it."""
    parameters: tuple[str, ...]
    """The parameters of all functions, `self` apart."""
    stored: tuple[str, ...]
    """The variables that are assigned, in the order of the alphabet."""
    attributes: tuple[str, ...]
    """What is assigned on `self`."""

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand where a variable is read."""
        return tuple(sorted({*self.parameters, *self.stored}))


def context_of(tree: ast.Module) -> Context:
    """Return what a source defines."""
    nodes = list(ast.walk(tree))
    attributes = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
    }
    stored = {
        node.id
        for node in nodes
        if isinstance(
            node,
            ast.Name,
        )
        and isinstance(node.ctx, ast.Store)
    }
    return Context(
        numpy=next(_numpy_names(tree), None),
        parameters=tuple(dict.fromkeys(_parameters(nodes))),
        stored=tuple(sorted(stored)),
        attributes=tuple(sorted(attributes)),
    )


def _numpy_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "numpy":
                    yield alias.asname or alias.name


def _parameters(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            every = node.args
            for each in (*every.posonlyargs, *every.args, *every.kwonlyargs):
                if each.arg != "self":
                    yield each.arg


def expression(text: str) -> ast.expr:
    """Return the syntax tree of an expression."""
    return ast.parse(
        text,
        mode="eval",
    ).body


def replaced(
    node: ast.AST,
    **changes: object,
) -> ast.AST:
    """Return a node like this one with other fields; the node itself stays as it is."""
    fields = {name: getattr(node, name, None) for name in node._fields}
    return type(node)(**{**fields, **changes})
