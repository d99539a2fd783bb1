"""Exercism: results.json of a test runner."""

from grader.platforms.exercism.format import results_json
from grader.platforms.interface import Format, Platform

EXERCISM = Platform(
    "exercism",
    (Format("exercism", results_json, "exercism/results.schema.json"),),
)
