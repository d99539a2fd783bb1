"""GitHub Classroom: `hw1-submissions/hw1-adalovelace/`, a repository for each student or team.

Source: `gh classroom clone student-repos` (github/gh-classroom), and the roster's download,
`classroom_roster.csv` with the columns `identifier`, `github_username`, `github_id`, `name`. The
name of a repository is the assignment's, a hyphen and the user's. A repository has no time of its
own that a student could not choose, so none is read.
"""

import csv
import io

from grader.intake.downloads.handed_in import (
    HandedIn,
    Level,
    Reader,
    text_of,
)
from grader.intake.left_out import ROSTER
from grader.opening import UnreadableError

_REPOSITORY = frozenset({".git", ".github"})
_SUBMISSIONS = "-submissions"
_MOST_ROWS = 100_000


def reader(level: Level) -> Reader | None:
    """Return what reads the names, if most of them are repositories of one assignment."""
    folders = {each.parts[0] for each in level.files if len(each.parts) > 1}
    repositories = {
        each.parts[0]
        for each in level.files
        if len(each.parts) > 1 and each.parts[1] in _REPOSITORY
    }
    roster = _roster(level)
    if len(repositories) * 2 <= len(folders) and not roster:
        return None
    prefix = _prefix(sorted(folders), level.above)
    if not prefix:
        return None

    def read(name: str) -> HandedIn | None:
        user = name.removeprefix(prefix)
        if name not in folders or user in {name, ""}:
            return None
        return roster.get(user.casefold(), HandedIn(user, user))

    return read


def _prefix(folders: list[str], above: str) -> str:
    """Return the assignment's name and a hyphen; empty where the folders do not share any.

    They are sorted, so all of them share what the first and the last share.
    """
    if above.endswith(_SUBMISSIONS):
        named = f"{above.removesuffix(_SUBMISSIONS)}-"
        if all(folder.startswith(named) for folder in folders):
            return named
    first, last = folders[0], folders[-1]
    if first == last:
        return ""
    common = 0
    while first[common : common + 1] == last[common : common + 1]:
        common += 1
    return first[: first.rfind("-", 0, common) + 1]


def _roster(level: Level) -> dict[str, HandedIn]:
    """Return user -> student, of the roster beside the repositories."""
    found: dict[str, HandedIn] = {}
    for each in level.metadata(ROSTER):
        try:
            lines = io.StringIO(text_of(each.file))
            for number, row in enumerate(csv.DictReader(lines)):
                user = row.get("github_username") or ""
                if user and number < _MOST_ROWS:
                    found[user.casefold()] = _on_roster(user, row)
        except (UnreadableError, csv.Error):
            continue
    return found


def _on_roster(user: str, row: dict[str, str]) -> HandedIn:
    identifier = row.get("identifier") or ""
    name = row.get("name") or identifier or user
    email = identifier if "@" in identifier else ""
    return HandedIn(name, user, id=identifier, email=email)
