"""Levels are what was tried and refused, not what a version number promises."""

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.execution import (
    Confinement,
    Runner,
    doctor,
    libseccomp,
    open_runner,
    probe,
)
from grader.execution.probe import Attempt
from tests.execution.conftest import (
    RIGHT,
    WITHOUT_CALLS,
    AsNobody,
    cases,
    exercise_with,
    submission,
)

FILES = {
    "read the solutions",
    "read a file of the machine",
    "read /proc",
    "write outside of the scratch folder",
}
SYSTEM = {
    "open a network connection",
    "open a local socket",
    "start a process",
    "run another program",
}


def opened(solutions: Path, **switches: bool) -> Runner:
    """Open a runner with mechanisms switched off."""
    return open_runner(
        exercise_with(load_s=20.0),
        solutions=solutions,
        confinement=Confinement(**switches),
    )


def blocked(runner: Runner) -> set[str]:
    """List what the probe was refused."""
    return {attempt.name for attempt in runner.attempts if attempt.blocked}


def test_everything_is_refused_where_the_machine_has_everything(
    runner: Runner,
) -> None:
    """Full: each attempt was refused, and the mechanisms are named."""
    assert runner.isolation.level == "full"
    assert {attempt.name for attempt in runner.attempts} >= FILES | SYSTEM
    assert all(attempt.blocked for attempt in runner.attempts)
    assert {"seccomp", "rlimits", "no-new-privs", "fork-server"} < set(
        runner.isolation.mechanisms
    )
    assert runner.missing == ()


def test_without_landlock_files_are_open(solutions: Path) -> None:
    """Partial: the probe read the solutions, and no process or socket was to be had."""
    with opened(solutions, landlock=False) as runner:
        assert runner.isolation.level == "partial"
        assert not blocked(runner) & FILES
        assert blocked(runner) >= SYSTEM
        assert any("Landlock" in line for line in runner.missing)
        assert not any(
            name.startswith("landlock") for name in runner.isolation.mechanisms
        )


def test_without_seccomp_sockets_are_open(solutions: Path) -> None:
    """Partial: files are closed, sockets can be made."""
    with opened(solutions, seccomp=False) as runner:
        assert runner.isolation.level == "partial"
        assert blocked(runner) >= FILES
        assert "open a network connection" not in blocked(runner)
        assert any("seccomp" in line for line in runner.missing)
        assert "seccomp" not in runner.isolation.mechanisms


@pytest.mark.parametrize(
    "switches", [{"landlock": False, "seccomp": False}, {"fork_server": False}]
)
def test_without_both_there_is_none(
    solutions: Path, switches: dict[str, bool]
) -> None:
    """None: the solutions and the network are open, and the report will say so."""
    with opened(solutions, **switches) as runner:
        assert runner.isolation.level == "none"
        assert {"read the solutions", "open a network connection"}.isdisjoint(
            blocked(runner)
        )
        assert "see the environment of the grader" in blocked(runner)
        assert runner.missing


def test_a_level_is_the_least_of_what_was_refused() -> None:
    """One attempt that succeeds takes `full` away, and one in each group leaves `none`."""
    attempts = tuple(
        Attempt(name, blocked=True, mechanism=group)
        for group, names in probe._GROUPS.items()  # noqa: SLF001 - the table that is tested
        for name in names
    )
    assert probe.level(attempts) == "full"
    for number, attempt in enumerate(attempts):
        opened_one = (
            *attempts[:number],
            Attempt(attempt.name, blocked=False, mechanism=attempt.mechanism),
            *attempts[number + 1 :],
        )
        assert probe.level(opened_one) == "partial"
    assert (
        probe.level(
            tuple(
                Attempt(one.name, blocked=False, mechanism=one.mechanism)
                for one in attempts
            )
        )
        == "none"
    )


def test_the_doctor_tells_what_is_missing(
    solutions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every attempt has a line, and what is missing says how to get it."""
    lines = list(doctor.examine(exercise_with(), solutions))
    assert any(line.startswith("isolation: full") for line in lines)
    monkeypatch.setattr(libseccomp, "_SONAME", "libnothing.so.1")
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)
    libseccomp._library.cache_clear()  # noqa: SLF001 - it has been found already
    lines = list(doctor.examine(exercise_with(), None))
    assert any(line.startswith("isolation: partial") for line in lines)
    assert any("NOT REFUSED" in line for line in lines)
    assert any("install the system's libseccomp2" in line for line in lines)


ASK = """
import sys
from pathlib import Path
from tests.execution.conftest import RIGHT, cases, exercise_with, submission
from grader.execution import open_runner
if __name__ == "__main__":
    with open_runner(exercise_with()) as runner:
        execution = runner.run(submission(RIGHT), cases(1))
        kinds = {outcome.kind for outcome in execution.outcomes}
        print(runner.isolation.level, *kinds, runner.missing)
"""


@pytest.mark.parametrize(
    ("calls", "level", "missing"),
    [
        (
            "landlock_create_ruleset",
            "partial",
            "Landlock: this kernel does not offer it",
        ),
        ("clone3", "full", "()"),
        ("pidfd_open", "none", "fork server"),
        ("close_range", "full", "()"),
    ],
)
def test_an_old_kernel_is_noticed(
    calls: str, level: str, missing: str, tmp_path: Path
) -> None:
    """Where a system call does not exist, grading goes on, and less is claimed."""
    root = Path(__file__).parents[2]
    (tmp_path / "ask.py").write_text(ASK, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_CALLS, calls, str(tmp_path / "ask.py")],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"{level} returned ")
    assert missing in done.stdout


def test_grading_needs_nothing_that_only_linux_has(tmp_path: Path) -> None:
    """Without `resource`, `fcntl`, fork and AF_UNIX, the fallback grades all the same."""
    code = f"""
import sys, os, socket, select
for name in ("resource", "fcntl", "grader.execution.libseccomp", "termios", "pwd", "grp"):
    sys.modules[name] = None
for name in ("fork", "killpg", "pidfd_open", "memfd_create"):
    delattr(os, name)
for name in ("AF_UNIX", "SOCK_SEQPACKET", "SCM_RIGHTS", "MSG_CMSG_CLOEXEC", "CMSG_SPACE"):
    delattr(socket, name)
del select.poll, select.epoll
sys.platform = "darwin"
{ASK}
"""
    (tmp_path / "ask.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "ask.py")],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("none returned ")


def test_an_unprivileged_user_gets_full_isolation(as_nobody: AsNobody) -> None:
    """Nothing of it needs root."""
    done = as_nobody(ASK)
    assert done.stderr == ""
    assert done.stdout == "full returned ()\n"


def test_the_fallback_runs_what_the_fork_server_runs(solutions: Path) -> None:
    """The same submission gives the same values at either."""
    results = []
    for switches in ({}, {"fork_server": False}):
        with opened(solutions, **switches) as runner:
            results.append(
                [
                    outcome.value.tobytes()
                    for outcome in runner.run(
                        submission(RIGHT), cases(1)
                    ).outcomes
                    if outcome.value is not None
                ]
            )
    assert len(results[0]) == 4
    assert results[0] == results[1]
