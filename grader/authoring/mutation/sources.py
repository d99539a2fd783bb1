"""From a source to its mutants."""

import ast
import warnings
from collections.abc import Iterator
from typing import Any, TypeAlias

from grader.authoring.mutation.context import Context, context_of
from grader.authoring.mutation.expressions import CHANGES, Change
from grader.authoring.mutation.statements import Edit, edits, returned_by
from grader.authoring.mutation.wrapping import made, wrapped

_CHANGES: tuple[Change, ...] = (*CHANGES, wrapped, made)
_Definition: TypeAlias = ast.FunctionDef | ast.ClassDef
_NEVER = (ast.Import, ast.ImportFrom, ast.arg, ast.arguments)
"""Nodes in which nothing is changed: that would be another question, not another answer."""


def mutants(source: str) -> Iterator[str]:
    """Yield the text of each mutant of a solution, once; comments and layout are not kept.

    The tree is changed in place and back again, because copying it for each mutant would take
    longer than everything else.
    """
    tree = ast.parse(source)
    _drop_docstrings(tree)
    seen = {ast.unparse(tree)}
    for _ in _changed(tree):
        text = _text(tree)
        if text is not None and text not in seen:
            seen.add(text)
            yield text


def plain(source: str) -> str:
    """Return a source as its mutants have it: without docstrings, comments and layout."""
    tree = ast.parse(source)
    _drop_docstrings(tree)
    return ast.unparse(tree)


def _text(tree: ast.Module) -> str | None:
    """Return the source of a tree, or None if Python would not take it."""
    try:
        text = ast.unparse(tree)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of `1[0]`, a literal that has no items
            compile(text, "mutant", "exec")
    except (
        SyntaxError,
        ValueError,
        AttributeError,
        TypeError,
        KeyError,
    ):
        return None
    return text


def _drop_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | _Definition):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body[:1] = [] if len(node.body) > 1 else [ast.Pass()]


def _changed(tree: ast.Module) -> Iterator[None]:
    """Change the tree in one place, yield, and change it back, for every place and change."""
    context = context_of(tree)
    for parent, field, place in list(_places(tree)):
        yield from _other_nodes(parent, field, place, context)
    for function in list(ast.walk(tree)):
        if isinstance(function, ast.FunctionDef):
            yield from _other_statements(function)


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Yield where each node below this one stands: its parent, the field, the place in a list."""
    for field, value in ast.iter_fields(node):
        children = (
            value
            if isinstance(
                value,
                list,
            )
            else [value]
        )
        for number, child in enumerate(children):
            if isinstance(
                child,
                ast.AST,
            ) and not isinstance(child, _NEVER):
                yield (
                    node,
                    field,
                    number
                    if isinstance(
                        value,
                        list,
                    )
                    else None,
                )
                yield from _places(child)


def _other_nodes(
    parent: ast.AST, field: str, place: int | None, context: Context
) -> Iterator[None]:
    holder: Any = getattr(parent, field)
    old = holder if place is None else holder[place]
    for change in _CHANGES:
        for new in list(change(old, context)):
            if place is None:
                setattr(parent, field, new)
                yield
                setattr(parent, field, old)
            else:
                holder[place] = new
                yield
                holder[place] = old


def _other_statements(function: ast.FunctionDef) -> Iterator[None]:
    returned = returned_by(function)
    blocks = [
        block
        for node in ast.walk(function)
        for block in (
            getattr(node, "body", None),
            getattr(node, "orelse", None),
        )
        if isinstance(block, list) and block
    ]
    for block in blocks:
        for index in range(len(block)):
            for edit in list(edits(block, index, returned)):
                yield from _edited(edit)


def _edited(edit: Edit) -> Iterator[None]:
    """Make an edit, and take it back."""
    before = [list(old) for old, _ in edit]
    for old, new in edit:
        old[:] = new
    yield
    for (old, _), kept in zip(edit, before, strict=True):
        old[:] = kept
