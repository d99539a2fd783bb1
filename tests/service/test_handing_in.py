"""Handing in, between the click and the score that counts, on both databases."""

import asyncio
import contextlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from grader.model import Verdict
from grader.render.json import decode_report
from grader.service import words
from grader.service.data import leases, scores, submissions
from grader.service.data.schema import link, result, score, submission
from grader.service.data.tokens import Who
from grader.service.graders.exercises import Exercises
from grader.service.graders.grading import Graders
from grader.service.graders.messages import Work
from grader.service.graders.slots import Slots
from grader.service.problems import RefusedError
from grader.service.web.waiting import Elsewhere, wait_for_grade
from grader.service.work.handing_in import LEASE_S, Click, Kept
from tests.service.conftest import SOLUTIONS, Place
from tests.service.people import ENDLESS, NOTEBOOK, RIGHT, WRONG, someone


def press(
    place: Place,
    who: Who,
    text: str = RIGHT,
    click: str = "click",
    exercise: str = "convolution",
    for_person: str | None = None,
) -> Kept:
    """Hand in a text."""
    work = Work("convolve.py", text.encode())
    pressed = Click(place.links[exercise].key, click, for_person)
    return place.desk.hand_in(who, pressed, work)


def graded(kept: Kept) -> str:
    """Wait until it is graded, and return what state it is in."""
    assert kept.grading is not None
    return kept.grading.result(300).state


def supersede_right_one(place: Place, who: Who) -> Kept:
    """Let a wrong attempt take the place of a right one, and return the right one."""
    with place.busy():
        older = press(place, who, RIGHT, "older")
        newer = press(place, who, WRONG, "newer")
    assert (graded(older), graded(newer)) == ("superseded", "graded")
    return older


def value(place: Place, who: Who) -> float | None:
    """Return the score of somebody that counts."""
    assert who.person_id is not None
    with place.database.read() as db:
        found = scores.standing(
            db, who.person_id, place.links["convolution"].id
        )
    return None if found is None else found.value


ASLEEP = "import time\ndef convolve(i, k):\n    time.sleep(1e6)\n"
ENDLESS_NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {
                "cell_type": "code",
                "id": "only",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": ENDLESS,
            }
        ],
    }
)


@pytest.mark.parametrize(
    "work",
    [
        Work("convolve.py", ENDLESS.encode()),
        Work("homework.ipynb", ENDLESS_NOTEBOOK.encode()),
        Work("convolve.py", ASLEEP.encode()),
    ],
    ids=["file", "notebook", "asleep"],
)
def test_an_endless_submission_gives_its_slot_up(work: Work) -> None:
    """With a single slot, somebody else's is graded while the endless one still runs."""
    slots = Slots(1)
    with (
        contextlib.closing(
            Graders(Exercises(SOLUTIONS), b"secret", "full", slots.give_up)
        ) as graders,
        contextlib.closing(slots),
    ):
        endless = slots.submit(
            "ada", "x", lambda: graders.grade("convolution", work)
        )
        right = slots.submit(
            "bob",
            "x",
            lambda: graders.grade(
                "convolution", Work("convolve.py", RIGHT.encode())
            ),
        )
        assert right.result().report.score == 4.0
        assert not endless.done()
        assert endless.result().provisional


def test_both_halves_of_a_double_click_wait_for_the_grade(place: Place) -> None:
    """Of two requests at once, neither is told to come back later, whichever was first."""
    who, _ = someone(place.database, place.context_id)
    together = threading.Barrier(2)

    def half(click: str) -> Kept:
        together.wait()
        return press(place, who, RIGHT, click)

    for number in range(8):
        with place.busy(), ThreadPoolExecutor(2) as threads:
            first, second = threads.map(half, [f"click {number}"] * 2)
        assert first.submission.id == second.submission.id
        for each in (first, second):
            elsewhere = Elsewhere(place.database)
            asyncio.run(wait_for_grade(elsewhere, each, 300))
            with place.database.read() as db:
                assert submissions.read_result(db, each.submission.id)


def first_verdict(place: Place, kept: Kept) -> Verdict:
    """Return what came of the first case of a submission, which must be provisional."""
    with place.database.read() as db:
        found = submissions.read_result(db, kept.submission.id)
    assert found is not None
    assert found.provisional
    return decode_report(found.report).cases[0].verdict


@pytest.mark.parametrize("source", [ENDLESS, ASLEEP], ids=["busy", "asleep"])
def test_a_mended_file_ends_the_endless_one_before_it(
    place: Place, source: str
) -> None:
    """Nobody waits for the budget of what they have mended; it is graded again later."""
    who, _ = someone(place.database, place.context_id)
    endless = press(place, who, source, "one")
    place.wait_for_slot()
    mended = press(place, who, RIGHT, "two")
    assert graded(mended) == "graded"
    assert value(place, who) == 4.0
    assert first_verdict(place, endless) is Verdict.NOT_RUN


