"""What a case is called on a page: in words, where its name is one for programs. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from grader.model import CaseReport
from grader.untrusted import one_line

_NAME: Final = 60
_TITLE: Final = 40
"""Characters of a title that can be a heading; a longer one stands beside it."""
_MOST: Final = 8
"""Cases that are named."""
_SLUG: Final = re.compile(r"[A-Za-z]\w*(-\w+)*", re.ASCII)


def is_slug(name: str) -> bool:
    """Return whether a name is one for programs, such as `two_rows`, and none such as `8x8`."""
    return _SLUG.fullmatch(name) is not None


def listed(cases: Sequence[CaseReport]) -> str:
    """Return what some cases are called, the first of many."""
    called = [heading(case) for case in cases[:_MOST]]
    more = len(cases) - len(called)
    # A title may be a clause with commas of its own.
    between = "; " if any(set(name) & set(",:") for name in called) else ", "
    return between.join(called) + (f" and {more} more" if more else "")


def heading(case: CaseReport) -> str:
    """Return the title of a case in place of a name for programs, or that name as words."""
    name, title = one_line(case.name, _NAME), one_line(case.title)
    if not is_slug(name):
        return name
    if title and len(title) <= _TITLE:
        return title
    return name.replace("_", " ").replace("-", " ").strip() or name
