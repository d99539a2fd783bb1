"""What an operator does beside the running service, on both databases."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from grader.model import Status
from grader.service.data import open_database, people
from grader.service.data.forgetting import drop_old
from grader.service.data.schema import metadata, person, result, submission
from grader.service.data.tokens import new_key

Operate = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def operate(empty_url: str, tmp_path: Path) -> Operate:
    """Return what runs a command of the operator, on each kind of database in turn."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "grader", "serve"]
        where = ["--data", str(tmp_path / "data"), "--database", empty_url]
        return subprocess.run(
            [*command, *where, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ,
        )

    return run


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """Return what a command printed that went well."""
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the one line of a command that was refused."""
    assert done.returncode == 2, done.stderr + done.stdout
    assert re.fullmatch(r"grader: [^\n]+\n", done.stderr), done.stderr
    return done.stderr


CANVAS = ["add-platform", "--kind", "canvas", "--client-id", "10000000000001"]


def test_a_canvas_is_added_by_its_site_and_client_id(
    operate: Operate, empty_url: str
) -> None:
    """The addresses of Canvas are known; what was given again changes what was given before."""
    site = ["--site", "https://school.instructure.com"]
    first = said(operate(*CANVAS, *site, "--deployment", "1:abc"))
    assert "/lti/canvas.json" in first
    said(operate(*CANVAS, *site, "--name", "School", "--deployment", "2:def"))
    with (
        contextlib.closing(open_database(empty_url)) as database,
        database.read() as db,
    ):
        rows = db.exec_driver_sql("SELECT name, issuer FROM platform").all()
        ids = db.exec_driver_sql("SELECT lti_id FROM deployment").scalars()
        assert [tuple(row) for row in rows] == [
            ("School", "https://canvas.instructure.com")
        ]
        assert sorted(ids) == ["1:abc", "2:def"]


def test_a_moodle_is_added_by_its_site(
    operate: Operate, empty_url: str
) -> None:
    """All addresses of a Moodle lie below its site, which is its issuer."""
    moodle = ["add-platform", "--kind", "moodle", "--client-id", "x"]
    said(operate(*moodle, "--site", "https://moodle.uni.example/"))
    with (
        contextlib.closing(open_database(empty_url)) as database,
        database.read() as db,
    ):
        query = "SELECT issuer, jwks_url FROM platform"
        assert tuple(db.exec_driver_sql(query).one()) == (
            "https://moodle.uni.example",
            "https://moodle.uni.example/mod/lti/certs.php",
        )


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ([], "--issuer: is missing"),
        (["--kind", "moodle"], "--issuer: is missing; give it or --site"),
        (["--site", "ftp://x"], "--site ftp://x"),
        (
            [
                "--issuer",
                "x",
                "--authorization-url",
                "http://lms.example/a",
                "--token-url",
                "https://lms.example/t",
                "--jwks-url",
                "https://lms.example/j",
            ],
            "--authorization-url http://lms.example/a: is not an https address",
        ),
    ],
)
def test_a_platform_with_too_little_is_refused_in_one_line(
    operate: Operate, more: list[str], what: str
) -> None:
    """The line names the option."""
    assert what in refused(operate("add-platform", "--client-id", "c", *more))


def test_a_link_for_registration(operate: Operate) -> None:
    """It names this service and has a key; what is no host is refused."""
    link = said(operate("registration-link", "moodle.uni.example"))
    assert re.fullmatch(
        r"http://127\.0\.0\.1:8642/lti/register\?key=[\w-]{32}\n", link
    )
    for wrong in ("", "a b", "https://moodle.uni.example", "x/y"):
        assert "is not the host" in refused(operate("registration-link", wrong))


def test_links_begin_with_the_address_of_the_service(
    operate: Operate, empty_url: str, serving: Any
) -> None:
    """Commands know the address from the last start of the service; `--base-url` overrides it."""
    invite = ["registration-link", "moodle.uni.example"]
    outside = "https://grader.uni.example"
    where = ["--database", empty_url]
    serving(*where, "--base-url", f"{outside}/").end()
    assert said(operate(*invite)).startswith(f"{outside}/lti/register?key=")
    site = ["--site", "https://school.instructure.com"]
    assert f" {outside}/lti/login\n" in said(operate(*CANVAS, *site))
    other = ["--base-url", "https://other.uni.example"]
    assert said(operate(*other, *invite)).startswith(f"{other[1]}/lti/")
    moved = serving(*where)
    assert said(operate(*invite)).startswith(f"{moved.url}/lti/register?key=")


def test_the_next_key_signs_after_a_rotation(
    operate: Operate, empty_url: str
) -> None:
    """Two keys are live; the one that signed is gone, private half and all."""
    assert "No key yet" in said(operate("keys", "list"))
    said(operate("keys", "rotate"))
    first, second = (
        line.split()[0] for line in said(operate("keys", "list")).splitlines()
    )
    assert f"{second} signs" in said(operate("keys", "rotate"))
    listed = said(operate("keys", "list")).splitlines()
    assert listed[0].split() == [second, "signs"]
    assert len(listed) == 2
    assert first not in "".join(listed)
    with (
        contextlib.closing(open_database(empty_url)) as database,
        database.read() as db,
    ):
        kept = db.exec_driver_sql(
            "SELECT kid FROM tool_key WHERE private_pem <> ''"
        ).scalars()
        assert first not in list(kept)


def test_an_api_key_is_printed_once(operate: Operate, empty_url: str) -> None:
    """Nothing that is kept would do in its place; a dropped one is gone."""
    key = said(operate("api-key", "hub")).strip()
    assert "drop it" in refused(operate("api-key", "hub"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d  hub\n", said(operate("api-key")))
    with (
        contextlib.closing(open_database(empty_url)) as database,
        database.read() as db,
    ):
        assert key not in str(db.exec_driver_sql("SELECT * FROM token").all())
    said(operate("api-key", "hub", "--drop"))
    assert said(operate("api-key")) == ""
    assert "no key of this label" in refused(
        operate("api-key", "hub", "--drop")
    )


REPORT = {
    "schema_version": 2,
    "exercise": {"name": "e", "title": "E", "digest": "d"},
    "submission": {"name": "Ada.py", "kind": "python", "digest": "feed"},
    "status": "graded",
    "score": 1.0,
    "max_score": 2.0,
    "message": "Ada Lovelace printed this",
    "cases": [],
    "notes": ["Ada"],
    "isolation": {"level": "full", "mechanisms": []},
    "grader_version": "0",
    "output": "Ada",
}


def hand_in(db: Any, name: str, received_at: float) -> int:
    """Keep a person's graded submission, as the service does, and return the person's id."""
    context_id = people.ensure_context(db, None, people.LOCAL, "Exercises")
    link_id = people.ensure_link(db, context_id, "e", "e", "E", 2.0)
    person_id = people.ensure_person(db, None, f"sub-{name}", name)
    people.see_member(db, context_id, person_id, ["Learner"])
    values = {
        "key": f"key-{name}-{received_at}",
        "person_id": person_id,
        "link_id": link_id,
        "click": str(received_at),
        "name": f"{name}.py",
        "kind": "python",
        "digest": "feed",
        "data": f"# {name}'s code".encode(),
        "received_at": received_at,
        "state": "graded",
        "tries": 1,
    }
    made = db.execute(sa.insert(submission).values(values))
    db.execute(
        sa.insert(result).values(
            submission_id=made.inserted_primary_key[0],
            status=str(Status.GRADED),
            score=1.0,
            max_score=2.0,
            report=json.dumps(REPORT).encode(),
            provisional=False,
            graded_at=received_at,
        )
    )
    return person_id


def everything(db: Any) -> str:
    """Return all that is in all tables, bytes decoded."""
    rows = [
        value.decode() if isinstance(value, bytes) else str(value)
        for table in metadata.sorted_tables
        for row in db.execute(sa.select(table))
        for value in row
    ]
    return "\n".join(rows)


def test_somebody_is_forgotten(operate: Operate, empty_url: str) -> None:
    """Nothing names them afterwards, and others keep everything; it says what was deleted."""
    said(operate("migrate"))
    with contextlib.closing(open_database(empty_url)) as database:
        with database.begin() as db:
            hand_in(db, "Ada", time.time())
            hand_in(db, "Grace", time.time())
        told = said(operate("forget", "ada"))
        assert "1 attempts" in told
        with database.read() as db:
            left = everything(db)
    assert "Grace.py" in left
    kept = left.replace(json.dumps(REPORT), "")
    assert "Ada" not in kept
    assert "nobody of this name" in refused(operate("forget", "ada"))


def test_a_name_of_two_is_not_forgotten(
    operate: Operate, empty_url: str
) -> None:
    """Nothing is deleted until it is clear who is meant; a key makes it clear."""
    said(operate("migrate"))
    with contextlib.closing(open_database(empty_url)) as database:
        with database.begin() as db:
            for sub in ("one", "two"):
                people.ensure_person(db, None, sub, "Ada")
        line = refused(operate("forget", "Ada"))
        with database.read() as db:
            keys = list(db.execute(sa.select(person.c.key)).scalars())
        assert len(keys) == 2
        assert all(key in line for key in keys)
        said(operate("forget", keys[0]))
        with database.read() as db:
            assert list(db.execute(sa.select(person.c.key)).scalars()) == [
                keys[1]
            ]


def test_a_key_is_never_read_as_an_option() -> None:
    """A key is letters and digits, so that a command takes it as it stands."""
    assert all(new_key().isalnum() for _ in range(1000))


def test_nothing_of_it_is_left_in_the_file(tmp_path: Path) -> None:
    """The bytes of what was forgotten are in none of SQLite's files."""
    data = tmp_path / "data"
    url = f"sqlite:///{data}/service.sqlite"
    command = [sys.executable, "-m", "grader", "serve", "--data", str(data)]
    subprocess.run([*command, "migrate"], check=True, capture_output=True)
    with (
        contextlib.closing(open_database(url)) as database,
        database.begin() as db,
    ):
        hand_in(db, "Ada", time.time())
        hand_in(db, "Grace", time.time())
    subprocess.run([*command, "forget", "Ada"], check=True, capture_output=True)
    files = [file.read_bytes() for file in data.glob("service.sqlite*")]
    assert any(b"Grace's code" in file for file in files)
    assert not any(b"Ada's code" in file for file in files)


def test_old_code_and_reports_are_deleted(database: Any) -> None:
    """Scores and dates stay, and a report that says what happened."""
    now = time.time()
    with database.begin() as db:
        ada = hand_in(db, "Ada", now - 1000)
        hand_in(db, "Grace", now)
        assert drop_old(db, now - 500) == 1
        assert drop_old(db, now - 500) == 0
        old = db.execute(
            sa.select(submission.c.data, result.c.report, result.c.score)
            .join(result)
            .where(submission.c.person_id == ada)
        ).one()
        report = msgspec.json.decode(old.report)
        left = everything(db)
    assert old.data is None
    assert old.score == 1.0
    assert report["message"].startswith("The report was deleted")
    assert "Ada" not in str(report)
    assert "# Grace's code" in left


def test_the_tables_go_down_and_up(operate: Operate) -> None:
    """Going back takes --yes; an unknown revision is refused, and the known ones are listed."""
    assert re.search(r": \d{4}\n$", said(operate("migrate")))
    assert "make a backup" in refused(operate("migrate", "--to", "base"))
    assert said(operate("migrate", "--to", "base", "--yes")).endswith(
        "no tables\n"
    )
    assert "there are base, 0001" in refused(operate("migrate", "--to", "77"))
    assert said(operate("migrate", "--to", "0001")).endswith(": 0001\n")
    said(operate("migrate"))


def test_a_backup_is_restored(tmp_path: Path, serving: Any) -> None:
    """It is made while the service runs, and put back when it has ended, as the docs say."""
    served = serving()
    before = served.enter()
    copy = tmp_path / "copy.sqlite"
    command = [
        sys.executable,
        "-m",
        "grader",
        "serve",
        "--data",
        str(served.data),
    ]

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, check=False
        )

    said(run("backup", str(copy)))
    assert copy.stat().st_mode & 0o077 == 0
    assert "is there already" in refused(run("backup", str(copy)))
    assert "a service uses this folder" in refused(run("restore", str(copy)))
    served.end()
    url = f"sqlite:///{served.data}/service.sqlite"
    with (
        contextlib.closing(open_database(url)) as database,
        database.begin() as db,
    ):
        db.exec_driver_sql("DELETE FROM token")
    said(run("restore", str(copy)))
    again = serving(data=served.data)
    again.client.headers["Authorization"] = f"Bearer {before['token']}"
    assert again.client.get("/api/v1/me").json()["links"] == before["links"]


