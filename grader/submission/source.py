"""From source text to a syntax tree, or to one sentence that says why there is none. Total and bounded.

Nothing here compiles or runs anything. The parser is CPython's own, so what it accepts is what will
be loaded.
"""

import ast
import re
import threading
import warnings
from collections.abc import Callable

import msgspec

SOURCE_CAP = 512 * 2**10
"""Bytes of code. The worst text of this size takes CPython's parser about 2 s and 0.5 GB."""

_LINES_NEUTRALISED = 50
_PARSED_CAP = 2 * SOURCE_CAP
"""Bytes that the parser is given for one submission, all attempts together: 50 attempts at the largest took 53 s."""
_MAGIC = re.compile(
    r"""^[ \t]*(
        [%!?]                                  # %matplotlib inline, !pip install, ?name
      | [A-Za-z_][\w.,\ ]*=[ \t]*[%!]          # files = !ls
      | [A-Za-z_][\w.]*\?{1,2}[ \t]*$          # name?
      | (pip3?|conda)[ \t]+install\b           # pip install numpy, without the %
    )""",
    re.VERBOSE,
)
_OLD_PRINT = re.compile(r"^[ \t]*(print|exec)[ \t]+[^=( \t]")

# Warnings (an invalid escape, say) are the student's, and the filter that silences them belongs to
# the whole process. One thread at a time, or one would restore what another had set.
quiet = threading.Lock()


class Problem(msgspec.Struct, frozen=True):
    """Why text is not Python: a sentence without its place, and the line from 1 where one is known."""

    text: str
    line: int | None = None


class Parsed(msgspec.Struct, frozen=True, eq=False):
    """Source as it is to be loaded, with its tree, or with the problem that it has none."""

    source: str
    tree: ast.Module | None
    problem: Problem | None = None
    magics: tuple[int, ...] = ()
    """Lines of IPython that were turned into comments, from 1."""


def parse(source: str) -> ast.Module | Problem:
    """Parse source, or say in a beginner's sentence why it cannot be parsed."""
    with quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except SyntaxError as error:
            return _problem(source, error)
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            return Problem(
                f"Python cannot read it ({type(error).__name__}): it is nested too deeply or damaged"
            )


def parse_leniently(source: str, of: int | None = None) -> Parsed:
    """Parse source; where that fails at lines of IPython (`%matplotlib inline`), take them for comments.

    Only a line at which the parser gives up is looked at: `%` may also begin the second line of an
    expression. `of` is the length of all source of the submission, where this is a part of it: the
    larger, the fewer are the attempts.
    """
    attempts = min(_LINES_NEUTRALISED, _PARSED_CAP // max(of or 0, len(source), 1))
    tree = parse(source)
    if isinstance(tree, ast.Module):
        return Parsed(source, tree)
    lines = source.split("\n")
    magics: list[int] = []
    result: ast.Module | Problem = tree
    while (
        isinstance(result, Problem)
        and len(magics) < _LINES_NEUTRALISED
        and attempts > 0
    ):
        attempts -= 1
        number = result.line
        if (
            number is None
            or not 0 < number <= len(lines)
            or not _MAGIC.match(lines[number - 1])
        ):
            break
        magics += _neutralise(lines, number - 1)
        result = parse("\n".join(lines))
    if isinstance(result, Problem):
        return Parsed(source, None, result)
    return Parsed("\n".join(lines), result, None, tuple(magics))


def parse_cell(source: str, of: int | None = None) -> Parsed:
    """Parse a notebook's cell as IPython takes it, as far as facts need: also one that is indented as a whole."""
    parsed = parse_leniently(source, of)
    first = next((line for line in source.split("\n") if line.strip()), "")
    if parsed.tree is None and first[:1] in {" ", "\t"}:
        tree = parse(f"if True:\n{source}")
        if (
            isinstance(tree, ast.Module)
            and len(tree.body) == 1
            and isinstance(tree.body[0], ast.If)
        ):
            ast.increment_lineno(tree, -1)
            return Parsed(source, ast.Module(tree.body[0].body, []))
    return parsed


def _neutralise(lines: list[str], index: int) -> list[int]:
    """Turn a line of IPython, and the lines that it continues on, into nothing that does something; same numbering."""
    changed = []
    first = True
    while index < len(lines):
        line = lines[index]
        indent = line[: len(line) - len(line.lstrip())]
        # `pass`, because the line may be all that its block has.
        lines[index] = (
            f"{indent}pass  # {line.strip()}" if first else f"# {line.strip()}"
        )
        changed.append(index + 1)
        first = False
        if not line.rstrip().endswith("\\"):
            break
        # A comment's backslash continues nothing.
        index += 1
    return changed


def shown(line: str) -> str:
    """Make a student's line fit to be quoted in one of ours: short, and only what can be printed."""
    text = "".join(
        character if character.isprintable() else " " for character in line[:400]
    ).strip()
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - a terminal's width


def place(line: int | None, cell: int | None) -> str:
    """Say where: `Line 12`, `Cell 3, line 2`."""
    parts = [f"cell {cell}"] if cell is not None else []
    parts += [f"line {line}"] if line is not None else []
    return ", ".join(parts).capitalize() or "The file"


# ------------------------------------------------------------------------------------------------ beginners' sentences


def _problem(source: str, error: SyntaxError) -> Problem:
    lines = source.split("\n")
    line = (
        lines[error.lineno - 1]
        if error.lineno and 0 < error.lineno <= len(lines)
        else ""
    )
    message = shown(error.msg or "invalid syntax")
    for applies, sentence in _SENTENCES:
        if applies(line, message, error):
            return Problem(sentence, error.lineno)
    quoted = f": `{shown(line)}`" if line.strip() else ""
    return Problem(f"Python cannot read this line ({message}){quoted}", error.lineno)


_SENTENCES: tuple[tuple[Callable[[str, str, SyntaxError], bool], str], ...] = (
    (
        lambda line, message, _: (
            "Missing parentheses in call to" in message or bool(_OLD_PRINT.match(line))
        ),
        "this is Python 2; in Python 3 print needs parentheses, as in print(x)",
    ),
    (
        lambda _, message, __: (
            "multiple exception types must be parenthesized" in message
        ),
        "this is Python 2; in Python 3 it is `except Error as name:`",
    ),
    (
        lambda _, message, error: (
            isinstance(error, TabError) or "inconsistent use of tabs" in message
        ),
        "tabs and spaces are mixed at the start of the line; use 4 spaces everywhere",
    ),
    (
        lambda _, message, __: "unindent does not match" in message,
        "the line starts further left than the block above it, but lines up with none; use 4 spaces for each step",
    ),
    (
        lambda _, message, __: "unexpected indent" in message,
        "the line starts further right than the one above it, which opens no block; remove the spaces in front of it",
    ),
    (
        lambda line, _, __: line.startswith((">>>", "...")),
        "delete the >>> and ... of the Python prompt",
    ),
    (
        lambda line, _, __: line.startswith(("<<<<<<<", "=======", ">>>>>>>")),
        "this is the mark of an unfinished merge (git); keep one of the two versions and delete the marks",
    ),
    (
        lambda line, _, __: any(mark in line for mark in "\u201c\u201d\u2018\u2019"),
        "there is a curly quotation mark, as text programs write it; type a plain \" or '",
    ),
)
