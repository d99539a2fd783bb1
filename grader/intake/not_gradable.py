"""One sentence for a student whose files hold nothing to grade: what they are, and what to hand in.

It is the message of their report, so it speaks of the student's own file and never of the paths of
a download.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from grader.intake.archives import is_archive, is_packed
from grader.intake.left_out import PLATFORMS_OWN, is_misnamed, is_noise
from grader.intake.sources import File
from grader.untrusted import file_name

_MOST_NAMED = 3
_STRANGE = ("a link", "not a regular", "encrypted", "damaged")
"""How reasons begin that say something of a file and not of its suffix."""
_KINDS = {
    ".pdf": "a PDF",
    ".doc": "a Word document",
    ".docx": "a Word document",
    ".odt": "a document",
    ".rtf": "a document",
    ".pages": "a document",
    ".png": "a picture",
    ".jpg": "a picture",
    ".jpeg": "a picture",
    ".gif": "a picture",
    ".heic": "a picture",
    ".webp": "a picture",
    ".htm": "a page without the function",
    ".html": "a page without the function",
    ".txt": "a text without the function",
    ".md": "a text without the function",
    ".json": "not a notebook",
}


def what_to_hand_in(left_out: Sequence[File], function: str) -> str:
    """Return the sentence about what was left out of one student's files."""
    wanted = f"the .py or .ipynb file with your {function}"
    handed_in = [file for file in left_out if file.reason != PLATFORMS_OWN]
    own = [file for file in handed_in if not is_noise(file.parts)]
    if not own:
        return _without_any(handed_in, wanted)
    file = likeliest(own)
    name = file_name(file.name or "The folder")
    for fits, sentence in _SENTENCES:
        if fits(file):
            return sentence.format(name=name, wanted=wanted, why=_why(file))
    names = _named(own)
    kind = _KINDS.get(Path(file.name.lower()).suffix)
    if len(own) == 1 and kind is not None:
        return f"{names} is {kind}. Hand in {wanted}."
    verb = "holds" if len(own) == 1 else "hold"
    return f"{names} {verb} no function that can be graded. Hand in {wanted}."


def likeliest(left_out: Sequence[File]) -> File:
    """Return the file that most likely is the submission."""
    return min(left_out, key=_importance)


_SENTENCES: tuple[tuple[Callable[[File], bool], str], ...] = (
    (
        lambda file: not file.parts[-1],
        "The folder is empty. Hand in {wanted}.",
    ),
    (
        lambda file: file.reason == "an empty archive",
        "{name} is an empty archive. Hand in {wanted}.",
    ),
    (
        lambda file: file.unread and is_archive(file.name),
        "{name} cannot be opened ({why}). Hand in {wanted}, not packed.",
    ),
    (
        lambda file: file.unread,
        "{name} cannot be read here ({why}). Hand in {wanted}.",
    ),
    (
        lambda file: file.reason.startswith("larger"),
        "{name} is {why}. Clear its outputs, save it, and hand it in again.",
    ),
    (
        lambda file: is_packed(file.name) and not is_archive(file.name),
        "{name} is a kind of archive that is not opened here. Hand in {wanted} itself, or a .zip.",
    ),
    (
        lambda file: file.reason.startswith(_STRANGE),
        "{name} is {why}. Hand in {wanted}.",
    ),
)
"""The first that fits says what is wrong with the file."""


def _why(file: File) -> str:
    """Return why a file is left out, without what the instructor may do about it."""
    return file.reason.partition(": ")[0]


def _without_any(left_out: Sequence[File], wanted: str) -> str:
    """Return the sentence for no file at all, or only files that programs have left behind."""
    if not left_out:
        return f"No file was handed in. Hand in {wanted}."
    parts = left_out[0].parts
    made = next((part for part in parts if is_noise((part,))), parts[-1])
    return f"Only {file_name(made)} was handed in, which is not your work. Hand in {wanted}."


def _importance(file: File) -> tuple[bool, ...]:
    return (
        file.reason == PLATFORMS_OWN,
        not file.unread,
        not file.reason.startswith("larger"),
        not is_misnamed(file.name),
        not is_packed(file.name),
    )


def _named(files: Sequence[File]) -> str:
    names = list(dict.fromkeys(file_name(file.name) for file in files))
    shown = names[:_MOST_NAMED]
    if len(names) > _MOST_NAMED:
        return f"{', '.join(shown)} and {len(names) - _MOST_NAMED} more files"
    return (
        " and ".join((", ".join(shown[:-1]), shown[-1]))
        if shown[1:]
        else shown[0]
    )
