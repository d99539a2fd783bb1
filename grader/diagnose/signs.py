"""What is visible in a student's source: the signs without which a hint names no cause.

Numbers prove an effect. What caused it is another question: a value that is missing after a
`return` in a loop is missing after a loop that ends too early as well. So a hint may name a cause
only where the text has a sign of it. Signs are looked for in the graded function and in what it
reaches; they prove nothing by themselves.
"""

import ast
import functools
import itertools
import re
from collections import defaultdict
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import Any, Final

from grader.model import Exercise, Submission
from grader.submission.budget import FACTS_STEPS, Budget, TooComplicated
from grader.submission.nodes import children, walk
from grader.submission.program import Program, read_program
from grader.submission.scope import FUNCTIONS, called_name

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_REACHED_CAP: Final = 50
_MOST_NODES: Final = 200
_MOST_BRACKETS: Final = 8

Node = ast.AST
_Placed = tuple[Node, bool]
"""A node, and whether it stands in a loop of the same function."""
_Kinds = defaultdict[type[Node], list[Any]]
"""Nodes by their types."""


def signs_of(submission: Submission, exercise: Exercise) -> frozenset[str]:
    """Return the signs that the source shows; none where it is too complicated to tell."""
    program = read_program(submission.units)
    try:
        reached = list(_reached(program, exercise.function))
    except TooComplicated:
        return frozenset()
    nodes = _by_kind(node for node, _ in reached)
    looped = _by_kind(node for node, looping in reached if looping)
    found = _shown_by_names(_names_in(nodes))
    found |= _shown(_BY_NODE, nodes) | _shown(_IN_LOOPS, looped)
    if _counts_down(nodes):
        found.add("flip")
    if _has_exchanged_indices(nodes[ast.Subscript]):
        found.add("exchanged indices")
    return frozenset(found)


def _by_kind(nodes: Iterable[Node]) -> _Kinds:
    """Sort nodes by their types: each sign is looked for in a few of these only."""
    found: _Kinds = defaultdict(list)
    for node in nodes:
        found[type(node)].append(node)
    return found


def _reached(program: Program, function: str) -> Iterator[_Placed]:
    """Yield what the function and those of the student's that it names hold.

    If it is hidden, all there is. Raises TooComplicated.
    """
    budget = Budget(FACTS_STEPS)
    found = program.function(function)
    if found is None:
        for _, tree in program.trees():
            yield from _walk(tree, budget)
        return
    reached: list[Node] = [found[1]]
    known = {id(found[1])}
    for root in reached:
        placed = list(_walk(root, budget))
        yield from placed
        for other in _named(program, placed):
            if id(other) not in known and len(reached) < _REACHED_CAP:
                known.add(id(other))
                reached.append(other)


def _named(program: Program, placed: Sequence[_Placed]) -> Iterator[Node]:
    """Yield the student's functions that these nodes name, in the order of the alphabet."""
    names = {node.id for node, _ in placed if isinstance(node, ast.Name)}
    for name in sorted(names):
        found = program.function(name)
        if found is not None:
            yield found[1]


def _walk(root: Node, budget: Budget) -> Iterator[_Placed]:
    """Yield each node, and whether it stands in a loop of the same function."""
    stack = [(root, False)]
    while stack:
        budget.spend()
        placed = node, looping = stack.pop()
        yield placed
        inside = looping or isinstance(node, _LOOPS)
        if isinstance(node, FUNCTIONS):
            inside = False
        stack += [(child, inside) for child in children(node)]


def _replaces_products(node: ast.Assign) -> bool:
    """Return whether this sets a name or a place to a product or a sum, and adds nothing to it."""
    inner = _some(node.value)
    names = {each.id for each in inner if isinstance(each, ast.Name)}
    targets = [
        each for each in _some(node.targets[0]) if isinstance(each, ast.Name)
    ]
    if not targets or targets[0].id in names:
        return False
    return any(map(_multiplies, inner))


def _multiplies(node: Node) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mult)
    if isinstance(node, ast.Attribute):
        return node.attr in _PRODUCTS
    return isinstance(node, ast.Name) and node.id in _PRODUCTS


