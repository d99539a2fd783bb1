"""Hostile programs, graded by the real command: none earns, survives, escapes or does harm."""

import collections
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from grader.cases import read_secret
from grader.execution import Confinement, open_runner
from grader.exercise import load_exercise, load_solutions
from grader.grading import Grader
from grader.submission import read_submission
from tests.hostile.conftest import Course, Person

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FAMILIES = (
    "lying",
    "stealing",
    "forging",
    "exhausting",
    "leaking",
    "overfitting",
)
RIGHT = (ROOT / "solutions" / "convolution" / "samples" / "right.py").read_text(
    "utf-8"
)
SHADOWS = (
    "numpy.py",
    "sitecustomize.py",
    "json.py",
    "msgspec.py",
    "multiprocessing.py",
    "grader.py",
)
"""Names of modules that the grader imports; here they are submissions."""
OUTSIDE = (
    "/tmp",  # noqa: S108 - nothing is written there
    "/var/tmp",  # noqa: S108 - as above
    "/dev/shm",  # noqa: S108 - as above
    "/run",
    "/run/lock",
    "/var/crash",
    "/dev/mqueue",
)
"""Where everybody may write."""
LEFT = "hostile-left"
OTHER = "nobody" if os.geteuid() == 0 else "self"
WAYS = [("self", 3, ()), (OTHER, 2, ()), (OTHER, 1, ("exhausting",))]
"""Who grades, with how many jobs, and which families are left out: one job waits for each hang."""
REAL = (
    "exhausting_descriptors_by_clone",
    "exhausting_descriptors_by_clone3",
    "exhausting_descriptors_by_unshare",
    "exhausting_descriptors_of_a_thread",
    "exhausting_flushes_to_the_disk",
    "exhausting_pipe_sizes",
    "exhausting_urgent_bytes",
    "exhausting_urgent_bytes_that_are_read",
    "forging_results_by_path",
    "forging_rights_of_the_owner",
    "forging_rights_of_the_owner_afterwards",
    "forging_rights_of_the_owner_by_creat",
    "forging_rights_of_the_owner_by_mknod",
    "forging_rights_of_the_owner_by_open",
    "forging_rights_of_the_owner_by_openat2",
    "forging_signals",
    "leaking_file_locks_1",
    "leaking_free_blocks",
    "leaking_link_targets",
    "leaking_load_of_the_machine",
    "leaking_processes_of_others",
    "leaking_processor_times",
    "leaking_processor_times_by_sleeping",
    "leaking_waits_in_a_shared_file",
    "stealing_earlier_results",
    "stealing_fork_by_number",
    "stealing_grader_package",
    "stealing_hidden_cases",
    "stealing_network",
    "stealing_notebook_shell",
    "stealing_other_programs",
    "stealing_other_submissions",
    "stealing_proc",
    "stealing_scratch_folders_of_others",
    "stealing_solution_by_descriptor_paths",
    "stealing_solution_by_import",
    "stealing_solution_by_path",
    "stealing_solution_by_search",
)
"""Programs that do no harm without confinement, and answer right when they get through."""
NOT_IN_A_KERNEL = {"stealing_inherited_descriptors"}
"""A kernel has an event loop, and so more descriptors than the four that this program expects."""


class Program(NamedTuple):
    """A hostile program, and what must become of it."""

    path: Path
    tries: str
    must: str
    verdicts: frozenset[str]
    statuses: frozenset[str]
    score: float

    @property
    def family(self) -> str:
        """The first word of its name."""
        return self.path.name.partition("_")[0]


