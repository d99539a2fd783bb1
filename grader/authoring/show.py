"""The page that a student with a misconception gets."""

from pathlib import Path

from grader.authoring.answers import ids_of, source_of
from grader.authoring.bench import Bench
from grader.errors import UsageError
from grader.files import write_whole
from grader.render.html import render
from grader.strict import did_you_mean


def write_page(bench: Bench, name: str, folder: Path | None = None) -> Path:
    """Write the page of a student whose answer is a known mistake, and return its path.

    `name` is an id, or the name of a function in misconceptions.py. Raises `UsageError` where
    there is no such mistake, or where the page cannot be written.
    """
    known = bench.known()
    function = name.replace("-", "_")
    found = [answer.name for answer in known if answer.name == function]
    found += [answer.name for answer in known if name in ids_of(answer.name)]
    if not found:
        ids = sorted({each for answer in known for each in ids_of(answer.name)})
        raise UsageError(
            f"{name}: {bench.exercise.name} has no misconception of this id (--show)"
            f"{did_you_mean(name, ids)}"
        )
    source = source_of(bench.exercise, bench.solutions, found[0])
    page = render(bench.grade(source))
    path = (folder or Path.cwd()) / f"{bench.exercise.name}-{name}.html"
    write_whole(path, page.encode())
    return path
