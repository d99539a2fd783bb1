"""What a fair person would read is read; the rest gets one sentence for a beginner."""

import ast
import codecs
import sys
import warnings
from collections.abc import Callable

import hypothesis
import msgspec
import pytest
from hypothesis import strategies as st

from grader.exercise import load_exercise
from grader.model import Exercise, Submission, Target
from grader.submission import alike, parse_submission, source_facts

HandIn = Callable[..., Submission]
RIGHT = "def convolve(image, kernel):\n    return image\n"


@pytest.mark.parametrize(
    "source",
    [
        RIGHT.encode("utf-8-sig"),
        RIGHT.replace("\n", "\r\n").encode(),
        RIGHT.replace("\n", "\r").encode(),
        f"\f{RIGHT}\f\nx = 1\n".encode(),
        b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + RIGHT.encode(),
        b"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n# \x80\n"
        + RIGHT.encode(),
        "# 畳み込み\n".encode("shift_jis").join(
            [b"# coding: shift_jis\n", RIGHT.encode()]
        ),
        RIGHT.encode() + b"x = '\\d'\n",
        RIGHT.encode().rstrip(),
    ],
)
def test_what_an_editor_may_save_is_read(
    hand_in: HandIn, source: bytes
) -> None:
    """Byte order marks, declared encodings, line ends, form feeds and odd escapes are accepted."""
    submission = hand_in(source)
    assert (submission.fault, submission.notes) == (None, ())
    assert "\r" not in submission.units[0].source
    ast.parse(submission.units[0].source.replace("\\d", ""))


def test_a_letter_in_another_encoding_is_a_note(hand_in: HandIn) -> None:
    """One Windows letter in a comment costs no points."""
    submission = hand_in(b"# caf\xe9\n" + RIGHT.encode())
    assert submission.fault is None
    assert "UTF-8" in submission.notes[0]


@pytest.mark.parametrize(
    "source",
    [
        codecs.BOM_UTF8 + RIGHT.encode() + b"# caf\xe9\n",
        codecs.BOM_UTF8 + b"# coding: latin-1\n" + RIGHT.encode(),
        b"# coding: cp1251\n" + RIGHT.encode() + b"# \x98\n",
    ],
)
def test_a_mark_and_bytes_that_do_not_fit_it_are_read(
    hand_in: HandIn, source: bytes
) -> None:
    """Where editors disagree about the encoding, the code is the same in all of them."""
    submission = hand_in(source)
    assert submission.fault is None
    assert submission.units[0].source[:1] in "d#"


OLD_EXCEPT = [(b"try:\n    x\nexcept A, b:\n    x", "Line 3: this is Python 2")]
if sys.version_info >= (3, 14):
    OLD_EXCEPT = []  # there it is Python again: two exceptions, without parentheses


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \n\t\n", "The file is empty"),
        (b"# only\n'text'\n", "only comments"),
        (RIGHT.encode("utf-16"), "saved as UTF-16"),
        (RIGHT.encode("utf-16-le"), "saved as UTF-16"),
        (RIGHT.encode("utf-32"), "is saved as UTF-32"),
        (codecs.BOM_UTF32_BE + RIGHT.encode("utf-32-be"), "is saved as UTF-32"),
        (codecs.BOM_UTF16_BE + RIGHT.encode("utf-16-be"), "is saved as UTF-16"),
        (
            b"# coding: klingon\nx = 1",
            "declares the encoding klingon, which does not exist",
        ),
        (
            b"# coding: zlib\nx = 1",
            "declares the encoding zlib, which is not an encoding for source code",
        ),
        (
            b"# coding: rot13\nk = 1",
            "declares the encoding rot13, which is not an encoding for source code",
        ),
        (b"x = 1\ny = \0", "Line 2: there is a null byte"),
        (
            b"PK\x03\x04rest",
            "This is a ZIP archive (Word documents are ZIP archives, too)",
        ),
        (b"\x89PNG\r\n\x1a\n", "This is a picture (PNG)"),
        (
            b"\xa7\r\r\n\0\0\0\0rest"[1:] and b"\xa7\x0d\r\n\0\0\0\0rest",
            "This is compiled Python",
        ),
        (b"x" * 600_000, "more than 512 KiB of code"),
        (
            b"def convolve(image, kernel)\n    return 1",
            "Line 1: Python cannot read this line (expected ':'): `def conv",
        ),
        (
            b"import numpy\nprint 'x'",
            "Line 2: this is Python 2; in Python 3 print needs parentheses",
        ),
        *OLD_EXCEPT,
        (
            b"def f():\n\tx = 1\n        y = 2",
            "Line 3: tabs and spaces are mixed",
        ),
        (b"x = 1\n  y = 2", "Line 2: the line starts further right"),
        (
            b"def f():\n    x = 1\n  y = 2",
            "Line 3: the line starts further left",
        ),
        (
            b"def f():\nx = 1",
            "Line 2: Python cannot read this line (expected an indented block",
        ),
        (
            b"x = (1,\ny = 2",
            "Line 1: Python cannot read this line ('(' was never closed)",
        ),
        (b">>> x = 1", "Line 1: delete the >>>"),
        (
            b"<<<<<<< HEAD\nx = 1\n=======",
            "Line 1: this is the mark of an unfinished merge",
        ),
        ("x = “a”".encode(), "Line 1: there is a curly quotation mark"),
        (b"-" * 30_000 + b"1", "nested too deeply"),
        (b"-" * 100_000 + b"1", "too complicated to analyse"),
        (b"+".join([b"1"] * 15_000), "nested too deeply"),
        (b"(" * 500, "too many nested parentheses"),
        (
            b"x = " + b"1" * 5000,
            "Line 1: Python cannot read this line (Exceeds the limit",
        ),
    ],
)
def test_one_sentence_says_what_is_wrong(
    hand_in: HandIn, source: bytes, sentence: str
) -> None:
    """Each way not to be Python has one short printable sentence: where, what, what to do."""
    fault = hand_in(source).fault
    assert fault is not None
    assert sentence in fault.message
    assert fault.message.isprintable()
    assert len(fault.message) < 300