def read_program(path: Path) -> Program:
    """Read the header of a program. Raises AssertionError if it does not say what it tries."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        text = "".join(msgspec.json.decode(text)["cells"][0]["source"])
    head = re.match(
        r'"""Tries: (.+?)\nMust: (.+?)"""\n# expect: ([a-z_, ]+)\n((?:# \w+: [\w, ]+\n)*)',
        text,
        re.DOTALL,
    )
    assert head is not None, (
        f"{path.name} does not begin with Tries, Must and what to expect"
    )
    more = dict(re.findall(r"# (\w+): ([\w, ]+)\n", head[4]))
    return Program(
        path=path,
        tries=head[1],
        must=head[2],
        verdicts=frozenset(head[3].split(", ")),
        statuses=frozenset(more.pop("status", "graded").split(", ")),
        score=float(more.pop("score", 0)),
    )


def all_programs() -> list[Program]:
    """List every program."""
    return [
        read_program(path)
        for path in sorted((HERE / "programs").iterdir())
        if path.suffix in {".py", ".ipynb"}
    ]


def notebook(source: str) -> str:
    """Make a notebook of one cell."""
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
    }
    cells = [{**cell, "execution_count": None}]
    return json.dumps(
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    )


def verdicts(report: dict[str, Any]) -> set[str]:
    """Collect the verdicts of a report's cases."""
    return {case["verdict"] for case in report["cases"]}


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def outside() -> list[str]:
    """List the places where hostile programs have left something."""
    return [place for place in OUTSIDE if Path(place, LEFT).exists()]


def faults(program: Program, report: dict[str, Any]) -> list[str]:
    """Say how a report differs from what the program must get."""
    found = []
    name, status, score = program.path.name, report["status"], report["score"]
    if status not in program.statuses or score != program.score:
        found.append(f"{name}: {status}, {score} points: {report['message']}")
    if not verdicts(report) <= program.verdicts:
        wanted = sorted(program.verdicts)
        found.append(f"{name}: {sorted(verdicts(report))}, not only {wanted}")
    return found


def hand_in(course: Course, programs: list[Program]) -> None:
    """Hand in the programs, a right solution after each, and names and links that are attacks."""
    course.submit("aa_right.py", RIGHT)
    for program in programs:
        course.submit(program.path.name, program.path.read_text("utf-8"))
        course.submit(f"{program.path.stem}_then_right.py", RIGHT)
    shadow = (HERE / "programs" / "forging_shadow_modules.py").read_text(
        "utf-8"
    )
    for name in SHADOWS:
        course.submit(name, shadow)
    # Neither the name of a file nor where a link leads may stop the class.
    course.submit(os.fsdecode(b"no text \xff\xfe.py"), RIGHT)
    link = course.submissions / "a_link_to_the_reference.py"
    link.symlink_to(course.solutions / "reference.py")


