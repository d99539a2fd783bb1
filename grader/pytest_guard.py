"""Refuse what pytest would take from a student's folder: configuration and conftest.py files.

Theory of operation. pytest looks for its configuration (pytest.ini, pyproject.toml, tox.ini, ...)
in the folders of the paths on the command line and above them, and without a path in the working
folder and above it. From there it also runs every conftest.py. All of that is code, or chooses
code, with the rights of whoever grades.

A submission that is given as `--grader-submission=FILE` is not a path on the command line. But in
`--grader-submission FILE` the second word is one, because pytest reads its command line once before
it knows the options of plugins; and somebody who stands in a student's folder has not named any
other place. So this module looks at where the configuration in force is, and at each conftest.py
that pytest is about to run. It refuses what lies near a submission: in its folder, in a folder
beside that one (a hand-in often has `work/` and `tests/`), above or below.

Some places near a submission are the user's own, and are accepted:

- what the user names, with `-c FILE` or `--rootdir=DIR` on the command line or in PYTEST_ADDOPTS;
- the course: the folder that holds the trusted `solutions/`, and the folders above it.

The plugin calls this before pytest runs any conftest.py. It is not before everything: from a
configuration that is in force, pytest applies `pythonpath` and loads the plugins that `addopts`
names before it loads this one. That is why the option is written with `=`, and why
`docs/security.md` says not to stand in a student's folder.
"""

import os
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.opening import read_chosen

_EMPTY_SECTIONS = {"[pytest]", "[tool:pytest]"}
_LARGEST = 1 << 20
_FIX = (
    "nothing was run; stand outside the submission's folder and write "
    "--grader-submission=FILE (with =), or name your own configuration: -c FILE or --rootdir=DIR"
)


def refuse_strangers_files(
    config: pytest.Config, parser: pytest.Parser
) -> None:
    """Raise `pytest.UsageError` if pytest takes configuration or code from near a submission.

    To be called in `pytest_load_initial_conftests`, before pytest's own.
    """
    # A process that xdist starts has the options of the one that started it, which was checked.
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    here = config.invocation_params.dir
    files = config.known_args_namespace.grader_submission
    submissions = {
        _hand_in(folder)
        for file in files
        for folder in _folders_of(here / file)
    }
    before = list(sys.path)
    if _is_near({here, here.resolve()}, submissions):
        _forget_working_folder(here)
    accepted = list(_accepted(config, parser))
    if _is_accepted(here, accepted):
        sys.path[:] = before
    for source in _sources(config):
        near = _is_near(_folders_of(source), submissions)
        if near and not _is_accepted(source.parent, accepted):
            raise pytest.UsageError(
                f"{source}: pytest would use this file from near the submission; {_FIX}"
            )


def _sources(config: pytest.Config) -> Iterator[Path]:
    """Yield each file that pytest takes configuration from, or is about to run."""
    if config.inipath is not None and _has_settings(config.inipath):
        yield config.inipath
    options = config.known_args_namespace
    if options.noconftest:
        return
    cut = config.invocation_params.dir / options.confcutdir
    for folder in _conftest_folders(config):
        for parent in (folder, *folder.parents):
            conftest = parent / "conftest.py"
            if parent not in cut.parents and conftest.is_file():
                yield conftest


def _has_settings(path: Path) -> bool:
    """Return whether a configuration file says anything to pytest; in doubt, it does."""
    try:
        text = read_chosen(path, _FIX, _LARGEST).decode("utf-8")
        if path.suffix == ".toml":
            data = tomllib.loads(text)
            return "pytest" in data or "pytest" in data.get("tool", {})
    except (UsageError, ValueError):
        return True
    lines = [line.strip() for line in text.splitlines()]
    said = {line for line in lines if line and not line.startswith(("#", ";"))}
    return not said <= _EMPTY_SECTIONS


def _conftest_folders(config: pytest.Config) -> Iterator[Path]:
    """Yield the folders that pytest begins with when it looks for conftest.py files."""
    here = config.invocation_params.dir
    words = [
        str(word).partition("::")[0]
        for word in config.known_args_namespace.file_or_dir
    ]
    anchors = [here / word for word in words if (here / word).exists()]
    if not anchors:
        anchors.append(here)
        for pattern in config.getini("testpaths"):
            anchors += config.rootpath.glob(pattern)
    for anchor in anchors:
        path = Path(os.path.abspath(anchor))  # noqa: PTH100 - without following links, as pytest
        yield path if path.is_dir() else path.parent
        yield from (child for child in path.glob("test*") if child.is_dir())


def _accepted(config: pytest.Config, parser: pytest.Parser) -> Iterator[Path]:
    """Yield the folders that the user named, or trusts: configuration there and above is theirs."""
    # Not `config.known_args_namespace`, into which a configuration file may have put its own.
    words = shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
    own: Any = parser.parse_known_args(
        [*words, *map(str, config.invocation_params.args)]
    )
    here = config.invocation_params.dir
    if own.inifilename:
        yield (here / own.inifilename).resolve().parent
    if own.rootdir:
        yield (here / os.path.expandvars(own.rootdir)).resolve()
    course = _course(own.grader_solutions)
    if course is not None:
        yield course


def _course(solutions: str | None) -> Path | None:
    from grader.errors import UsageError
    from grader.exercise.trust import trusted

    try:
        found = trusted(Path(solutions) if solutions else None)
    except UsageError:  # reported when the hidden half is needed
        return None
    return None if found is None else found.course()


def _folders_of(file: Path) -> set[Path]:
    """Return the folder of a file, by the name that it was given and where it really is."""
    # realpath raises nothing for links in a circle.
    return {
        Path(os.path.abspath(file)).parent,  # noqa: PTH100 - see above
        Path(os.path.realpath(file)).parent,
    }


def _hand_in(folder: Path) -> Path:
    """Return the folder above a submission's, so that the folders beside it are near, too."""
    above = folder.parent
    return folder if above == above.parent else above


def _is_near(folders: set[Path], submissions: set[Path]) -> bool:
    for folder in folders:
        for submission in submissions:
            if folder.is_relative_to(submission) or submission.is_relative_to(
                folder
            ):
                return True
    return False


def _is_accepted(folder: Path, accepted: list[Path]) -> bool:
    return any(named.is_relative_to(folder.resolve()) for named in accepted)


def _forget_working_folder(here: Path) -> None:
    """Remove the working folder from the places where Python looks for modules.

    `python -m pytest` puts it there, and the grader's own imports must not find a student's files.
    """
    home = Path(__file__).resolve().parents[1]
    if here.resolve() != home:
        sys.path[:] = [
            entry
            for entry in sys.path
            if Path(entry).resolve() != here.resolve()
        ]
