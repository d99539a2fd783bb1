"""Reads what is sent to be run: JSON with a text, a form with a file, or the file itself.

The size is checked while it is read, so that nobody can fill the memory or the disk.
"""

from collections.abc import AsyncGenerator
from typing import Final, NamedTuple, TypeVar

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from grader.service import words
from grader.service.graders.messages import Work
from grader.service.problems import RefusedError
from grader.service.settings import NOTEBOOK_BYTES, PY_BYTES
from grader.service.web.who import as_record, read_body
from grader.service.work.files import most_bytes, work_of_file

Body = TypeVar("Body", bound=msgspec.Struct)

_FORM_BYTES: Final = NOTEBOOK_BYTES + 16 * 1024
"""The largest file, and what a form has around it."""
_JSON_BYTES: Final = 6 * PY_BYTES + 16 * 1024
"""JSON may write a byte as six."""
_FIELD_BYTES: Final = 1000


class Sent(NamedTuple):
    """A file that was sent in a form, and the fields beside it."""

    work: Work
    fields: dict[str, str]


class _Parser(MultiPartParser):
    """Reads a form; a file is refused as soon as it is larger than its name allows."""

    _left = 0

    def on_headers_finished(self) -> None:
        """Note how long the next part may be, if it is a file."""
        super().on_headers_finished()
        file = self._current_part.file
        if file is not None:
            self._left = most_bytes(file.filename or "")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Count what is read of a file."""
        if self._current_part.file is not None:
            self._left -= end - start
            if self._left < 0:
                raise RefusedError("too-large", words.FILE_TOO_LARGE)
        super().on_part_data(data, start, end)


def is_form(request: Request) -> bool:
    """Return whether a request brings a form."""
    kind = request.headers.get("Content-Type", "")
    return kind.partition(";")[0].strip().lower() == "multipart/form-data"


async def read_text(request: Request, kind: type[Body]) -> Body:
    """Read a request's JSON with a text in it."""
    data = await read_body(request, _JSON_BYTES, words.TEXT_TOO_LARGE)
    return as_record(data, kind)


async def read_form(request: Request) -> Sent:
    """Read a form with one file; refuse another one, and stop reading what is too large."""
    parser = _Parser(
        request.headers,
        _bounded(request),
        max_files=1,
        max_fields=4,
        max_part_size=_FIELD_BYTES,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise RefusedError("invalid", words.BAD_REQUEST) from error
    try:
        return await _sent(form)
    finally:
        await form.close()


async def read_raw(request: Request) -> Work:
    """Read a request whose body is the file; its name is in the query, else it is Python."""
    name = request.query_params.get("name", "submission.py")
    data = await read_body(request, most_bytes(name), words.FILE_TOO_LARGE)
    return work_of_file(name, data)


async def _sent(form: FormData) -> Sent:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise RefusedError("invalid", words.BAD_REQUEST)
    fields = {
        name: value
        for name, value in form.multi_items()
        if isinstance(value, str)
    }
    return Sent(work_of_file(file.filename, await file.read()), fields)


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > _FORM_BYTES:
        raise RefusedError("too-large", words.FILE_TOO_LARGE)
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > _FORM_BYTES:
            raise RefusedError("too-large", words.FILE_TOO_LARGE)
        yield part
