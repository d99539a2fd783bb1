"""The modules that are handed in with a file: text and digest, and what the text shows."""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence

import msgspec

from grader.model import Exercise, Fault, Module, Submission, Unit
from grader.submission.budget import TooComplicated
from grader.submission.decoding import decode
from grader.submission.program import Program, read_program
from grader.submission.rules import WRITE, find_offence
from grader.submission.source import SOURCE_CAP
from grader.submission.ways import way_fault
from grader.untrusted import file_name, quoted

_TAKEN = frozenset({"numpy", "grader", "submission"})


def with_modules(
    submission: Submission,
    files: Sequence[tuple[str, bytes]],
    exercise: Exercise,
) -> Submission:
    """Return the submission with the modules that were handed in with it: path and bytes of each.

    They are part of its digest, and the rules about loops and names hold for what the file calls in
    them. One whose name is that of a module of Python's own, of NumPy or of
    a forbidden library is left out with a note, since the name means something else where it is
    graded; so is one that cannot be read, and what is too much.
    """
    if not files:
        return submission
    found = _Found(exercise)
    for path, data in files:
        found.add(path, data)
    return msgspec.structs.replace(
        submission,
        digest=_digest(submission.digest, files),
        modules=tuple(found.modules),
        fault=found.fault(submission),
        notes=(*submission.notes, *found.notes),
        offence=submission.offence or found.offence(submission),
    )


class _Found:
    """The modules that can be used, and notes about the others."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._left = SOURCE_CAP
        self.modules: list[Module] = []
        self.notes: list[str] = []

    def add(self, path: str, data: bytes) -> None:
        """Take one file."""
        name = file_name(path)
        top = path.partition("/")[0].removesuffix(".py")
        taken = {*_TAKEN, *self._exercise.rules.libraries}
        if top in taken or top in sys.stdlib_module_names:
            self.notes.append(
                f"{name} was handed in too, and cannot be imported: where this is graded "
                f"{quoted(top)} is another module. Give it a name of its own."
            )
            return
        self._left -= len(data)
        text = decode(data)
        if self._left < 0:
            self.notes.append(f"{name} is left out: it is too much code.")
        elif text.reason is not None:
            self.notes.append(f"{name} cannot be read: {text.reason}")
        else:
            self.modules.append(Module(path, text.source))
            self._note_problems(name, text.source)

    def _note_problems(self, name: str, source: str) -> None:
        for _, parsed in read_program((Unit(source),)).problems():
            problem = parsed.problem
            if problem is not None:
                self.notes.append(
                    f"{name}, line {problem.line}: {problem.text}."
                )

    def fault(self, submission: Submission) -> Fault | None:
        """Return the submission's fault; what the modules do counts as if the file did it."""
        program = read_program(submission.units)
        if submission.fault not in (None, way_fault(program, self._exercise)):
            return submission.fault
        return way_fault(program, self._exercise, self.modules)

    def offence(self, submission: Submission) -> Fault | None:
        """Return where a module uses a forbidden library in what the file may call."""
        file = read_program(submission.units)
        forbidden = self._exercise.rules.libraries
        for module in self.modules:
            if not any(library in module.source for library in forbidden):
                continue
            program = read_program((Unit(module.source),))
            for name in _called(program, file):
                try:
                    offence = find_offence(program, name, forbidden)
                except TooComplicated:
                    continue
                if offence is not None:
                    return Fault(
                        message=(
                            f"{file_name(module.path)}, line {offence.line}: {quoted(name)} "
                            f"uses {quoted(offence.origin)}. {WRITE}"
                        )
                    )
        return None


def _called(program: Program, file: Program) -> Iterator[str]:
    """Yield the functions of a module whose names stand in the file's text."""
    for name in program.by_name:
        if file.mentions([name]) and program.function(name) is not None:
            yield name


def _digest(digest: str, files: Sequence[tuple[str, bytes]]) -> str:
    parts = [digest]
    for path, data in files:
        parts += (path, hashlib.sha256(data).hexdigest())
    whole = hashlib.sha256(json.dumps(parts).encode())
    return f"sha256:{whole.hexdigest()}"
