"""The page is for everybody: with or without colours, by eye, by ear, by keyboard, on paper."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import msgspec
import pytest
from markupsafe import Markup

from grader.model import (
    Details,
    ExceptionDetails,
    ExerciseInfo,
    Hint,
    Report,
    Status,
    SubmissionInfo,
    Verdict,
)
from grader.render import FORMATS, Audience, names, render
from grader.render.cards import cards, grouped
from grader.render.html import cards_html, page_html, style
from grader.render.repeats import same_findings

AUDIENCES: tuple[Audience, ...] = ("student", "instructor")


def test_every_format_and_audience(report: Report) -> None:
    """Every verdict and status renders in every format for both audiences, the same each time."""
    for fmt in FORMATS:
        for audience in AUDIENCES:
            shown = render(report, fmt, audience)
            assert shown.endswith("\n")
            assert shown == render(report, fmt, audience)


def test_an_unknown_format_is_a_key_error(mixed: Report) -> None:
    """The table of formats is all there is."""
    with pytest.raises(KeyError):
        render(mixed, "pdf")


def test_self_contained(mixed: Report) -> None:
    """The page names no other resource, and its policy lets none be loaded and nothing run."""
    page = render(mixed, "html", "instructor")
    assert "default-src &#39;none&#39;" in page
    assert not re.search(
        r"https?:|\bsrc=|url\(|@import|<script|<link|javascript:", page
    )


def test_what_differs_is_not_told_by_colour_alone(
    build: Callable[..., Report],
) -> None:
    """A wrong value is framed, bold and read out; a verdict has a symbol and a word."""
    page = render(build(Verdict.WRONG_VALUES), "html")
    yours = re.search(r"<strong>yours</strong>.*?</table>", page, re.DOTALL)
    assert yours
    assert (
        len(
            re.findall(
                r'class="[^"]*\bw\b[^"]*">[^<]*<span class="exg-hidden"> differs',
                yours[0],
            )
        )
        == 11
    )
    assert yours[0].count("differs, the first") == 1
    assert '<span aria-hidden="true">✗</span> Wrong values</span>' in page
    assert re.search(
        r"td\.w \{[^}]*box-shadow[^}]*font-weight: 700", str(style())
    )


def test_the_window_is_outlined_where_the_first_error_is(
    build: Callable[..., Report],
) -> None:
    """The nine pixels that the kernel covers at the first wrong place are framed together."""
    page = render(build(Verdict.WRONG_VALUES), "html")
    assert "kernel at [0, 5]" in page
    assert page.count("in the window") == 9
    corners = re.findall(r'class="[^"]*\bv( [tblr])* ?"', page)
    assert len(corners) == 9


def test_one_named_place_is_enough_to_say_how_places_are_counted(
    kit: SimpleNamespace,
) -> None:
    """A page that names a row says that rows are counted from 0; one that names none does not."""
    # Without the arrays, which are a reason of their own.
    named = Details(rung="values", first=(0, 5), differing=1, total=36)
    wrong = kit.case(Verdict.WRONG_VALUES, named)
    passed = kit.case(Verdict.PASSED, name="12x10")
    one_of_two = render(kit.report(wrong, passed), "html")
    assert "Rows and columns are counted from 0" in one_of_two
    assert "counted from 0" not in render(kit.report(passed), "html")


def test_a_message_without_an_end_is_cut(kit: SimpleNamespace) -> None:
    """A report that somebody else wrote may hold a message of any length; a card shows its head."""
    endless = msgspec.structs.replace(
        kit.case(Verdict.WRONG_VALUES), message="a" * 5000, title="b" * 5000
    )
    [card] = cards(kit.report(endless), "student")
    assert len(card.message) == 1000
    assert card.aside == "b" * 117 + "..."


ROOM = {
    "title": (200, 60),
    "name": (200, 200),
    "note": (600, 400),
    "message": (1000, 700),
    "trial": (60, 60),
    "reason": (300, 0),
    "misconception": (60, 60),
    "source": (200, 200),
}
"""A text of a report, and its most characters in a row on a page and in a terminal."""


def test_each_text_has_so_much_room_and_no_more(kit: SimpleNamespace) -> None:
    """Who hands in chooses names and messages, and nobody can fill a page with one of them."""
    letters = dict(zip(ROOM, "АБВГДЕЖЗ", strict=True))
    long = {place: letter * 5000 for place, letter in letters.items()}
    raised = ExceptionDetails(
        type="ValueError", message="no", line=1, source=long["source"]
    )
    details = Details(
        trial=long["trial"],
        reason=long["reason"],
        exception=raised,
        passed_trials=1,
        trials=3,
    )
    hint = Hint(long["misconception"], "Why.")
    case = kit.case(Verdict.RAISED, details, "8x8", hint)
    report = msgspec.structs.replace(
        kit.report(case, message=long["message"], notes=(long["note"],)),
        exercise=ExerciseInfo("x", long["title"], "sha256:0"),
        submission=SubmissionInfo(long["name"], "python", "sha256:0"),
    )
    page = render(report, "html", "instructor")
    shown = re.sub(r"\s+", "", render(report, "text", "instructor"))
    for place, (on_page, in_terminal) in ROOM.items():
        found = [
            max(
                map(len, re.findall(f"{letters[place]}+[.]{{3}}", each)),
                default=0,
            )
            for each in (page, shown)
        ]
        assert (place, *found) == (place, on_page, in_terminal)


def test_tables_are_tables(build: Callable[..., Report]) -> None:
    """Each array is a table with caption and scoped headers, in a region the keyboard reaches."""
    page = render(build(Verdict.WRONG_VALUES), "html")
    assert page.count("<caption") == page.count("<table") == 5
    assert page.count('scope="row"') == 8 + 3 + 6 + 6 + 6
    assert (
        '<div class="exg-strip" tabindex="0" role="region" aria-label="The arrays, 8x8">'
        in page
    )


def test_one_open_card_for_each_finding(kit: SimpleNamespace) -> None:
    """Cases with one mistake are one card and one folded line; another mistake has its own card."""
    hint = Hint("kernel-flipped", "The kernel is turned.")
    details = kit.details[Verdict.WRONG_VALUES]
    fewer = msgspec.structs.replace(details, differing=7)
    report = kit.report(
        kit.case(Verdict.PASSED, None, "7x7"),
        kit.case(Verdict.WRONG_VALUES, details, "8x8", hint),
        kit.case(Verdict.WRONG_VALUES, details, "9x9"),
        kit.case(Verdict.WRONG_VALUES, fewer, "12x10", hint),
        kit.case(Verdict.RAISED, None, "10x10"),
        kit.case(Verdict.WRONG_VALUES, fewer, "12x8", hint),
    )
    laid_out = grouped(report, cards(report, "student"))
    assert [(group.card.name, group.names) for group in laid_out] == [
        ("8x8", "12x10, 12x8"),
        ("9x9", ""),
        ("10x10", ""),
        ("7x7", ""),
    ]
    page = render(report, "html")
    assert page.count('<details class="exg-same">') == 1
    assert "<summary>12x10, 12x8: the same</summary>" in page
    assert page.index("12x8: the same") < page.index('id="case-4"')
    assert page.index('id="case-6"') < page.index("</details>\n<section")


def test_another_line_of_the_source_is_another_finding(
    kit: SimpleNamespace,
) -> None:
    """Numbers in a message may differ, the place in the source may not."""
    details = kit.details[Verdict.RAISED]
    elsewhere = msgspec.structs.replace(
        details, exception=msgspec.structs.replace(details.exception, line=99)
    )
    one, two = kit.case(Verdict.RAISED), kit.case(Verdict.RAISED, elsewhere)
    assert same_findings([one, one, two]) == ((0, 1), (2,))
    number = msgspec.structs.replace(one, message="index 8 of 8")
    other = msgspec.structs.replace(one, message="index 12 of -1.5")
    word = msgspec.structs.replace(one, message="indices 8 of 8")
    assert same_findings([number, other, word]) == ((0, 1), (2,))


def test_many_cases_with_one_finding_are_counted(kit: SimpleNamespace) -> None:
    """The folded line names eight cases at most, and parts titles that have commas clearly."""
    report = kit.report(
        *(kit.case(Verdict.TIMED_OUT, None, f"{n}x8") for n in range(12))
    )
    [group] = grouped(report, cards(report, "student"))
    assert group.names.endswith("7x8, 8x8 and 3 more")
    some = msgspec.structs.replace(
        report.cases[0], name="two_rows", title="Two rows, no more"
    )
    report = kit.report(*report.cases[:2], some)
    [group] = grouped(report, cards(report, "student"))
    assert group.names == "1x8; Two rows, no more"


def test_no_name_for_programs_is_a_heading(kit: SimpleNamespace) -> None:
    """A page calls `two_rows` by its title, or where that is long or missing, in words."""
    case = msgspec.structs.replace(
        kit.case(Verdict.WRONG_VALUES), name="two_rows"
    )
    for title, heading in (
        ("Two rows only", "Two rows only"),
        ("", "two rows"),
        ("Two rows " * 9, "two rows"),
    ):
        [card] = cards(
            kit.report(msgspec.structs.replace(case, title=title)), "instructor"
        )
        assert card.name == heading
        assert "two_rows" in card.aside
    assert names.heading(msgspec.structs.replace(case, name="_")) == "_"
    sized = msgspec.structs.replace(case, name="8x8", title="A square image")
    assert names.heading(sized) == "8x8"


def test_a_passed_case_is_one_line(mixed: Report) -> None:
    """What is right needs no pictures."""
    first = cards(mixed, "instructor")[0]
    assert first.compact
    assert first.tables == ()
    assert first.facts == ()


def test_instructor_adds_ids_and_digests(mixed: Report) -> None:
    """An instructor's page has ids, trials, durations, isolation, digests; a student's has not."""
    instructor, student = (
        render(mixed, "html", "instructor"),
        render(mixed, "html"),
    )
    for detail in (
        "kernel-flipped",
        "another kernel (2 of 3 passed)",
        "2.1 ms",
        "landlock",
        "sha256:0123",
    ):
        assert detail in instructor
        assert detail not in student
    assert "give nothing away" in student


def test_public_examples_are_not_called_hidden(kit: SimpleNamespace) -> None:
    """A report of the public examples does not say that its inputs are hidden ones."""
    public = kit.report(kit.case(Verdict.WRONG_VALUES), notes=())
    assert "give nothing away" not in render(public, "html")


def test_the_fragment_is_scoped(mixed: Report) -> None:
    """A notebook's cards have no ids, headings or document, and style nothing but themselves."""
    fragment = cards_html(mixed)
    assert not re.search(r"\bid=|<h[1-6]|<html|<body|<script", fragment)
    selectors = re.findall(
        r"^\s*([^@{}/*\n][^{}]*?)\s*\{",
        re.sub(r"/\*.*?\*/", "", str(style()), flags=re.DOTALL),
        re.MULTILINE,
    )
    for selector in ",".join(selectors).split(","):
        assert selector.strip().startswith(".exg")


