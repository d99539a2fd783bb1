"""Which hidden half is trusted, and the public half that belongs to it.

The hidden half is code that runs with the rights of whoever grades, beside the secret. So it is
never looked for in the working folder, in its parents or around a submission, which may all be a
student's. It is named, in one of three ways, and the first that is there counts:

1. `--solutions DIR`, or `solutions=` in Python;
2. the environment variable `GRADER_SOLUTIONS`, an absolute path;
3. the user's own configuration, which `grader trust DIR` writes.

DIR holds a folder NAME for each exercise, or is such a folder itself. The public half of NAME is
`exercises/NAME` beside DIR, and again nowhere else, unless a path to it is given. A path names the
public half that the user means, not the hidden half: that is found by the same three ways.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.exercise.configuration import (
    configuration_file,
    read_configuration,
    write_configuration,
)
from grader.exercise.files import reason
from grader.exercise.lookup import (
    CASES_FILE,
    EXERCISE_FILE,
    REFERENCE_FILE,
    SCRIPT_FILE,
    is_exercise_name,
)
from grader.model import Exercise
from grader.strict import did_you_mean

VARIABLE = "GRADER_SOLUTIONS"

NOT_HERE = (
    "The hidden tests are not here: add --solutions DIR, set GRADER_SOLUTIONS, or run "
    "`grader trust DIR` once; for the public examples, use `grader check`."
)


class Trusted(msgspec.Struct, frozen=True):
    """A folder with hidden halves, and who named it."""

    folder: Path
    """Resolved: what lies beside a link to it does not count."""
    named_by: str

    def hidden_half(self, name: str) -> Path:
        """Return the hidden half of an exercise, or raise `UsageError`."""
        for folder in (self.folder / name, self.folder):
            if _is_hidden_half(folder):
                return folder.resolve()
        close = did_you_mean(name, list(self.names()))
        raise UsageError(
            f"{self.folder}: holds no {name}/{REFERENCE_FILE} ({self.named_by}){close}"
        )

    def public_half(self, name: str) -> Path:
        """Return the public half that lies beside a hidden half, or raise `UsageError`."""
        self.hidden_half(name)
        folder = self.course() / "exercises" / name
        if not (folder / EXERCISE_FILE).is_file():
            raise UsageError(
                f"{folder}: there is no {EXERCISE_FILE}; the public half belongs there, "
                "beside the hidden half, or give its path with --exercise DIR"
            )
        return folder.resolve()

    def course(self) -> Path:
        """Return the folder that holds both `solutions/` and `exercises/`."""
        if _is_hidden_half(self.folder):
            return self.folder.parent.parent
        return self.folder.parent

    def names(self) -> Iterator[str]:
        """Yield the names of the exercises that have a hidden half here."""
        if _is_hidden_half(self.folder):
            yield self.folder.name
        for folder in sorted(self.folder.iterdir()):
            if _is_hidden_half(folder):
                yield folder.name


def trusted(given: Path | None = None) -> Trusted | None:
    """Return the trusted folder of hidden halves, or None if nothing names one.

    `given` is what `--solutions` says. Raises `UsageError` if what is named cannot be used.
    """
    if given is not None:
        return _trusted(given, "--solutions")
    variable = os.environ.get(VARIABLE)
    if variable:
        path = Path(variable)
        if not path.is_absolute():
            raise UsageError(
                f"{VARIABLE}={variable}: give an absolute path; a relative one names "
                "another folder wherever you stand"
            )
        return _trusted(path, VARIABLE)
    file = configuration_file()
    configured = None if file is None else read_configuration(file)
    return None if configured is None else _trusted(configured, str(file))


def _trusted(folder: Path, named_by: str) -> Trusted:
    try:
        if folder.is_dir():
            return Trusted(folder.resolve(), named_by)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{folder}: cannot be opened ({named_by}: {reason(error)})"
        ) from error
    raise UsageError(f"{folder}: there is no such folder ({named_by})")


def require_trusted(given: Path | None = None) -> Trusted:
    """Return the trusted folder of hidden halves; `UsageError` says how to name one."""
    found = trusted(given)
    if found is None:
        raise UsageError(NOT_HERE)
    return found


def find_public_half(
    name_or_dir: str | Path, given: Path | None = None
) -> Path:
    """Return the public half to grade with: beside the trusted hidden half, or the path given.

    A plain name is never a folder in the working folder; `./NAME` is.
    """
    if isinstance(name_or_dir, str) and is_exercise_name(name_or_dir):
        return require_trusted(given).public_half(name_or_dir)
    return Path(name_or_dir)


def find_solutions(exercise: Exercise, given: Path | None = None) -> Path:
    """Return the trusted hidden half of an exercise, or raise `UsageError`."""
    return require_trusted(given).hidden_half(exercise.name)


def _is_hidden_half(folder: Path) -> bool:
    try:
        return any(
            (folder / name).is_file()
            for name in (REFERENCE_FILE, CASES_FILE, SCRIPT_FILE)
        )
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be opened ({reason(error)})"
        ) from error


def trust(folder: Path) -> list[str]:
    """Trust a folder of hidden halves from now on, and return what to tell the user."""
    found = _trusted(folder, "grader trust")
    lines = _description(found)
    lines.append(f"wrote {write_configuration(found.folder)}")
    if os.environ.get(VARIABLE):
        lines.append(f"{VARIABLE} is set, and counts before this configuration")
    return lines


def describe_trust(given: Path | None = None) -> list[str]:
    """Return which hidden half is trusted and who named it, as lines for the user."""
    found = trusted(given)
    if found is None:
        return [f"hidden half: none. {NOT_HERE}"]
    return _description(found)


def _description(found: Trusted) -> list[str]:
    names = list(found.names())
    if not names:
        raise UsageError(
            f"{found.folder}: holds no NAME/{REFERENCE_FILE}; give the folder that holds "
            f"the hidden half of each exercise ({found.named_by})"
        )
    publics = [(name, found.public_half(name)) for name in names]
    return [
        f"hidden half: {found.folder} ({found.named_by})",
        *(
            f"  {name}, with its public half in {public}"
            for name, public in publics
        ),
    ]
