"""What only a newer Python reads is called that; what no Python reads is not."""

import sys
from collections.abc import Callable

import pytest

from grader.model import Submission

HandIn = Callable[..., Submission]

BODY = "def convolve(image, kernel):\n    {}\n    return image\n"
NEWER = {
    "the same quotes inside": ((3, 12), """print(f"{image["a"]}")"""),
    "a backslash inside": ((3, 12), r"""print(f"{'\n'.join([])}")"""),
    "a text beside it": (
        (3, 12),
        """print("a" f"{image["a"]:>{kernel["b"]}}" "b")""",
    ),
    "a comparison inside": ((3, 12), """print(f"{image["a"] != 3!r}")"""),
    "a comment inside": (
        (3, 12),
        'print(f"""{\n        image  # rows\n    }""")',
    ),
    "a comment beside it": ((3, 12), """print(f"{image["a"]}")  # it's"""),
    "an f-string inside": ((3, 12), """print(f"{f"{image!r}"=}")"""),
    "type parameters": ((3, 12), "def help[T](x: T) -> T: return x"),
    "the word type": ((3, 12), "type Pair[T] = tuple[T, T]"),
    "exceptions without brackets": (
        (3, 14),
        "try: pass\n    except ValueError, TypeError: pass",
    ),
    "lines beside it": (
        (3, 12),
        'x = """a\n    \'b"""\n    print(f"{image["a"]}")',
    ),
    "a t-string": ((3, 14), 'x = t"{image}"'),
}
WRONG = {
    "no comma": """print(f"{image kernel}")""",
    "no brace": """print(f"{image")""",
    "no end": """print(f"{image}")\n    x = 'a""",
    "no end of an f-string": """print(f'''{image["a"]}""",
    "no end of braces": """print(f'{image['a']}') + f"{image[""",
    "no end of a format": """print(f'{image['a']}') + f"{image:>3""",
    "no end of a text in braces": """print(f'{image['a']}') + f"{'''a""",
    "nothing in braces": """print(f'{image['a']}{ }')""",
    "something else below": """print(f"{image["a"]}")\n    x = = 3""",
    "Python 2": "try: pass\n    except ValueError, e: pass",
    "an open bracket": "type(x[3)",
    "nested beyond reason": "x = " + 'f"{' * 200 + "1" + '}"' * 200,
}


@pytest.mark.parametrize(("version", "line"), NEWER.values(), ids=list(NEWER))
def test_newer_syntax_is_named_with_both_versions(
    hand_in: HandIn, version: tuple[int, int], line: str
) -> None:
    """The one that reads it and the one that grades stand in the sentence; or it is simply read."""
    fault = hand_in(BODY.format(line)).fault
    here = sys.version_info[:2]
    if version <= here:
        assert fault is None
        return
    assert fault is not None
    said = f"valid from Python {version[0]}.{version[1]} on, and Python {here[0]}.{here[1]} grades"
    assert said in fault.message
    assert fault.message.startswith("Line ")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("the same quotes inside", "inside the braces of an f-string use"),
        ("the word type", "write it without the type parameters in [ ]"),
        ("exceptions without brackets", "put brackets around the exceptions"),
        ("a t-string", "write an f-string instead"),
    ],
)
def test_newer_syntax_comes_with_what_to_write_instead(
    hand_in: HandIn, name: str, advice: str
) -> None:
    """Each addition has its own advice, which stands at the end of the sentence."""
    version, line = NEWER[name]
    fault = hand_in(BODY.format(line)).fault
    if version <= sys.version_info[:2]:
        assert fault is None
    else:
        assert fault is not None
        assert f"grades; {advice}" in fault.message


@pytest.mark.parametrize("line", WRONG.values(), ids=list(WRONG))
def test_what_no_python_reads_is_not_called_newer(
    hand_in: HandIn, line: str
) -> None:
    """A mistake stays a mistake, also beside newer syntax."""
    fault = hand_in(BODY.format(line)).fault
    assert fault is not None
    assert "valid from" not in fault.message


