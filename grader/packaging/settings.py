"""`settings.json`: what an artifact grades, and what it was made with."""

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `settings.json`."""

    exercise: str
    grader_version: str
    require_isolation: str
    public_only: bool = False
    """Whether it runs only the public examples, as an artifact for students does."""
