"""Statements that are left out, moved or indented, and loops that end in their first round."""

import ast
from collections.abc import Iterator
from typing import TypeAlias

Block: TypeAlias = list[ast.stmt]
Edit: TypeAlias = tuple[tuple[Block, Block], ...]
"""Blocks, each with what is to stand in it instead."""

_Loop = ast.For | ast.While


def edits(
    block: Block,
    index: int,
    returned: list[str],
) -> Iterator[Edit]:
    """Yield every change of the statement at a place of a block.

    `returned` are the names of what the function around it returns.
    """
    for change in (_left_out, _into_loop, _into_inner_loop, _out_of, _first):
        yield from change(block, index)
    yield from _ends_at_once(block, index, returned)
    yield from _conditions(block, index)


def _left_out(
    block: Block,
    index: int,
) -> Iterator[Edit]:
    yield ((block, _put(block, index, ast.Pass())),)


def _put(
    block: Block,
    index: int,
    *instead: ast.stmt,
) -> Block:
    return [
        *block[:index],
        *instead,
        *block[index + 1 :],
    ]


def _into_loop(
    block: Block,
    index: int,
) -> Iterator[Edit]:
    """Move the statement after a loop or an `if` to the end of its block."""
    if index and isinstance(
        block[index - 1],
        _Loop | ast.If,
    ):
        inner = block[index - 1].body  # type: ignore[attr-defined] # a loop
        yield (
            (block, _put(block, index)),
            (inner, [*inner, block[index]]),
        )


def _into_inner_loop(
    block: Block,
    index: int,
) -> Iterator[Edit]:
    """Move the statement after a loop to the end of the loop inside it."""
    if not index or not isinstance(
        block[index - 1],
        _Loop,
    ):
        return
    last = block[index - 1].body[-1]  # type: ignore[attr-defined] # a loop
    if isinstance(last, _Loop):
        yield (
            (block, _put(block, index)),
            (last.body, [*last.body, block[index]]),
        )


def _out_of(
    block: Block,
    index: int,
) -> Iterator[Edit]:
    """Move the last statement of a loop or an `if` behind it, or the first before it."""
    outer = block[index]
    if (
        isinstance(
            outer,
            _Loop | ast.If,
        )
        and len(outer.body) > 1
    ):
        *rest, last = outer.body
        yield (
            (outer.body, rest),
            (block, _put(block, index, outer, last)),
        )
        first, *rest = outer.body
        yield (
            (outer.body, rest),
            (block, _put(block, index, first, outer)),
        )


def _first(
    block: Block,
    index: int,
) -> Iterator[Edit]:
    """Put the statement at the start of its block, or before its neighbour."""
    if index:
        moved = block[index]
        yield ((block, [moved, *_put(block, index)]),)
    if index > 1:
        before = block[: index - 1]
        after = block[index + 1 :]
        pair = [
            block[index],
            block[index - 1],
        ]
        yield ((block, [*before, *pair, *after]),)


def _ends_at_once(
    block: Block, index: int, returned: list[str]
) -> Iterator[Edit]:
    loop = block[index]
    if not isinstance(loop, _Loop):
        return
    ends: list[ast.stmt] = [ast.Break()]
    ends += [ast.Return(ast.Name(name, ast.Load())) for name in returned]
    for end in ends:
        yield ((loop.body, [*loop.body, end]),)


def _conditions(
    block: Block,
    index: int,
) -> Iterator[Edit]:
    """Take one branch of an `if` always."""
    if isinstance(
        block[index],
        ast.If,
    ):
        each: ast.If = block[index]  # type: ignore[assignment] # it is one
        yield ((block, _put(block, index, *each.body)),)
        yield ((block, _put(block, index, *each.orelse)),)


def returned_by(function: ast.AST) -> list[str]:
    """Return the names of the variables in the `return` statements of a function."""
    found = [
        name.id
        for node in ast.walk(function)
        if isinstance(
            node,
            ast.Return,
        )
        and node.value is not None
        for name in ast.walk(node.value)
        if isinstance(name, ast.Name)
    ]
    return list(dict.fromkeys(found))
