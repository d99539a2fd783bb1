"""What a teacher is told of a class while it works, on both databases, and who may ask."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader import grade
from grader.exercise import load_exercise
from grader.model import Report
from grader.render.json import encode_report
from grader.service import words
from grader.service.data import (
    Database,
    classes,
    drafts,
    open_database,
    owed,
    people,
    scores,
    submissions,
)
from grader.service.data.classes import Member, Try
from grader.service.data.drafts import Draft
from grader.service.data.schema import link, score
from grader.service.data.submissions import New, Result
from grader.service.data.tokens import Role, new_key
from grader.service.web.class_page import facts_by_submission
from grader.service.web.live_class import Person, Shown, live_page
from grader.service.web.live_class import people as people_of
from tests.service.conftest import SOLUTIONS, Served
from tests.service.people import RIGHT, WRONG, Student, someone

EXERCISE = load_exercise(SOLUTIONS.parent / "exercises" / "convolution")


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """Return the reports of a wrong and a right submission."""
    return {
        source: grade(
            source.encode(), EXERCISE, solutions=SOLUTIONS, secret=b"s"
        )
        for source in (WRONG, RIGHT)
    }


class Course:
    """A course with one exercise, and people who hand in."""

    def __init__(self, database: Database, reports: dict[str, Report]) -> None:
        self._database = database
        self._reports = reports
        with database.begin() as db:
            self.id = people.ensure_context(db, None, new_key(), "Course")
            self.link_id = people.ensure_link(
                db, self.id, "c", "convolution", "Convolution", 4.0
            )

    def hand_in(self, person_id: int, source: str, at: float) -> None:
        """Store a submission and its result, as the service does."""
        report = self._reports[source]
        new = New(
            person_id=person_id,
            link_id=self.link_id,
            click=new_key(),
            name="convolve.py",
            kind="python",
            digest=report.submission.digest,
            data=source.encode(),
        )
        result = Result(
            status=str(report.status),
            score=report.score,
            max_score=report.max_score,
            report=encode_report(report),
            provisional=False,
            graded_at=at,
        )
        with self._database.begin() as db:
            kept, _ = submissions.add_submission(db, new, at, 30.0)
            submissions.keep_result(db, kept.id, result)
            scores.settle(db, person_id, self.link_id, at)

    def shown(self, **more: Any) -> tuple[str, list[Person]]:
        """Return the live page, and the people on it."""
        with self._database.read() as db:
            tries = classes.tries(db, self.link_id)
            everybody = people_of(
                classes.members(db, self.id),
                tries,
                classes.drafted(db, self.link_id),
                facts_by_submission(db, [each.id for each in tries]),
            )
            sent = classes.sent(db, self.link_id)
        given: dict[str, Any] = {"due_at": None, "platform": None}
        page = live_page(
            Shown(
                exercise=EXERCISE,
                max_score=4.0,
                people=everybody,
                sent=sent,
                now=1000.0,
                **given | more,
            )
        )
        return str(page), everybody


@pytest.fixture
def course(database: Database, reports: dict[str, Report]) -> Course:
    """Return a course on a database of each kind."""
    return Course(database, reports)


def test_the_page_says_who_is_stuck_who_writes_and_who_has_not_begun(
    database: Database, course: Course
) -> None:
    """Two of the same name are told apart; the latest attempt is shown, and the best counts."""
    ada, _ = someone(database, course.id, name="Ada")
    other, _ = someone(database, course.id, name="Ada")
    writes, _ = someone(database, course.id, name="Writes")
    someone(database, course.id, name="Idle")
    someone(database, course.id, "Instructor", name="Teacher")
    assert ada.person_id is not None
    assert other.person_id is not None
    assert writes.person_id is not None
    for at in (1.0, 2.0, 3.0):
        course.hand_in(ada.person_id, WRONG, at)
    course.hand_in(other.person_id, RIGHT, 4.0)
    course.hand_in(other.person_id, WRONG, 5.0)
    with database.begin() as db:
        draft = Draft("x", 0, 1.0)
        drafts.save_draft(db, writes.person_id, course.link_id, draft)
    page, everybody = course.shown()
    assert [each.name for each in everybody] == [
        "Ada",
        "Ada (2)",
        "Idle",
        "Writes",
    ]
    assert [each.stuck for each in everybody] == [True, False, False, False]
    assert [each.best for each in everybody] == [0.0, 4.0, None, None]
    assert "Stuck: 1" in page
    assert "3 attempts without progress" in page
    assert page.count("data-f=") == 4
    assert 'data-f="stuck' in page or 'data-f="zero stuck' in page
    assert '<span class="who">Idle</span>' in page
    assert page.index("Who has not begun") < page.index("Who is writing")
    # Both show it now: the second one's best attempt was right.
    assert page.count("<i>Kernel flipped</i>") == 2


def test_a_teacher_who_tries_is_on_the_page_as_a_teacher(
    database: Database, course: Course
) -> None:
    """Else nobody would be there when a teacher looks how it works."""
    who, _ = someone(database, course.id, "Instructor", "Learner", name="Eve")
    assert who.person_id is not None
    assert course.shown()[1] == []
    course.hand_in(who.person_id, RIGHT, 1.0)
    (person,) = course.shown()[1]
    assert person.name == "Eve (teacher)"


def test_late_attempts_say_by_how_much(
    database: Database, course: Course
) -> None:
    """The due time is that of the link."""
    who, _ = someone(database, course.id)
    assert who.person_id is not None
    course.hand_in(who.person_id, RIGHT, 600.0)
    assert "late by 10 min" in course.shown(due_at=0.0)[0]
    assert "late by" not in course.shown(due_at=600.0)[0]


def test_scores_that_were_refused_are_told_and_sent_again(
    database: Database, course: Course
) -> None:
    """With the platform's reason; sending again takes all that have somewhere to go."""
    who, _ = someone(database, course.id, name="Grace")
    nowhere, _ = someone(database, course.id, name="Alone")
    assert who.person_id is not None
    assert nowhere.person_id is not None
    course.hand_in(nowhere.person_id, RIGHT, 1.0)
    with database.begin() as db:
        db.execute(
            sa.update(link)
            .where(link.c.id == course.link_id)
            .values(line_item_url="https://lms.example/line")
        )
    course.hand_in(who.person_id, RIGHT, 1.0)
    with database.begin() as db:
        db.execute(
            sa.update(score)
            .where(score.c.person_id == who.person_id)
            .values(state="parked", note="The <column> was deleted.")
        )
    page, _ = course.shown(platform="Canvas")
    assert "1 refused" in page
    assert "The &lt;column&gt; was deleted." in page
    assert "Send all again" in page
    assert "Grades in" not in course.shown()[0]
    with database.begin() as db:
        assert owed.send_again(db, course.link_id, 5.0) == 1
    with database.read() as db:
        states = {
            each.person_id: each.state
            for each in classes.sent(db, course.link_id)
        }
        best = classes.best_scores(db, course.id)
    assert states == {who.person_id: "owed", nowhere.person_id: "nowhere"}
    assert best[who.person_id, course.link_id] == (4.0, 4.0)


