"""Who handed in, as the platform of a download knows them, and what was chosen of theirs."""

import msgspec


class Student(msgspec.Struct, frozen=True, kw_only=True):
    """One student of a class. Empty where a layout does not tell: a folder has a name at most."""

    name: str
    id: str = ""
    """The platform's own: what its grade book knows the student by."""
    email: str = ""
    group: str = ""
    """The team that handed in together."""
    file: str = ""
    """The file that is graded, as the student called it."""
    origin: str = ""
    """The path of this file in the download, as the platform named it."""
    attempt: int = 1
    """Which of the attempts that were found is graded; the latest, so also how many there are."""
    submitted_at: str = ""
    """ISO 8601, as exact as the layout is; without a zone where the layout has none."""
    late: bool = False
    """The platform marks what is graded as late."""
