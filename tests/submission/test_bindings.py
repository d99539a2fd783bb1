"""What the top level of a file binds: which name, to what, on which line, and whether always."""

import ast

import pytest

from grader.submission.bindings import top_level
from grader.submission.parsing import read_content


def bound(source: str) -> list[tuple[object, ...]]:
    """Return what a source binds: name, kind, line, whether always, and the rest if any."""
    found = []
    for each in top_level(ast.parse(source), 7):
        assert each.cell == 7
        more = [each.origin] if each.origin else []
        if each.main_only:
            more.append("main")
        found.append((each.name, each.kind, each.line, each.always, *more))
    return found


@pytest.mark.parametrize(
    ("source", "bindings"),
    [
        ("def f(a): b = 1", [("f", "function", 1, True)]),
        ("async def f(a): b = 1", [("f", "function", 1, True)]),
        ("@d\ndef f(): pass", [("f", "function", 2, True)]),
        ("f = lambda a: a", [("f", "function", 1, True)]),
        ("class A:\n    b = 1", [("A", "class", 1, True)]),
        ("a = b = 1", [("a", "constant", 1, True), ("b", "constant", 1, True)]),
        ("a = [1, (-2 + 3j), {'x': {4}}]", [("a", "constant", 1, True)]),
        ("a = [1, f]", [("a", "computed", 1, True)]),
        (
            "a, b = 1, f",
            [("a", "constant", 1, True), ("b", "computed", 1, True)],
        ),
        (
            "[a, b] = 1, f",
            [("a", "constant", 1, True), ("b", "computed", 1, True)],
        ),
        ("a, b = f", [("a", "computed", 1, True), ("b", "computed", 1, True)]),
        (
            "a, *b = 1, f",
            [("a", "computed", 1, True), ("b", "computed", 1, True)],
        ),
        (
            "a, b = 1, 2, f",
            [("a", "computed", 1, True), ("b", "computed", 1, True)],
        ),
        ("a[0], b.c = 1, 2", []),
        ("a: int = 1", [("a", "constant", 1, True)]),
        ("a: int", []),
        ("a += 1", [("a", "computed", 1, True)]),
        ("print(a := 1)", [("a", "constant", 1, True)]),
        ("x = [a := f for f in y]", [("x", "computed", 1, True)]),
        ("x = lambda: (a := 1)", [("x", "function", 1, True)]),
        ("import a", [("a", "import", 1, True, "a")]),
        ("import a.b.c", [("a", "import", 1, True, "a")]),
        ("import a.b as c", [("c", "import", 1, True, "a.b")]),
        ("from a.b import c", [("c", "import", 1, True, "a.b.c")]),
        ("from a import b as c", [("c", "import", 1, True, "a.b")]),
        ("from a import *", [("*", "import", 1, True, "a.*")]),
        ("from . import a", [("a", "import", 1, True, ".a")]),
        ("from ..a import b", [("b", "import", 1, True, "..a.b")]),
        ("del a, (b, c)", [(name, "deleted", 1, True) for name in "abc"]),
        (
            "if x:\n    a = 1\nelse:\n    b = 1",
            [("a", "constant", 2, False), ("b", "constant", 4, False)],
        ),
        (
            "while (a := f()):\n    b = 1",
            [("a", "computed", 1, True), ("b", "constant", 2, False)],
        ),
        (
            "for a, b in c:\n    d = 1",
            [
                ("a", "computed", 1, True),
                ("b", "computed", 1, True),
                ("d", "constant", 2, False),
            ],
        ),
        ("for a in [1, 2]: pass", [("a", "constant", 1, True)]),
        (
            "with f() as a, g() as (b, c), h(): d = 1",
            [
                ("a", "computed", 1, False),
                ("b", "computed", 1, False),
                ("c", "computed", 1, False),
                ("d", "constant", 1, False),
            ],
        ),
        (
            "try:\n    a = 1\nexcept E as b:\n    c = 1\nexcept F:\n    d = 1\nfinally:\n    e = 1",
            [
                ("a", "constant", 2, False),
                ("b", "computed", 3, False),
                ("c", "constant", 4, False),
                ("d", "constant", 6, False),
                ("e", "constant", 8, False),
            ],
        ),
        (
            (
                "match x:\n    case [a, *b]:\n        c = 1\n"
                "    case {'k': d, **e}:\n        pass\n    case A(f) as g: pass"
            ),
            [
                ("a", "computed", 2, False),
                ("b", "computed", 2, False),
                ("c", "constant", 3, False),
                ("e", "computed", 4, False),
                ("d", "computed", 4, False),
                ("g", "computed", 6, False),
                ("f", "computed", 6, False),
            ],
        ),
        (
            (
                "if __name__ == '__main__':\n    a = 1\n    if x:\n        b = 1\n"
                "else:\n    c = 1\nd = 1"
            ),
            [
                ("a", "constant", 2, False, "main"),
                ("b", "constant", 4, False, "main"),
                ("c", "constant", 6, False, "main"),
                ("d", "constant", 7, True),
            ],
        ),
        (
            "if '__main__' == __name__: a = 1",
            [("a", "constant", 1, False, "main")],
        ),
        ("if name == '__main__': a = 1", [("a", "constant", 1, False)]),
        ("if __name__ == 'main': a = 1", [("a", "constant", 1, False)]),
        ("if __name__: a = 1", [("a", "constant", 1, False)]),
        ("if '__main__' < __name__ < x: a = 1", [("a", "constant", 1, False)]),
    ],
)
def test_what_a_statement_binds(
    source: str, bindings: list[tuple[object, ...]]
) -> None:
    """Definitions, assignments, imports and what blocks bind, in the order of the text."""
    assert bound(source) == bindings


@pytest.mark.parametrize(
    ("source", "last", "graded"),
    [
        ("def f(): pass", 1, 1),
        ("def f(): pass\ndef f(): pass", 2, 2),
        ("def f(): pass\nf = 1", 2, 1),
        ("def f(): pass\nf += 1", 2, 1),
        ("def f(): pass\nif x:\n    f = 1", 3, 1),
        ("def g(): pass\nf = g", 2, 1),
        ("f = g\ng = f", 1, None),
        ("def g(): pass\nh = g\nf = h", 3, 1),
        ("f = 1", 1, None),
        ("x = 1", None, None),
        ("f = lambda: 1\nimport f", 2, 1),
        ("f = g.h", 1, None),
    ],
)
def test_the_last_of_a_name_counts_and_the_last_function_is_graded(
    source: str, last: int | None, graded: int | None
) -> None:
    """An alias is followed to its definition, and a circle of them leads nowhere."""
    program = read_content("a.py", source.encode(), None)[1].program
    binding, found = program.last("f"), program.graded("f")
    assert (binding and binding.line) == last
    assert (found and found[1].lineno) == graded
