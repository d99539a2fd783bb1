"""What a card says and shows, before there is markup: legend, arrays, facts, what stands beside."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from grader.model import (
    Covered,
    Details,
    Hint,
    Report,
    Status,
    StillDetails,
    Verdict,
)
from grader.render import names
from grader.render.beside import Beside
from grader.render.cards import Card, cards, grouped, legend
from grader.render.html import cards_html, page_html, render, report_html

ONES = [[1.0, 1.0], [1.0, 1.0]]
OTHER = [[1.0, 1.0], [1.0, 2.0]]
WRONG: dict[str, Any] = {
    "trial": "t",
    "rung": "values",
    "expected": ONES,
    "actual": OTHER,
    "differing": 1,
    "first": (1, 1),
}


def covered(by: str) -> Covered:
    """Return a window over an input."""
    return Covered(over="image", by=by, row=0, column=0, height=1, width=1)


def report(kit: SimpleNamespace, *facts: dict[str, Any], **more: Any) -> Report:
    """Return a report with a case for each of some facts."""
    cases = [kit.case(Verdict.WRONG_VALUES, Details(**each)) for each in facts]
    made: Report = kit.report(*cases, **more)
    return made


COLOURS = "Orange is above zero, blue below, and the stronger the larger."
DIFFERS = (
    "A black or white frame and bold digits mark a value that differs; "
    "the purple frame marks the first of them{}. The difference is yours minus expected."
)
WINDOW = " and, in the image, the window that the kernel covers there"
PART = "The purple frame marks the values that the two arrays have in common."
ASKED = (
    "The purple frame marks what your line asked for; at an edge it is open."
)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, []),
        ({"trial": "t"}, []),
        (WRONG, [DIFFERS.format("")]),
        ({**WRONG, "trial": None}, []),
        ({**WRONG, "covered": covered("kernel")}, [DIFFERS.format(WINDOW)]),
        ({**WRONG, "covered": covered("")}, [DIFFERS.format(""), ASKED]),
        ({"trial": "t", "covered": covered("")}, [ASKED]),
        ({"trial": "t", "covered": covered("kernel")}, []),
        ({"trial": "t", "rung": "shape", "first": (0, 0)}, []),
        ({"trial": "t", "rung": "shape", "region": "border"}, [PART]),
        ({"trial": "t", "rung": "values", "region": "border"}, []),
        (
            {"trial": "t", "rung": "values", "first": (0, 0)},
            [DIFFERS.format("")],
        ),
        ({"trial": "t", "rung": "values"}, []),
        ({**WRONG, "rung": "modified"}, [DIFFERS.format("")]),
        ({**WRONG, "rung": "modified", "actual": ONES}, []),
    ],
)
def test_the_legend_explains_the_frames_that_are_there(
    kit: SimpleNamespace, facts: dict[str, Any], said: list[str]
) -> None:
    """Values that differ, the part that is right, what a line asked for, the window of a kernel."""
    assert legend(report(kit, facts)) == " ".join([COLOURS, *said])


def strips(kit: SimpleNamespace, **facts: Any) -> list[tuple[Any, ...]]:
    """Return the arrays of a card: heading, titles, and whether they are open."""
    (card,) = cards(report(kit, facts), "student")
    assert [table.title for table in card.tables] == [
        table.title for strip in card.strips for table in strip.tables
    ]
    return [
        (strip.title, [table.title for table in strip.tables], strip.opened)
        for strip in card.strips
    ]


def test_what_shows_the_mistake_comes_first(kit: SimpleNamespace) -> None:
    """It is open where something differs; what it was made of stands below it."""
    inputs = {"image": ONES, "kernel": ONES}
    results = ["expected", "yours"]
    everything = strips(kit, **WRONG, inputs=inputs)
    assert everything == [
        ("The arrays", results, True),
        (
            "The inputs and the difference",
            ["image", "kernel", "difference"],
            False,
        ),
    ]
    without = strips(kit, **WRONG)
    assert without[1] == ("The difference", ["difference"], False)
    equal = {**WRONG, "actual": ONES, "differing": 0, "first": None}
    assert strips(kit, **equal) == [("The arrays", results, False)]
    assert strips(kit, **equal, inputs=inputs)[1][0] == "The inputs"
    assert strips(kit) == []


def test_without_an_answer_the_inputs_come_first(kit: SimpleNamespace) -> None:
    """They are open where the part is framed that the line asked for."""
    facts = {"inputs": {"image": ONES, "kernel": ONES}, "expected": ONES}
    titles = ["image", "kernel"]
    assert strips(kit, **facts) == [
        ("The inputs, and what was expected", [*titles, "expected"], False),
    ]
    framed = {**facts, "covered": covered("")}
    assert strips(kit, **framed) == [
        ("The inputs", titles, True),
        ("What was expected", ["expected"], False),
    ]
    assert strips(kit, **{**framed, "expected": None}) == [
        ("The inputs", titles, True),
    ]


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, [("verdict", "wrong_values")]),
        (
            {"rung": "nan", "trial": "t", "reason": "r"},
            [("verdict", "wrong_values, nan"), ("trial", "t"), ("reason", "r")],
        ),
        (
            {"trials": 3},
            [("verdict", "wrong_values"), ("trial", "(0 of 3 passed)")],
        ),
        (
            {"trial": "t", "trials": 3, "passed_trials": 1},
            [("verdict", "wrong_values"), ("trial", "t (1 of 3 passed)")],
        ),
        (
            {
                "actual_type": "ndarray",
                "actual_dtype": "int8",
                "actual_shape": (2, 3),
            },
            [("verdict", "wrong_values"), ("came back", "ndarray, int8, 2x3")],
        ),
        ({"actual_shape": ()}, [("verdict", "wrong_values")]),
    ],
)
def test_an_instructor_gets_the_facts(
    kit: SimpleNamespace, facts: dict[str, Any], shown: list[tuple[str, str]]
) -> None:
    """A student gets none, and what passed has none."""
    (card,) = cards(report(kit, facts), "instructor")
    assert list(card.facts) == shown
    assert cards(report(kit, facts), "student")[0].facts == ()
    right = kit.report(kit.case(Verdict.PASSED, Details(**facts)))
    assert cards(right, "instructor")[0].facts == ()


def test_what_stands_beside_the_name_of_a_case(kit: SimpleNamespace) -> None:
    """Its title where it is not the name; for an instructor the name for programs, and points."""
    case = kit.case(Verdict.WRONG_VALUES, Details())
    table = {
        ("8x8", "a title"): ("a title", "a title, 0 of 1 point, 2.1 ms"),
        ("two_rows", "Two rows"): ("", "two_rows, 0 of 1 point, 2.1 ms"),
        ("two_rows", ""): ("", "two_rows, 0 of 1 point, 2.1 ms"),
        ("two_rows", "t" * 41): (
            "t" * 41,
            f"{'t' * 41}, two_rows, 0 of 1 point, 2.1 ms",
        ),
    }
    for (name, title), (student, instructor) in table.items():
        called = msgspec.structs.replace(case, name=name, title=title)
        one = kit.report(called)
        assert cards(one, "student")[0].aside == student
        assert cards(one, "instructor")[0].aside == instructor


@pytest.mark.parametrize(
    ("name", "title", "heading"),
    [
        ("8x8", "Title", "8x8"),
        ("two_rows", "Title", "Title"),
        ("two-rows_x", "t" * 40, "t" * 40),
        ("two-rows_x", "t" * 41, "two rows x"),
        ("two_rows", "", "two rows"),
        ("_", "", "_"),
        ("a b", "Title", "a b"),
        ("a-", "Title", "a-"),
        ("1a", "Title", "1a"),
        ("a" * 61, "", "a" * 57 + "..."),
        ("\xe9t\xe9", "Title", "\xe9t\xe9"),
    ],
)
def test_a_case_is_called_in_words(
    kit: SimpleNamespace, name: str, title: str, heading: str
) -> None:
    """By its short title in place of a name for programs, or by that name without its hyphens."""
    case = msgspec.structs.replace(
        kit.case(Verdict.PASSED), name=name, title=title
    )
    assert names.heading(case) == heading


def test_the_first_of_many_cases_are_named(kit: SimpleNamespace) -> None:
    """Eight of them; where a name has commas of its own, semicolons stand between them."""
    case = kit.case(Verdict.PASSED)

    def listed(*called: str) -> str:
        return names.listed(
            [msgspec.structs.replace(case, name=name) for name in called]
        )

    assert listed() == ""
    assert listed(*"12345678") == "1, 2, 3, 4, 5, 6, 7, 8"
    assert listed(*"123456789") == "1, 2, 3, 4, 5, 6, 7, 8 and 1 more"
    assert listed("1, 2", "3") == "1, 2; 3"
    assert listed("1: 2", "3") == "1: 2; 3"


def test_one_card_tells_of_the_whole(kit: SimpleNamespace) -> None:
    """Whose fault it is decides how it looks, and which cases were not run."""
    looks = {}
    for status, notes in (
        (Status.NOT_GRADABLE, None),
        (Status.NOT_GRADABLE, ()),
        (Status.GRADER_ERROR, None),
    ):
        case = kit.case(Verdict.NOT_RUN, Details(), "8x8", Hint("a", "Text."))
        more = {} if notes is None else {"notes": notes}
        whole = kit.report(case, case, status=status, message="Why.", **more)
        (card,) = cards(whole, "student")
        (group,) = grouped(whole, [card])
        assert (group.card, group.same, group.names) == (card, (), "")
        looks[status, notes] = (
            card.heading,
            card.label,
            card.tone,
            card.mark,
            card.aside,
        )
        assert card.name == card.anchor == ""
        assert [hint.text for hint in card.hints] == ["Text."]
        assert [hint.question for hint in card.hints] == [""]
    fault = "Could not be graded"
    assert looks[Status.NOT_GRADABLE, None] == (
        fault,
        fault,
        "bad",
        "\u2717",
        "not run: 8x8, 8x8",
    )
    assert looks[Status.NOT_GRADABLE, ()] == (
        *("Not checked yet", "Not checked yet", "plain", "\u25cb", ""),
    )
    ours = "Grader error"
    assert looks[Status.GRADER_ERROR, None] == (ours, ours, "plain", "!", "")
    nothing = kit.report(status=Status.NOT_GRADABLE, message="Why.")
    (card,) = cards(nothing, "student")
    assert (card.message, card.hints, card.aside) == ("Why.", (), "")


def test_a_card_by_itself_has_nothing_that_is_not_asked_for() -> None:
    """What a page leaves out is empty."""
    card = Card(
        name="a", heading="b", tone="good", mark="c", label="d", message="e"
    )
    assert (card.anchor, card.aside, card.code, card.moment, card.where) == (
        "",
    ) * 5
    assert (card.hints, card.again, card.strips, card.values) == ((),) * 4
    assert (card.script, card.facts, card.tables, card.compact) == (
        *((),) * 3,
        False,
    )


def test_the_line_that_is_shown_has_its_place(kit: SimpleNamespace) -> None:
    """Of an exception with what its names stood for; without a line there is none."""
    (card,) = cards(kit.report(kit.case(Verdict.RAISED)), "student")
    assert card.where == "line 12"
    assert card.code == "out[i, j] += image[i + a, j + b] * kernel[a, b]"
    assert card.moment.startswith(
        "when i = 7, a = 1: `image` has shape (8, 8), "
    )
    still = Details(still=StillDetails(line=7, source="while 1:"))
    (slow,) = cards(kit.report(kit.case(Verdict.TIMED_OUT, still)), "student")
    assert (slow.where, slow.code, slow.moment) == ("line 7", "while 1:", "")
    (none,) = cards(kit.report(kit.case(Verdict.CRASHED)), "student")
    assert (none.where, none.code, none.moment) == ("here", "", "")


def test_a_card_has_an_anchor_where_a_page_has_one_of_it(
    kit: SimpleNamespace,
) -> None:
    """They are counted from 1; in a notebook there are none, and a hint is not a link."""
    hint = Hint("a", "Text.")
    both = kit.report(
        kit.case(Verdict.TIMED_OUT, None, "8x8", hint),
        kit.case(Verdict.CRASHED, None, "9x9", hint),
    )
    page, notebook = (
        cards(both, "student"),
        cards(both, "student", anchors=False),
    )
    assert [card.anchor for card in page] == ["case-1", "case-2"]
    assert [card.anchor for card in notebook] == ["", ""]
    (again,) = page[1].again
    assert (again.name, again.anchor, again.ids) == ("8x8", "case-1", "a")
    assert notebook[1].again[0].anchor == ""
    assert page[1].hints == ()


# ---------------------------------------------------------------------------------------- page


def test_sentences_of_the_moment_stand_above_the_cards(mixed: Report) -> None:
    """How this compares with the last attempt, and what to do now."""
    beside = Beside(
        progress="One more than before.", next="Next: hand in a.py."
    )
    shown = cards_html(mixed, beside=beside)
    assert (
        '<p class="exg-summary">1 of 4 cases passed. One more than before.</p>\n'
        '<p class="exg-next">Next: hand in a.py.</p>\n'
    ) in shown
    assert '<p class="exg-summary">1 of 4 cases passed.</p>' in cards_html(
        mixed
    )
    assert '<p class="exg-next">' not in cards_html(mixed)
    fault = msgspec.structs.replace(mixed, status=Status.NOT_GRADABLE)
    assert '<p class="exg-summary">' not in cards_html(fault)


def test_a_page_may_have_its_own_style_and_no_title(mixed: Report) -> None:
    """A style sheet that holds markup is refused."""
    body = report_html(mixed, titled=False)
    page = str(page_html("t" * 400, body, ".mine {}"))
    assert ".mine {}" in page
    assert f"<title>{'t' * 297}...</title>" in page
    assert "<h1" not in body
    assert "<h1" in report_html(mixed)
    with pytest.raises(
        ValueError, match=r"^a style sheet must not hold markup$"
    ):
        page_html("t", body, "</style>")
    assert render(mixed) == render(mixed, "student")


@pytest.mark.parametrize("mechanisms", [(), ("landlock", "seccomp")])
def test_an_instructors_page_has_the_record(
    mixed: Report, mechanisms: tuple[str, ...]
) -> None:
    """Digests, status, isolation and version; a student's has none of it."""
    isolation = msgspec.structs.replace(mixed.isolation, mechanisms=mechanisms)
    changed = msgspec.structs.replace(mixed, isolation=isolation)
    page = render(changed, "instructor")
    level = "full (landlock, seccomp)" if mechanisms else "full"
    for name, value in (
        ("submission", f"python, {mixed.submission.digest}"),
        ("exercise", f"convolution, {mixed.exercise.digest}"),
        ("status", "graded"),
        ("isolation", level),
        ("grader", "0.1.0"),
    ):
        assert f"<dt>{name}</dt><dd><code>{value}</code></dd>" in page
    assert mixed.submission.digest not in render(changed)
