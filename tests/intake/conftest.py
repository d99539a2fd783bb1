"""The classes of `tests/batch`, for the room that finds their files."""

from tests.batch.conftest import exercise, found, lab

__all__ = ["exercise", "found", "lab"]
