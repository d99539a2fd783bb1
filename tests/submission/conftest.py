"""The exercise of this repository, and short ways to hand something in."""

import json
from collections.abc import Callable

import pytest

from grader.exercise import load_exercise
from grader.model import Exercise, Submission
from grader.submission import parse_submission

HandIn = Callable[..., Submission]


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    """Return the exercise `convolution`."""
    return load_exercise("convolution")


@pytest.fixture(scope="session")
def hand_in(exercise: Exercise) -> HandIn:
    """Return a function that reads source, as text or bytes, under a name."""

    def _hand_in(source: str | bytes, name: str = "student.py") -> Submission:
        return parse_submission(
            name,
            source if isinstance(source, bytes) else source.encode(),
            exercise,
        )

    return _hand_in


@pytest.fixture(scope="session")
def notebook() -> Callable[..., str]:
    """Return a function that writes a notebook with these code cells."""

    def _notebook(*cells: str) -> str:
        made = [{"cell_type": "code", "source": source} for source in cells]
        return json.dumps(
            {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": made}
        )

    return _notebook
