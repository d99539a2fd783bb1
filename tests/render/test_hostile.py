"""Text of strangers shows and never acts, in every format."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model import (
    CutOff,
    Details,
    ExceptionDetails,
    Hint,
    Moment,
    Rebound,
    Report,
    Status,
    StillDetails,
    SubmissionInfo,
    Verdict,
)
from grader.render import FORMATS, prose, render
from grader.render.html import cards_html
from grader.render.svg import grid_svg
from grader.render.terminal import Terminal
from grader.render.text import render as text_for
from grader.untrusted import visible

AUDIENCES: tuple[prose.Audience, ...] = ("student", "instructor")
NASTY = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31m\x90",
    "[red]bold[/red]",
    "\x00\x08\x0c\x7f",
    "\u202egnp.exe\u2066",
    "\ud800\udfff\udcff",
    "\u2028\u2029\ufeff\ufffe\U000e0041",
    "]]><!--",
    "line\r\nline\ttab",
    "::error file=x::y",
    "a b ::stop-commands::x " * 9,
    "##[error]x ##vso[task.complete]",
]


class Elements(HTMLParser):
    """Collects what a browser would make of markup."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.classes: set[str] = set()

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Note the element and its attributes."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.classes.update(
            part
            for name, value in attrs
            if name == "class" and value
            for part in value.split()
        )


def stained(
    kit: SimpleNamespace,
    text: str,
    verdict: Verdict = Verdict.RAISED,
    status: Status = Status.GRADED,
) -> Report:
    """Make a report in which every text is this one."""
    usual = kit.details[verdict]
    details = msgspec.structs.replace(
        usual,
        trial=text,
        actual_type=text,
        actual_dtype=text,
        argument=text,
        reason=text,
        exception=ExceptionDetails(
            type=text,
            message=text,
            line=1,
            source=text,
            moment=(Moment(text, text, "value"), Moment(text, text, "shape")),
            cut_off=CutOff(
                expression=text,
                array=text,
                axis=0,
                axes=2,
                first=1,
                last=2,
                length=1,
            ),
            rebound=Rebound(text, 1),
        ),
        still=StillDetails(line=1, source=text),
        inputs={text: [[1.0, 2.0]], "image": text},
        passed_trials=1,
        trials=3,
    )
    case = kit.case(verdict, details, "8x8", Hint(text, text))
    case = msgspec.structs.replace(case, name=text, title=text)
    raw = msgspec.structs.replace(case, message=text)
    report: Report = kit.report(
        case,
        raw,
        status=status,
        message=text,
        notes=(text,),
        submission=SubmissionInfo(text, "python", text),
        grader_version=text,
        output=text,
    )
    return report


def harmless(shown: str) -> bool:
    """Return whether nothing in it acts on a terminal, and no line is a command to a CI runner."""
    begins = any(line.strip().startswith("::") for line in shown.splitlines())
    return (
        visible(shown) == shown
        and not begins
        and not re.search(r"##\w*\[", shown)
    )


ANY_TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.lists(
        st.sampled_from(NASTY) | st.text(st.characters(), max_size=20),
        max_size=6,
    ).map("".join),
)


@given(
    ANY_TEXT,
    st.sampled_from(Verdict),
    st.sampled_from(["student", "instructor"]),
)
@settings(max_examples=150, deadline=None)
def test_no_text_acts_in_any_format(
    kit: SimpleNamespace, text: str, verdict: Verdict, audience: prose.Audience
) -> None:
    """Markup, ANSI, controls, half pairs, bidi: every renderer shows them as text, none crashes."""
    report = stained(kit, text, verdict)
    for fmt in FORMATS:
        shown = render(report, fmt, audience)
        assert harmless(shown), fmt
        shown.encode("utf-8")
    page = Elements()
    page.feed(render(report, "html", audience))
    assert page.tags <= PAGE_TAGS
    assert not {
        name
        for name in page.attributes
        if name.startswith("on") or name in {"style", "src"}
    }
    cards = Elements()
    cards.feed(cards_html(report, audience))
    assert cards.tags <= PAGE_TAGS
    assert harmless(cards_html(report, audience))


