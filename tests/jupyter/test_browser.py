"""`check` as it runs in a browser: few packages, no processes, no threads, no timers."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten"}


def test_what_a_browser_installs_is_what_pyodide_has() -> None:
    """These three come with Pyodide; all else that the grader needs elsewhere is left out."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    requirements = [Requirement(text) for text in project["dependencies"]]
    kept = {
        each.name
        for each in requirements
        if each.marker is None or each.marker.evaluate(BROWSER)
    }
    assert kept == {"numpy", "msgspec", "jinja2"}
    assert len(requirements) > len(kept)


@pytest.mark.parametrize(
    ("name", "verdict"), [("right", "passed"), ("padded", "wrong_shape")]
)
def test_check_imports_nothing_that_a_browser_does_not_have(
    name: str,
    verdict: str,
    solutions: dict[str, str],
    in_browser: Callable[[str], Any],
) -> None:
    """It tells right from wrong, and why, without what is left out there."""
    said = in_browser(solutions[name])
    assert set(said["verdicts"]) == {verdict}
    assert ("Hint:" in said["text"]) == (name == "padded")
    assert "<style>" in said["html"]
