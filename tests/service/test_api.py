"""The API, over the wire, with both databases."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
import sqlalchemy as sa
from openapi_spec_validator import validate as validate_openapi

from grader.service import words
from grader.service.data.schema import token
from grader.service.data.tokens import Holder, add_token
from grader.service.work.trying import JOINS_PER_MINUTE, PER_MINUTE
from tests.service.conftest import Running
from tests.service.people import (
    ENDLESS,
    EXERCISES,
    NOTEBOOK,
    RIGHT,
    WRONG,
    Student,
)


def test_what_is_handed_in_is_graded_and_kept(running: Running) -> None:
    """The answer has the report, the cards and the score; the page finds them again."""
    ada = running.student()
    answer = ada.hand_in(RIGHT, "one")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["report"]["score"] == shown["score"]["value"] == 4.0
    assert shown["score"]["state"] == "nowhere"
    assert "exg" in shown["html"]
    assert "<style" not in shown["html"]
    again = ada.client.get(f"/api/v1/submissions/{shown['submission']}")
    assert again.json() == shown
    work = ada.work()
    (attempt,) = work["history"]
    assert attempt["key"] == shown["submission"]
    assert attempt["score"] == 4.0
    file = ada.client.get(f"/api/v1/submissions/{attempt['key']}/file")
    assert file.text == RIGHT
    assert "convolve.py" in file.headers["Content-Disposition"]
    me = ada.client.get("/api/v1/me").json()
    (link,) = [x for x in me["links"] if x["exercise"] == "convolution"]
    assert (link["score"], link["begun"]) == (4.0, True)


def test_a_page_may_wait_for_its_grade(running: Running) -> None:
    """`Prefer: wait=N` is answered when the grade is there; without a number nothing waits."""
    ada = running.student()
    saved = ada.client.post(
        "/api/v1/submissions",
        json={"link": ada.links["convolution"], "text": ENDLESS},
        headers={"Idempotency-Key": "one"},
    )
    assert saved.status_code == 202, saved.text
    path = f"/api/v1/submissions/{saved.json()['submission']}"
    for odd in ("wait", "wait=", "wait=-1", "wait=1e3", "waits=9"):
        assert ada.client.get(path, headers={"Prefer": odd}).status_code == 202
    shown = ada.client.get(path, headers={"Prefer": "respond-async, wait=999"})
    assert shown.status_code == 200, shown.text
    assert shown.json()["provisional"] is True
    again = ada.client.get(path, headers={"Prefer": "wait=10"})
    assert again.json() == shown.json()


def test_run_keeps_nothing(running: Running) -> None:
    """Run shows the public examples, and no attempt comes of it."""
    ada = running.student()
    link = ada.links["convolution"]
    answer = ada.client.post(f"/api/v1/run/{link}", json={"text": WRONG})
    assert answer.status_code == 200, answer.text
    report = answer.json()["report"]
    assert report["status"] == "graded"
    assert {case["verdict"] for case in report["cases"]} != {"passed"}
    assert ada.work()["history"] == []
    for _ in range(PER_MINUTE - 1):
        answer = ada.client.post(f"/api/v1/run/{link}", json={"text": "x"})
    assert answer.status_code == 200
    answer = ada.client.post(f"/api/v1/run/{link}", json={"text": "x"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]


def test_two_tabs_keep_both_texts(running: Running) -> None:
    """Whoever saves second gets the text of the first, and can still save over it."""
    ada = running.student()
    path = f"/api/v1/drafts/{ada.links['convolution']}"
    stub = ada.client.get(path).json()
    assert stub["version"] == 0
    first = ada.client.put(path, json={"text": "tab one", "version": 0})
    assert first.json()["version"] == 1
    second = ada.client.put(path, json={"text": "tab two", "version": 0})
    assert second.status_code == 409
    theirs = second.json()
    assert (theirs["text"], theirs["version"]) == ("tab one", 1)
    assert theirs["code"] == "conflict"
    over = ada.client.put(path, json={"text": "tab two", "version": 1})
    assert over.json()["version"] == 2
    # A save whose answer was lost is no conflict with itself.
    again = ada.client.put(path, json={"text": "tab two", "version": 1})
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert ada.work()["draft"]["text"] == "tab two"
    assert ada.client.get(path).json()["text"] == "tab two"


def send(
    student: Student, name: str, data: bytes, click: str
) -> httpx.Response:
    """Hand in a file."""
    return student.client.post(
        "/api/v1/submissions",
        files={"file": (name, data)},
        data={"link": student.links["convolution"]},
        headers={"Idempotency-Key": click},
    )


def test_files_are_handed_in(running: Running) -> None:
    """A .py file and a notebook, by the form of the page, with their own names."""
    ada = running.student()
    answer = send(ada, "mine.py", RIGHT.encode(), "py")
    assert answer.status_code in (200, 202), answer.text
    data = NOTEBOOK.read_bytes()
    answer = send(ada, r"C:\Users\ada\home work.ipynb", data, "nb")
    assert answer.status_code in (200, 202), answer.text
    names = {each["name"]: each["kind"] for each in ada.work()["history"]}
    assert names == {"mine.py": "python", "home work.ipynb": "notebook"}
    key = answer.json()["submission"]
    file = ada.client.get(f"/api/v1/submissions/{key}/file")
    assert file.content == data


def test_data_of_an_exercise_can_be_kept(running: Running) -> None:
    """What the exercise gives to everybody, byte for byte; nothing else of its folder."""
    url = f"{running.served.url}/work/word-vectors/files"
    answer = httpx.get(f"{url}/vectors.csv")
    path = EXERCISES / "word-vectors" / "vectors.csv"
    assert answer.content == path.read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("exercise.toml", "word_vectors.py", "..%2fREADME.md", "%00"):
        assert httpx.get(f"{url}/{name}").status_code == 404
    nothing = httpx.get(f"{running.served.url}/work/nothing/files/vectors.csv")
    assert nothing.status_code == 404


@pytest.mark.parametrize(
    ("name", "size", "status"),
    [
        ("mine.txt", 10, 400),
        ("mine.py", 512 * 1024 + 1, 413),
        ("mine.ipynb", 5 * 1024 * 1024 + 1, 413),
        ("mine.ipynb", 50 * 1024 * 1024, 413),
        ("", 10, 400),
    ],
    ids=["kind", "py", "ipynb", "endless", "nameless"],
)
def test_what_cannot_be_taken_is_one_sentence(
    running: Running, name: str, size: int, status: int
) -> None:
    """A file of another kind, or too large, is refused, and nothing is kept of it."""
    ada = running.student()
    answer = send(ada, name, b"x" * size, "click")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "code"}
    assert ada.work()["history"] == []


def test_a_body_without_an_end_is_not_read(running: Running) -> None:
    """What announces no length is counted, and refused as soon as it is too long."""
    ada = running.student()

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 2**20

    status = 413
    # The server may close before it has read all that was sent.
    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        status = ada.client.post(
            f"/api/v1/run/{ada.links['convolution']}",
            content=endless(),
            headers={"Content-Type": "application/json"},
        ).status_code
    assert status == 413


def test_a_large_file_of_python_is_not_read_to_its_end(
    running: Running,
) -> None:
    """It is refused at 512 KB: what comes after that is never asked for."""
    ada = running.student()
    head = (
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.py"'
        "\r\n\r\n"
    )
    with socket.create_connection(
        (ada.client.base_url.host, ada.client.base_url.port or 0)
    ) as connection:
        connection.settimeout(60)
        lines = (
            f"POST /api/v1/run/{ada.links['convolution']} HTTP/1.1",
            "Host: here",
            f"Authorization: {ada.client.headers['Authorization']}",
            "Content-Type: multipart/form-data; boundary=x",
            # Less than a form may have, and never sent whole.
            "Content-Length: 5000000",
            "",
            head,
        )
        connection.sendall("\r\n".join(lines).encode())
        connection.sendall(b"#" * (512 * 1024 + 1))
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_nothing_of_another_person_or_course_is_there(running: Running) -> None:
    """Somebody else's attempt is 404, and so is a link of another course, as is what never was."""
    ada, bob = running.student(), running.student(name="Bob")
    key = ada.hand_in(RIGHT, "one").json()["submission"]
    for path in (
        f"/api/v1/submissions/{key}",
        f"/api/v1/submissions/{key}/file",
        "/api/v1/submissions/never",
        "/api/v1/work/never",
        "/api/v1/drafts/never",
        "/api/v1/work/%00",
        "/api/v1/work/%ED%A0%80",
    ):
        answer = bob.client.get(path)
        assert answer.status_code in (400, 404), path
        assert set(answer.json()) == {"error", "code"}
    teacher = running.student("Instructor", name="Grace")
    seen = teacher.client.get(f"/api/v1/submissions/{key}")
    assert seen.status_code == 200