def test_the_best_attempt_counts(place: Place) -> None:
    """A worse attempt takes nothing away, and an equal one changes nothing."""
    who, _ = someone(place.database, place.context_id)
    for number, (text, best) in enumerate(
        [(WRONG, 0.0), (RIGHT, 4.0), (WRONG, 4.0), (RIGHT, 4.0)]
    ):
        assert graded(press(place, who, text, f"click {number}")) == "graded"
        assert value(place, who) == best
    with place.database.read() as db:
        row = db.execute(sa.select(score)).one()
        second = db.execute(
            sa.select(submission.c.id).where(submission.c.click == "click 1")
        ).scalar_one()
    assert (row.version, row.submission_id, row.state) == (2, second, "nowhere")


def test_a_score_is_owed_where_a_platform_takes_it(place: Place) -> None:
    """A changed score is owed, with a time that is later than the one before."""
    who, _ = someone(place.database, place.context_id)
    with place.database.begin() as db:
        db.execute(
            sa.update(link).values(line_item_url="https://lms.example/1")
        )
    graded(press(place, who, WRONG, "one"))
    graded(press(place, who, RIGHT, "two"))  # in the same second
    with place.database.read() as db:
        row = db.execute(sa.select(score)).one()
    assert (row.state, row.version, row.sent_version) == ("owed", 2, 0)
    assert row.stamp == place.now + 1


def test_ten_clicks_are_one_submission(place: Place) -> None:
    """Ten requests of one press, all at once: one submission, graded once."""
    who, _ = someone(place.database, place.context_id)
    barrier = threading.Barrier(10)
    kept: list[Kept] = []

    def click() -> None:
        barrier.wait()
        kept.append(press(place, who))

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.submission.key for each in kept}) == 1
    assert {graded(each) for each in kept if each.grading} == {"graded"}
    with place.database.read() as db:
        for table in (submission, result):
            count = sa.select(sa.func.count()).select_from(table)
            assert db.execute(count).scalar() == 1


def test_the_same_click_later_finds_what_came_of_it(place: Place) -> None:
    """A phone that lost its network sends again, and gets the submission that was graded."""
    who, _ = someone(place.database, place.context_id)
    first = press(place, who)
    graded(first)
    again = press(place, who)
    assert again.submission.key == first.submission.key
    assert again.submission.state == "graded"
    assert again.grading is None


def test_only_the_newest_waits(place: Place) -> None:
    """A newer attempt supersedes the one that waits, which is graded when little is to do."""
    who, _ = someone(place.database, place.context_id)
    with place.busy():
        older = press(place, who, RIGHT, "older")
        newer = press(place, who, WRONG, "newer")
        other = press(place, who, RIGHT, "other", "softmax")
    assert graded(older) == "superseded"
    assert graded(newer) == "graded"
    assert graded(other) == "graded"
    assert value(place, who) == 0.0
    assert place.caretaker.grade_patiently()
    assert value(place, who) == 4.0
    assert not place.caretaker.grade_patiently()


def test_what_is_superseded_waits_for_its_deadline(place: Place) -> None:
    """Before the deadline nobody's waiting attempt takes time from others."""
    who, _ = someone(place.database, place.context_id)
    with place.database.begin() as db:
        db.execute(sa.update(link).values(due_at=place.now + 100))
    supersede_right_one(place, who)
    assert not place.caretaker.grade_patiently(place.now)
    assert place.caretaker.grade_patiently(place.now + 101)
    assert value(place, who) == 4.0


def test_nothing_is_graded_again_while_there_is_much_to_do(
    place: Place,
) -> None:
    """At a deadline, a moment in which nothing runs is not used to grade anything again."""
    who, _ = someone(place.database, place.context_id)
    supersede_right_one(place, who)
    place.slots.submit("eve", "x", lambda: place.pass_time(5)).result()
    assert not place.caretaker.grade_patiently()
    place.pass_time(60)
    assert place.caretaker.grade_patiently()
    assert value(place, who) == 4.0


def test_much_to_do_for_long_keeps_nothing_provisional(place: Place) -> None:
    """A student who hands in again and again does not keep others from their full limits."""
    who, _ = someone(place.database, place.context_id)
    supersede_right_one(place, who)
    with place.busy():
        assert not place.caretaker.grade_patiently(time.time() + 600)
        assert place.caretaker.grade_patiently(time.time() + 1000)
    assert value(place, who) == 4.0


