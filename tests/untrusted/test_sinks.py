"""For each place that shows text: its own parser reads what we write as text, and as this text."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.untrusted import (
    as_written,
    file_name,
    for_csv,
    for_html,
    for_json_document,
    for_log,
    for_terminal,
    for_workflow_command,
    for_xml,
    inert,
    no_commands,
    visible,
)

TRICKS = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "&lt;b&gt; &amp; &#58;",
    "]]><!-- -->",
    "{{ 7 * 7 }}",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31m",
    "\u202egnp.exe",
    "\ud800",
    "\u2028::error::x",
    "::error file=x::y",
    "\n::stop-commands::pause",
    "\r::add-mask::x",
    "\n \t\u3000::set-output name=a::b",
    ":::error::",
    "##[error]x",
    "###[group]",
    "a ##vso[task.complete result=Succeeded;]done",
    "\n##teamcity[testFinished]",
    "# heading\n- item\n1. one",
    "*a* _b_ `c` [d](http://e) ![f](g)",
    "| a | b |\n|---|---|",
    "http://example.com www.example.com",
    "    indented\n\n```\nfence",
    "=1+1",
    "\t=cmd|' /C calc'!A0",
    " +1",
    "-2",
    "@SUM(A1)",
    "\uff1d1",
    '","=1+1',
    "a;=1",
    "a\r\n=1",
    "std::vector a::b 50%: 1,2",
]
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
ANY_TEXT = st.lists(
    st.sampled_from(TRICKS) | st.text(st.characters(), max_size=8),
    max_size=5,
).map("".join)


def is_command(line: str) -> bool:
    """Return whether a CI runner would take a line of its log for a command.

    GitHub: `ActionCommand.TryParseV2` (the line, without blanks before it, begins with `::`) and
    `TryParse` (`##[` anywhere), in actions/runner. Azure: `##vso[` anywhere. TeamCity likewise.
    """
    return (
        line.strip().startswith("::") or re.search(r"##\w*\[", line) is not None
    )


def runs_a_command(log: str) -> bool:
    """Return whether any line of a log is a command, wherever a runner may think that lines end."""
    return any(is_command(line) for line in log.splitlines())


class Reader(HTMLParser):
    """What a browser would make of markup: its elements, its attributes and its text."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.values: list[str | None] = []
        self.text = ""

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Note an element and its attributes."""
        self.tags.append(tag)
        self.values += [value for _, value in attrs]

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """Note a comment as an element: there must be none."""
        self.tags.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        """Note a declaration as an element: there must be none."""
        self.tags.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        """Note a processing instruction as an element: there must be none."""
        self.tags.append(f"<?{data}")


def read_html(markup: str) -> Reader:
    """Read markup to its end."""
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(ANY_TEXT)
def test_a_terminal_shows_one_line(text: str) -> None:
    """Nothing acts, nothing wraps by itself, and the line is no command of a runner."""
    shown = for_terminal(text)
    assert visible(shown) == shown
    assert shown.isprintable() or not shown.isascii()
    assert len(shown.splitlines()) <= 1
    assert not runs_a_command(shown)
    shown.encode()


@given(ANY_TEXT)
def test_a_log_has_no_command_in_any_line(text: str) -> None:
    """Text of several lines speaks to people alone."""
    shown = for_log(text)
    assert visible(shown) == shown
    assert not runs_a_command(shown)


@given(ANY_TEXT)
def test_parting_commands_changes_nothing_else(text: str) -> None:
    """A line that is no command stays as it is, and doing it twice changes nothing more."""
    shown = visible(text)
    parted = no_commands(shown)
    assert no_commands(parted) == parted
    assert runs_a_command(shown) or parted == shown
    assert len(parted.splitlines()) == len(shown.splitlines())


@pytest.mark.parametrize(
    "text", ["std::vector", "a ::b", "# [x]", "C++: a::b", "#[derive]"]
)
def test_colons_and_hashes_of_honest_messages_stay(text: str) -> None:
    """Only what a runner would act upon is changed: C++ names, comments and paths are not."""
    assert for_terminal(text) == text
    assert str(for_html(text)) == text


@given(ANY_TEXT)
@example("x\n::error file=a::b")
def test_a_file_name_is_one_line_that_says_which_file(text: str) -> None:
    """Also the line ends of a name are shown, so that two names never look the same by them."""
    shown = file_name(text)
    assert visible(shown) == shown
    assert len(shown.splitlines()) <= 1
    assert "\t" not in shown
    assert not runs_a_command(shown)
    if "\n" in text[:100]:
        assert "\\n" in shown


def test_a_path_is_named_like_its_text() -> None:
    """A path object and a name that is no UTF-8 are file names too."""
    assert file_name(Path("a/b.py")) == "a/b.py"
    assert file_name("b\udcff.py") == "b\\udcff.py"
    assert file_name("x\r\n::error::y.zip") == "x\\r\\n::error::y.zip"


@given(ANY_TEXT)
def test_html_reads_it_as_text(text: str) -> None:
    """A browser finds the same text, no element and no comment, in text and in an attribute."""
    inside = read_html(f"<p>{for_html(text)}</p>")
    assert inside.tags == ["p"]
    assert inside.text == visible(text)
    assert not runs_a_command(str(for_html(text)))
    for quote in "\"'":
        around = read_html(f"<p title={quote}{for_html(text)}{quote}>")
        assert around.tags == ["p"]
        assert around.values == [visible(text)]


@given(ANY_TEXT)
def test_xml_reads_it_as_text(text: str) -> None:
    """A strict XML parser finds the same text, whatever characters XML forbids."""
    whole = f"<a>{for_xml(text)}</a>".encode()
    element = ET.fromstring(whole)  # noqa: S314 - our own
    assert (element.text or "") == visible(text)
    assert len(element) == 0
    assert not runs_a_command(for_xml(text))
    attribute = ET.fromstring(f'<a b="{for_xml(text)}"/>').get("b")  # noqa: S314 - our own
    assert attribute == visible(text).replace("\n", " ").replace("\t", " ")


@given(st.lists(ANY_TEXT, min_size=2, max_size=4))
def test_csv_reads_it_as_one_cell_that_is_no_formula(texts: list[str]) -> None:
    """A row has as many cells as were written, whatever separates them, and no cell is run."""
    row = ",".join(map(for_csv, texts))
    [cells] = csv.reader(io.StringIO(row), strict=True)
    assert len(cells) == len(texts)
    for cell, text in zip(cells, texts, strict=True):
        assert not cell.lstrip().startswith(FORMULA)
        assert visible(cell) == cell
        flat = visible(text).replace("\n", " ").replace("\t", " ")
        assert cell in {flat, f"'{flat}"}
    for separator in ";\t":
        for line in csv.reader(
            io.StringIO(for_csv(texts[0])), delimiter=separator
        ):
            assert len(line) == 1


@pytest.mark.parametrize("sign", FORMULA)
@pytest.mark.parametrize("before", ["", " ", "\t"])
def test_no_cell_begins_like_a_formula(sign: str, before: str) -> None:
    """A quote stands before each sign that a spreadsheet runs, also behind blanks."""
    text = f"{before}{sign}1+1"
    [[cell]] = csv.reader(io.StringIO(for_csv(text)), strict=True)
    assert cell == f"'{text}".replace("\t", " ")


@given(ANY_TEXT)
@example("##[error]x")
@example("a ##vso[task.complete]")
@example("\u2028\x1b\U000e0041")
def test_a_json_document_stays_the_same_json(text: str) -> None:
    """Nothing in it acts or is a command, and a parser reads the same text."""
    document = for_json_document(json.dumps({"a": text}, ensure_ascii=False))
    assert visible(document) == document
    assert re.search(r"##\w*\[", document) is None
    assert json.loads(document) == {"a": text}


def test_only_a_property_has_its_separators_escaped() -> None:
    """Colons and commas end a property; in the data of a command they are text like any other."""
    assert for_workflow_command("a:b, c%") == "a:b, c%25"
    shown = for_workflow_command("a:b, c%", property_value=True)
    assert shown == "a%3Ab%2C c%25"


@given(ANY_TEXT)
def test_a_workflow_command_has_it_as_data(text: str) -> None:
    """The runner's own decoding gives the text back, and finds no second command in it."""
    for property_value in (False, True):
        written = for_workflow_command(text, property_value=property_value)
        assert len(written.splitlines()) <= 1
        assert re.search(r"##\w*\[", written) is None
        assert not property_value or not set(written) & {":", ","}
        decoded = _decode(written)
        assert visible(decoded) == decoded
        assert decoded.replace("#\\#", "##") == visible(text).strip().replace(
            "#\\#", "##"
        )


def _decode(data: str) -> str:
    for written, sign in (
        ("%0A", "\n"),
        ("%3A", ":"),
        ("%2C", ","),
        ("%25", "%"),
    ):
        data = data.replace(written, sign)
    return data


@given(st.text("'=+-@ \uff1da", max_size=8))
def test_the_quote_of_a_formula_can_be_taken_away_again(text: str) -> None:
    """A cell is read as it was written, also where the text itself begins with quotes."""
    assert as_written(inert(text)) == text
    assert not inert(text).lstrip().startswith(("=", "+", "-", "@", "\uff1d"))