def test_a_teacher_hands_in_for_a_student(running: Running) -> None:
    """It is in the student's history, with the teacher's name."""
    ada = running.student()
    teacher = running.student("Instructor", name="Grace")
    answer = teacher.hand_in(RIGHT, "one", **{"for": ada.key})
    assert answer.status_code == 200, answer.text
    (attempt,) = ada.work()["history"]
    assert (attempt["by"], attempt["score"]) == ("Grace", 4.0)
    refused = ada.hand_in(RIGHT, "two", **{"for": ada.key})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"text": 1}',
        b'{"text": "x", "more": 1}',
        b"\xff\xfe",
        b'{"text": "x", "version": 1e999}',
        b'{"text": "x", "version": 1000000000000000000000000000000}',
        b'{"text": "x", "version": -1}',
        b"[" * 60_000,
    ],
    ids=[
        "no",
        "cut",
        "list",
        "number",
        "more",
        "bytes",
        "infinite",
        "huge",
        "negative",
        "deep",
    ],
)
def test_nonsense_is_one_sentence(running: Running, body: bytes) -> None:
    """What no page sends is refused, and nobody's log is full of it."""
    ada = running.student()
    for method, path in (
        ("POST", f"/api/v1/run/{ada.links['convolution']}"),
        ("PUT", f"/api/v1/drafts/{ada.links['convolution']}"),
        ("POST", "/session/enter"),
    ):
        answer = ada.client.request(method, path, content=body)
        assert answer.status_code in (400, 401), answer.text
        assert set(answer.json()) == {"error", "code"}


