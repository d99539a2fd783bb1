"""Lines of IPython are taken for comments where they stop the parser, and nowhere else."""

import ast

import pytest

from grader.submission.lenient import Lenient, parse_cell, parse_leniently


@pytest.mark.parametrize(
    ("source", "read", "magics"),
    [
        ("%cd x", "pass  # %cd x", (1,)),
        ("!ls", "pass  # !ls", (1,)),
        ("?f", "pass  # ?f", (1,)),
        ("f?", "pass  # f?", (1,)),
        ("a.f??  ", "pass  # a.f??", (1,)),
        ("x, y = !ls", "pass  # x, y = !ls", (1,)),
        ("x = %time f()", "pass  # x = %time f()", (1,)),
        ("pip install x", "pass  # pip install x", (1,)),
        ("pip3  install x", "pass  # pip3  install x", (1,)),
        ("conda install x", "pass  # conda install x", (1,)),
        ("if a:\n    %cd x\nb", "if a:\n    pass  # %cd x\nb", (2,)),
        ("!a \\\n  b \\\n c\nd", "pass  # !a \\\n# b \\\n# c\nd", (1, 2, 3)),
        ("!a \\", "pass  # !a \\", (1,)),
        ("x = (1\n%cd\n)\n!ls", "x = (1\n%cd\n)\npass  # !ls", (4,)),
        ("t = '''\n!a\n'''\n!b", "t = '''\n!a\n'''\npass  # !b", (4,)),
        ("%a\nt = '''\n%b\n'''", "pass  # %a\nt = '''\n%b\n'''", (1,)),
    ],
)
def test_a_line_of_ipython_is_a_comment(
    source: str, read: str, magics: tuple[int, ...]
) -> None:
    """With what continues it; what only looks like one, in a text or an expression, stays."""
    found = parse_leniently(source, 5)
    assert (found.source, found.magics) == (read, magics)
    assert found.tree is not None
    assert found.error is None


@pytest.mark.parametrize(
    "source",
    [
        "x = 1 2",
        "%cd\nx = 1 2",
        "x ? y",
        "pipinstall x y",
        "f? x",
        "cond install x",
    ],
)
def test_what_is_no_line_of_ipython_stays_an_error(source: str) -> None:
    """The text is as it was, and the error is the first that is left."""
    found = parse_leniently(source, 5)
    assert (found.source, found.tree, found.magics) == (source, None, ())
    assert isinstance(found.error, SyntaxError)


def test_as_many_lines_are_tried_as_there_are_attempts() -> None:
    """All at once is tried first, so that only mixed texts need several."""
    mixed = "t = '''\n%x\n'''\n" + "%a\n" * 3
    for attempts, is_read in ((2, False), (3, True)):
        assert (parse_leniently(mixed, attempts).tree is not None) is is_read
    assert parse_leniently("%a\n" * 60, 0).tree is not None
    many = "t = '''\n%x\n'''\n" + "%a\n" * 51
    assert parse_leniently(many, 99).tree is None
    assert parse_leniently(many.removesuffix("%a\n"), 99).tree is not None


@pytest.mark.parametrize(
    ("source", "is_read"),
    [
        ("  x = 1\n  y = 2", True),
        ("\n\n\tx = 1", True),
        ("  x = 1\ny = 2", False),
        ("  x = 1\nelse:\n  y = 2", False),
        ("x = 1\n  y = 2", False),
        ("  x = 1 2", False),
    ],
)
def test_a_cell_may_be_indented_as_a_whole(source: str, is_read: bool) -> None:
    """As IPython reads it; its lines keep their numbers. A file may not."""
    found = parse_cell(source, 0)
    assert (found.tree is not None) is is_read
    assert parse_leniently(source, 0).tree is None
    if found.tree is not None:
        first = found.tree.body[0]
        assert isinstance(first, ast.Assign)
        assert first.lineno == source.count("\n", 0, source.index("x")) + 1
        assert (found.source, found.magics) == (source, ())


def test_what_can_be_read_is_read_as_it_is() -> None:
    """Without a warning about an odd escape."""
    found = parse_leniently("x = '\\d'", 0)
    assert found == Lenient("x = '\\d'", found.tree)
    assert isinstance(parse_leniently("-" * 30_000 + "1", 0).error, Exception)
