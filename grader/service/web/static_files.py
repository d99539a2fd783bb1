"""Scripts of the pages: read once, under an address that changes with them, so kept for a year."""

import functools
import gzip
import hashlib
from pathlib import Path
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.classbook.page import style_and_script
from grader.service import words
from grader.service.problems import RefusedError

_FOLDER: Final = Path(__file__).parent / "static"
_KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
CLASS_SCRIPT: Final = "class_table.js"
"""The script of the static class page, which the live one uses."""


class _File(msgspec.Struct, frozen=True):
    kind: str
    plain: bytes
    zipped: bytes


@functools.cache
def _files() -> dict[str, _File]:
    texts = {
        path.name: path.read_bytes()
        for path in sorted(_FOLDER.iterdir())
        if path.suffix in _KINDS
    }
    texts[CLASS_SCRIPT] = style_and_script()[1].encode()
    return {
        name: _File(
            _KINDS[Path(name).suffix], data, gzip.compress(data, mtime=0)
        )
        for name, data in sorted(texts.items())
    }


@functools.cache
def version() -> str:
    """Return a name for all files as they are."""
    whole = hashlib.sha256()
    for name, file in _files().items():
        whole.update(f"{name}\0{len(file.plain)}\0".encode() + file.plain)
    return whole.hexdigest()[:16]


def address() -> str:
    """Return where the files are, without a slash at the end."""
    return f"/static/{version()}"


async def static_file(request: Request) -> Response:
    """Return a file; of another version of the service what is here, and that is not kept."""
    file = _files().get(request.path_params["name"])
    if file is None:
        raise RefusedError("not-found", words.NOT_FOUND)
    headers = {"Vary": "Accept-Encoding"}
    if request.path_params["version"] == version():
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    body = file.plain
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = file.zipped
    return Response(body, headers=headers, media_type=file.kind)


ROUTES: Final = [Route("/static/{version}/{name}", static_file)]
