"""CPython's parser, made lenient about lines of IPython. Standard library only.

Nothing here compiles or runs anything. The parser is CPython's own, so whatever it accepts will
also load.

This module is also a script. `apart` starts it to parse in a process with limits exactly what is
about to be parsed in the grader's process. It reads a JSON list of [source, is a cell, attempts]
from standard input and answers with its exit status alone: 0 if parsing was cheap enough,
`TOO_MUCH` if there was not enough memory. A signal ends it if parsing takes too long.
"""

import ast
import re
import sys
import threading
import warnings
from pathlib import Path
from typing import NamedTuple

CPU_S = 0.3
MEMORY = 192 * 2**20
"""Bytes that parsing may need."""

TOO_MUCH = 3
_MAGIC_LINES = 50
"""Most lines of IPython that are turned into comments one by one."""
_MAGIC = re.compile(
    r"""^[ \t]*+(
        [%!?]                                  # %matplotlib inline, !pip install, ?name
      | [A-Za-z_][\w.,\ ]*=[ \t]*[%!]          # files = !ls
      | [A-Za-z_][\w.]*\?{1,2}[ \t]*$          # name?
      | (pip3?|conda)[ \t]+install\b           # pip install numpy, without the %
    )""",
    re.VERBOSE,
)
_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)

# The filter that silences warnings about a student's code (an invalid escape, say) belongs to the
# whole process. One thread at a time, or one would restore what another had set.
_quiet = threading.Lock()


class Lenient(NamedTuple):
    """A tree, or the error that prevents one, and the lines of IPython that were left out."""

    source: str
    tree: ast.Module | None
    error: Exception | None = None
    magics: tuple[int, ...] = ()


def parse(source: str) -> ast.Module | Exception:
    """Return the tree of source, or the error of the parser."""
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except _ERRORS as error:
            return error


def parse_leniently(source: str, attempts: int) -> Lenient:
    """Parse source, taking a line of IPython for a comment wherever it stops the parser.

    Lines that only look like IPython's stay: `%` may begin the second line of an expression, or a
    line of a text. After the first failure two ways are tried. First all lines that look like it
    are commented out at once; that is right if each of them turns out to be a statement. Otherwise
    only the lines are at which the parser gives up, in at most so many attempts.
    """
    first = parse(source)
    if isinstance(first, ast.Module):
        return Lenient(source, first)
    lines = source.split("\n")
    if _magic_at(first, lines) is None:
        return Lenient(source, None, first)
    return _all_at_once(lines) or _one_by_one(source, first, attempts)


def parse_cell(source: str, attempts: int) -> Lenient:
    """Parse a notebook's cell as leniently as IPython does: it may be indented as a whole."""
    parsed = parse_leniently(source, attempts)
    if parsed.tree is not None or not _starts_indented(source):
        return parsed
    tree = parse(f"if True:\n{source}")
    match tree:
        case ast.Module([ast.If(_, body, [])]):
            ast.increment_lineno(tree, -1)
            return Lenient(source, ast.Module(body, []))
    return parsed


def _all_at_once(lines: list[str]) -> Lenient | None:
    """Comment out every line that looks like IPython's; None if one of them was something else."""
    lines = lines.copy()
    magics: list[int] = []
    starts = []
    for index, line in enumerate(lines):
        # A continuation of the line before is a comment by now.
        if _MAGIC.match(line):
            starts.append(index + 1)
            magics += _comment_out(lines, index)
    source = "\n".join(lines)
    tree = parse(source)
    if not isinstance(tree, ast.Module):
        return None
    passes = {
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Pass)
    }
    if not passes.issuperset(starts):
        return None
    return Lenient(source, tree, None, tuple(magics))


def _one_by_one(source: str, error: Exception, attempts: int) -> Lenient:
    lines = source.split("\n")
    magics: list[int] = []
    for _ in range(attempts):
        index = _magic_at(error, lines)
        if index is None or len(magics) >= _MAGIC_LINES:
            break
        magics += _comment_out(lines, index)
        result = parse("\n".join(lines))
        if isinstance(result, ast.Module):
            return Lenient("\n".join(lines), result, None, tuple(magics))
        error = result
    return Lenient(source, None, error)


def _magic_at(error: Exception, lines: list[str]) -> int | None:
    """Return the index of the line that stopped the parser, if it is a line of IPython."""
    number = error.lineno if isinstance(error, SyntaxError) else None
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


# --------------------------------------------------------------------------------- the script


def main() -> int:
    """Parse what standard input holds within the limits; return the exit status."""
    import json

    request = json.loads(sys.stdin.buffer.read())
    before = _peak()
    _limit(before)
    for source, is_cell, attempts in request:
        read = parse_cell if is_cell else parse_leniently
        try:
            error = read(source, attempts).error
        except MemoryError:
            return TOO_MUCH
        # Where source is nested too deeply, the parser says `MemoryError` as well.
        if isinstance(error, MemoryError) and _peak() > before + MEMORY / 2:
            return TOO_MUCH
    return 0


def _limit(used: int) -> None:
    """Limit this process, as far as the operating system can."""
    if sys.platform == "win32":
        return
    import resource
    import signal

    if sys.platform == "linux":
        most = used + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    # Finer than RLIMIT_CPU, which counts whole seconds. Its signal ends the process.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, CPU_S)


def _peak() -> int:
    """Return the most bytes of address space that this process has had; 0 if nothing says so.

    Not `ru_maxrss`, which begins with that of the process that started this one.
    """
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmPeak:")[2].split()[0]) * 1024


if __name__ == "__main__":
    sys.exit(main())
