"""The many ways in which a test says that two things are the same."""

import ast
from typing import Final

SAME: Final = {
    *("allclose", "isclose", "array_equal", "array_equiv"),
    *("assert_allclose", "assert_array_equal", "assert_equal"),
    *(
        "assert_almost_equal",
        "assert_array_almost_equal",
        "assert_approx_equal",
    ),
    *("assertEqual", "assertAlmostEqual", "assertListEqual", "assertDictEqual"),
    *(
        "assertTupleEqual",
        "assertSequenceEqual",
        "assert_array_almost_equal_nulp",
    ),
    *("eq_", "assert_almost_equals", "assert_equals"),
}
REDUCED: Final = {
    "all",
    "any",
    "max",
    "sum",
    "norm",
    "mean",
    "bool",
    "abs",
}
TRUE: Final = {
    "assertTrue",
    "assert_true",
    "ok_",
    "assert_",
}


def inner(test: ast.Call) -> ast.expr | None:
    """Return what a call such as `np.all(...)` or `(...).all()` is about."""
    if test.args:
        return test.args[0]
    return (
        test.func.value
        if isinstance(
            test.func,
            ast.Attribute,
        )
        else None
    )


def difference(node: ast.expr) -> ast.BinOp | None:
    """Return `a - b` in `abs(a - b)`, `np.max(np.abs(a - b))` and the like."""
    while isinstance(node, ast.Call):
        name = ast.unparse(node.func).rpartition(".")[2]
        about = inner(node)
        if name not in REDUCED or about is None:
            return None
        node = about
    if isinstance(
        node,
        ast.BinOp,
    ) and isinstance(node.op, ast.Sub):
        return node
    return None


def is_print(node: ast.expr) -> bool:
    """Return whether an expression only shows something."""
    return isinstance(
        node,
        ast.Call,
    ) and ast.unparse(node.func) in {
        "print",
        "display",
        "plt.plot",
        "plt.imshow",
    }


def shown(node: ast.AST) -> str:
    """Return a piece of code as a line quotes it."""
    text = " ".join(ast.unparse(node).split())
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}...`"  # noqa: PLR2004 - one line
