"""What acts is shown as its escape, what people write stays, and every text is bounded."""

import string
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.untrusted import bounded, one_line, replace_acting, visible

HONEST = {
    "ASCII": string.digits + string.ascii_letters + string.punctuation,
    "accents, whole": "Zoë Müller-Ångström, José, Łukasz",
    "accents, apart": "Zoe\u0308, Nguye\u0302\u0303n, Vie\u0323\u0302t",
    "Chinese": "卷积.py",
    "Japanese, a name with a variant": "葛\U000e0100城",
    "Korean": "합성곱",
    "Arabic": "التفاف",
    "Persian, with a joiner": "نامه\u200cای",  # noqa: RUF001 - Persian
    "Hindi, with a joiner": "क्\u200dष",
    "Hebrew, with vowels": "שָׁלוֹם",
    "Thai": "ผู้ใหญ่",
    "Mongolian, with a selector": "ᠮᠣᠩᠭᠣᠯ\u180b",
    "a family": "👨\u200d👩\u200d👧\u200d👦",
    "a heart on fire": "❤\ufe0f\u200d🔥",
    "a flag": "🏳\ufe0f\u200d🌈 🇩🇪",
    "a skin tone": "👍🏽",
    "a keycap": "1\ufe0f\u20e3 #\ufe0f\u20e3",
    "symbols": "∑ x² ≤ ½ — “quoted” … ™ ©",
}
ACTING = {
    "escape": "\x1b",
    "CSI as one character": "\x9b",
    "bell": "\x07",
    "backspace": "\x08",
    "form feed": "\x0c",
    "delete": "\x7f",
    "null": "\x00",
    "next line": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "zero-width joiner between letters": "a\u200db",
    "zero-width non-joiner at the end": "ی\u200c",
    "two joiners between emoji": "👨\u200d\u200d👩",
    "selector after a letter": "a\ufe0f",
    "two selectors": "❤\ufe0f\ufe0f",
    "ideographic selector after a letter": "a\U000e0100",
    "Mongolian selector after a letter": "a\u180b",
    "soft hyphen": "\xad",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "tag": "\U000e0041",
    "Hangul filler": "\u3164",
    "half of a pair, high": "\ud800",
    "half of a pair, low": "\udcff",
    "no character": "\ufffe",
    "no character in another plane": "\U0001ffff",
    "no character in another plane, the first": "\U0001fffe",
    "no character in the last plane": "\U0010fffe",
    "annotation": "\ufff9",
    "a pile of marks": "a" + "\u0301" * 5,
    "a pile of Thai marks": "ก" + "\u0e47" * 9,
}
ANY_TEXT = st.lists(
    st.sampled_from([*HONEST.values(), *ACTING.values()])
    | st.text(st.characters(), max_size=8),
    max_size=8,
).map("".join)


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST.keys())
def test_what_people_write_is_kept(text: str) -> None:
    """Letters of every script, accents, emoji and the invisible characters they need stay."""
    assert visible(text) == text
    assert one_line(text) == text


@pytest.mark.parametrize("text", ACTING.values(), ids=ACTING.keys())
def test_what_acts_is_shown_as_its_escape(text: str) -> None:
    """The escape is Python's own, so nothing is lost and a reader sees that something was there."""
    shown = visible(text)
    assert shown != text
    assert (
        shown.encode("utf-8").decode("unicode_escape", "surrogatepass")
        is not None
    )
    assert "\\" in shown


def test_each_default_ignorable_character_is_shown_between_plain_letters() -> (
    None
):
    """Between two Latin letters no invisible character survives, whatever its category."""
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            expected = character in "\t\n" or _has_ink(code)
            assert (
                visible(f"a{character}b") == f"a{character}b"
            ) is expected, hex(code)


def _has_ink(code: int) -> bool:
    """Return whether a format character is drawn: signs before Arabic, Indic and other numbers."""
    prepended = {
        *range(0x600, 0x606),
        0x6DD,
        0x70F,
        0x890,
        0x891,
        0x8E2,
        0x110BD,
        0x110CD,
    }
    hieroglyphs = range(0x13430, 0x13440)
    return code in prepended or code in hieroglyphs


def test_a_text_is_not_cut_behind_a_joiner() -> None:
    """A joiner that stood between two letters does not stand at the end of a cut text."""
    text = "ab\u06cc\u200c\u06cc" + 40 * "x"
    for limit in range(4, 12):
        assert "\u200c." not in one_line(text, limit)
        assert one_line(one_line(text, limit), limit) == one_line(text, limit)


@given(ANY_TEXT)
def test_showing_twice_changes_nothing_more(text: str) -> None:
    """The rule is idempotent, so it does no harm where a text passes it more than once."""
    once = visible(text)
    assert visible(once) == once
    assert visible(once) == once
    once.encode("utf-8")
    assert one_line(one_line(text, 40), 40) == one_line(text, 40)


@given(ANY_TEXT)
def test_no_program_sees_other_lines_than_ours(text: str) -> None:
    """Python's `splitlines`, which knows the most line ends, finds the lines that we mean."""
    shown = visible(text)
    assert (
        shown.splitlines() == shown.removesuffix("\n").split("\n") or not shown
    )
    assert len(one_line(text).splitlines()) <= 1


def test_line_ends_of_windows_and_old_macs_become_ours() -> None:
    """A carriage return is part of a line end, or one itself, and no attempt at anything."""
    assert visible("a\r\nb\rc\n") == "a\nb\nc\n"
    assert one_line("a\r\n\tb") == "a b"


@given(ANY_TEXT, st.integers(min_value=4, max_value=40))
def test_text_is_cut_to_its_limit(text: str, limit: int) -> None:
    """The limit counts what is shown; dots say that something is missing."""
    for cut in (one_line, bounded):
        shown = cut(text, limit)
        assert len(shown) <= limit
        assert shown == cut(text, 10**6) or shown.endswith("...")


@pytest.mark.parametrize(
    "filling", [" ", "\n", "x", "\x1b", "\u0301", "\u200d", "::", "##"]
)
def test_megabytes_cost_nothing(filling: str) -> None:
    """A text of many megabytes is cut before the work, whatever it is made of."""
    text = filling * 20_000_000
    begun = time.process_time()
    assert len(one_line(text)) <= 300
    assert len(bounded(text)) <= 2000
    assert time.process_time() - begun < 0.1


def test_a_replacement_takes_the_place_of_what_acts() -> None:
    """For names of our own files an escape would be no use."""
    assert replace_acting("a\x1b\u202eb", "_") == "a__b"