def grade_class(person: Person, course: Course, jobs: int) -> None:
    """Grade all submissions with the real command, which must leave no process."""
    person.owns(course.output, course.tmp, course.submissions, course.canary)
    done = person.run(
        "grade",
        ".",
        "--solutions",
        str(course.solutions.parent),
        "--output",
        str(course.output),
        "--jobs",
        str(jobs),
        # Some programs would do harm where they are not confined.
        "--require-isolation",
        "full",
        cwd=course.submissions,
        tmp=course.tmp,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr.endswith("alive: 0\n"), done.stderr[-300:]


@pytest.mark.parametrize(("who", "jobs", "without"), WAYS, ids=str)
def test_no_program_gets_through(
    people: dict[str, Person],
    course: Course,
    who: str,
    jobs: int,
    without: tuple[str, ...],
) -> None:
    """Graded as one class, each program gets its verdict, and the right one after it 4 of 4.

    Nothing is left of any: no process, no file, nothing changed beside the submissions.
    """
    programs = [
        program for program in all_programs() if program.family not in without
    ]
    hand_in(course, programs)
    guarded = (course.submissions, course.canary, course.solutions)
    before = [contents(folder) for folder in guarded]

    grade_class(people[who], course, jobs)

    assert [contents(folder) for folder in guarded] == before
    assert list(course.tmp.iterdir()) == []
    assert outside() == []
    reports = {
        path.name.removesuffix(".json"): json.loads(path.read_bytes())
        for path in course.reports()
    }
    found: list[str] = []
    for program in programs:
        found += faults(program, reports[program.path.name])
    assert found == []
    rights = [name for name in reports if name.endswith("_right.py")]
    assert len(rights) == len(programs) + 1
    assert [name for name in rights if reports[name]["score"] != 4] == []
    assert {reports[name]["score"] for name in SHADOWS} == {0}
    linked = reports["a_link_to_the_reference.py"]
    assert linked["status"] == "not_gradable"
    assert "def " not in json.dumps(linked)


def test_no_program_gets_through_as_a_notebook(
    people: dict[str, Person], course: Course
) -> None:
    """Handed in as the one cell of a notebook, no program earns more than as a file."""
    programs = [one for one in all_programs() if one.path.suffix == ".py"]
    programs = [one for one in programs if one.path.stem not in NOT_IN_A_KERNEL]
    for program in programs:
        source = program.path.read_text("utf-8")
        course.submit(f"{program.path.stem}.ipynb", notebook(source))
    for name in ("aa_right", "mm_right", "zz_right"):
        course.submit(f"{name}.ipynb", notebook(RIGHT))

    grade_class(people["self"], course, 3)

    assert list(course.tmp.iterdir()) == []
    assert outside() == []
    scores = {}
    for path in course.reports():
        report = json.loads(path.read_bytes())
        scores[path.name.removesuffix(".ipynb.json")] = report["score"]
    assert [scores.pop(f"{two}_right") for two in ("aa", "mm", "zz")] == [
        4,
        4,
        4,
    ]
    assert scores == {program.path.stem: program.score for program in programs}


def test_the_attacks_are_real(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same programs earn full marks without confinement: it is what stops them."""
    monkeypatch.setenv("GRADER_SECRET", "anything")
    exercise = load_exercise(course.exercise)
    course.submit("aa_right.py", RIGHT)
    (course.output / "reports").mkdir()
    nothing = Confinement(landlock=False, seccomp=False)
    with open_runner(
        exercise, solutions=course.solutions, confinement=nothing
    ) as runner:
        grader = Grader(
            exercise,
            load_solutions(exercise, course.solutions),
            read_secret(None, os.environ),
            runner,
        )
        for name in REAL:
            path = next((HERE / "programs").glob(f"{name}.*"))
            course.submit(path.name, path.read_text("utf-8"))
            report = grader.grade(
                read_submission(course.submissions / path.name, exercise)
            )
            assert report.score == 4, f"{name}: {report.message}"


def test_with_the_limits_that_are_shipped(
    people: dict[str, Person], course: Course
) -> None:
    """A program that kills itself for one size loses that size alone, with the usual limits too."""
    course.submit(
        "dies.py",
        (HERE / "programs" / "exhausting_one_size_dies.py").read_text("utf-8"),
    )
    done = people["self"].run(
        "grade",
        "dies.py",
        "--solutions",
        str(ROOT / "solutions"),
        "--format",
        "json",
        cwd=course.submissions,
        tmp=course.tmp,
    )
    report = json.loads(done.stdout)
    found = {case["name"]: case["verdict"] for case in report["cases"]}
    assert found.pop("10x10") == "crashed"
    assert set(found.values()) == {"passed"}
    assert report["score"] == 3
    assert list(course.tmp.iterdir()) == []


def test_every_program_says_what_it_tries() -> None:
    """Each begins with what it tries, what must happen, and the verdicts that are allowed."""
    programs = all_programs()
    assert len(programs) == len(list((HERE / "programs").iterdir()))
    assert {program.family for program in programs} == set(FAMILIES)
    assert len({program.tries for program in programs}) >= 80
    # Right on purpose, but for one size: whoever hangs or dies there keeps the others.
    assert [program.score for program in programs if program.score] == [3, 3, 3]


def test_the_figures_in_the_documentation_are_true() -> None:
    """docs/security.md counts the programs of each family right, and names only what exists."""
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    told = {
        family: int(count)
        for family, count in re.findall(r"(?m)^\| `(\w+)_\*` \| (\d+) \|", text)
    }
    assert told == dict(
        collections.Counter(program.family for program in all_programs())
    )
    assert f"{len(all_programs())} hostile programs" in text
    assert f"{len(REAL)} of the programs" in text
    tests = "".join(
        path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")
    )
    assert [
        name
        for name in re.findall(r"`(test_\w+)`", text)
        if f"def {name}(" not in tests
    ] == []
    pattern = rf"`((?:{'|'.join(FAMILIES)})_[a-z0-9_]+)`"
    assert [
        name
        for name in re.findall(pattern, text)
        if not list((HERE / "programs").glob(f"{name}.*"))
    ] == []
