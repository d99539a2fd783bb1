"""`package` makes the artifact of one platform: a folder, or one file."""

import contextlib
import logging
import os
from pathlib import Path

from grader.cases import DEFAULT_SECRET
from grader.errors import GraderError, UsageError
from grader.files import write_whole
from grader.model import Exercise
from grader.packaging.parts import read_parts, with_hidden_half
from grader.packaging.site import built
from grader.platforms import ARTIFACTS, Artifact, Tree
from grader.platforms.parts import zipped

log = logging.getLogger("grader")


def package(
    platform: str,
    exercise: Exercise,
    solutions: Path | None,
    output: Path,
    *,
    secret: bytes | None = None,
    image: str | None = None,
    whole_set: bool = False,
) -> Path:
    """Make the artifact of a platform at `output`, and return what was written.

    A name that ends in .zip gives one archive (Gradescope always gets one), a name for CodeRunner
    that ends in .xml gives question.xml alone, and everything else gives a new folder. `solutions`
    is the folder of the hidden half; `students` does not need it. The secret goes in only where it
    is given. `image` names the grading image of a platform that has one. Raises UsageError where
    the platform is unknown, the solutions are missing or the output is in the way.
    """
    artifact = _artifact(platform)
    if image is not None and not artifact.has_image:
        choices = ", ".join(
            name for name, each in ARTIFACTS.items() if each.has_image
        )
        raise UsageError(
            f"--image: {platform} has no grading image; {choices} have one"
        )
    if secret == DEFAULT_SECRET:
        raise UsageError(
            "there is no secret to include: give --secret-file FILE or set GRADER_SECRET"
        )
    whole_set = whole_set and artifact.is_site
    parts = read_parts(exercise, image, whole_set=whole_set)
    if artifact.needs_hidden_half:
        parts = with_hidden_half(parts, solutions, secret)
    if artifact.always_zip:
        output = _named_zip(output, exercise.name)
    tree = artifact.files(parts)
    _write(artifact, built(tree) if artifact.is_site else tree, output)
    if parts.absent and not artifact.students_have_files:
        _warn(exercise, parts.absent)
    return output


def _artifact(platform: str) -> Artifact:
    if platform not in ARTIFACTS:
        choices = ", ".join(ARTIFACTS)
        raise UsageError(f"{platform}: not a platform; choose one of {choices}")
    return ARTIFACTS[platform]


def _warn(exercise: Exercise, absent: tuple[str, ...]) -> None:
    log.warning(
        "%s: speaks of %s, which students on this platform do not have; "
        "put that part between <!-- files --> and <!-- /files -->",
        exercise.folder / "README.md",
        " and ".join(absent),
    )


def _named_zip(output: Path, name: str) -> Path:
    if output.suffix == ".zip":
        return output
    if output.is_dir():
        return output / f"{name}.zip"
    return output.with_name(f"{output.name}.zip")


def _write(artifact: Artifact, tree: Tree, output: Path) -> None:
    single = artifact.single_file
    # One file that holds the solutions is as private as they are in a folder.
    private = artifact.needs_hidden_half
    with contextlib.suppress(OSError):  # which writing tells
        output.parent.mkdir(parents=True, exist_ok=True)
    if single is not None and output.suffix == Path(single).suffix:
        write_whole(output, tree[single][0], private=private)
    elif output.suffix == ".zip":
        write_whole(output, zipped(tree), private=private)
    else:
        _write_folder(output, tree)


def _put(path: Path, data: bytes, mode: int) -> None:
    """Write a new file, through no link; nobody may read it who may not read it in the end."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, mode & 0o700), "wb") as file:
        file.write(data)
    path.chmod(mode)


def _write_folder(output: Path, tree: Tree) -> None:
    try:
        if output.is_dir() and any(output.iterdir()):
            raise UsageError(f"{output}: is not empty; choose a new folder")
        for name, (data, mode) in tree.items():
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _put(path, data, mode)
    except FileExistsError as error:
        raise UsageError(
            f"{output}: is a file, or a link that leads nowhere; choose a new folder"
        ) from error
    except OSError as error:
        reason = f"{output}: {error.strerror}; the artifact is incomplete"
        raise GraderError(reason) from error