def _some(node: Node) -> list[Node]:
    """Return the first nodes of an expression: longer ones are not a student's, but an attack."""
    return list(itertools.islice(walk(node), _MOST_NODES))


def _counts_down(nodes: _Kinds) -> bool:
    """Return whether a loop's variable is subtracted, as in `row = y - a`."""
    loops = (*nodes[ast.For], *nodes[ast.AsyncFor], *nodes[ast.comprehension])
    counted = {
        each.id
        for loop in loops
        for each in walk(loop.target)
        if isinstance(each, ast.Name)
    }
    return any(
        isinstance(node.op, ast.Sub)
        and isinstance(node.right, ast.Name)
        and node.right.id in counted
        for node in nodes[ast.BinOp]
    )


def _has_exchanged_indices(nodes: Sequence[ast.Subscript]) -> bool:
    """Return whether two indices stand in both orders, as in `left[a, b] * right[b, a]`."""
    pairs: set[tuple[str, str]] = set()
    for node in nodes:
        names = [_last_name(part) for part in _indices(node)]
        pairs.update(itertools.pairwise(names))
    orders = {(a, b) for a, b in pairs if a and b and a != b}
    return any((b, a) in orders for a, b in orders)


def _indices(node: ast.Subscript) -> list[ast.expr]:
    """Return the indices of `a[i, j]`, and of `a[i][j]`."""
    found: list[ast.expr] = []
    inner: ast.expr = node
    for _ in range(_MOST_BRACKETS):
        if not isinstance(inner, ast.Subscript):
            break
        index = inner.slice
        own = index.elts if isinstance(index, ast.Tuple) else [index]
        found = [*own[:_MOST_BRACKETS], *found]
        inner = inner.value
    return found


def _last_name(node: ast.AST) -> str:
    names = [each.id for each in _some(node) if isinstance(each, ast.Name)]
    return names[-1] if names else ""


# ---- Signs of one node


_Tests = Mapping[str, tuple[Callable[[Any], bool], Sequence[type[Node]]]]
"""Sign -> what tells whether a node shows it, and the types of the nodes that it is asked about."""


def _shown(tests: _Tests, nodes: _Kinds) -> set[str]:
    return {
        sign
        for sign, (shows, kinds) in tests.items()
        if any(any(map(shows, nodes[kind])) for kind in kinds)
    }


