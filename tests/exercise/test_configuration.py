"""What a configuration may be: a file, which nobody waits for."""

import os
import sys
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.configuration import read_configuration


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_in_place_of_the_configuration_stops_nobody(
    tmp_path: Path,
) -> None:
    """It is refused at once, although nothing is ever written into it."""
    tmp_path.chmod(0o700)
    pipe = tmp_path / "config.toml"
    os.mkfifo(pipe, 0o600)
    with pytest.raises(UsageError):
        read_configuration(pipe)
    assert read_configuration(tmp_path / "none.toml") is None