def test_what_cannot_be_graded_again_keeps_nobody_waiting(
    place: Place,
) -> None:
    """The next one is graded meanwhile; ten minutes later the first is tried again."""
    who, _ = someone(place.database, place.context_id)
    other, _ = someone(place.database, place.context_id)
    with place.busy():
        first = press(place, who, RIGHT, "first", "softmax")
        place.now += 1
        second = press(place, who, WRONG, "second", "softmax")
        third = press(place, other, RIGHT, "third")
        fourth = press(place, other, WRONG, "fourth")
    assert (graded(first), graded(second)) == ("superseded", "graded")
    assert (graded(third), graded(fourth)) == ("superseded", "graded")
    softmax = place.links["softmax"].id

    def rename(name: str) -> None:
        with place.database.begin() as db:
            db.execute(
                sa.update(link)
                .where(link.c.id == softmax)
                .values(exercise=name)
            )

    rename("gone")
    now = time.time()
    assert not place.caretaker.grade_patiently(now)
    assert place.caretaker.grade_patiently(now)
    assert value(place, other) == 4.0
    rename("softmax")
    assert not place.caretaker.grade_patiently(now + 599)
    assert place.caretaker.grade_patiently(now + 601)


def test_two_processes_do_not_grade_the_same_again(place: Place) -> None:
    """What one has taken, the other does not get; there is nothing else for it."""
    who, _ = someone(place.database, place.context_id)
    older = supersede_right_one(place, who)
    now = time.time()
    with place.database.begin() as db:
        taken = leases.claim_later(db, now, 600)
        assert taken is not None
        assert taken.id == older.submission.id
        assert leases.claim_later(db, now + 599, 600) is None


def test_the_budget_makes_a_result_provisional(place: Place) -> None:
    """An endless loop costs the budget now; later it gets the exercise's own limits, once."""
    who, _ = someone(place.database, place.context_id)
    kept = press(place, who, ENDLESS)
    assert graded(kept) == "graded"
    with place.database.read() as db:
        found = submissions.read_result(db, kept.submission.id)
    assert found is not None
    assert found.provisional
    assert place.caretaker.grade_patiently()
    with place.database.read() as db:
        found = submissions.read_result(db, kept.submission.id)
    assert found is not None
    assert not found.provisional
    assert not place.caretaker.grade_patiently()


def test_ten_in_a_minute(place: Place) -> None:
    """The eleventh press in a minute is refused in a sentence; the tenth sent again is not."""
    who, _ = someone(place.database, place.context_id)
    with place.busy():
        for number in range(10):
            press(place, who, click=f"click {number}")
        with pytest.raises(RefusedError, match="Wait a little") as refused:
            press(place, who, click="click 10")
        assert refused.value.code == "too-many"
        assert not press(place, who, click="click 9").submission.by_person_id
        other, _ = someone(place.database, place.context_id)
        press(place, other)
        place.now += 61
        press(place, who, click="click 10")


def test_a_closed_exercise_takes_nothing_new(place: Place) -> None:
    """After closing, a press is refused, and one that arrived before is still found."""
    who, _ = someone(place.database, place.context_id)
    graded(press(place, who))
    with place.database.begin() as db:
        db.execute(sa.update(link).values(closes_at=place.now))
    place.now += 1
    assert press(place, who).submission.state == "graded"
    with pytest.raises(RefusedError, match="closed"):
        press(place, who, click="late")


def test_a_teacher_hands_in_for_a_student(place: Place) -> None:
    """The student's score counts, and the history says who handed it in; nobody else may."""
    ada, _ = someone(place.database, place.context_id)
    bob, _ = someone(place.database, place.context_id, name="Bob")
    teacher, _ = someone(
        place.database, place.context_id, "Instructor", name="Grace"
    )
    kept = press(place, teacher, click="for her", for_person=ada.person_key)
    graded(kept)
    assert (value(place, ada), value(place, teacher)) == (4.0, None)
    assert ada.person_id is not None
    with place.database.read() as db:
        (attempt,) = submissions.history(
            db, ada.person_id, place.links["convolution"].id
        )
    assert attempt.by == "Grace"
    with pytest.raises(RefusedError, match="Only a teacher"):
        press(place, bob, for_person=ada.person_key)
    with pytest.raises(RefusedError, match="no such student"):
        press(place, teacher, for_person="nobody")


