"""Scores reach the grade books of platforms that others wrote, whatever happens on the way."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.service.lti import words
from tests.service.platforms.conftest import Course
from tests.service.platforms.students import (
    HALF,
    RIGHT,
    WRONG,
    Student,
    wait_for,
)

Enrol = Callable[..., Student]


def posts(course: Course) -> list[dict[str, Any]]:
    """Return the scores that came to the second platform, also those that it refused."""
    found: list[dict[str, Any]] = course.platform.read(
        "/gradebook", tool=course.tool
    )["posts"]
    return found


def test_the_best_score_is_in_the_grade_book(
    course: Course, enrol: Enrol
) -> None:
    """Of a wrong, a right and a half right attempt the right one counts, there as here."""
    ada = enrol(course, user="ada")
    ada.hand_in(WRONG)
    best = ada.hand_in(RIGHT)["score"]["value"]
    ada.hand_in(HALF)
    wait_for(course.scores, {"ada": best})
    wait_for(lambda: ada.standing()["state"], "sent")
    assert ada.standing()["arrived_at"] is not None


def test_people_keep_their_own_scores(course: Course, enrol: Enrol) -> None:
    """Two students of one link have a grade each."""
    ada, bob = enrol(course, user="ada"), enrol(course, user="bob")
    best = ada.hand_in(RIGHT)["score"]["value"]
    least = bob.hand_in(WRONG)["score"]["value"]
    wait_for(course.scores, {"ada": best, "bob": least})


def test_nothing_is_sent_that_changes_nothing(
    other_course: Course, enrol: Enrol
) -> None:
    """Ten more right attempts are no more posts."""
    ada = enrol(other_course, user="ada")
    for _ in range(5):
        ada.hand_in(RIGHT)
    wait_for(lambda: ada.standing()["state"], "sent")
    assert len(posts(other_course)) == 1


def test_a_score_says_when_the_attempt_was_made(
    other_course: Course, enrol: Enrol
) -> None:
    """The time of a score is the attempt's, and each post has a second of its own."""
    ada = enrol(other_course, user="ada")
    told = [ada.hand_in(text) for text in (WRONG, HALF, RIGHT)]
    wait_for(lambda: ada.standing()["state"], "sent")
    sent = posts(other_course)
    seconds = [post["timestamp"][:19] for post in sent]
    assert seconds == sorted(set(seconds))
    first = time.strftime(
        "%Y-%m-%dT%H:%M:%S", time.gmtime(told[0]["received_at"])
    )
    assert seconds[0] >= first
    for post in sent:
        assert post["gradingProgress"] == "FullyGraded"
        assert post["scoreGiven"] is not None


@pytest.mark.parametrize(
    ("where", "mode"),
    [
        ("/scores", "500"),
        ("/scores", "503/1"),
        ("/scores", "429/1"),
        ("/scores", "401"),
        ("/scores", "403"),
        ("/scores", "lost"),
        ("/scores", "redirect"),
        ("/token", "500"),
        ("/token", "nonsense"),
        ("/token", "huge"),
        ("/token", "401"),
    ],
)
def test_a_fault_delays_a_score_and_loses_none(
    course: Course, enrol: Enrol, where: str, mode: str
) -> None:
    """Whatever a platform answers twice, the score is there once it works again."""
    ada = enrol(course, user="ada")
    course.platform.fault(where, mode, 2)
    best = ada.hand_in(RIGHT)["score"]["value"]
    wait_for(course.scores, {"ada": best})
    wait_for(lambda: ada.standing()["state"], "sent")
    course.platform.works()


def test_a_slow_platform_keeps_no_other_waiting(
    other_course: Course, enrol: Enrol
) -> None:
    """While one score waits for an answer that does not come, others arrive."""
    ada, bob = enrol(other_course, user="ada"), enrol(other_course, user="bob")
    other_course.platform.fault("/scores", "slow", 1)
    best = ada.hand_in(RIGHT)["score"]["value"]
    bob.hand_in(RIGHT)
    wait_for(lambda: other_course.scores().get("bob"), best)
    other_course.platform.works()
    wait_for(other_course.scores, {"ada": best, "bob": best})


def test_a_lost_answer_is_asked_for_and_not_sent_again(
    other_course: Course, enrol: Enrol
) -> None:
    """A score that arrived, though its answer did not, is found in the grade book."""
    ada = enrol(other_course, user="ada")
    other_course.platform.fault("/scores", "lost", 1)
    ada.hand_in(RIGHT)
    wait_for(lambda: ada.standing()["state"], "sent")
    assert len(posts(other_course)) == 1


def test_nonsense_from_the_results_is_no_proof(
    other_course: Course, enrol: Enrol
) -> None:
    """Where the grade book cannot be read, the score is sent once more, and is newer."""
    ada = enrol(other_course, user="ada")
    other_course.platform.fault("/scores", "lost", 1)
    other_course.platform.fault("/results", "nonsense", 1)
    ada.hand_in(RIGHT)
    wait_for(lambda: ada.standing()["state"], "sent")
    assert len(posts(other_course)) == 2
    gradebook = other_course.platform.read("/gradebook", tool=other_course.tool)
    assert gradebook["refused"] == []
    other_course.platform.works()