def test_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    """Neither a missing file, nor another one, nor a damaged one: what is there stays."""
    data = tmp_path / "data"
    command = [sys.executable, "-m", "grader", "serve", "--data", str(data)]
    subprocess.run([*command, "migrate"], check=True, capture_output=True)
    other, damaged = tmp_path / "other.sqlite", tmp_path / "damaged.sqlite"
    with contextlib.closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE x (y)")
    whole = (data / "service.sqlite").read_bytes()
    damaged.write_bytes(whole[: len(whole) // 2])
    for wrong in (tmp_path / "missing", other, damaged):
        done = subprocess.run(
            [*command, "restore", str(wrong)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert str(wrong) in refused(done)
    assert (data / "service.sqlite").read_bytes() == whole


def test_a_lock_that_is_a_link_is_not_emptied(tmp_path: Path) -> None:
    """Neither a service nor a command opens what it leads to."""
    data, copy = tmp_path / "data", tmp_path / "copy.sqlite"
    command = [sys.executable, "-m", "grader", "serve", "--data", str(data)]
    for arguments in (["migrate"], ["backup", str(copy)]):
        subprocess.run([*command, *arguments], check=True, capture_output=True)
    (tmp_path / "victim").write_text("kept")
    (data / "service.lock").symlink_to(tmp_path / "victim")
    for arguments in (["restore", str(copy)], ["--port", "0"]):
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 4
        assert re.fullmatch(r"grader: \S+/service.lock: .+\n", done.stderr)
    assert (tmp_path / "victim").read_text() == "kept"


def test_postgresql_is_copied_by_its_own_tools(
    cluster: Any, tmp_path: Path
) -> None:
    """`backup` says the command, which the line of the documentation has too."""
    url = cluster.new_database()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "grader",
            "serve",
            "--data",
            str(tmp_path),
            "--database",
            url,
            "backup",
            str(tmp_path / "copy"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "pg_dump --format=custom" in refused(done)
