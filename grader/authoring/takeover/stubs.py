"""The stub: what students write has a head, its docstring, and a line to replace."""

import ast
import copy
import textwrap
from collections.abc import Iterator

from grader.authoring.takeover.definitions import Item

REPLACE = 'raise NotImplementedError("Replace this line with your code.")'


def stub_of(item: Item) -> str:
    """Return a function or a class as students get it; what is given in a class stays."""
    node = item.node
    if isinstance(node, ast.FunctionDef):
        return "\n".join(_function(item, node, ""))
    if not isinstance(node, ast.ClassDef):
        raise TypeError(node)
    methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    # Of a class that was named and has no marks, everything is to be written.
    marked = any(not item.gives(each) for each in methods)
    parts = [_head(node)]
    for each in node.body:
        is_written = isinstance(
            each,
            ast.FunctionDef,
        ) and not (marked and item.gives(each))
        if is_written and isinstance(each, ast.FunctionDef):
            parts.append("\n".join(_function(item, each, "    ")))
        else:
            parts.append(textwrap.indent(ast.unparse(each), "    "))
    return "\n\n".join(parts)


def _head(node: ast.ClassDef) -> str:
    empty = copy.copy(node)
    empty.body = [ast.Pass()]
    return ast.unparse(empty).rpartition("\n")[0]


def _function(
    item: Item,
    node: ast.FunctionDef,
    indent: str,
) -> Iterator[str]:
    empty = copy.copy(node)
    empty.body = [ast.Pass()]
    lines = ast.unparse(empty).split("\n")[:-1]
    docstring = ast.get_docstring(node)
    if docstring is not None:
        lines += _docstring(docstring)
    statements = node.body[1:] if docstring is not None else node.body
    given = [each for each in statements if item.gives(each)]
    if len(given) < len(statements):
        for each in given:
            lines += [f"    # {line}" for line in ast.unparse(each).split("\n")]
    lines.append(f"    {REPLACE}")
    return (indent + line if line else line for line in lines)


def _docstring(text: str) -> list[str]:
    escaped = text.replace(
        "\\",
        "\\\\",
    ).replace('"""', '\\"\\"\\"')
    first, *rest = escaped.split("\n")
    if not rest:
        return [f'    """{first}"""']
    return [
        f'    """{first}',
        *(f"    {line}" if line else "" for line in rest),
        '    """',
    ]


def keeps_given_lines(item: Item) -> bool:
    """Return whether students were given a part of a function's body, which is now a comment."""
    for node in ast.walk(item.node):
        if isinstance(
            node,
            ast.FunctionDef,
        ) and not item.gives(node):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            given = [item.gives(each) for each in body]
            if any(given) and not all(given):
                return True
    return False
