"""What a case is called on a page: in words, where its name is one for programs. Pure."""

import re
from typing import Final

from grader.model import CaseReport
from grader.untrusted import one_line

_NAME: Final = 60
_TITLE: Final = 40
"""Characters of a title that can be a heading; a longer one stands beside it."""
_SLUG: Final = re.compile(r"[A-Za-z]\w*(-\w+)*", re.ASCII)


def is_slug(name: str) -> bool:
    """Return whether a name is one for programs, such as `two_rows`, and none such as `8x8`."""
    return _SLUG.fullmatch(name) is not None


def heading(case: CaseReport) -> str:
    """Return the title of a case in place of a name for programs, or that name as words."""
    name, title = one_line(case.name, _NAME), one_line(case.title, _TITLE + 1)
    if not is_slug(name):
        return name
    if title and len(title) <= _TITLE:
        return title
    return name.replace("_", " ").replace("-", " ").strip() or name