@pytest.mark.parametrize("mode", ["404", "422"])
def test_a_score_that_is_refused_is_parked_and_sent_again(
    other_course: Course, enrol: Enrol, mode: str
) -> None:
    """A teacher reads why, and sends it again when it can be taken."""
    ada = enrol(other_course, user="ada")
    teacher = enrol(other_course, user="eve", role="staff")
    other_course.platform.fault("/scores", mode, 1)
    best = ada.hand_in(RIGHT)["score"]["value"]
    wait_for(lambda: ada.standing()["state"], "parked")
    assert ada.standing()["note"] == words.GRADE_REFUSED.format(status=mode)
    again = f"/api/v1/class/{ada.session['link']}/send-again"
    assert ada.client.post(again).status_code == 403
    assert teacher.client.post(again).json() == {"owed": 1}
    wait_for(other_course.scores, {"ada": best})


def test_a_newer_grade_there_is_not_taken_for_ours(
    other_course: Course, enrol: Enrol
) -> None:
    """409 with another grade in the grade book: the teacher decides, and may send again."""
    ada = enrol(other_course, user="ada")
    teacher = enrol(other_course, user="eve", role="staff")
    other_course.platform.fault("/scores", "409", 1)
    best = ada.hand_in(RIGHT)["score"]["value"]
    wait_for(lambda: ada.standing()["state"], "parked")
    assert ada.standing()["note"] == words.GRADE_BOOK_IS_NEWER
    link = ada.session["link"]
    teacher.client.post(f"/api/v1/class/{link}/send-again")
    wait_for(other_course.scores, {"ada": best})


def test_a_score_is_sent_again_though_it_arrived(
    course: Course, enrol: Enrol
) -> None:
    """Sent again by a teacher, it is newer than what is there, so that no platform refuses it."""
    ada = enrol(course, user="ada")
    teacher = enrol(course, user="eve", role="staff")
    best = ada.hand_in(RIGHT)["score"]["value"]
    wait_for(course.scores, {"ada": best})
    wait_for(lambda: ada.standing()["state"], "sent")
    again = f"/api/v1/class/{ada.session['link']}/send-again"
    assert teacher.client.post(again).json() == {"owed": 1}
    wait_for(lambda: ada.standing()["state"], "sent")
    assert course.scores() == {"ada": best}


def test_a_missing_column_is_looked_up_and_made_once(
    other_course: Course, enrol: Enrol
) -> None:
    """Of many students whose link has no line item, all get into one new column."""
    asked = {"grades": "items", "link": "without"}
    students = [
        enrol(other_course, user=f"s{number}", **asked) for number in range(4)
    ]
    told = [student.hand_in(RIGHT) for student in students]
    best = told[0]["score"]["value"]
    wanted = {f"s{number}": best for number in range(4)}
    wait_for(other_course.scores, wanted)
    gradebook = other_course.platform.read("/gradebook", tool=other_course.tool)
    made = [
        item
        for item in gradebook["line_items"]
        if item["resourceLinkId"] == "without"
    ]
    assert len(made) == 1
    assert made[0]["resourceId"] == "convolution"
    assert made[0]["scoreMaximum"] == students[0].standing()["max_value"]


def test_a_column_that_is_there_is_found(
    other_course: Course, enrol: Enrol
) -> None:
    """A link that names no line item any more keeps the one that it had."""
    teacher = {"user": "eve", "role": "staff", "link": "kept"}
    enrol(other_course, **teacher)
    ada = enrol(other_course, user="ada", link="kept", grades="items")
    best = ada.hand_in(RIGHT)["score"]["value"]
    wait_for(other_course.scores, {"ada": best})
    gradebook = other_course.platform.read("/gradebook", tool=other_course.tool)
    assert len(gradebook["line_items"]) == 1


def test_without_services_the_score_stays_here(
    other_course: Course, enrol: Enrol
) -> None:
    """A platform without grade services opens exercises; when it offers them, the score goes."""
    ada = enrol(other_course, user="ada", grades="none")
    best = ada.hand_in(RIGHT)["score"]["value"]
    assert ada.standing()["state"] == "nowhere"
    enrol(other_course, user="ada")
    wait_for(other_course.scores, {"ada": best})


def test_a_teacher_has_no_grade(other_course: Course, enrol: Enrol) -> None:
    """What a teacher tries out is sent to no grade book: Moodle would fail on it for ever."""
    teacher = enrol(other_course, user="eve", role="staff")
    teacher.hand_in(RIGHT)
    wait_for(lambda: teacher.standing()["state"], "nowhere")
    assert teacher.standing()["note"] == words.NOT_A_STUDENT
    assert posts(other_course) == []


def test_a_rotated_key_makes_the_old_token_void(
    course: Course, enrol: Enrol
) -> None:
    """After a rotation a cached token is not good any more: a new one is asked for."""
    ada = enrol(course, user="ada")
    least = ada.hand_in(WRONG)["score"]["value"]
    wait_for(course.scores, {"ada": least})
    course.platform.rotate(course.tool)
    best = ada.hand_in(RIGHT)["score"]["value"]
    wait_for(course.scores, {"ada": best})
