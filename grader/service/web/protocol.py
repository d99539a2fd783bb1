"""What stands between a connection and the application: uvicorn's reading of HTTP, bounded.

The parser keeps a head, the lines before a body, until it is whole, however long it is. A client
that never ends one would fill the memory before any code of ours is called.
"""

from typing import TYPE_CHECKING, Final, Literal

from grader.service.web.headers import ALWAYS

if TYPE_CHECKING:
    import asyncio

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:
    # Another Python than CPython. h11 has a limit of its own, and answers without our headers.
    HTTP: "Literal['h11'] | type[asyncio.Protocol]" = "h11"
else:
    HEAD_BYTES: Final = 64 * 1024
    """A head may have this, and what else came with its last packet."""

    class _Bounded(HttpToolsProtocol):
        """Refuses a head without an end, and gives every answer the headers of the service."""

        _head: int | None = None
        """The bytes of the head that is being read; None between heads."""

        def on_message_begin(self) -> None:
            """Note that a head begins."""
            self._head = 0
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            """Note that it is whole."""
            self._head = None
            super().on_headers_complete()

        def data_received(self, data: bytes) -> None:
            """Read what came; nothing more once a head is too long."""
            if self.transport.is_closing():
                return
            super().data_received(data)
            if self._head is None:
                return
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.send_400_response("The head of this request is too long.")

        def send_400_response(self, msg: str) -> None:
            """Answer a malformed request; nothing of it is repeated."""
            headers = {
                **ALWAYS,
                "Content-Type": "text/plain; charset=utf-8",
                "Content-Length": str(len(msg)),
                "Connection": "close",
            }
            lines = [f"{name}: {value}" for name, value in headers.items()]
            head = "\r\n".join(["HTTP/1.1 400 Bad Request", *lines])
            self.transport.write(f"{head}\r\n\r\n{msg}".encode("ascii"))
            self.transport.close()

    HTTP = _Bounded