def _shown_by_names(names: Collection[str]) -> set[str]:
    return {
        sign
        for sign, known in _patterns().items()
        if any(map(known.fullmatch, names))
    }


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Compile at first use: most submissions need no sign."""
    return {sign: re.compile(names) for sign, names in _BY_NAME.items()}


def _names_in(nodes: _Kinds) -> set[str]:
    """Return the names that nodes use, called or not, those of attributes too."""
    names = {node.id for node in nodes[ast.Name]}
    names.update(node.attr for node in nodes[ast.Attribute])
    return names


def _writes_a_part(node: ast.Assign) -> bool:
    """Return whether this writes an array into a part of a bigger one."""
    values = (ast.Name, ast.Call, ast.Attribute)
    targets = [each for each in node.targets if isinstance(each, ast.Subscript)]
    return isinstance(node.value, values) and any(map(_is_inner_part, targets))


def _is_inner_part(node: ast.Subscript) -> bool:
    """Return whether these are slices that start after the beginning, as `padded[1:-1, 1:-1]`."""
    return any(
        isinstance(part, ast.Slice) and part.lower is not None
        for part in _indices(node)
    )


def _scatters(node: ast.AugAssign) -> bool:
    """Return whether this adds to a part of an array, as `out[i:i + 3, j:j + 3] += ...`."""
    target = node.target
    if not isinstance(target, ast.Subscript):
        return False
    return any(isinstance(part, ast.Slice) for part in _indices(target))


def _multiplies_matrices(node: Node) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)


def _turns(node: Node) -> bool:
    """Return whether this reverses an axis, or counts an index down."""
    if isinstance(node, ast.Slice):
        return node.step is not None and _is_negative(node.step)
    if isinstance(node, ast.Call) and called_name(node) == "range":
        return any(map(_is_negative, node.args))
    if isinstance(node, ast.Subscript):
        return any(map(_subtracts, _indices(node)))
    return False


def _is_negative(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def _subtracts(node: ast.expr) -> bool:
    negative = (ast.Sub, ast.USub)
    return any(
        isinstance(each, (ast.BinOp, ast.UnaryOp))
        and isinstance(each.op, negative)
        for each in _some(node)
    )


def _wraps(node: Node) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return not isinstance(node.left, (ast.Constant, ast.JoinedStr))
    if isinstance(node, ast.Constant):
        return node.value == "wrap"
    if isinstance(node, ast.Subscript):
        return any(map(_subtracts, _indices(node)))
    return False


def _makes_whole(node: ast.BinOp | ast.AugAssign | ast.Constant) -> bool:
    """Return whether this may lose fractions."""
    if not isinstance(node, ast.Constant):
        return isinstance(node.op, ast.FloorDiv)
    return isinstance(node.value, str) and bool(
        re.fullmatch(r"[<>=|]?[iub]\d|u?int\w*", node.value)
    )


def _always(_node: Node) -> bool:
    return True


def _divides(node: ast.BinOp | ast.AugAssign) -> bool:
    return isinstance(node.op, (ast.Div, ast.FloorDiv, ast.Mult, ast.Pow))


_PRODUCTS: Final = frozenset({"sum", "dot", "multiply", "inner", "matmul"})

_BY_NAME: Final = {
    "padding": r".*pad.*|copyMakeBorder|[hv]stack|concatenate|insert|block",
    "matrix product": "dot|vdot|matmul|inner|tensordot|einsum|multi_dot|matvec|vecmat",
    "flip": "rot90|reversed|.*flip.*",
    "transpose": "T|mT|transpose|swapaxes|moveaxis|rollaxis|einsum",
    "wrapping index": "roll|take|mod|remainder|divmod",
    "fourier": ".*fft.*",
    "whole numbers": (
        r"u?int\w*|u?byte|u?short|u?long(long)?|round|round_|around|rint|fix|floor|trunc|ceil"
        r"|astype|dtype|floor_divide|\w+_like|copy|array"
    ),
    "type of another array": r"\w+_like|copy|deepcopy|dtype|astype|array|asarray",
    "limit": "clip|min|max|minimum|maximum|fmin|fmax|where|relu",
    "division": "mean|average|divide|true_divide|multiply|norm|std|nanmean",
    "absolute value": "abs|absolute|fabs|sqrt|hypot",
    "maximum": "max|amax|maximum|nanmax|sort|sorted",
}
"""Signs that are there if a function is named that matches, called or not."""

_BY_NODE: Final[_Tests] = {
    "padding": (_writes_a_part, [ast.Assign]),
    "adding to a part": (_scatters, [ast.AugAssign]),
    "matrix product": (_multiplies_matrices, [ast.BinOp]),
    "flip": (_turns, [ast.Slice, ast.Call, ast.Subscript]),
    "wrapping index": (_wraps, [ast.BinOp, ast.Constant, ast.Subscript]),
    "whole numbers": (_makes_whole, [ast.BinOp, ast.AugAssign, ast.Constant]),
    "limit": (_always, [ast.Compare]),
    "division": (_divides, [ast.BinOp, ast.AugAssign]),
}
"""Signs of a node, and the types that it can have."""
_IN_LOOPS: Final[_Tests] = {
    "return in a loop": (_always, [ast.Return]),
    "break in a loop": (_always, [ast.Break]),
    "replacing in a loop": (_replaces_products, [ast.Assign]),
}
"""Signs of a node that stands in a loop, likewise."""

SIGNS: Final = frozenset(
    {
        *_BY_NAME,
        *_BY_NODE,
        *_IN_LOOPS,
        "exchanged indices",
    }
)
"""All signs, by the names that `misconceptions.py` gives them."""