def test_lines_for_ipython_are_left_out_of_a_py_file(hand_in: HandIn) -> None:
    """Magics and shell lines become comments if the file then parses; line numbers stay."""
    source = (
        "%matplotlib inline\n"
        "!pip install x \\\n"
        "   y\n"
        "files = !ls\n"
        "convolve?\n"
        "pip install z\n"
        "x = (7\n"
        "  % 2)\n"
    ) + RIGHT
    submission = hand_in(source)
    assert submission.fault is None
    assert "IPython" in submission.notes[0]
    lines = submission.units[0].source.split("\n")
    assert lines[0] == "pass  # %matplotlib inline"
    assert lines[7] == "  % 2)"
    assert len(lines) == len(source.split("\n"))


def test_a_magic_that_does_not_help_leaves_the_first_fault(
    hand_in: HandIn,
) -> None:
    """If the file does not parse anyway, the sentence is about a line that the student can mend."""
    fault = hand_in(
        "%matplotlib inline\ndef convolve(image, kernel)\n    return 1\n"
    ).fault
    assert fault is not None
    assert "Line 2" in fault.message


def test_the_unchanged_stub_is_told(hand_in: HandIn) -> None:
    """The stub with another docstring and other comments is still the stub."""
    stub = load_exercise("convolution").stub
    body = stub.replace('"""Slide', '"""Other').replace(
        "import numpy as np", "import numpy as np  # mine\nprint(1)"
    )
    for source in (stub, body):
        fault = hand_in(source).fault
        assert fault is not None
        assert "You have not changed the stub yet" in fault.message
    assert (
        hand_in(
            stub.replace("raise NotImplementedError", "return image  #")
        ).fault
        is None
    )


def test_the_unchanged_stub_of_a_class_is_told(exercise: Exercise) -> None:
    """A class is still the stub's until one of its methods is written."""
    stub = "class Net:\n    def forward(self, x):\n        raise NotImplementedError\n"
    asking = msgspec.structs.replace(
        exercise,
        function="Net",
        targets=(Target(name="Net", is_class=True),),
        stub=stub,
    )
    fault = parse_submission("a.py", stub.encode(), asking).fault
    assert fault is not None
    assert "You have not changed the stub yet" in fault.message
    written = stub.replace("raise NotImplementedError", "return x")
    assert parse_submission("a.py", written.encode(), asking).fault is None


def test_a_stub_after_the_solution_is_told_with_both_places(
    hand_in: HandIn,
) -> None:
    """A student whose own function stands above the stub learns that the last one counts."""
    fault = hand_in(RIGHT + load_exercise("convolution").stub).fault
    assert fault is not None
    assert "after yours (line 1)" in fault.message


def test_parsing_says_nothing_on_its_own(hand_in: HandIn) -> None:
    """Warnings about the student's code are neither printed nor raised in the grader."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # Of what another test has left open, which is collected now.
        warnings.simplefilter("ignore", ResourceWarning)
        hand_in("x = '\\d'\n1 is 1\n" + RIGHT)
    assert caught == []


# ------------------------------------------------------------------------------------- fuzz

TEXT = """
def convolve ( image , kernel ) : return import scipy from as cv2 . lambda class global nonlocal
= := for in if else try except with * ** @ [ ] { } 'a' f'{x}' 1 0xf %time !ls # match case _ del
await async __name__ == '__main__' np yield ; -> ... print is not and + += - 1j
"""
SPECIAL = [
    "\n",
    "\n ",
    "\n    ",
    "\n\t",
    "\0",
    "\r",
    "\f",
    "é",
    "\ud800",
    "'''",
    "\\",
]
WORDS = st.sampled_from([*TEXT.split(), *SPECIAL])
PROGRAMS = st.lists(WORDS, max_size=60).map(" ".join)


def everything(data: bytes, name: str) -> None:
    """Do with a submission all that is done with its text."""
    exercise = load_exercise("convolution")
    submission = parse_submission(name, data, exercise)
    source_facts(submission, exercise)
    alike(submission)
    if submission.fault is not None:
        assert submission.fault.message
        assert "\n" not in submission.fault.message


@hypothesis.given(
    st.binary(max_size=400)
    | PROGRAMS.map(lambda text: text.encode("utf-8", "surrogatepass"))
)
@hypothesis.settings(max_examples=300, deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    """Random bytes, and random sentences of Python's words, give a submission of either kind."""
    everything(data, "a.py")
    everything(data, "a.ipynb")


@hypothesis.given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.sampled_from(["", " ", "\x00", "(", '"', "\n", "\\", "\t"]),
)
@hypothesis.settings(max_examples=200, deadline=None)
def test_no_damage_raises(start: int, length: int, patch: str) -> None:
    """A right submission with a piece replaced gives a submission."""
    source = "import scipy.signal as s\nR = [1]\n" + RIGHT.replace(
        "return", "g = lambda x, y=[c for c in R]: x\n    return"
    )
    everything(
        (source[:start] + patch + source[start + length :]).encode(), "a.py"
    )
