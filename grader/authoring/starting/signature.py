"""What an author says of a new exercise: `softmax(logits)`, or a class with its methods.

softmax(logits)
convolve(image, kernel, stride: int = 1) -> np.ndarray
Linear(weights, bias): forward(x), backward(gradient)
"""

import ast
import itertools
from collections.abc import Iterator

from grader.errors import UsageError
from grader.model import Method, Parameter, Target

_EXAMPLES = (
    '"softmax(logits)", or for a class "Linear(weights, bias): forward(x)"'
)


def read_signatures(texts: tuple[str, ...]) -> tuple[Target, ...]:
    """Return what the signatures name, in their order.

    Raises `UsageError`, in one line, for what is not a signature or has a name twice.
    """
    targets = tuple(_read(text) for text in texts)
    names = [target.name for target in targets]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"--function: {name} is there twice; give each function once"
            )
    return targets


def _read(text: str) -> Target:
    shown = " ".join(text.split())
    head, colon, rest = _split(text.strip().removeprefix("class ").strip())
    function = _definition(head, shown)
    if not colon:
        return Target(
            name=function.name,
            parameters=parameters_of(
                function,
                shown,
            ),
        )
    methods = [_definition(each, shown) for each in _list(rest)]
    if not methods:
        raise UsageError(
            f"--function: {shown!r} has no method after the colon; write it as {_EXAMPLES}"
        )
    return Target(
        name=function.name,
        is_class=True,
        parameters=parameters_of(function, shown),
        methods=tuple(
            Method(
                name=each.name,
                parameters=parameters_of(each, shown),
            )
            for each in methods
        ),
    )


def _split(text: str) -> tuple[str, bool, str]:
    """Split a class from its methods, at the colon that stands outside of all brackets."""
    for place in _outside(text, ":"):
        return text[:place], True, text[place + 1 :]
    return text, False, ""


def _list(text: str) -> list[str]:
    places = [
        -1,
        *_outside(text, ","),
        len(text),
    ]
    parts = [
        text[start + 1 : end].strip()
        for start, end in itertools.pairwise(places)
    ]
    return [part for part in parts if part]


def _outside(
    text: str,
    mark: str,
) -> Iterator[int]:
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == mark and depth == 0:
            yield place


def _definition(
    text: str,
    shown: str,
) -> ast.FunctionDef:
    try:
        node = ast.parse(f"def {text}: pass").body
    except (SyntaxError, ValueError) as error:
        raise _wrong(shown) from error
    # Several statements, or a body of the author's, would be code that was slipped in.
    if len(node) != 1 or not isinstance(
        node[0],
        ast.FunctionDef,
    ):
        raise _wrong(shown)
    if len(node[0].body) != 1 or not isinstance(
        node[0].body[0],
        ast.Pass,
    ):
        raise _wrong(shown)
    return node[0]


def _wrong(shown: str) -> UsageError:
    return UsageError(
        f"--function: {shown!r} is not a signature; write it as {_EXAMPLES}"
    )


def parameters_of(
    function: ast.FunctionDef, shown: str
) -> tuple[Parameter, ...]:
    """Return the parameters of a function, `self` apart; raise `UsageError` for `*` and `**`."""
    every = function.args
    if every.vararg or every.kwarg:
        raise UsageError(
            f"{shown!r}: parameters with * or ** cannot be tested one by one; name each parameter"
        )
    by_place = [
        *every.posonlyargs,
        *every.args,
    ]
    missing = len(by_place) - len(every.defaults)
    defaults = [
        *[None] * missing,
        *every.defaults,
        *every.kw_defaults,
    ]
    names_only = [
        *[False] * len(by_place),
        *[True] * len(every.kwonlyargs),
    ]
    found = zip(
        [
            *by_place,
            *every.kwonlyargs,
        ],
        defaults,
        names_only,
        strict=True,
    )
    parameters = [
        Parameter(
            name=each.arg,
            optional=default is not None,
            default=None if default is None else ast.unparse(default),
            annotation=_unparsed(each.annotation),
            by_name_only=by_name,
        )
        for each, default, by_name in found
        if each.arg != "self"
    ]
    names = [each.name for each in parameters]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{shown!r}: has two parameters {name}")
    return tuple(parameters)


def _unparsed(node: ast.expr | None) -> str | None:
    return None if node is None else ast.unparse(node)


def signature(
    name: str,
    parameters: tuple[Parameter, ...],
) -> str:
    """Return a signature as it is written in Python, without `def`."""
    return f"{name}({', '.join(_parameters(parameters))})"


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    starred = False
    for each in parameters:
        if each.by_name_only and not starred:
            starred = True
            yield "*"
        text = each.name
        if each.annotation is not None:
            text += f": {each.annotation}"
        if each.default is not None:
            space = " " if each.annotation is not None else ""
            text += f"{space}={space}{each.default}"
        yield text
