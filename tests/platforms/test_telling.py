"""Text that is safe everywhere, and arrays as text."""

import pytest

from grader.platforms.telling import line, matrix, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]0;never closed", "0;never closed"),
        ("nul\x00 bell\x07", "nul bell"),
        ("\ud83d", "�"),
        ("\U0001f600 é 漢", "\U0001f600 é 漢"),
        ("\u202eabc", "\ufffdabc"),
        ("tab\tkept", "tab\tkept"),
    ],
)
def test_plain_keeps_what_can_be_shown(text: str, shown: str) -> None:
    """Control characters, escapes, surrogates and bidirectional controls go; letters, tabs and line feeds stay."""
    assert plain(text) == shown


def test_plain_cuts_and_says_so() -> None:
    """A text that is too long is cut, and shows it."""
    assert plain("x" * 5000) == "x" * 2000 + " … (cut)"
    assert plain("x" * 2000) == "x" * 2000


def test_line_is_one_line() -> None:
    """Whatever breaks a line becomes one space."""
    assert line(" a\n\n b\x0bc ") == "a b c"


def test_matrix_aligns() -> None:
    """Numbers stand right-aligned with four digits, words as they are, and what is too big is cut."""
    assert (
        matrix([[1.0, "nan"], [-1234567.0, 2]])
        == "         1         nan\n-1.235e+06           2"
    )
    assert matrix([]) == "(empty)"
    assert matrix(3.0) == "3"
    assert matrix([1, 2]) == "1  2"
    assert matrix([[[1], [2]]]) == "[1]  [2]"
    assert matrix([[1] * 20] * 20).count("…") == 17
