"""What is visible in a student's source: the signs without which a hint names no cause.

Numbers prove an effect. What caused it is another question: a value that is missing after a
`return` in a loop is missing after a loop that ends too early as well. So a hint may name a cause
only where the text has a sign of it. Signs are looked for in the graded function and in what it
reaches; they prove nothing by themselves.
"""

import ast
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

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


def signs_of(submission: Submission, exercise: Exercise) -> frozenset[str]:
    """Return the signs that the source shows; none where it is too complicated to tell."""
    program = read_program(submission.units)
    try:
        roots = list(_reached(program, exercise.function))
        nodes = list(_walk(roots, Budget(FACTS_STEPS)))
    except TooComplicated:
        return frozenset()
    found = {name for name, shows in _BY_NODE.items() if any(map(shows, nodes))}
    if _has_loop_with(roots, ast.Return):
        found.add("return in a loop")
    if _has_loop_with(roots, ast.Break):
        found.add("break in a loop")
    if any(map(_replaces_products, _in_loops(roots))):
        found.add("replacing in a loop")
    if _counts_down(nodes):
        found.add("flip")
    if _has_exchanged_indices(nodes):
        found.add("exchanged indices")
    return frozenset(found)


def _reached(program: Program, function: str) -> Iterator[Node]:
    """Yield the function and those of the student's that it names; all there is if it is hidden."""
    found = program.function(function)
    if found is None:
        yield from (tree for _, tree in program.trees())
        return
    reached: list[Node] = [found[1]]
    known = {id(found[1])}
    for root in reached:
        yield root
        names = {node.id for node in walk(root) if isinstance(node, ast.Name)}
        for name in sorted(names):
            other = program.function(name)
            if other is None or id(other[1]) in known:
                continue
            if len(reached) < _REACHED_CAP:
                known.add(id(other[1]))
                reached.append(other[1])


def _walk(roots: Sequence[Node], budget: Budget) -> Iterator[Node]:
    for root in roots:
        for node in walk(root):
            budget.spend()
            yield node


def _has_loop_with(roots: Sequence[Node], kind: type[ast.stmt]) -> bool:
    """Return whether a statement of this kind stands in a loop of the same function."""
    return any(isinstance(node, kind) for node in _in_loops(roots))


def _in_loops(roots: Sequence[Node]) -> Iterator[Node]:
    """Yield what stands in a loop of the same function."""
    stack = [(root, False) for root in roots]
    while stack:
        node, looping = stack.pop()
        if looping:
            yield node
        inside = looping or isinstance(node, _LOOPS)
        if isinstance(node, FUNCTIONS):
            inside = False
        stack += [(child, inside) for child in children(node)]


def _replaces_products(node: Node) -> bool:
    """Return whether this sets a name or a place to a product or a sum, and adds nothing to it."""
    if not isinstance(node, ast.Assign):
        return False
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
    return _names_product(node)


def _some(node: Node) -> list[Node]:
    """Return the first nodes of an expression: longer ones are no student's, but an attack."""
    return list(itertools.islice(walk(node), _MOST_NODES))


def _counts_down(nodes: Sequence[Node]) -> bool:
    """Return whether a loop's variable is subtracted, as in `row = y - a`."""
    targets = [
        node.target
        for node in nodes
        if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension))
    ]
    counted = {
        each.id
        for target in targets
        for each in walk(target)
        if isinstance(each, ast.Name)
    }
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and isinstance(node.right, ast.Name)
        and node.right.id in counted
        for node in nodes
    )


def _has_exchanged_indices(nodes: Sequence[Node]) -> bool:
    """Return whether two indices stand in both orders, as in `left[a, b] * right[b, a]`."""
    pairs: set[tuple[str, str]] = set()
    for node in nodes:
        if isinstance(node, ast.Subscript):
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


