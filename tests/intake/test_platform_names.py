"""What each platform's names say: who, when, which attempt, and what the file was called."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.intake.downloads import (
    autolab,
    blackboard,
    brightspace,
    canvas,
    github_classroom,
    google_classroom,
    gradescope,
    moodle,
    nbgrader,
    sakai,
)
from grader.intake.downloads.gradescope import (
    Submission,
    Submitter,
    read_metadata,
)
from grader.intake.downloads.handed_in import Below, HandedIn, Level
from grader.intake.sources import File, Place
from grader.opening import Folder, Patience

Read = Callable[[str], HandedIn | None]


def handed(
    name: str, qualifier: str, called: str = "", **more: object
) -> HandedIn:
    """Return what a layout says about a name."""
    return HandedIn(name, qualifier, called, **more)  # type: ignore[arg-type] # its fields


ADA = "ada@uni.example"
NOON = "2026-11-22T12:05:09"
NAMES: list[tuple[Read, str, HandedIn | None]] = [
    (
        autolab.read_name,
        f"{ADA}_3_a.py",
        handed(ADA, ADA, "a.py", email=ADA, attempt=3),
    ),
    (
        autolab.read_name,
        f"{ADA}_123456_a_b.py",
        handed(ADA, ADA, "a_b.py", email=ADA, attempt=123456),
    ),
    *(
        (autolab.read_name, name, None)
        for name in (
            f"{ADA}_1234567_a.py",
            f"{ADA}_a.py",
            f"{ADA}_3_",
            "ada_3_a.py",
            "a b@uni.example_3_a.py",
            "ada@uni_3_a.py",
            "ada@@uni.example_3_a.py",
        )
    ),
    (
        blackboard.read_name,
        "gradebook_CS_HW_1_al1_attempt_2026-11-22-12-05-09_a_b.py",
        handed("al1", "al1", "a_b.py", at=NOON),
    ),
    (
        blackboard.read_name,
        "gradebook_CS_HW_al1_attempt_2026-11-22-12-05-09.txt",
        handed("al1", "al1", at=NOON, is_metadata=True),
    ),
    *(
        (blackboard.read_name, name, None)
        for name in (
            "_al1_attempt_2026-11-22-12-05-09_a.py",
            "x_al1_attempt_2026-11-22_a.py",
            "x_al1_attempt_2026-11-22-12-05-09.py",
            "x_al1_2026-11-22-12-05-09_a.py",
        )
    ),
    *(
        (
            brightspace.read_name,
            f"12-34 - Ada - {when}",
            handed("Ada", "12", at=at, label=when),
        )
        for when, at in (
            ("Nov 22, 2026 910 PM", "2026-11-22T21:10:00"),
            ("November 22, 2026 9:10 AM", "2026-11-22T09:10:00"),
            ("Nov 22 2026 12:05 PM", "2026-11-22T12:05:00"),
            ("22 Nov, 2026 2110", "2026-11-22T21:10:00"),
            ("22. November 2026, 21h10", "2026-11-22T21:10:00"),
            ("2026-11-22 21.10", "2026-11-22T21:10:00"),
            ("22 novembre 2026 2110", ""),
            ("Nov 31, 2026 910 PM", ""),
            ("Nov 22, 2026 9910", ""),
        )
    ),
    (
        brightspace.read_name,
        "12-34 - Ada - B - Nov 22, 2026 910 PM - a - b.py",
        handed(
            "Ada - B",
            "12",
            "a - b.py",
            at="2026-11-22T21:10:00",
            label="Nov 22, 2026 910 PM",
        ),
    ),
    (
        brightspace.read_name,
        "12-34 - Nov 22, 2026 910 PM",
        handed(
            "Nov 22, 2026 910 PM", "12", label="12-34 - Nov 22, 2026 910 PM"
        ),
    ),
    (
        brightspace.read_name,
        "12-34 - Ada - soon",
        handed("Ada - soon", "12", label="12-34 - Ada - soon"),
    ),
    *(
        (brightspace.read_name, name, None)
        for name in ("12 - Ada", "12-34 Ada", "a-34 - Ada")
    ),
    (
        canvas.read_name,
        "lovelaceada_12_345_a.py",
        handed("lovelaceada", "12", "a.py", version=(3, 3, 4, 5)),
    ),
    (
        canvas.read_name,
        "lo_ve_LATE_12_345_a-1.py",
        handed("lo_ve", "12", "a.py", late=True, version=(3, 3, 4, 5)),
    ),
    (
        canvas.read_name,
        "a_12_34_work.tar-12.gz",
        handed("a", "12", "work.tar.gz", version=(2, 3, 4)),
    ),
    (
        canvas.read_name,
        "a_12_34_b-12345.py",
        handed("a", "12", "b-12345.py", version=(2, 3, 4)),
    ),
    (
        canvas.read_name,
        "a_12_34_b-1",
        handed("a", "12", "b-1", version=(2, 3, 4)),
    ),
    (
        canvas.read_name,
        "anon_Ab3x9_78_a.py",
        handed("anon_Ab3x9", "Ab3x9", "a.py", version=(2, 7, 8)),
    ),
    (
        canvas.read_name,
        "LATE_anon_12_78_a.py",
        handed("anon_12", "12", "a.py", late=True, version=(2, 7, 8)),
    ),
    (
        canvas.read_name,
        "anon_12_78_90_a.py",
        handed("anon_12", "12", "90_a.py", version=(2, 7, 8)),
    ),
    *(
        (canvas.read_name, name, None)
        for name in (
            "a_1_34_b.py",
            "a_12_3_b.py",
            "a_12_34_",
            "_12_34_b",
            "a.py",
        )
    ),
    (
        moodle.read_name,
        "Ada L_12_assignsubmission_file",
        handed("Ada L", "12"),
    ),
    (
        moodle.read_name,
        "Ada L_12_assignsubmission_file_a_b.py",
        handed("Ada L", "12", "a_b.py"),
    ),
    (
        moodle.read_name,
        "Ada_12_assignsubmission_onlinetext_",
        handed("Ada", "12"),
    ),
    (
        moodle.read_name,
        "Default group_assignsubmission_file_a",
        handed("Default group", "", "a"),
    ),
    (
        moodle.read_name,
        "Participant_12_assignsubmission_file_",
        handed("Participant 12", "12"),
    ),
    (
        moodle.read_name,
        "Participant_assignsubmission_file_",
        handed("Participant", ""),
    ),
    (moodle.read_name, "a_b_1_assignsubmission_file_", handed("a_b", "1")),
    *(
        (moodle.read_name, name, None)
        for name in (
            "Ada_12_file",
            "_assignsubmission_file",
            "a_assignsubmission_F_",
        )
    ),
    (
        nbgrader.read_inbound,
        "ada+ps1+2026-11-22 12:05:09.123456 UTC",
        handed("ada", "ada", at=f"{NOON}Z"),
    ),
    (
        nbgrader.read_inbound,
        "a+b+ps1+2026-11-22 12:05:09 +0100+x1",
        handed("a+b", "a+b", at=f"{NOON}+0100"),
    ),
    (
        nbgrader.read_inbound,
        "ada+ps1+2026-11-22 12:05:09",
        handed("ada", "ada", at=NOON),
    ),
    *(
        (nbgrader.read_inbound, name, None)
        for name in ("ada+ps1", "ada+2026-11-22 12:05:09 UTC", "ada")
    ),
    (sakai.read_name, "Lovelace, Ada(al1)", handed("Ada Lovelace", "al1")),
    (sakai.read_name, "Ada(al1)", handed("Ada", "al1")),
    (
        sakai.read_name,
        "Lovelace, Ada(al1)_Submission attachment(s)_a_b.py",
        handed("Ada Lovelace", "al1", "a_b.py"),
    ),
    (
        sakai.read_name,
        "Lovelace, Ada(al1)_submissionText.html",
        handed("Ada Lovelace", "al1"),
    ),
    (sakai.read_name, "Ada (al1)_timestamp.txt", handed("Ada", "al1")),
    *(
        (sakai.read_name, name, None)
        for name in ("Ada", "Ada()", "(al1)", "Ada(al1)_a.py", "Ada(a)(b)")
    ),
]


@pytest.mark.parametrize(("read", "name", "said"), NAMES)
def test_a_name_says_who_handed_in_what(
    read: Read, name: str, said: HandedIn | None
) -> None:
    """Name, number, file and time are told; a name of another form says nothing."""
    assert read(name) == said


@pytest.mark.parametrize(
    ("read", "text", "when"),
    [
        (sakai.read_time, " 20261122120509123\n", NOON),
        (sakai.read_time, "20261122120509", NOON),
        (sakai.read_time, "202611221205", ""),
        (sakai.read_time, "20261122120509123 x", ""),
        (sakai.read_time, f"{NOON}Z", f"{NOON}Z"),
        (sakai.read_time, "2026-11-22T12:05", "2026-11-22T12:05"),
        (sakai.read_time, f"{NOON}.25+01:00", f"{NOON}.25+01:00"),
        (sakai.read_time, f"at {NOON}", ""),
        (nbgrader.read_time, "2026-11-22 12:05:09.123456 UTC", f"{NOON}Z"),
        (nbgrader.read_time, "\n2026-11-22 12:05:09Z more", f"{NOON}Z"),
        (nbgrader.read_time, "2026-11-22 12:05:09 -05:00", f"{NOON}-05:00"),
        (nbgrader.read_time, "2026-11-22 12:05", ""),
        (nbgrader.read_time, "at 2026-11-22 12:05:09", ""),
    ],
)
def test_a_file_with_a_time_is_read(
    read: Callable[[str], str], text: str, when: str
) -> None:
    """In the forms that the platform writes; another form says nothing."""
    assert read(text) == when


# ------------------------------------------------------------- what all names of a level show

Make = Callable[..., Level]


@pytest.fixture
def level(tmp_path: Path) -> Make:
    """Return a function that makes a level of a download of these files."""

    def _level(files: dict[str, str], above: str = "") -> Level:
        folder = Folder(tmp_path, Patience())
        below = []
        for path, text in files.items():
            parts = tuple(path.split("/"))
            target = tmp_path.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
            file = File(parts, Place(folder, parts), peeked=True)
            below.append(Below(parts, file))
        names = frozenset(each.parts[0] for each in below)
        return Level(names, tuple(below), above)

    return _level


def names_of(
    read: Read | None, *names: str
) -> list[tuple[str, str] | None] | None:
    """Return student and number of each name; None where it is not this platform's."""
    if read is None:
        return None
    found = [read(name) for name in names]
    return [each and (each.name, each.qualifier) for each in found]


