"""From source text to a syntax tree, or to one sentence that says why there is none.

Nothing here compiles or runs anything. The parser is CPython's own, so whatever it accepts here
will also load.
"""

import ast
import re
import threading
import warnings

import msgspec

from grader.submission.syntax_errors import Problem, explain

SOURCE_CAP = 512 * 2**10
"""Most bytes of code. The worst text of this size takes CPython's parser about 2 s and 0.5 GB."""

_MAGIC_LINES = 50
"""Most lines of IPython that are turned into comments, one attempt to parse for each."""
_PARSED_CAP = 2 * SOURCE_CAP
"""Most bytes that the parser gets for one submission, all attempts together.

Without this limit, 50 attempts at the largest source took 53 s.
"""
_MAGIC = re.compile(
    r"""^[ \t]*(
        [%!?]                                  # %matplotlib inline, !pip install, ?name
      | [A-Za-z_][\w.,\ ]*=[ \t]*[%!]          # files = !ls
      | [A-Za-z_][\w.]*\?{1,2}[ \t]*$          # name?
      | (pip3?|conda)[ \t]+install\b           # pip install numpy, without the %
    )""",
    re.VERBOSE,
)

# The filter that silences warnings about a student's code (an invalid escape, say) belongs to the
# whole process. One thread at a time, or one would restore what another had set.
_quiet = threading.Lock()


class Parsed(msgspec.Struct, frozen=True, eq=False):
    """Source as it will be loaded, with its tree, or with the problem that prevents one."""

    source: str
    tree: ast.Module | None
    problem: Problem | None = None
    magics: tuple[int, ...] = ()
    """Lines of IPython that were turned into comments, counted from 1."""


def parse(source: str) -> ast.Module | Problem:
    """Return the tree of source, or a beginner's sentence about why it does not parse."""
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except SyntaxError as error:
            return explain(source, error)
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            name = type(error).__name__
            return Problem(
                f"Python cannot read it ({name}): it is nested too deeply or damaged"
            )


def parse_leniently(source: str, total: int | None = None) -> Parsed:
    """Parse source, taking a line of IPython for a comment wherever it stops the parser.

    Only lines at which the parser gives up are considered, because `%` may also begin the second
    line of an expression. `total` is the length of all source in the submission, if this is only a
    part of it: the larger it is, the fewer attempts are made.
    """
    result = parse(source)
    if isinstance(result, ast.Module):
        return Parsed(source, result)
    attempts = min(_MAGIC_LINES, _PARSED_CAP // max(total or 0, len(source), 1))
    lines = source.split("\n")
    magics: list[int] = []
    for _ in range(attempts):
        index = _magic_line(result, lines)
        if index is None or len(magics) >= _MAGIC_LINES:
            break
        magics += _comment_out(lines, index)
        again = parse("\n".join(lines))
        if isinstance(again, ast.Module):
            return Parsed("\n".join(lines), again, None, tuple(magics))
        result = again
    return Parsed(source, None, result)


def parse_cell(source: str, total: int | None = None) -> Parsed:
    """Parse a notebook's cell as leniently as IPython does: it may be indented as a whole."""
    parsed = parse_leniently(source, total)
    if parsed.tree is not None or not _starts_indented(source):
        return parsed
    tree = parse(f"if True:\n{source}")
    if not isinstance(tree, ast.Module) or len(tree.body) != 1:
        return parsed
    block = tree.body[0]
    if not isinstance(block, ast.If):
        return parsed
    ast.increment_lineno(tree, -1)
    return Parsed(source, ast.Module(block.body, []))


def _magic_line(problem: Problem, lines: list[str]) -> int | None:
    """Return the index of the line that stopped the parser, if it is a line of IPython."""
    number = problem.line
    if number is None or not 0 < number <= len(lines):
        return None
    return number - 1 if _MAGIC.match(lines[number - 1]) else None


def _comment_out(lines: list[str], index: int) -> list[int]:
    """Turn a line of IPython and its continuations into comments; return their numbers."""
    line = lines[index]
    indent = line[: len(line) - len(line.lstrip())]
    # `pass`, because the line may be all that its block contains.
    lines[index] = f"{indent}pass  # {line.strip()}"
    changed = [index + 1]
    # A backslash in a comment continues nothing, so each further line needs its own mark.
    while line.rstrip().endswith("\\") and index + 1 < len(lines):
        index += 1
        line = lines[index]
        lines[index] = f"# {line.strip()}"
        changed.append(index + 1)
    return changed


def _starts_indented(source: str) -> bool:
    for line in source.split("\n"):
        if line.strip():
            return line.startswith((" ", "\t"))
    return False
