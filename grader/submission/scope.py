"""Which names code takes from outside: scopes of functions, classes and comprehensions. Pure, iterative, total.

The walks keep their own stack: a student's expression may be nested more deeply than Python's own
stack allows.
"""

import ast
import builtins
from collections.abc import Iterator, Sequence

import msgspec

from grader.submission.bindings import COMPREHENSIONS, imported, stored_by

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    *COMPREHENSIONS,
)
_DEEPEST = 20

BUILTINS = frozenset(dir(builtins)) | {
    "__name__", "__file__", "__doc__", "__builtins__", "__class__", "get_ipython", "display", "In", "Out", "_", "exit",
    "quit",
}  # fmt: skip


class Use(msgspec.Struct, frozen=True):
    """A name that is loaded and that no scope around it binds, with the attributes taken from it."""

    name: str
    attributes: tuple[str, ...]
    line: int
    called: bool = False
    """Whether it is called there: `f(x)`, `a.f(x)`."""

    @property
    def dotted(self) -> str:
        """The name as it is written, such as `np.zeros`."""
        return ".".join((self.name, *self.attributes))


class Scan(msgspec.Struct, frozen=True):
    """All that a piece of code takes from outside."""

    uses: tuple[Use, ...]
    imports: tuple[tuple[str, str, int], ...]
    """Imports inside functions: local name, dotted origin, line."""


def parameters(node: Function) -> list[ast.arg]:
    """List all parameters of a function, in order."""
    arguments = node.args
    rest = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


def scan(root: ast.AST) -> Scan:
    """Collect the names that code takes from outside, right about parameters, locals and nested scopes.

    Annotations are left out: they compute nothing.
    """
    uses: list[Use] = []
    imports: list[tuple[str, str, int]] = []
    called: set[int] = set()
    pending = [_Place([root], frozenset(), frozenset(), 0)]
    while pending:
        here = pending.pop()
        for node in walk_scope(here.nodes):
            if isinstance(node, _SCOPES):
                if here.depth < _DEEPEST:
                    pending.append(_inside(node, here))
            elif isinstance(node, (ast.Import, ast.ImportFrom)) and here.depth:
                imports += [
                    (name, origin, node.lineno) for name, origin in imported(node)
                ]
            else:
                if isinstance(node, ast.Call):
                    called.add(id(node.func))
                use = _use(node, called=id(node) in called)
                if use is not None and use.name not in here.visible:
                    uses.append(use)
    return Scan(tuple(uses), tuple(imports))


class _Place(msgspec.Struct, frozen=True):
    """Code to walk, the names that it finds without going to the top level, and those that functions in it find."""

    nodes: Sequence[ast.AST]
    visible: frozenset[str]
    inherited: frozenset[str]
    depth: int


def _inside(node: ast.AST, here: _Place) -> _Place:
    own, declared = bound_in(node)
    visible = (here.inherited - declared) | own
    # What a class's body binds is not seen by its methods.
    inherited = here.inherited if isinstance(node, ast.ClassDef) else visible
    return _Place(body_of(node), visible, inherited, here.depth + 1)


def walk_scope(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Walk code without entering the scopes inside it, except for what is evaluated outside them (defaults, bases).

    Of an attribute chain (`np.linalg.norm`) the outermost is given, not the links.
    """
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, _SCOPES):
            stack += reversed(_evaluated_outside(node))
        elif isinstance(node, ast.Attribute):
            base: ast.expr = node
            while isinstance(base, ast.Attribute):
                base = base.value
            if not isinstance(base, ast.Name):
                stack.append(base)
        elif isinstance(node, ast.AnnAssign):
            stack += [part for part in (node.value, node.target) if part is not None]
        else:
            stack += reversed(list(ast.iter_child_nodes(node)))


def _evaluated_outside(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            defaults = [
                default for default in node.args.kw_defaults if default is not None
            ]
            return [*node.decorator_list, *node.args.defaults, *defaults]
        case ast.Lambda():
            return [
                *node.args.defaults,
                *(default for default in node.args.kw_defaults if default is not None),
            ]
        case ast.ClassDef():
            return [
                *node.decorator_list,
                *node.bases,
                *(keyword.value for keyword in node.keywords),
            ]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return [node.generators[0].iter]
    return []


def body_of(node: ast.AST) -> list[ast.AST]:
    """Give what is evaluated inside a scope."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return list(node.body)
        case ast.Lambda():
            return [node.body]
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return [node.elt, *_inner_generators(node.generators)]
        case ast.DictComp():
            return [node.key, node.value, *_inner_generators(node.generators)]
    return [node]


def _inner_generators(generators: list[ast.comprehension]) -> list[ast.AST]:
    inner: list[ast.AST] = []
    for number, generator in enumerate(generators):
        inner += [
            generator.target,
            *generator.ifs,
            *([generator.iter] if number else []),
        ]
    return inner


def bound_in(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """Give the names that a scope binds itself, and those that it declares `global`."""
    own: set[str] = set()
    declared: set[str] = set()
    nonlocals: set[str] = set()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        own |= {arg.arg for arg in parameters(node)}
    for child in walk_scope(body_of(node)):
        if isinstance(child, ast.Global):
            declared |= set(child.names)
        elif isinstance(child, ast.Nonlocal):
            nonlocals |= set(child.names)
        else:
            own |= set(_binds(child))
    return frozenset(own - declared - nonlocals), frozenset(declared)


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (name for name, _ in imported(node))
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, COMPREHENSIONS):
        # A walrus in a comprehension binds in the function around it.
        yield from (
            inner.target.id
            for inner in ast.walk(node)
            if isinstance(inner, ast.NamedExpr)
        )
    else:
        yield from stored_by(node)


def _use(node: ast.AST, *, called: bool) -> Use | None:
    attributes: list[str] = []
    base = node
    while isinstance(base, ast.Attribute):
        attributes.append(base.attr)
        base = base.value
    if isinstance(base, ast.Name) and (attributes or isinstance(base.ctx, ast.Load)):
        return Use(base.id, tuple(reversed(attributes)), base.lineno, called)
    return None