def test_newer_syntax_in_a_cell_is_named(
    hand_in: HandIn, notebook: Callable[..., str]
) -> None:
    """Beside IPython's lines too."""
    cell = "%matplotlib inline\n" + BODY.format('x = t"{image}"')
    fault = hand_in(notebook("import numpy", cell), "a.ipynb").fault
    if sys.version_info[:2] < (3, 14):
        assert fault is not None
        assert "valid from Python 3.14 on" in fault.message
        assert fault.message.startswith("Cell 2, line 3: ")


RIGHT = BODY.format("pass")
NOT_SOURCE = {
    "a page": (f"<!DOCTYPE html>\n<html>{RIGHT}</html>", "a web page (HTML)"),
    "a document": (f"{{\\rtf1\\ansi\n{RIGHT}}}", "a text program (RTF)"),
    "a diff": (
        f"--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n+{RIGHT}",
        "a list of changes",
    ),
    "a fence": (f"```python\n{RIGHT}```\n", "``` marks code in Markdown"),
    "a fence after a sentence": (
        f"This is it:\n\n```\n{RIGHT}```\nIt works.",
        "``` marks code in Markdown",
    ),
    "numbers of lines": (
        "".join(f"{n} {line}\n" for n, line in enumerate(RIGHT.split("\n"))),
        "the line numbers were copied",
    ),
    "a prompt": (f">>> {RIGHT}", "delete the >>>"),
    "IPython's prompt": (f"In [3]: {RIGHT}", "delete the In [ ]:"),
    "a minus that is none": (
        RIGHT + "x = 3 \u2212 2",
        "(U+2212) only looks like -; type -",
    ),
    "a wide colon": (
        RIGHT + "if x\uff1a pass",
        "(U+FF1A) only looks like :; type :",
    ),
    "a space that is none": (
        RIGHT + "x\xa0= 3",
        "an invisible character (U+00A0)",
    ),
}


@pytest.mark.parametrize(
    ("source", "said"), NOT_SOURCE.values(), ids=list(NOT_SOURCE)
)
def test_what_is_no_source_is_named_as_what_it_is(
    hand_in: HandIn, source: str, said: str
) -> None:
    """Another document, or marks that were copied with the code."""
    fault = hand_in(source).fault
    assert fault is not None
    assert said in fault.message


def test_marks_in_a_text_are_not_blamed(hand_in: HandIn) -> None:
    """A docstring may hold ``` when the mistake is elsewhere."""
    source = f'"""\n```\nx y z\n```\n"""\n{RIGHT}x = = 1'
    fault = hand_in(source).fault
    assert fault is not None
    assert "Markdown" not in fault.message


CELLS = {
    "markdown": (
        "markdown",
        RIGHT,
        "convolve is in a Markdown cell, which is not code.",
    ),
    "a fence": (
        "markdown",
        f"So:\n```python\n{RIGHT}```",
        "convolve is in a Markdown cell",
    ),
    "raw": ("raw", RIGHT, "convolve is in a raw cell, which is not code."),
    "a file": (
        "code",
        f"%%writefile a.py\n{RIGHT}",
        "Cell 2 begins with %%writefile, so",
    ),
    "a timer": (
        "code",
        f"%%timeit\n{RIGHT}",
        "Cell 2 begins with %%timeit, so convolve",
    ),
}


@pytest.mark.parametrize(
    ("kind", "source", "said"), CELLS.values(), ids=list(CELLS)
)
def test_a_function_in_a_cell_that_is_no_code_is_found(
    hand_in: HandIn,
    notebook: Callable[..., str],
    kind: str,
    source: str,
    said: str,
) -> None:
    """The line says in which cell it is, and what to do."""
    written = notebook("import numpy", source)
    if kind != "code":
        head, _, tail = written.rpartition('"cell_type": "code"')
        written = f'{head}"cell_type": "{kind}"{tail}'
    fault = hand_in(written, "a.ipynb").fault
    assert fault is not None
    assert fault.message.startswith(said)


def test_a_page_instead_of_a_notebook_is_named(hand_in: HandIn) -> None:
    """What a browser saved is not called damaged."""
    fault = hand_in("<!DOCTYPE html><html>Sign in</html>", "a.ipynb").fault
    assert fault is not None
    assert fault.message.startswith("The file is a web page (HTML)")
