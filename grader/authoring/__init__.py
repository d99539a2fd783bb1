"""For the authors of exercises: prove that an exercise is sound, and start a new one."""

from grader.authoring.bench import Check
from grader.authoring.starting import new
from grader.authoring.validation import checks, validate

__all__ = ["Check", "checks", "new", "validate"]
