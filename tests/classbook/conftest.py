"""The classes of `tests/batch`, for the rooms on either side of the grading."""

from tests.batch.conftest import exercise, found, lab

__all__ = ["exercise", "found", "lab"]
