"""What never ends, where there are neither timers nor threads: the code looks at a clock."""

from collections.abc import Callable
from typing import Any

import pytest

PLAIN = """
def convolve(image, kernel):
    i = 0
    while i < 5:
        image.sum()
"""
CATCHES = """
def convolve(image, kernel):
    while True:
        try:
            for number in range(3):
                total = sum([number])
        except:
            pass
"""
ONE_LINE = """
def convolve(image, kernel):
    while True: pass
"""
CALLS_ITSELF = """
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

def convolve(image, kernel):
    return fibonacci(200)
"""
ENDLESS = {
    "plain": (PLAIN, 4),
    "catches": (CATCHES, 3),
    "one-line": (ONE_LINE, 3),
    "calls-itself": (CALLS_ITSELF, None),
}


@pytest.mark.parametrize("name", sorted(ENDLESS))
def test_what_never_ends_is_ended_without_timers_and_threads(
    name: str, in_browser: Callable[[str], Any]
) -> None:
    """It is ended whatever it catches, and its loop is told."""
    source, line = ENDLESS[name]
    said = in_browser(source)
    assert said["verdicts"][0] == "timed_out"
    assert set(said["verdicts"][1:]) == {"not_run"}
    if line is not None:
        assert f"line {line}" in said["text"]
