"""Workers put their objects where they cost the fewest copies of pages."""

import subprocess
import sys

_SCATTERED = """\
from grader.confined import pools

kept = [bytes(31) for _ in range(20_000)]
del kept[::400]
if {filled}:
    pools.fill()
print(len({{id(new) >> 12 for new in [bytes(31) for _ in range(20)]}}))
"""


def _pages(*, filled: bool) -> int:
    """Return over how many pages 20 new objects lie, where 50 gaps are scattered over 300."""
    found = subprocess.run(
        [sys.executable, "-c", _SCATTERED.format(filled=filled)],
        capture_output=True,
        check=True,
        text=True,
    )
    return int(found.stdout)


def test_new_objects_lie_side_by_side_once_the_gaps_between_old_ones_are_filled() -> (
    None
):
    """20 new objects of 64 bytes need one page, or two; in the gaps nearly each has its own."""
    assert _pages(filled=False) > 10
    assert _pages(filled=True) <= 3
