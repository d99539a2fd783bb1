"""What runs in vain is called off: only that, and once."""

import pytest

from grader.service.work.in_vain import InVain

FIRST = ("ada", 1)


@pytest.fixture
def ended() -> list[str]:
    """Return what has been called off."""
    return []


def test_a_newer_file_calls_off_what_is_lowered(ended: list[str]) -> None:
    """It happens when the newer one arrives, and not again with the next."""
    vain = InVain()
    vain.lowered(vain.arrived(FIRST, "endless"), lambda: ended.append("old"))
    assert ended == []
    vain.arrived(FIRST, "mended")
    vain.arrived(FIRST, "mended again")
    assert ended == ["old"]


def test_what_is_vain_already_is_called_off_when_it_is_lowered(
    ended: list[str],
) -> None:
    """The newer one may come first; an honest one in between is left alone."""
    vain = InVain()
    old = vain.arrived(FIRST, "endless")
    vain.arrived(FIRST, "mended")
    assert ended == []
    vain.lowered(old, lambda: ended.append("old"))
    assert ended == ["old"]


def test_the_same_bytes_again_call_nothing_off(ended: list[str]) -> None:
    """Pressing twice for what takes long must not end what is nearly done."""
    vain = InVain()
    slow = vain.arrived(FIRST, "slow")
    vain.arrived(FIRST, "slow")
    vain.lowered(slow, lambda: ended.append("slow"))
    vain.arrived(FIRST, "slow")
    assert ended == []


def test_nobody_ends_what_is_another_place_or_newer(ended: list[str]) -> None:
    """Another person, another exercise, and the newest itself go on."""
    vain = InVain()
    old = vain.arrived(FIRST, "endless")
    vain.arrived(("bob", 1), "else")
    vain.arrived(("ada", 2), "else")
    vain.lowered(old, lambda: ended.append("old"))
    assert ended == []


def test_what_has_ended_is_forgotten(ended: list[str]) -> None:
    """Nothing is called off that is over."""
    vain = InVain()
    old = vain.arrived(FIRST, "endless")
    vain.lowered(old, lambda: ended.append("old"))
    vain.settled(old)
    vain.settled(vain.arrived(FIRST, "mended"))
    assert ended == []
