"""The trusted end of a template's control socket: what is asked, answered and handed over."""

import array
import contextlib
import json
import socket
import subprocess
from typing import Any

from grader.errors import GraderError
from grader.execution.settings import TemplateLost

_MESSAGE_CAP = 1 << 16
_ERROR = b'{"error": '
_DYING_S = 1.0
"""A process that is killed closes its sockets shortly before its exit status is known."""


class Control:
    """A control socket; the process at its other end is ended as soon as it does not answer."""

    def __init__(
        self, ours: socket.socket, process: "subprocess.Popen[bytes]"
    ) -> None:
        self._socket = ours
        self._process = process
        self._hung_up = False

    def hang_up(self) -> bool:
        """Close the socket; return whether it was open."""
        was_open = not self._hung_up
        self._hung_up = True
        self._socket.close()
        return was_open

    def send(self, message: dict[str, Any]) -> None:
        """Send a message as JSON."""
        self.send_bytes(json.dumps(message).encode("ascii"))

    def send_bytes(self, message: bytes, *descriptors: int) -> None:
        """Send a message as it is, and descriptors with it."""
        rights = array.array("i", descriptors)
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]
        try:
            self._socket.sendmsg([message], ancillary if descriptors else [])
        except OSError as error:
            raise self._lost() from error

    def receive(self) -> dict[str, Any]:
        """Return an answer that is JSON."""
        answer: dict[str, Any] = json.loads(self.receive_bytes()[0])
        return answer

    def receive_bytes(self, descriptors: int = 0) -> tuple[bytes, list[int]]:
        """Return one answer, and the descriptors that must come with it.

        GraderError where the answer is an error.
        """
        try:
            data, ancillary, _, _ = self._socket.recvmsg(
                _MESSAGE_CAP, socket.CMSG_SPACE(4), socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            raise self._lost() from error
        if not data:
            raise self._lost()
        received = array.array("i")
        for _, _, some in ancillary:
            received.frombytes(some)
        if data.startswith(_ERROR):
            reason = json.loads(data)["error"]
            raise GraderError(
                f"the template process could not do its work: {reason}"
            )
        if len(received) != descriptors:
            raise GraderError("no file descriptor is left for a worker")
        return data, list(received)

    def _lost(self) -> TemplateLost:
        """Return why the template does not answer, and end it and its workers for good."""
        if self._hung_up:
            return TemplateLost("the template process was closed")
        code = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(_DYING_S)
        with contextlib.suppress(OSError):
            self._process.kill()
        return TemplateLost(f"the template process {_end_of(code)}")


def _end_of(code: int | None) -> str:
    if code is None:
        return "does not answer"
    return f"was killed by signal {-code}" if code < 0 else f"ended ({code})"