@pytest.mark.parametrize(
    ("got", "stuck"),
    [
        ([], False),
        ([0, 0], False),
        ([0, 0, 0], True),
        ([1, 1, 1], False),
        ([1, 1, 1, 1], True),
        ([1, 0, 2, 0, 1], False),
        ([2, 0, 1, 2], True),
        ([0, 0, 0, 4], False),
        ([4, 0, 0, 0], False),
        ([0, None, 0, None], False),
        ([0, None, 0, None, 0], True),
    ],
)
def test_stuck_is_who_tries_three_times_without_a_better_score(
    got: list[int | None], *, stuck: bool
) -> None:
    """Full marks end it; faults of the grader count for nothing."""
    tries = tuple(
        Try(
            id=at,
            key=str(at),
            person_id=1,
            name="a.py",
            kind="python",
            state="graded",
            received_at=float(at),
            status="graded",
            score=None if points is None else float(points),
            max_score=4.0,
        )
        for at, points in enumerate(got)
    )
    member = Member(1, "k", "Ada", teaches=False)
    person = Person(member=member, name="Ada", tries=tries)
    assert person.stuck is stuck


class Owner(NamedTuple):
    """A service that runs, and its owner."""

    served: Served
    client: httpx.Client
    page: Student

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction beside the service."""
        url = f"sqlite:///{self.served.data / 'service.sqlite'}"
        with (
            contextlib.closing(open_database(url)) as opened,
            opened.begin() as db,
        ):
            yield db

    def someone(self, context_id: int, *roles: Role) -> str:
        """Return the token of somebody new."""
        url = f"sqlite:///{self.served.data / 'service.sqlite'}"
        with contextlib.closing(open_database(url)) as opened:
            return someone(opened, context_id, *roles)[1]


@pytest.fixture
def owner(serving: Any) -> Iterator[Owner]:
    """Run the service, and come in as its owner."""
    served = serving()
    served.enter()
    token = served.client.headers["Authorization"].removeprefix("Bearer ")
    page = Student(served.url, token)
    with contextlib.closing(page.client):
        yield Owner(served, page.client, page)


def test_only_teachers_of_a_course_see_its_class(owner: Owner) -> None:
    """A student is refused in a sentence; of another course there is nothing, for a teacher too."""
    owner.page.hand_in(RIGHT, "one")
    key = owner.page.work()["history"][0]["key"]
    context = owner.client.get("/api/v1/me").json()["context"]["key"]
    convolution = owner.page.links["convolution"]
    paths = (
        f"/api/v1/class/{context}",
        f"/api/v1/class/{context}.csv",
        f"/api/v1/class/links/{convolution}",
        f"/api/v1/class/links/{convolution}.csv",
        f"/api/v1/review/{key}",
    )
    with owner.writing() as db:
        local = people.ensure_context(db, None, people.LOCAL, "Exercises")
        elsewhere = people.ensure_context(db, None, new_key(), "Other")
    student = owner.someone(local)
    teacher = owner.someone(elsewhere, "Instructor")
    again = f"/api/v1/class/{convolution}/send-again"
    for path in paths:
        assert owner.client.get(path).status_code == 200, path
        assert _status(owner, path, student) == 403
        assert _status(owner, path, teacher) == 404
    assert _status(owner, again, student, "POST") == 403
    assert _status(owner, again, teacher, "POST") == 404
    assert owner.client.post(again).json() == {"owed": 0}
    elsewhere_page = {"Origin": "https://evil.example"}
    assert owner.client.post(again, headers=elsewhere_page).status_code == 403


def test_a_class_that_has_been_seen_is_not_sent_again(owner: Owner) -> None:
    """The page asks every few seconds: nothing new is a few bytes."""
    path = f"/api/v1/class/links/{owner.page.links['convolution']}"
    whole = owner.client.get(path).json()
    assert "html" in whole
    seen = owner.client.get(path, params={"seen": whole["version"]}).json()
    # A minute may have begun in between, which changes what "2 min ago" says.
    if time.time() // 60 == whole["now"] // 60:
        assert "html" not in seen
    owner.page.hand_in(WRONG, "two")
    later = owner.client.get(path, params={"seen": whole["version"]}).json()
    assert "Kernel flipped" in later["html"]


def test_a_service_for_this_machine_has_no_link_for_students(
    owner: Owner,
) -> None:
    """Its teacher reads what to start it with."""
    context = owner.client.get("/api/v1/me").json()["context"]["key"]
    found = owner.client.get(f"/api/v1/class/{context}").json()
    assert found["join"] == {"said": words.NOT_OPEN, "url": None}


def test_an_attempt_that_is_not_graded_yet_is_told(owner: Owner) -> None:
    """Its page says so, and that of nothing says that too."""
    with owner.writing() as db:
        local = people.ensure_context(db, None, people.LOCAL, "Exercises")
        found = people.find_link(db, local, owner.page.links["softmax"])
        assert found is not None
        new = New(
            person_id=people.ensure_person(db, None, "owner"),
            link_id=found.id,
            click="c",
            name="a.py",
            kind="python",
            digest="d",
            data=b"",
        )
        kept, _ = submissions.add_submission(db, new, time.time(), 3600.0)
    answer = owner.client.get(f"/api/v1/review/{kept.key}")
    assert answer.status_code == 410
    assert "not graded yet" in answer.json()["error"]
    assert owner.client.get("/api/v1/review/nothing").status_code == 404


def _status(owner: Owner, path: str, token: str, method: str = "GET") -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return owner.client.request(method, path, headers=headers).status_code
