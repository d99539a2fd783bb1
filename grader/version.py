"""The version of the grader, written here and nowhere else."""

__version__ = "0.2.0"
