"""What is planted in the output is replaced or refused; what it leads to is not touched."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.edits import announce
from grader.batch.roll import Roll, write_roll
from grader.batch.starting import start
from grader.batch.store import Store
from grader.errors import UsageError
from grader.files import write_whole
from tests.batch.conftest import facts

VICTIM = "what belongs to somebody else"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """Make a file that nothing may touch."""
    path = tmp_path / "victim"
    path.write_text(VICTIM)
    return path


def names(folder: Path) -> list[str]:
    """List a folder."""
    return sorted(path.name for path in folder.iterdir())


def put(store: Store, name: str) -> None:
    """Put one report in its place."""
    report = f"report of {name}".encode()
    store.put(f"key of {name}", report, b"page", facts(name))
    store.flush()


WRITERS: dict[str, Callable[[Store], object]] = {
    "reports/ada.json": lambda store: put(store, "ada"),
    "reports/ada.html": lambda store: put(store, "ada"),
    "reports/bob.html": lambda store: store.put_page("bob", b"page"),
    "gradebook.csv": lambda store: store.publish("gradebook.csv", [b"rows"]),
    ".grader/salt": lambda store: store.fingerprint(b"secret"),
    ".grader/class.json": lambda store: write_roll(store, Roll("means")),
    ".grader/gradebook": lambda store: announce(store, b"rows"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_link_under_the_name_of_a_file_is_replaced(
    tmp_path: Path, victim: Path, name: str
) -> None:
    """The file is the output's own afterwards, and the link's target is as it was."""
    out = tmp_path / "out"
    with Store(out) as store:
        (out / name).symlink_to(victim)
        WRITERS[name](store)
    assert not (out / name).is_symlink()
    assert (out / name).read_bytes()
    assert victim.read_text() == VICTIM


def test_passing_names_cannot_be_planted(tmp_path: Path, victim: Path) -> None:
    """Links and folders under any name that a batch has used before are in nobody's way."""
    out = tmp_path / "out"
    with Store(out) as store:
        for name in ("1", "2", "page"):
            (out / "reports" / f".part-{name}").symlink_to(victim)
        (out / ".grader" / "journal.new").symlink_to(victim)
        (out / "reports" / ".part-folder").mkdir()
        put(store, "ada")
        store.publish("gradebook.csv", [b"rows"])
    with Store(out) as store:
        assert store.is_finished("ada", "key of ada")
    assert victim.read_text() == VICTIM
    assert names(out / "reports") == [
        ".part-folder",
        "ada.html",
        "ada.json",
    ]


def test_a_journal_is_written_anew_beside_planted_links(
    tmp_path: Path, victim: Path
) -> None:
    """Its old lines go, what is in place is still finished, and no link is followed."""
    out = tmp_path / "out"
    with Store(out) as store:
        for number in range(1100):
            report = f"report {number}".encode()
            store.put(f"key {number}", report, b"page", facts("ada"))
    (out / ".grader" / "journal.new").symlink_to(victim)
    (out / ".grader" / ".part-1").symlink_to(victim)
    with Store(out) as store:
        assert (out / ".grader" / "journal").read_bytes().count(b"\n") == 2
        assert store.is_finished("ada", "key 1099")
    assert victim.read_text() == VICTIM


@pytest.mark.parametrize("name", ["lock", "journal"])
def test_a_link_where_the_state_is_kept_is_one_line(
    tmp_path: Path, victim: Path, name: str
) -> None:
    """What is written to as it stands is refused where it is a link."""
    out = tmp_path / "out"
    (out / ".grader").mkdir(parents=True)
    (out / ".grader" / name).symlink_to(victim)
    with pytest.raises(UsageError, match="choose another --output"), Store(out):
        pass
    assert victim.read_text() == VICTIM


@pytest.mark.parametrize("name", ["reports", ".grader"])
def test_a_link_in_the_place_of_a_folder_is_refused(
    tmp_path: Path, name: str
) -> None:
    """Nothing is written to the folder that it leads to."""
    out, away = tmp_path / "out", tmp_path / "away"
    out.mkdir()
    away.mkdir()
    (out / name).symlink_to(away)
    refusal = rf"out: cannot be written \({name} is a link or a file\)"
    with pytest.raises(UsageError, match=refusal), Store(out):
        pass
    assert list(away.iterdir()) == []


@pytest.mark.parametrize("name", ["logs", "unpacked"])
def test_a_link_in_the_place_of_a_working_folder_is_refused(
    tmp_path: Path, name: str
) -> None:
    """Neither logs nor what archives hold are written to where it leads."""
    out, away = tmp_path / "out", tmp_path / "away"
    away.mkdir()
    with Store(out) as store:
        (out / ".grader" / name).symlink_to(away)
        with pytest.raises(UsageError, match=f"{name} is a link or a file"):
            store.own_folder(name)
        (out / ".grader" / name).unlink()
        assert store.own_folder(name) == out / ".grader" / name
        assert (out / ".grader" / name).is_dir()


def test_a_folder_that_is_swapped_keeps_what_is_written(tmp_path: Path) -> None:
    """While a class is graded, its reports go where they went before, and nowhere else."""
    out, away = tmp_path / "out", tmp_path / "away"
    away.mkdir()
    with Store(out) as store:
        put(store, "ada")
        for name in ("reports", ".grader"):
            (out / name).rename(tmp_path / f"kept-{name}")
            (out / name).symlink_to(away)
        put(store, "bob")
        store.put_page("bob", b"another page")
        store.keep("class.json", b"{}")
        store.publish("gradebook.csv", [b"rows"])
        store.remove("ada")
    assert list(away.iterdir()) == []
    assert names(tmp_path / "kept-reports") == [
        "bob.html",
        "bob.json",
    ]
    assert (tmp_path / "kept-.grader" / "class.json").read_bytes() == b"{}"
    assert (out / "gradebook.csv").read_bytes() == b"rows"


def test_the_output_itself_may_be_a_link(tmp_path: Path) -> None:
    """The user named it."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    with Store(tmp_path / "out") as store:
        put(store, "ada")
    assert (tmp_path / "disk" / "reports" / "ada.json").exists()


def test_a_log_that_is_a_link_is_not_written_to(
    tmp_path: Path, victim: Path
) -> None:
    """No grading process starts with it."""
    (tmp_path / "log").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"):
        start(tmp_path / "log", None)
    assert victim.read_text() == VICTIM


def test_a_link_does_not_choose_who_may_read_a_file(
    tmp_path: Path, victim: Path
) -> None:
    """A file keeps the permissions of the one that it replaces, and never those of a target."""
    victim.chmod(0o777)
    (tmp_path / "page.html").symlink_to(victim)
    write_whole(tmp_path / "page.html", b"page")
    assert (tmp_path / "page.html").stat().st_mode & 0o111 == 0
    with Store(tmp_path / "out") as store:
        (tmp_path / "out" / "gradebook.csv").symlink_to(victim)
        store.publish("gradebook.csv", [b"rows"])
        found = (tmp_path / "out" / "gradebook.csv").stat().st_mode
        assert found & 0o111 == 0
        (tmp_path / "out" / "gradebook.csv").chmod(0o600)
        store.publish("gradebook.csv", [b"rows"])
        found = (tmp_path / "out" / "gradebook.csv").stat().st_mode
        assert found & 0o777 == 0o600
