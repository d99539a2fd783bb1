"""`grader doctor` names the machines whose isolation is known to be less, with what to do."""

import pytest

from grader.execution import Confinement, doctor, open_runner
from grader.execution.machine import Machine, known_causes, this_machine
from tests.execution.conftest import exercise_with

DEBIAN = Machine(
    "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP",
    "debian",
    "12",
    "Debian GNU/Linux 12 (bookworm)",
)
GVISOR = "#1 SMP Sun Jan 10 15:06:54 PST 2016"
KERNEL = "Linux version 6.1.119-129.201.amzn2023.x86_64 (mockbuild@x) #1 SMP"


def amazon(title: str) -> Machine:
    """Return a machine with Amazon Linux 2023, as its os-release describes it."""
    return Machine(KERNEL, "amzn", "2023", title)


@pytest.mark.parametrize(
    ("machine", "name", "what"),
    [
        (
            DEBIAN._replace(version=f"Linux version 4.4.0 {GVISOR}"),
            "gVisor",
            "use another container runtime",
        ),
        (
            DEBIAN._replace(version=f"Linux version 4.19.0-gvisor {GVISOR}"),
            "gVisor",
            "use another container runtime",
        ),
        (
            amazon("Amazon Linux 2023.6.20250218"),
            "Amazon Linux 2023.6",
            "dnf upgrade",
        ),
        (amazon("Amazon Linux 2023"), "Amazon Linux 2023", "dnf upgrade"),
        (DEBIAN._replace(version=KERNEL), "Amazon Linux 2023", "dnf upgrade"),
    ],
    ids=["old gVisor", "gVisor", "2023.6", "no quarter", "in a container"],
)
def test_a_machine_with_less_is_named(
    machine: Machine, name: str, what: str
) -> None:
    """There is one line: what it is, why it has less, what to do."""
    (line,) = known_causes(machine)
    assert line.startswith(f"{name}: ")
    assert what in line


@pytest.mark.parametrize(
    "machine",
    [
        DEBIAN,
        amazon("Amazon Linux 2023.8.20250721"),
        amazon("Amazon Linux 2023.12.20260831"),
        Machine(KERNEL.replace("2023", "2"), "amzn", "2", "Amazon Linux 2"),
        Machine("", "", "", ""),
    ],
    ids=["Debian", "2023.8", "2023.12", "Amazon Linux 2", "says nothing"],
)
def test_any_other_machine_is_not(machine: Machine) -> None:
    """Nothing is said about a machine that is not known to have less."""
    assert list(known_causes(machine)) == []


def test_doctor_names_it_only_where_something_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is a cause of what is missing, and no news where nothing is."""
    old = amazon("Amazon Linux 2023.6.20250218")
    monkeypatch.setattr(doctor, "this_machine", lambda: old)
    exercise = exercise_with(load_s=20.0)
    assert not any("dnf" in line for line in doctor.examine(exercise, None))

    def weak(*arguments: object, **others: object) -> object:
        del arguments, others
        return open_runner(exercise, confinement=Confinement(landlock=False))

    monkeypatch.setattr(doctor, "open_runner", weak)
    lines = list(doctor.examine(exercise, None))
    assert any(line.startswith("  Amazon Linux 2023.6:") for line in lines)


def test_this_machine_can_be_asked() -> None:
    """It says something on Linux, and never raises."""
    assert "Linux" in this_machine().version
