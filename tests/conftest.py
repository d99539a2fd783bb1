"""What holds for all tests: the hidden half of this checkout is trusted, and no other."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Else a golden file that differs fails without a word about where.
pytest.register_assert_rewrite("tests.golden")

# Set here, not in a fixture: session fixtures and commands in processes of their own need it.
os.environ["GRADER_SOLUTIONS"] = str(Path(__file__).parents[1] / "solutions")
# A new folder: nothing is read from the configuration of whoever runs the tests.
_CONFIGURATION = tempfile.TemporaryDirectory(prefix="no-configuration-")
os.environ["XDG_CONFIG_HOME"] = _CONFIGURATION.name
# No attempt of a test is remembered, unless the test is about that.
os.environ["GRADER_ATTEMPTS"] = "off"

# How long an example takes says more about the machine than about the code. The examples are the
# same in every run: what nobody has changed does not fail by chance.
settings.register_profile(
    "grader",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("grader")
