"""One submission as a task, and the key that its report is found by."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.batch.messages import Task
from grader.classbook.changes import MadeFrom
from grader.intake.collect import Item
from grader.opening import UnreadableError
from grader.submission.source import SOURCE_CAP


def task_of(number: int, item: Item, data: bytes | UnreadableError) -> Task:
    """Return the task for one submission; if it is not read, its report says why."""
    fault = item.fault
    if isinstance(data, UnreadableError):
        reason, data = str(data), b""
        fault = f"The file cannot be read: {reason[0].lower()}{reason[1:]}."
    return Task(
        number=number,
        name=item.name,
        file_name=item.file_name,
        data=data,
        fault=fault,
        notes=item.notes,
        modules=tuple(_modules(item)),
    )


def key_of(task: Task, made_from: MadeFrom, secret_source: str) -> str:
    """Return all that the report of a task depends on, as one digest."""
    parts = (
        hashlib.sha256(task.data).hexdigest(),
        task.fault or "",
        *(
            f"{path} {hashlib.sha256(data).hexdigest()}"
            for path, data in task.modules
        ),
        task.name,
        Path(task.file_name).suffix.lower(),
        *task.notes,
        made_from.exercise,
        made_from.hidden,
        made_from.secret,
        secret_source,
        made_from.version,
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _modules(item: Item) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of what was handed in with a file; what is gone cannot be imported."""
    for path, place in item.modules:
        with contextlib.suppress(UnreadableError):
            yield path, place.read(SOURCE_CAP)
