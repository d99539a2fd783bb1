"""The store: reports are whole or absent, and found again."""

import hashlib
import resource
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader.batch.store import Store
from grader.errors import GraderError, UsageError
from tests.batch.conftest import facts

HOLDER = """
import sys
from pathlib import Path
from grader.batch.store import Store
with Store(Path(sys.argv[1])):
    print(1, flush=True)
    sys.stdin.read()
"""


def fill(out: Path, names: list[str]) -> None:
    """Put one report for each name."""
    with Store(out) as store:
        for name in names:
            store.put(
                f"key of {name}",
                f"report of {name}".encode(),
                b"page",
                facts(name),
            )


def test_what_was_put_is_finished_in_the_next_run(tmp_path: Path) -> None:
    """It is found by its key; another key, or more isolation than it had, is not finished."""
    fill(tmp_path, ["ada", "bob"])
    expected = {
        ("ada", "key of ada", None): True,
        ("ada", "key of ada", "partial"): True,
        ("ada", "key of ada", "full"): False,
        ("ada", "another key", None): False,
        ("cy", "key of cy", None): False,
    }
    for question, answer in expected.items():
        with Store(tmp_path) as store:
            assert store.is_finished(*question) is answer
            assert store.facts("ada") == (facts("ada") if answer else None)


@pytest.mark.parametrize("change", ["deleted", "edited", "cut", "another's"])
def test_a_report_that_was_touched_is_not_finished(
    tmp_path: Path, change: str
) -> None:
    """However little of it changed, it is graded again, and the others are not."""
    fill(tmp_path, ["ada", "bob"])
    report = tmp_path / "reports" / "ada.json"
    if change == "deleted":
        report.unlink()
    else:
        texts = {
            "edited": "Report of ada",
            "cut": "report of ad",
            "another's": "report of bob",
        }
        report.write_text(texts[change])
    with Store(tmp_path) as store:
        assert not store.is_finished("ada", "key of ada")
        assert store.is_finished("bob", "key of bob")


def test_a_journal_that_was_cut_at_any_byte_loses_only_what_was_cut(
    tmp_path: Path,
) -> None:
    """A crash may leave any prefix; every whole line still counts, and new lines can follow."""
    fill(tmp_path, ["ada", "bob"])
    journal = tmp_path / ".grader" / "journal"
    whole = journal.read_bytes()
    first = whole.index(b"\n") + 1
    for end in range(first, len(whole), 7):
        journal.write_bytes(whole[:end])
        with Store(tmp_path) as store:
            assert store.is_finished("ada", "key of ada")
            assert not store.is_finished("bob", "key of bob")
            store.put("key of bob", b"report of bob", b"page", facts("bob"))
        with Store(tmp_path) as store:
            assert store.is_finished("bob", "key of bob")
            assert store.facts("bob") == facts("bob")


def test_a_journal_does_not_grow_without_end(tmp_path: Path) -> None:
    """After a thousand gradings the old lines go, and what is in place is still finished."""
    with Store(tmp_path) as store:
        for number in range(1100):
            store.put(
                f"key {number}",
                f"report {number}".encode(),
                b"page",
                facts("ada"),
            )
    with Store(tmp_path) as store:
        assert (tmp_path / ".grader" / "journal").read_bytes().count(b"\n") == 2
        assert store.is_finished("ada", "key 1099")
        store.put("key of bob", b"report of bob", b"page", facts("bob"))
        store.flush()
        assert store.facts("bob") == facts("bob")


def test_a_line_without_its_report_counts_for_nothing(tmp_path: Path) -> None:
    """After a kill between journal and rename, the old report is not taken for the new one."""
    fill(tmp_path, ["ada"])
    with Store(tmp_path) as store:
        store.put("new key", b"new report", b"page", facts("ada"))
        store.flush()
        (tmp_path / "reports" / "ada.json").write_bytes(b"report of ada")
    with Store(tmp_path) as store:
        assert not store.is_finished("ada", "new key")
        assert store.is_finished("ada", "key of ada")


def test_two_batches_cannot_write_one_folder(tmp_path: Path) -> None:
    """The second is refused with one line, and let in once the first has ended in any way."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"1\n"
        with (
            pytest.raises(UsageError, match="another batch writes here"),
            Store(tmp_path),
        ):
            pass
        other.kill()
    with Store(tmp_path) as store:
        assert store.facts("ada") is None


def test_a_full_disk_is_one_line_and_keeps_what_was_there(
    tmp_path: Path,
) -> None:
    """The error says how to go on; nothing half-written is left, and nothing finished is lost."""
    fill(tmp_path, ["ada"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Store(tmp_path) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
        try:
            with pytest.raises(GraderError, match="run the command again"):
                store.put("key of bob", b"x" * 4000, b"page", facts("bob"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == [
        "ada.html",
        "ada.json",
    ]
    with Store(tmp_path) as store:
        assert store.is_finished("ada", "key of ada")


def test_an_output_that_cannot_be_written_is_wrong_usage(
    tmp_path: Path,
) -> None:
    """A file where the folder should be is one line that names it."""
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="out"), Store(tmp_path / "out"):
        pass


def test_the_fingerprint_tells_secrets_apart_and_reveals_nothing(
    tmp_path: Path,
) -> None:
    """It differs between secrets and between folders, and the secret is nowhere on disk."""
    with Store(tmp_path / "a") as first, Store(tmp_path / "b") as second:
        prints = {
            first.fingerprint(b"one"),
            first.fingerprint(b"two"),
            second.fingerprint(b"one"),
        }
        assert len(prints) == 3
        assert first.fingerprint(b"one") == first.fingerprint(b"one")
    plain = hashlib.sha256(b"one").hexdigest()
    for path in (tmp_path / "a").rglob("*"):
        if path.is_file():
            assert b"one" not in path.read_bytes()
            assert plain.encode() not in path.read_bytes()


def test_what_a_killed_run_left_half_written_is_removed(tmp_path: Path) -> None:
    """Temporary files of a run that died are not reports, and do not pile up."""
    fill(tmp_path, ["ada"])
    (tmp_path / "reports" / ".part-7").write_text("half")
    with Store(tmp_path):
        assert sorted(
            path.name for path in (tmp_path / "reports").iterdir()
        ) == [
            "ada.html",
            "ada.json",
        ]


def test_the_journal_is_lines_of_json(tmp_path: Path) -> None:
    """A person can read what was graded, and whether it was graded twice."""
    fill(tmp_path, ["ada", "bob"])
    lines = (tmp_path / ".grader" / "journal").read_bytes().splitlines()
    assert [msgspec.json.decode(line)["name"] for line in lines] == [
        "ada",
        "bob",
    ]