def test_github_names_a_repository_after_its_user(level: Make) -> None:
    """The assignment's name is what all have in common, up to a hyphen, or that of the folder."""
    both = {"hw-1-ada/.git/x": "", "hw-1-adam/.github/x": ""}
    read = github_classroom.reader(level(both))
    assert names_of(read, "hw-1-ada", "hw-1-adam", "hw-1-", "other") == [
        ("ada", "ada"),
        ("adam", "adam"),
        None,
        None,
    ]
    above = github_classroom.reader(level(both, "hw-submissions"))
    assert names_of(above, "hw-1-ada") == [("1-ada", "1-ada")]
    other = github_classroom.reader(level(both, "lab-submissions"))
    assert names_of(other, "hw-1-ada") == [("ada", "ada")]
    assert github_classroom.reader(level({"hw-ada/.git/x": ""})) is None
    alone = github_classroom.reader(
        level({"hw-ada/.git/x": ""}, "hw-submissions")
    )
    assert names_of(alone, "hw-ada") == [("ada", "ada")]


def test_most_folders_of_github_are_repositories(level: Make) -> None:
    """Half of them are not enough, unless a roster says whose they are."""
    files = {"hw-ada/.git/x": "", "hw-bob/a.py": ""}
    assert github_classroom.reader(level(files)) is None
    assert (
        github_classroom.reader(level({**files, "hw-cy/.git/x": ""}))
        is not None
    )
    assert (
        github_classroom.reader(level({"ada/.git/x": "", "bob/.git/x": ""}))
        is None
    )
    roster = "identifier,github_username,github_id,name\n"
    rows = "al1,ADA,1,Ada L\nb@uni.example,bob,2,\n,cy,3,\n,,4,Dee\n"
    found = level(
        {**files, "hw-cy/a.py": "", "classroom_roster.csv": roster + rows}
    )
    read = github_classroom.reader(found)
    assert read is not None
    assert [read(f"hw-{user}") for user in ("ada", "bob", "cy")] == [
        handed("Ada L", "ADA", id="al1"),
        handed(
            "b@uni.example", "bob", id="b@uni.example", email="b@uni.example"
        ),
        handed("cy", "cy"),
    ]


