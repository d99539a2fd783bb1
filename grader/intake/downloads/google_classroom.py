"""Google Classroom: a folder of Drive with `Ada Lovelace - convolve.py` for each student.

Source: Google's help for Classroom, "Create an assignment": where students get a copy each, Drive
puts the student's name before the title. What students upload keeps its own name, and then nothing
in the folder says whose it is. There is neither an id nor a time.
"""

from collections import Counter

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_BETWEEN = " - "


def reader(level: Level) -> Reader | None:
    """Return what reads the names, if most of them end in the same title after a hyphen."""
    titles = Counter(_title(name) for name in level.names if _BETWEEN in name)
    if not titles:
        return None
    title, times = titles.most_common(1)[0]
    if times == 1 or times * 2 <= len(level.names):
        return None

    def read(name: str) -> HandedIn | None:
        student, _, rest = name.rpartition(_BETWEEN)
        if not student or _title(name) != title:
            return None
        return HandedIn(student, "", rest)

    return read


def _title(name: str) -> str:
    """Return what stands after the last hyphen, without the number of a copy and the suffix."""
    title = name.rpartition(_BETWEEN)[2]
    stem = title.partition(".")[0]
    return stem.partition(" (")[0].strip().casefold()
