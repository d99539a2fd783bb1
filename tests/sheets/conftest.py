"""The classes of `tests/batch`, for the room that finds their files."""

from tests.batch.conftest import exercise, lab

__all__ = ["exercise", "lab"]