def test_google_classroom_puts_the_student_before_the_title(
    level: Make,
) -> None:
    """Most have one title, whatever number or suffix it has; two of four are not most."""
    files = {"Ada - B - hw.py": "", "Bob - HW (1).py": "", "roster.csv": ""}
    read = google_classroom.reader(level(files))
    assert names_of(read, *files, "Cy - other.py", " - hw.py") == [
        ("Ada - B", ""),
        ("Bob", ""),
        None,
        None,
        None,
    ]
    assert google_classroom.reader(level({**files, "x.py": ""})) is None
    assert google_classroom.reader(level({"Ada - hw.py": ""})) is None
    assert google_classroom.reader(level({"a.py": "", "b.py": ""})) is None


def test_moodle_names_groups_and_people_who_are_anonymous(level: Make) -> None:
    """A hyphen is a group's only where two share one, or somebody is in none."""
    end = "assignsubmission_file_/a"

    def read(*names: str) -> list[HandedIn | None]:
        files = {f"{name}_{end}": "" for name in names}
        reader = moodle.reader(level(files))
        return [reader(f"{name}_{end}".partition("/")[0]) for name in names]

    assert read("A-Ada_1", "A-Bob_2") == [
        handed("Ada", "1", group="A"),
        handed("Bob", "2", group="A"),
    ]
    assert read("A-Ada_1", "Default group-Bob_2") == [
        handed("Ada", "1", group="A"),
        handed("Bob", "2"),
    ]
    assert read("A-Ada_1", "B-Bob_2") == [
        handed("A-Ada", "1"),
        handed("B-Bob", "2"),
    ]
    assert read("A-Ada_1", "A-Bob_2", "Cy_3")[0] == handed("A-Ada", "1")
    assert read("Teilnehmerin_1", "Teilnehmerin_2") == [
        handed("Teilnehmerin 1", "1"),
        handed("Teilnehmerin 2", "2"),
    ]
    assert read("Participant_1", "Participant_2") == [
        handed("Participant 1", "1"),
        handed("Participant 2", "2"),
    ]
    assert read("Ada_1") == [handed("Ada", "1")]


