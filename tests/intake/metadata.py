"""Names alone, of what Gradescope's metadata say."""

from grader.intake.downloads.gradescope import read_metadata


def read_submitters(text: str) -> dict[str, tuple[str, ...]]:
    """Return folder -> names of the submitters."""
    return {
        folder: tuple(submitter.name for submitter in submission.submitters)
        for folder, submission in read_metadata(text).items()
    }