def test_a_click_needs_a_name(running: Running) -> None:
    """Handing in without an idempotency key is refused: it could not be sent again safely."""
    ada = running.student()
    answer = ada.client.post(
        "/api/v1/submissions",
        json={"link": ada.links["convolution"], "text": RIGHT},
    )
    assert answer.status_code == 400


def test_a_page_of_another_site_does_nothing(running: Running) -> None:
    """A request that another site's page has made is refused, whatever it shows."""
    ada = running.student()
    foreign = {"Origin": "https://evil.example", "Idempotency-Key": "x"}
    for path in ("/api/v1/submissions", "/session/enter", "/session/resume"):
        answer = ada.client.post(path, json={}, headers=foreign)
        assert answer.status_code == 403
    assert ada.work()["history"] == []


def test_a_session_is_resumed_by_its_cookie(running: Running) -> None:
    """The cookie alone does nothing but resume, and that needs a page of ours."""
    served = running.served
    with httpx.Client(base_url=served.url, timeout=120) as client:
        entered = client.post("/session/enter", json={"key": served.key})
        cookie = entered.headers["Set-Cookie"]
        assert cookie.startswith("__Host-")
        for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"):
            assert part in cookie
        shown = {"Cookie": cookie.partition(";")[0]}
        assert client.get("/api/v1/me", headers=shown).status_code == 401
        without = client.post("/session/resume", json={}, headers=shown)
        assert without.status_code == 403
        shown["Origin"] = served.url
        resumed = client.post("/session/resume", json={}, headers=shown)
        assert resumed.json()["token"] == entered.json()["token"]
        other = client.post(
            "/session/resume", json={"context": "other"}, headers=shown
        )
        assert other.status_code == 401