def test_blackboards_text_files_have_the_names(level: Make) -> None:
    """The first line is Blackboard's, if it is about the user of that file."""
    start = "gradebook_CS_HW_{}_attempt_2026-11-22-12-05-09{}"
    texts = {
        "al1": "Name: Ada Lovelace (al1)\nName: Eve (al1)",
        "bo2": "Name: Eve (al1)",
        "cy3": "\nName: Cy (cy3)",
        "de4": f"Name: {'D' * 201} (de4)",
    }
    files = {start.format(user, ".txt"): text for user, text in texts.items()}
    files[start.format("ed5", "_a.txt")] = "Name: Ed (ed5)"
    read = blackboard.reader(level(files))
    assert names_of(
        read, *(start.format(user, "_a.py") for user in (*texts, "ed5"))
    ) == [
        ("Ada Lovelace", "al1"),
        *((user, user) for user in ("bo2", "cy3", "de4", "ed5")),
    ]
    assert read("a.py") is None


def test_canvas_numbers_each_attachment(level: Make) -> None:
    """A number that most files share is a teacher's, and no student's."""
    own = {"ada_10_77_a.py": "", "bob_11_78_a.py": ""}
    assert canvas.reader(level(own)) is not None
    shared = {"lab_2024_10_ada.py": "", "lab_2024_10_bob.py": ""}
    assert canvas.reader(level(shared)) is None
    assert canvas.reader(level({})) is None


def test_sakai_is_known_by_its_own_folders_and_files(level: Make) -> None:
    """A name with something in brackets is not enough."""
    for path in (
        "Ada(al1)/Submission attachment(s)/a.py",
        "Ada(al1)/Feedback Attachment(s)/a.py",
        "Ada(al1)_Submission attachment(s)_a.py",
    ):
        assert sakai.reader(level({path: ""})) is not None
    for path in (
        "a (1)/b/c.py",
        "Ada/Submission attachment(s)/a.py",
        "a(1).py",
    ):
        assert sakai.reader(level({path: ""})) is None
    found = level(
        {
            "Ada(al1)/Submission attachment(s)/a.py": "",
            "Ada(al1)/timestamp.txt": "20261122120509",
            "Bob(bo2)/deep/timestamp.txt": "20261122120509",
        }
    )
    read = sakai.reader(found)
    assert read is not None
    assert read("Ada(al1)") == handed("Ada", "al1", at=NOON)
    assert read("Bob(bo2)") == handed("Bob", "bo2")
    assert read("x") is None