def test_code_in_hints_is_set_as_code(kit: SimpleNamespace) -> None:
    """What stands between backticks is set as code, and escaped; a single backtick stays."""
    hints = Hint("a", "use `np.zeros(<b>)` here"), Hint("b", "one ` alone <b>")
    page = render(
        kit.report(kit.case(Verdict.TIMED_OUT, None, "8x8", *hints)), "html"
    )
    assert "use <code>np.zeros(&lt;b&gt;)</code> here" in page
    assert "one ` alone &lt;b&gt;" in page


def test_a_hint_is_told_once(mixed: Report, kit: SimpleNamespace) -> None:
    """A later card refers to the one that gave the hint: by a link, in a notebook by its name."""
    page, fragment = render(mixed, "html", "instructor"), cards_html(mixed)
    for shown in (page, fragment):
        assert shown.count("laid on the image as it is given") == 1
    assert (
        'as for <a href="#case-2">12x10</a>. <code>kernel-flipped</code>'
        in page
    )
    assert 'id="case-2"' in page
    assert "as for 12x10." in fragment
    hints = Hint("a", "First."), Hint("b", "Second.")
    twice = kit.report(
        *(
            kit.case(Verdict.TIMED_OUT, None, name, *hints)
            for name in ("8x8", "12x8")
        )
    )
    assert cards(twice, "student")[1].again[0].ids == "a, b"