def test_who_opens_the_join_link_becomes_somebody(running: Running) -> None:
    """Two people of one name are two people, and each has a link for other devices."""
    with running.database.begin() as db:
        holder = Holder(context_id=running.context_id, roles=("Learner",))
        key = add_token(db, "join", holder)
    url = running.served.url
    found = httpx.post(
        f"{url}/session/enter", json={"key": key}, timeout=120
    ).json()
    assert found == {"join": True, "context": {"title": "Exercises"}}
    joined = [
        httpx.post(
            f"{url}/session/join",
            json={"key": key, "name": " Ada "},
            timeout=120,
        )
        for _ in range(2)
    ]
    first, second = (answer.json() for answer in joined)
    assert first["person"]["name"] == second["person"]["name"] == "Ada"
    assert first["person"]["key"] != second["person"]["key"]
    assert first["roles"] == ["Learner"]
    entered = httpx.post(
        f"{url}/session/enter", json={"key": first["personal_key"]}, timeout=120
    )
    assert entered.json()["person"] == first["person"]
    again = running.with_token(entered.json()["token"])
    more = again.client.post("/api/v1/me/personal-link").json()["key"]
    entered = httpx.post(
        f"{url}/session/enter", json={"key": more}, timeout=120
    )
    assert entered.json()["person"] == first["person"]
    for name in ("", " ", "x" * 81, "a\0b", "a\u202eb"):
        answer = httpx.post(
            f"{url}/session/join", json={"key": key, "name": name}, timeout=120
        )
        assert answer.status_code == 400


def test_a_name_of_any_script_is_taken_and_an_invisible_one_is_not(
    running: Running,
) -> None:
    """A joiner inside a Persian name is honest; a name that nobody can see is refused."""
    with running.database.begin() as db:
        holder = Holder(context_id=running.context_id, roles=("Learner",))
        key = add_token(db, "join", holder)
    url = f"{running.served.url}/session/join"
    honest = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
    taken = httpx.post(url, json={"key": key, "name": honest}, timeout=120)
    assert taken.json()["person"]["name"] == honest
    for name in ("\u3164", "\u115f\u1160", "Ada\u200c", "e" + "\u0301" * 20):
        answer = httpx.post(url, json={"key": key, "name": name}, timeout=120)
        assert answer.json()["error"] == words.NAME


def test_personal_links_are_given_at_a_pace(running: Running) -> None:
    """Nobody fills the database with links of their own, which stay valid."""
    ada = running.student()
    path = "/api/v1/me/personal-link"
    codes = [ada.client.post(path).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("crowd", "else_where"),
    [
        (["203.0.113.7"], "203.0.113.8"),
        (["2001:db8::1", "2001:db8::2:1"], "2001:db8:0:1::1"),
    ],
    ids=["IPv4", "IPv6"],
)
def test_one_address_joins_at_a_pace(
    running: Running, crowd: list[str], else_where: str
) -> None:
    """Nobody fills the class page from one line; who joins from another one does not notice."""
    with running.database.begin() as db:
        holder = Holder(context_id=running.context_id, roles=("Learner",))
        key = add_token(db, "join", holder)

    def join(key: str, address: str) -> httpx.Response:
        # As a proxy on this machine passes it on. The first is what the client claimed itself.
        return browser.post(
            f"{running.served.url}/session/join",
            json={"key": key, "name": "Ada"},
            headers={"X-Forwarded-For": f"192.0.2.1, {address}"},
            timeout=120,
        )

    refused = None
    taken = 0
    with httpx.Client(timeout=60) as browser:
        # A machine that takes longer than a minute for these takes some more of them.
        while refused is None and taken < 10 * JOINS_PER_MINUTE:
            answer = join("guessed", crowd[taken % len(crowd)])
            if answer.status_code == 429:
                refused = answer
            else:
                assert answer.status_code == 401
                taken += 1
        assert refused is not None
        assert taken >= JOINS_PER_MINUTE
        assert refused.json()["error"] == words.MANY_JOIN
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert join(key, else_where).status_code == 200


def test_a_host_that_is_none_is_another_site(running: Running) -> None:
    """A `Host` that cannot be parsed is compared as it stands, and is no fault."""
    answer = httpx.post(
        f"{running.served.url}/session/enter",
        json={"key": running.served.key},
        headers={"Host": "[", "Origin": "http://127.0.0.1["},
        timeout=120,
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "name", ["..\\..\\hw.py", "C:\\ada\\hw.py", "../../hw.py"]
)
def test_a_file_is_kept_without_its_folders(
    running: Running, name: str
) -> None:
    """Of the name of a file that is sent, the last part is kept, whatever divides it."""
    with running.database.begin() as db:
        key = add_token(db, "api", Holder(label="the hub"))
    answer = httpx.post(
        f"{running.served.url}/api/v1/exercises/convolution/grade",
        params={"name": name},
        content=RIGHT,
        headers={"Authorization": f"Bearer {key}"},
        timeout=120,
    )
    assert answer.json()["submission"]["name"] == "hw.py"


