"""Which names a piece of code takes from outside: as Python finds them."""

import ast

import pytest

from grader.submission.budget import Budget, TooComplicated
from grader.submission.scope import called_name, parameters, scan


def uses(source: str) -> list[str]:
    """Return what a source takes from outside, what is called with brackets behind it."""
    found = scan(ast.parse(source), Budget(10_000)).uses
    return [f"{use.dotted}{'()' if use.called else ''}" for use in found]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a", ["a"]),
        ("a.b.c", ["a.b.c"]),
        ("a.b(c)", ["a.b()", "c"]),
        ("a(b)(c)", ["a()", "b", "c"]),
        ("a().b", ["a()"]),
        ("a[b].c", ["a", "b"]),
        ("a = b", ["b"]),
        ("a.b = c", ["a.b", "c"]),
        ("a[b] = c", ["a", "b", "c"]),
        ("a += b", ["b"]),
        ("a: b = c", ["c"]),
        ("a: b", []),
        (
            "def f(a, b=c, *d, e=g, **h): return a, b, d, e, h, x",
            ["c", "g", "x"],
        ),
        ("@d\ndef f(): pass", ["d"]),
        ("@d\nclass A(b, k=c):\n  x = y\n  z = x", ["d", "b", "c", "y"]),
        ("class A:\n  x = 1\n  def f(self): return x", ["x"]),
        ("def f():\n  x = 1\n  def g(): return x", []),
        ("def f():\n  def g(): return x\n  x = 1", []),
        ("def f():\n  class A:\n    def g(self): return A, f", ["f"]),
        ("lambda a, b=c: a + b + d", ["c", "d"]),
        ("[a + b for a in c if a > d]", ["c", "b", "d"]),
        ("{a: b for a, b in c for e in a + g}", ["c", "g"]),
        ("{a for a in b}; (a for a in b)", ["b", "b"]),
        ("def f():\n  [a for a in x]\n  return a", ["x", "a"]),
        ("def f():\n  [(a := b) for b in x]\n  return a", ["x"]),
        ("def f():\n  global a\n  a = 1\n  return a", ["a"]),
        ("def f():\n  global a\n  def g(): return a", ["a"]),
        ("def f():\n  a = 1\n  def g():\n    nonlocal a\n    a = a + 1", []),
        (
            "def f():\n  import a.b, c as d\n  from e import g\n  return a, d, g, c",
            ["c"],
        ),
        ("def f():\n  try: pass\n  except E as e: return e", ["E"]),
        (
            "def f(x):\n  match x:\n    case [a, *b] if c: return a, b\n    case {**d}: return d",
            ["c"],
        ),
        (
            "def f(x):\n  match x:\n    case K(y=1) as e: return e",
            ["K"],
        ),
        ("def f():\n  for a, (b, c) in d: return a, b, c", ["d"]),
        ("def f():\n  with a() as b: return b", ["a()"]),
        ("def f():\n  del a\n  return a", []),
        ("async def f(a): return await a(b)", ["b"]),
        ("print(a := b, a)", ["print()", "b", "a"]),
    ],
)
def test_names_from_outside_are_found(source: str, names: list[str]) -> None:
    """Parameters, locals, classes, comprehensions, and what is declared global or nonlocal."""
    assert sorted(uses(source)) == sorted(names)


def test_imports_inside_functions_are_told() -> None:
    """With the name that they bind, and their line; those at the top are no matter of a scope."""
    source = "import a\ndef f():\n  import b.c\n  from d import e as g\n"
    assert scan(ast.parse(source), Budget(100)).imports == (
        ("b", "b", 3),
        ("g", "d.e", 4),
    )


def test_the_line_of_a_name_is_its_own() -> None:
    """Not that of the expression in which it stands."""
    (a, b) = scan(ast.parse("x = (\n  a.b\n  + c\n)"), Budget(100)).uses
    assert (a.line, b.line) == (2, 3)


def test_scopes_are_looked_into_twenty_deep() -> None:
    """What stands further in costs more than it tells."""
    for deep, is_seen in ((20, True), (21, False)):
        assert uses("lambda: " * deep + "name") == ["name"] * is_seen


def test_each_node_and_each_scope_around_a_name_is_a_step() -> None:
    """So that deeply nested code ends."""
    for source, steps in (("a", 3), ("lambda: a", 6)):
        tree = ast.parse(source)
        for left in range(1, 99):
            try:
                scan(tree, Budget(left))
            except TooComplicated:
                continue
            break
        assert left == steps


@pytest.mark.parametrize(
    ("source", "name"),
    [("f(x)", "f"), ("a.b.f(x)", "f"), ("f(x)(y)", ""), ("f[0](x)", "")],
)
def test_what_is_called_has_a_last_name(source: str, name: str) -> None:
    """Where it has none, it is empty."""
    (statement,) = ast.parse(source).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert called_name(statement.value) == name


def test_parameters_come_in_their_order() -> None:
    """Those by place, those by name, and the rest."""
    (function,) = ast.parse("def f(a, /, b, *c, d, **e): pass").body
    assert isinstance(function, ast.FunctionDef)
    assert [each.arg for each in parameters(function)] == [
        "a",
        "b",
        "d",
        "c",
        "e",
    ]