def test_nbgrader_is_known_by_its_times_or_by_the_folder_above(
    level: Make,
) -> None:
    """The latest time of a student's counts; a file beside the folders is nobody's."""
    files = {
        "ada/ps1/a.ipynb": "",
        "ada/ps1/timestamp.txt": "2026-11-22 12:05:09",
        "ada/ps2/timestamp.txt": "2026-11-21 12:05:09",
        "bob/ps1/a.ipynb": "",
        "cy/a.ipynb": "",
    }
    assert nbgrader.reader(level(files)) is None
    read = nbgrader.reader(level(files, "submitted"))
    assert read is not None
    assert read("ada") == handed("ada", "ada", at=NOON)
    assert read("bob") == handed("bob", "bob")
    assert read("cy") is None
    inbound = {"ada+ps1+2026-11-22 12:05:09 UTC/a.ipynb": "", "x/a.py": ""}
    assert nbgrader.reader(level(inbound)) is nbgrader.read_inbound
    sakais = {**files, "Ada(a)/Submission attachment(s)/a.py": ""}
    assert nbgrader.reader(level(sakais, "submitted")) is None


METADATA = """\
submission_12:
  :submitters:
  - :name: Ada L
    :sid: '31'
    :email: ada@uni.example
  - :name: "B\\u00f6b"
    :sid:
    :email: ~
  :created_at: 2026-11-22 12:05:09.123 UTC
  :history:
  - :submitters:
    - :name: Eve
submission_13:
  submitters: &1
    -   name: 'O''Neil'
        other: 1
  created_at: "2026-11-22T12:05:09+01:00"
submission_14:
  :created_at: yesterday
  :submitters:
  - :name: Cy
    :results:
      :name: Eve
submission_15:
  :submitters:
  - :sid: 5
other:
  :submitters:
  - :name: Eve
"submission_16":
  :submitters:
  - :name: &a Dee
  - :name: *a
  text: |
    :submitters:
    - :name: Eve
submission_12:
  :submitters:
  - :name: Eve
"""


def test_gradescopes_metadata_have_names_ids_and_times() -> None:
    """The first list of submitters among a submission's own keys counts, and nobody's text."""
    assert read_metadata(METADATA) == {
        "submission_12": Submission(
            (
                Submitter("Ada L", "31", "ada@uni.example"),
                Submitter("B\xf6b"),
            ),
            f"{NOON}Z",
        ),
        "submission_13": Submission((Submitter("O'Neil"),), f"{NOON}+01:00"),
        "submission_14": Submission((Submitter("Cy"),)),
        "submission_16": Submission((Submitter("Dee"),)),
    }
    assert read_metadata("") == {}
    assert read_metadata("  a: 1\n") == {}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"a\\x41\\u0042\\U00000043"', "aABC"),
        (
            '"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\"\\/\\\\"',
            '\0\a\b\t\n\v\f\r\x1b "/\\',
        ),
        ('"\\N\\_\\L\\P"', "\x85\xa0\u2028\u2029"),
        ('"\\q\\U00110000"', "\\q\\U00110000"),
        ('"\\U0010ffff"', "\U0010ffff"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\ud83d"', "\ufffd"),
        ("'it''s'", "it's"),
        ("null of", "null of"),
        ("&x1  Ada", "Ada"),
    ],
)
def test_a_name_of_gradescopes_is_read_as_yaml(written: str, name: str) -> None:
    """With all that YAML allows after a backslash; half a character is replaced."""
    text = f"submission_1:\n  :submitters:\n  - :name: {written}\n"
    assert read_metadata(text)["submission_1"].submitters[0].name == name


def test_gradescope_joins_those_who_handed_in_together(level: Make) -> None:
    """Each has an id of their own, or an address, or a name; the group has the names of all."""
    read = gradescope.reader(level({"submission_metadata.yml": METADATA}))
    assert read is not None
    team = read("submission_12")
    assert team is not None
    ada, bob = team.team
    together = "Ada L & B\xf6b"
    assert ada == handed(
        "Ada L", "12", at=f"{NOON}Z", email="ada@uni.example", id="31",
        member="Ada L", group=together,
    )  # fmt: skip
    assert (bob.key, bob.group) == ("12 B\xf6b", together)
    alone = read("submission_13")
    assert alone is not None
    assert (alone.name, alone.key, alone.group) == ("O'Neil", "13 ", "")
    unknown = read("submission_99")
    assert unknown is not None
    assert (unknown.name, unknown.qualifier) == ("submission_99", "99")
    assert read("x") is None
    assert gradescope.reader(level({"a/submission_metadata.yml": ""})) is None


def test_whom_a_platform_means_is_known_by_id_or_number_or_name() -> None:
    """Two spellings of one name without a number are one student."""
    assert handed("Ada", "1", id="x").key == "x"
    assert handed("Ada", "", id="x").key == "x"
    assert handed("Ada", "1", member="m").key == "1 m"
    assert (
        handed("JO\u0308RG", "").key == handed("j\xf6rg", "").key == " j\xf6rg"
    )
