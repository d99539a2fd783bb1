"""The grader that cannot be fooled and that says why."""

__version__ = "0.1.0"