def _calls(pattern: str) -> Callable[[Node], bool]:
    """Return a test whether a node names a function that matches, called or not."""
    known = re.compile(pattern)

    def shows(node: Node) -> bool:
        if isinstance(node, ast.Attribute):
            return bool(known.fullmatch(node.attr))
        return isinstance(node, ast.Name) and bool(known.fullmatch(node.id))

    return shows


def _pads(node: Node) -> bool:
    """Return whether this pads by a library, or writes an array into a part of a bigger one."""
    if _calls(r".*pad.*|copyMakeBorder|[hv]stack|concatenate|insert|block")(
        node
    ):
        return True
    if not isinstance(node, ast.Assign):
        return False
    values = (ast.Name, ast.Call, ast.Attribute)
    targets = [each for each in node.targets if isinstance(each, ast.Subscript)]
    return isinstance(node.value, values) and any(map(_is_inner_part, targets))


def _is_inner_part(node: ast.Subscript) -> bool:
    """Return whether these are slices that start after the beginning, as `padded[1:-1, 1:-1]`."""
    return any(
        isinstance(part, ast.Slice) and part.lower is not None
        for part in _indices(node)
    )


def _scatters(node: Node) -> bool:
    """Return whether this adds to a part of an array, as `out[i:i + 3, j:j + 3] += ...`."""
    if not isinstance(node, ast.AugAssign):
        return False
    target = node.target
    if not isinstance(target, ast.Subscript):
        return False
    return any(isinstance(part, ast.Slice) for part in _indices(target))


def _multiplies_matrices(node: Node) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return True
    return _calls(
        "dot|vdot|matmul|inner|tensordot|einsum|multi_dot|matvec|vecmat"
    )(node)


def _turns(node: Node) -> bool:
    """Return whether this reverses an axis, or counts an index down."""
    if _calls("flip|flipud|fliplr|rot90|reversed|flipped|.*flip.*")(node):
        return True
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
    return _calls("roll|take|mod|remainder|divmod")(node)


def _makes_whole(node: Node) -> bool:
    """Return whether this may lose fractions."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        return isinstance(node.op, ast.FloorDiv)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(
            re.fullmatch(r"[<>=|]?[iub]\d|u?int\w*", node.value)
        )
    return _calls(
        r"u?int\w*|u?byte|u?short|u?long(long)?|round|round_|around|rint|fix|floor|trunc|ceil"
        r"|astype|dtype|floor_divide|\w+_like|copy|array"
    )(node)


def _copies_type(node: Node) -> bool:
    return _calls(r"\w+_like|copy|deepcopy|dtype|astype|array|asarray")(node)


def _cuts_off(node: Node) -> bool:
    if isinstance(node, ast.Compare):
        return True
    return _calls("clip|min|max|minimum|maximum|fmin|fmax|where|relu")(node)


def _divides(node: Node) -> bool:
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        return isinstance(node.op, (ast.Div, ast.FloorDiv, ast.Mult, ast.Pow))
    return _calls("mean|average|divide|true_divide|multiply|norm|std|nanmean")(
        node
    )


_names_product = _calls("sum|dot|multiply|inner|matmul")

_BY_NODE: Final[dict[str, Callable[[Node], bool]]] = {
    "padding": _pads,
    "adding to a part": _scatters,
    "matrix product": _multiplies_matrices,
    "flip": _turns,
    "transpose": _calls("T|mT|transpose|swapaxes|moveaxis|rollaxis|einsum"),
    "wrapping index": _wraps,
    "fourier": _calls(".*fft.*"),
    "whole numbers": _makes_whole,
    "type of another array": _copies_type,
    "limit": _cuts_off,
    "division": _divides,
    "absolute value": _calls("abs|absolute|fabs|sqrt|hypot"),
    "maximum": _calls("max|amax|maximum|nanmax|sort|sorted"),
}

SIGNS: Final = frozenset(
    {
        *_BY_NODE,
        *("return in a loop", "break in a loop"),
        *("replacing in a loop", "exchanged indices"),
    }
)
"""All signs, by the names that `misconceptions.py` gives them."""