def test_what_was_left_is_taken_up(place: Place) -> None:
    """What a killed process had received is graded when its lease has run out, and not before."""
    who, _ = someone(place.database, place.context_id)
    with place.database.begin() as db:
        new = submissions.New(
            person_id=who.person_id or 0,
            link_id=place.links["convolution"].id,
            click="killed",
            name="convolve.py",
            kind="python",
            digest="sha256:0",
            data=RIGHT.encode(),
        )
        stored, _ = submissions.add_submission(db, new, place.now, LEASE_S)
    place.caretaker.look(place.now + LEASE_S - 1)
    assert place.desk.is_grading() == []
    with place.busy():
        place.caretaker.look(place.now + LEASE_S + 1)
        assert place.desk.is_grading() == [stored.id]
        # Its lease is renewed now, however long it waits.
        place.caretaker.look(place.now + 10 * LEASE_S)
        assert place.desk.is_grading() == [stored.id]
        later = press(place, who, WRONG, "later")
    assert graded(later) == "graded"
    found = press(place, who, click="killed")
    if found.grading is not None:
        found.grading.result(300)
    assert value(place, who) == 4.0


def test_two_processes_take_different_ones(place: Place) -> None:
    """A claim is one statement: side by side, each submission is claimed once."""
    who, _ = someone(place.database, place.context_id)
    with place.database.begin() as db:
        for number in range(30):
            new = submissions.New(
                person_id=who.person_id or 0,
                link_id=place.links["convolution"].id,
                click=f"click {number}",
                name="convolve.py",
                kind="python",
                digest="sha256:0",
                data=b"",
            )
            submissions.add_submission(db, new, place.now, LEASE_S)
    barrier = threading.Barrier(4)
    claimed: list[int] = []

    def claim() -> None:
        barrier.wait()
        for _ in range(5):
            with place.database.begin() as db:
                found = leases.claim(db, place.now + LEASE_S + 1, LEASE_S, 3)
            claimed.extend(each.id for each in found)

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 30


def test_a_result_is_kept_once(place: Place) -> None:
    """Of two processes that have graded the same, the first one's report stays."""
    who, _ = someone(place.database, place.context_id)
    kept = press(place, who)
    graded(kept)
    with place.database.read() as db:
        before = submissions.read_result(db, kept.submission.id)
    again = place.graders.grade(
        "convolution", Work("convolve.py", RIGHT.encode())
    )
    settled = place.desk.store(kept.submission, again)
    assert settled.state == "graded"
    assert settled.result is None
    with place.database.read() as db:
        assert submissions.read_result(db, kept.submission.id) == before
        assert db.execute(sa.select(score.c.version)).scalar() == 1


def test_what_ends_the_service_each_time_is_left_in_the_end(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """A submission that ends its process again and again does not do so for ever."""
    who, _ = someone(place.database, place.context_id)
    with place.busy():
        kept = press(place, who)
        now = place.now
        with place.database.begin() as db:
            for _ in range(leases.MOST_TRIES - 1):
                now += LEASE_S + 1
                assert len(leases.claim(db, now, LEASE_S, 9)) == 1
            now += LEASE_S + 1
            assert leases.claim(db, now, LEASE_S, 9) == []
            assert leases.give_up(db, now) == [kept.submission.key]
    graded(kept)  # here it is graded after all, and that counts
    assert value(place, who) == 4.0
    assert caplog.records == []


def test_a_fault_of_ours_is_tried_again(place: Place) -> None:
    """It owes nothing and erases nothing; the pause before the next try grows to an hour."""
    who, _ = someone(place.database, place.context_id)
    graded(press(place, who, RIGHT, "good"))
    with place.busy():
        kept = press(place, who, RIGHT, "unlucky")
        pauses = []
        with place.database.begin() as db:
            for _ in range(9):
                pauses.append(
                    leases.fail(db, kept.submission.id, place.now) - place.now
                )
                claimed = leases.claim(
                    db, place.now + pauses[-1] + 1, LEASE_S, 9
                )
                assert [each.id for each in claimed] == [kept.submission.id]
            scores.settle(
                db,
                kept.submission.person_id,
                kept.submission.link_id,
                place.now,
            )
    assert pauses[:3] == [60, 120, 240]
    assert pauses[-1] == 3600
    assert value(place, who) == 4.0


def test_an_exercise_that_is_not_offered(place: Place) -> None:
    """A link to an exercise that was taken away is one sentence."""
    who, _ = someone(place.database, place.context_id)
    with place.database.begin() as db:
        db.execute(sa.update(link).values(exercise="gone"))
    with pytest.raises(RefusedError) as refused:
        press(place, who)
    assert refused.value.sentence == words.NO_EXERCISE


def test_a_notebook_is_graded(place: Place) -> None:
    """A notebook is handed in byte for byte."""
    who, _ = someone(place.database, place.context_id)
    pressed = Click(place.links["convolution"].key, "click")
    data = NOTEBOOK.read_bytes()
    kept = place.desk.hand_in(who, pressed, Work("homework.ipynb", data))
    assert graded(kept) == "graded"
    with place.database.read() as db:
        assert submissions.read_data(db, kept.submission.id) == data
    assert kept.submission.kind == "notebook"
