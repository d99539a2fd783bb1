"""The lesson of an exercise, or its statement, as a piece of the page where one also writes.

A lesson is a notebook beside `exercises/` (`packaging.parts.lesson_path`), shown with the pictures
that are saved in it. What speaks of the notebook's own buttons is left out: text between `<!--
notebook -->` and `<!-- /notebook -->`, cells with the tag `notebook`, and those with the tag
`exercise`, for which there is the editor. Both are an author's: trusted as the rest of an
exercise, and no script runs.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

from grader.model import Exercise
from grader.packaging.parts import lesson_path
from grader.packaging.statement import read_statement

_ELSEWHERE: Final = re.compile(
    r"<!-- notebook -->.*?<!-- /notebook -->", re.DOTALL
)
_TITLE: Final = re.compile(r"\s*<h1>.*?</h1>", re.DOTALL)
_STYLE: Final = re.compile(r"<style>")
_LEFT_OUT: Final = frozenset(("notebook", "exercise"))
_CODE: Final = Markup('<pre class="code"><code>{}</code></pre>')
_SHARED: Final = (
    '<details class="shared"><summary>The lesson that goes with it</summary>'
    "{}</details>"
)
_MOST_BYTES: Final = 16 * 1024 * 1024


def reading(exercise: Exercise, nonce: str) -> Markup:
    """Return the lesson, where there is one, and the statement elsewhere; both without their title.

    A lesson for several exercises is folded, above the statement of the one. The figures of a
    lesson bring style sheets: these get the nonce of the page.
    """
    path = lesson_path(exercise)
    text = ""
    if path is None or path.stem != exercise.name:
        text = _TITLE.sub("", read_statement(exercise).html, count=1)
    if path is not None:
        lesson = "\n".join(_cells(path))
        text = f"{_SHARED.format(lesson)}{text}" if text else lesson
    text = _TITLE.sub("", text, count=1)
    text = _STYLE.sub(f'<style nonce="{escape(nonce)}">', text)
    return Markup(text)  # noqa: S704 - an author's, see the module


def _cells(path: Path) -> Iterator[str]:
    import msgspec

    with path.open("rb") as file:
        notebook = msgspec.json.decode(file.read(_MOST_BYTES))
    for cell in notebook["cells"]:
        if _LEFT_OUT.isdisjoint(cell.get("metadata", {}).get("tags", ())):
            yield from _cell(cell)


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    source = _joined(cell["source"])
    if cell["cell_type"] == "markdown":
        yield _markdown(_ELSEWHERE.sub("", source))
    elif cell["cell_type"] == "code":
        yield from _code(source, [_output(one) for one in cell["outputs"]])


def _code(source: str, outputs: list[tuple[str, bool]]) -> Iterator[str]:
    """Yield the code, folded where a picture says what matters, and what it gave."""
    shown = _CODE.format(highlighted(source))
    if any(drawn for _, drawn in outputs):
        yield from (text for text, _ in outputs)
        yield f'<details class="drawn"><summary>The code of this picture</summary>{shown}</details>'
        return
    yield str(shown)
    yield from (text for text, _ in outputs)


def _output(output: Mapping[str, Any]) -> tuple[str, bool]:
    """Return an output as HTML, and whether it is a picture."""
    if output["output_type"] == "stream":
        return str(_CODE.format(_joined(output["text"]))), False
    data = output.get("data", {})
    if "text/html" in data:
        return _joined(data["text/html"]), True
    if "image/png" in data:
        png = _joined(data["image/png"]).replace("\n", "")
        said = escape(_joined(data.get("text/plain", "a picture")))
        return f'<img src="data:image/png;base64,{png}" alt="{said}">', True
    return str(_CODE.format(_joined(data.get("text/plain", "")))), False


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _markdown(text: str) -> str:
    from latex2mathml.converter import convert
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def formula(content: str, options: Mapping[str, Any]) -> str:
        way = "block" if options["display_mode"] else "inline"
        made = str(convert(content, display=way))
        return f'<div class="formula">{made}</div>' if way == "block" else made

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(dollarmath_plugin, renderer=formula, double_inline=True)
    return str(parser.render(text))


def highlighted(source: str) -> Markup:
    """Return Python code as HTML, with the class names that the page's style colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    lexer = PythonLexer(stripnl=False, ensurenl=False)
    marked = highlight(source, lexer, HtmlFormatter(nowrap=True))
    return Markup(marked)  # noqa: S704 - pygments escapes what it marks