def test_the_students_line_stands_alone(build: Callable[..., Report]) -> None:
    """An exception's card shows place and line of source once, below the sentence."""
    page = render(build(Verdict.RAISED), "html")
    assert page.count("image[i + a, j + b]") == 1
    assert (
        page.count("line 12") == 2
    )  # to be seen, and as the name of the region
    assert "with size 8. Along axis 0" in page


def test_equal_arrays_stay_closed(
    build: Callable[..., Report], kit: SimpleNamespace
) -> None:
    """Where the right values came in the wrong form, the arrays are there, but closed."""
    right = kit.details[Verdict.WRONG_VALUES]
    facts = msgspec.structs.replace(
        right,
        rung="type",
        actual_type="list",
        actual=right.expected,
        first=None,
    )
    assert '<details class="exg-arrays">' in render(
        build(Verdict.WRONG_TYPE, facts), "html"
    )
    assert '<details class="exg-arrays" open>' in render(
        build(Verdict.WRONG_VALUES), "html"
    )


def test_frames_are_explained_where_an_argument_was_changed(
    build: Callable[..., Report], kit: SimpleNamespace
) -> None:
    """Values beside a changed argument are not compared, but what differs is framed, and said."""
    wrong = kit.details[Verdict.WRONG_VALUES]
    facts = msgspec.structs.replace(
        wrong, rung="modified", argument="image", first=None, covered=None
    )
    same = msgspec.structs.replace(facts, actual=wrong.expected)
    explained = "bold digits mark a value that differs"
    page = render(build(Verdict.MODIFIED_INPUT, facts), "html")
    assert explained in page
    assert explained not in render(build(Verdict.MODIFIED_INPUT, same), "html")


def test_a_students_own_check_is_no_judgement(kit: SimpleNamespace) -> None:
    """Where nothing is graded, what cannot be run yet gets a neutral card and no points."""
    case = kit.case(Verdict.NOT_RUN, Details())
    message = (
        "You have not changed the stub yet: write your code into convolve."
    )
    own = kit.report(
        case, status=Status.NOT_GRADABLE, message=message, notes=()
    )
    graded = kit.report(case, status=Status.NOT_GRADABLE, message=message)
    assert cards(own, "student")[0].tone == "plain"
    assert "Not checked yet" in render(own, "html")
    assert "of 1 points" not in render(own, "html")
    assert cards(graded, "student")[0].tone == "bad"
    assert "Could not be graded" in render(graded, "html")


def test_a_style_cannot_end_the_style_element() -> None:
    """Whoever adds style to the page cannot add markup with it."""
    with pytest.raises(ValueError, match="markup"):
        page_html("x", Markup("<p>x</p>"), "</style>")
