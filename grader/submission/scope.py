"""Which names a piece of code takes from outside, through functions, classes and comprehensions.

The walks keep their own stacks, because a student's expression may be nested more deeply than
Python's own stack allows.
"""

import ast
import builtins
from collections.abc import Iterator, Sequence

import msgspec

from grader.submission.bindings import (
    COMPREHENSIONS,
    DEFINITIONS,
    imported,
    stored_by,
)
from grader.submission.budget import Budget
from grader.submission.nodes import children, walk

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

_IMPORTS = (ast.Import, ast.ImportFrom)
_SCOPES = (*FUNCTIONS, ast.ClassDef, *COMPREHENSIONS)
_IN_PART = frozenset({*_SCOPES, ast.Attribute, ast.AnnAssign})
"""Nodes of which not every part is walked. Sets of exact types: asking one is a single step."""
_BINDING = frozenset(
    {
        *(*DEFINITIONS, *_IMPORTS, *COMPREHENSIONS, ast.ExceptHandler),
        *(ast.Name, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
    }
)
"""Nodes that may bind a name; most nodes of a large file do not."""
_DEEPEST = 20

BUILTINS = frozenset(dir(builtins)) | {
    *("__name__", "__file__", "__doc__", "__builtins__", "__class__"),
    *("get_ipython", "display", "In", "Out", "_", "exit", "quit"),
}


class Use(msgspec.Struct, frozen=True):
    """A name that is loaded and that no scope around it binds, and the attributes taken from it."""

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
    """Return all parameters of a function, in order."""
    arguments = node.args
    rest = [
        arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None
    ]
    return [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        *rest,
    ]


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called: `pad` in `np.pad(image)`; empty if it has none."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def scan(root: ast.AST, budget: Budget) -> Scan:
    """Collect the names that code takes from outside.

    Parameters, locals and nested scopes are told apart as in Python. Annotations are left out,
    because they compute nothing. Each node costs a step, and another one for each scope around it.
    """
    scanner = _Scanner(budget)
    pending = [_Scope([root], frozenset(), frozenset(), None, 0)]
    while pending:
        pending += scanner.walk(pending.pop())
    return Scan(tuple(scanner.uses), tuple(scanner.imports))


class _Scope(msgspec.Struct, frozen=True):
    """Code to walk, and where the names in it are found without going to the top level."""

    nodes: Sequence[ast.AST]
    own: frozenset[str]
    """The names that it binds itself."""
    declared: frozenset[str]
    """The names that it declares `global`."""
    around: "_Scope | None"
    """The next scope outwards whose names it sees, which is never a class."""
    depth: int
    is_class: bool = False

    def finds(self, name: str) -> bool:
        """Return whether this scope or one around it binds a name."""
        here: _Scope | None = self
        while here is not None:
            if name in here.own:
                return True
            if name in here.declared:
                return False
            here = here.around
        return False


class _Scanner:
    """Walks scopes one by one, and collects what they take from outside."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.uses: list[Use] = []
        self.imports: list[tuple[str, str, int]] = []
        self._called: set[int] = set()

    def walk(self, scope: _Scope) -> list[_Scope]:
        """Collect what a scope uses, and return the scopes inside it."""
        inner: list[_Scope] = []
        for node in walk_scope(scope.nodes, self._budget):
            if isinstance(node, _SCOPES):
                if scope.depth < _DEEPEST:
                    inner.append(_inside(node, scope, self._budget))
            elif isinstance(node, _IMPORTS) and scope.depth:
                for name, origin in imported(node):
                    self.imports.append((name, origin, node.lineno))
            else:
                self._look_at(node, scope)
        return inner

    def _look_at(self, node: ast.AST, scope: _Scope) -> None:
        if isinstance(node, ast.Call):
            self._called.add(id(node.func))
        elif isinstance(node, (ast.Name, ast.Attribute)):
            self._budget.spend(scope.depth)
            use = _use(node, called=id(node) in self._called)
            if use is not None and not scope.finds(use.name):
                self.uses.append(use)


def _inside(node: ast.AST, outer: _Scope, budget: Budget) -> _Scope:
    own, declared = bound_in(node, budget)
    # Methods do not see what the body of their class binds.
    around = outer.around if outer.is_class else outer
    is_class = isinstance(node, ast.ClassDef)
    return _Scope(
        body_of(node), own, declared, around, outer.depth + 1, is_class
    )


def walk_scope(nodes: Sequence[ast.AST], budget: Budget) -> Iterator[ast.AST]:
    """Walk code without entering the scopes inside it.

    What is evaluated outside an inner scope (defaults, bases, decorators) is walked. Of an
    attribute chain, such as `np.linalg.norm`, only the outermost node is given.
    """
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        budget.spend()
        yield node
        in_part = type(node) in _IN_PART
        stack += reversed(_walked_of(node) if in_part else children(node))


def _walked_of(node: ast.AST) -> list[ast.AST]:
    """Return what is walked of a node of which not every part is."""
    if isinstance(node, ast.Attribute):
        base = _chain_start(node)
        return [] if isinstance(base, ast.Name) else [base]
    if isinstance(node, ast.AnnAssign):
        value = [] if node.value is None else [node.value]
        return [node.target, *value]
    return _evaluated_outside(node)


def _chain_start(node: ast.expr) -> ast.expr:
    """Return what an attribute chain starts with: the name `np` of `np.linalg.norm`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _evaluated_outside(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, *_defaults(node)]
        case ast.Lambda():
            return _defaults(node)
        case ast.ClassDef():
            keywords = [keyword.value for keyword in node.keywords]
            return [*node.decorator_list, *node.bases, *keywords]
        case (
            ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp()
        ):
            return [node.generators[0].iter]
    return []


def _defaults(node: Function) -> list[ast.AST]:
    by_keyword = [
        default for default in node.args.kw_defaults if default is not None
    ]
    return [*node.args.defaults, *by_keyword]


def body_of(node: ast.AST) -> list[ast.AST]:
    """Return what is evaluated inside a scope."""
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
        inner += [generator.target, *generator.ifs]
        # The first iterable is evaluated outside.
        if number:
            inner.append(generator.iter)
    return inner


def bound_in(
    node: ast.AST, budget: Budget
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a scope binds itself, and those that it declares `global`."""
    own: set[str] = set()
    declared: set[str] = set()
    nonlocals: set[str] = set()
    if isinstance(node, FUNCTIONS):
        own.update(arg.arg for arg in parameters(node))
    for child in walk_scope(body_of(node), budget):
        if type(child) in _BINDING:
            own.update(_binds(child, budget))
        elif type(child) is ast.Global:
            declared.update(child.names)
        elif type(child) is ast.Nonlocal:
            nonlocals.update(child.names)
    return frozenset(own - declared - nonlocals), frozenset(declared)


def _binds(node: ast.AST, budget: Budget) -> Iterator[str]:
    if isinstance(node, DEFINITIONS):
        yield node.name
    elif isinstance(node, _IMPORTS):
        for name, _ in imported(node):
            yield name
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, COMPREHENSIONS):
        # A walrus in a comprehension binds in the function around it.
        for inner in walk(node):
            budget.spend()
            if isinstance(inner, ast.NamedExpr):
                yield inner.target.id
    else:
        yield from stored_by(node)


def _use(node: ast.Name | ast.Attribute, *, called: bool) -> Use | None:
    attributes: list[str] = []
    base: ast.expr = node
    while isinstance(base, ast.Attribute):
        attributes.append(base.attr)
        base = base.value
    if not isinstance(base, ast.Name):
        return None
    if not attributes and not isinstance(base.ctx, ast.Load):
        return None
    attributes.reverse()
    return Use(base.id, tuple(attributes), base.lineno, called)