def test_what_is_kept_of_a_key_opens_nothing(running: Running) -> None:
    """Who reads the database finds no key in it: what is kept of one is not one."""
    with running.database.read() as db:
        kept = db.execute(sa.select(token.c.hash)).scalars().all()
        everything = repr(db.execute(sa.select(token)).all())
    url = f"{running.served.url}/session/enter"
    for hashed in kept:
        assert (
            httpx.post(url, json={"key": hashed}, timeout=120).status_code
            == 401
        )
    assert running.served.key not in everything


def test_a_program_grades_with_a_key(running: Running) -> None:
    """The report is the one that `grader grade` writes; without a key there is none."""
    with running.database.begin() as db:
        key = add_token(db, "api", Holder(label="the hub"))
    url = f"{running.served.url}/api/v1/exercises/convolution/grade"
    shown = {"Authorization": f"Bearer {key}"}
    raw = httpx.post(url, content=RIGHT, headers=shown, timeout=120)
    assert raw.json()["score"] == 4.0
    form = httpx.post(
        url, files={"file": ("a.py", WRONG)}, headers=shown, timeout=120
    )
    assert form.json()["score"] == 0.0
    assert form.json()["submission"]["name"] == "a.py"
    page = running.student().client.post(url, content=RIGHT)
    assert page.status_code == 401
    assert page.json()["error"] == words.BAD_API_KEY
    missing = url.replace("convolution", "nothing")
    answer = httpx.post(missing, content=RIGHT, headers=shown, timeout=120)
    assert answer.status_code == 404


# ------------------------------------------------------------------------ the description


def test_the_description_is_of_what_is_served(running: Running) -> None:
    """It is valid OpenAPI 3.1, and each operation is really there."""
    client = running.served.client
    document = client.get("/api/v1/openapi.json").json()
    validate_openapi(document)
    for path, operations in document["paths"].items():
        answer = client.request(
            "DELETE", path.replace("{", "").replace("}", "")
        )
        assert answer.status_code == 405
        allowed = set(answer.headers["Allow"].split(", ")) - {"HEAD"}
        there = {method.upper() for method in operations}
        assert there & allowed == allowed, path


def validate(document: dict[str, Any], answer: httpx.Response) -> None:
    """Require that an answer is as it is described."""
    path = answer.request.url.path
    for template, operations in document["paths"].items():
        parts = template.split("/")
        if len(parts) == len(path.split("/")) and all(
            own == part or own.startswith("{")
            for own, part in zip(parts, path.split("/"), strict=True)
        ):
            operation = operations[answer.request.method.lower()]
            break
    else:
        raise AssertionError(f"{path} is not described")
    described = operation["responses"][str(answer.status_code)]
    schema = described["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(
        {**schema, "components": document["components"]}
    ).validate(answer.json())


def test_answers_are_as_they_are_described(running: Running) -> None:
    """Real answers, good and bad, are valid by the schemas of the description."""
    ada = running.student()
    link = ada.links["convolution"]
    client = ada.client
    document = client.get("/api/v1/openapi.json").json()
    draft = f"/api/v1/drafts/{link}"
    graded = ada.hand_in(WRONG, "one")
    assert graded.status_code == 200
    key = graded.json()["submission"]
    for answer in (
        graded,
        client.get("/api/v1/me"),
        client.get(f"/api/v1/work/{link}"),
        client.get(draft),
        client.put(draft, json={"text": "a", "version": 0}),
        client.put(draft, json={"text": "b", "version": 0}),
        client.get(f"/api/v1/work/{link}"),
        client.post(f"/api/v1/run/{link}", json={"text": WRONG}),
        client.get(f"/api/v1/submissions/{key}"),
        client.get("/api/v1/submissions/never"),
        client.post("/api/v1/me/personal-link"),
        client.post("/api/v1/submissions", json={}),
        client.get("/api/v1/me", headers={"Authorization": "no"}),
        client.get("/api/v1/openapi.json"),
    ):
        validate(document, answer)
