"""What is uploaded to a course platform, made by one command: `package` and one builder per platform.

An artifact carries the running grader as a wheel, the exact versions of everything it needs, the
exercise, and (but for `students`) its hidden half; so it works without this repository and grades
as it was tried. It holds the secret only where it is given one. What then runs on the platform is
`grader.packaging.entry`.
"""

from collections.abc import Callable
from pathlib import Path

from grader.cases import DEFAULT_SECRET
from grader.errors import GraderError, UsageError
from grader.files import write_whole
from grader.model import Exercise
from grader.packaging import builders
from grader.packaging.parts import Parts, Tree
from grader.packaging.wheel import zipped

ARTIFACTS: dict[str, Callable[[Parts], Tree]] = {
    "gradescope": builders.gradescope,
    "prairielearn": builders.prairielearn,
    "xqueue": builders.xqueue,
    "coderunner": builders.coderunner,
    "github": builders.github,
    "students": builders.students,
}
# Platforms that want exactly one file: its suffix, and its name in the tree (None: the whole tree,
# zipped).
_ONE_FILE = {"gradescope": (".zip", None), "coderunner": (".xml", "question.xml")}


def package(
    platform: str,
    exercise: Exercise,
    solutions: Path | None,
    output: Path,
    secret: bytes | None = None,
) -> Path:
    """Make the artifact of a platform at `output` and return what was written.

    A name that ends in .zip gives one archive (always, for Gradescope), question.xml alone where a
    name for CodeRunner ends in .xml, everything else a new folder. `solutions` is the folder of the
    hidden half, found beside the exercise where it is None, and not needed for `students`. The
    secret goes in only where it is given. Raises UsageError where the platform is unknown, the
    solutions are missing or the output is in the way.
    """
    if platform not in ARTIFACTS:
        raise UsageError(
            f"{platform}: not a platform; choose one of {', '.join(ARTIFACTS)}"
        )
    if secret == DEFAULT_SECRET:
        raise UsageError(
            "there is no secret to include: give --secret-file FILE or set GRADER_SECRET"
        )
    tree = ARTIFACTS[platform](Parts(exercise, solutions, secret))
    suffix, single = _ONE_FILE.get(platform, (".zip", None))
    if platform == "gradescope" and output.suffix != suffix:
        output = (
            output / f"{exercise.name}{suffix}"
            if output.is_dir()
            else output.with_name(output.name + suffix)
        )
    if output.suffix == suffix:
        write_whole(output, tree[single][0] if single else zipped(tree))
    elif output.suffix == ".zip":
        write_whole(output, zipped(tree))
    else:
        _write_folder(output, tree)
    return output


def _write_folder(output: Path, tree: Tree) -> None:
    try:
        if output.is_dir() and any(output.iterdir()):
            raise UsageError(f"{output}: is not empty; choose a new folder")
        for name, (data, mode) in tree.items():
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(mode)
    except FileExistsError as error:
        raise UsageError(f"{output}: is a file; choose a new folder") from error
    except OSError as error:
        raise GraderError(
            f"{output}: {error.strerror}; the artifact is not whole"
        ) from error