PAGE_TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "header",
        "footer",
        "nav",
        "section",
        "div",
        "span",
        "p",
    ),
    *(
        "h1",
        "h2",
        "ul",
        "li",
        "a",
        "small",
        "strong",
        "code",
        "pre",
        "details",
        "summary",
        "table",
        "caption",
        "thead",
    ),
    *("tbody", "tr", "th", "td", "br", "dl", "dt", "dd"),
}


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("status", Status)
def test_each_known_trick_in_each_status(
    kit: SimpleNamespace, text: str, status: Status
) -> None:
    """The tricks that are known, in each status, for each reader."""
    report = stained(kit, text, status=status)
    if status is Status.GRADER_ERROR:
        assert report.score is None
    for audience in AUDIENCES:
        page = render(report, "html", audience)
        for trick in ("<script", "<img", "<svg", "<!--", "{{ 7"):
            assert (trick in page) is (trick == "{{ 7" and "{{" in text)
        assert harmless(render(report, "text", audience))


def test_colour_codes_are_only_ours(kit: SimpleNamespace) -> None:
    """With colours on, every escape in the text is one of the renderer's own."""
    shown = text_for(
        stained(kit, "\x1b[5;41mhello\x9b2J[red]x[/red]"),
        "instructor",
        Terminal(80, colour=True),
    )
    assert "[red]x[/red]" in shown
    assert set(re.findall(r"\x1b[^m]*m?", shown)) <= {
        f"\x1b[{code}m" for code in ("0", "1", "2", "32", "36", "1;31")
    }
    assert "\\x1b[5;41mhello\\x9b2J" in shown


def test_json_keeps_the_text_as_it_was(kit: SimpleNamespace) -> None:
    """JSON escapes what acts and gives it back unchanged, but for half pairs, which it lacks."""
    for text in NASTY:
        if "\ud800" in text:
            continue
        assert json.loads(render(stained(kit, text), "json"))["notes"] == [text]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=20,
    ),
    st.lists(st.integers(), max_size=3).map(tuple),
    st.integers(min_value=-3, max_value=2**70),
)
@settings(max_examples=200, deadline=None)
def test_anything_may_stand_where_an_array_should(
    kit: SimpleNamespace, value: Any, first: tuple[int, ...], differing: int
) -> None:
    """Whatever a report holds as arrays and facts is drawn or left out; nothing crashes."""
    details = Details(
        rung="values",
        inputs={"image": value, "kernel": [[1.0]]},
        expected=[[1.0, 2.0]],
        actual=value,
        first=first,
        differing=differing,
        total=differing,
        expected_shape=first,
        actual_shape=first,
        signal=differing,
        expected_value=1.0,
        actual_value="nan",
        max_error=1e308,
        region="one_column",
    )
    for verdict in Verdict:
        case = kit.case(verdict, details)
        for fmt in ("text", "html"):
            assert render(kit.report(case), fmt, "instructor")
        grid_svg(case)


def test_megabytes_of_text_stay_short(kit: SimpleNamespace) -> None:
    """A message of many megabytes is cut, quickly, in every format for people."""
    report = stained(kit, "x " * 2_000_000)
    assert len(render(report, "text")) < 20_000
    assert len(render(report, "html")) < 60_000


@pytest.mark.parametrize("text", NASTY)
def test_pictures_are_well_formed(kit: SimpleNamespace, text: str) -> None:
    """An SVG picture is well-formed XML whatever its labels say."""
    details = msgspec.structs.replace(
        kit.details[Verdict.WRONG_VALUES], inputs={text: [[1.0, 2.0]]}
    )
    case = msgspec.structs.replace(
        kit.case(Verdict.WRONG_VALUES, details), name=text, message=text
    )
    picture = grid_svg(case)
    assert picture is not None
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "title", "rect", "g", "text"}
