"""Jupyter's parts between nbclient and a worker: a kernel provisioner, a manager, a client and its channels.

`notebook.py` says why the channel is a question to a worker and no ZeroMQ socket.
"""

from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from grader.execution import wire
from grader.execution.contracts import Ended, Worker, Workers

_Message = dict[str, Any]


class Provisioner(KernelProvisionerBase):
    """A kernel provisioner whose kernels are confined workers."""

    def __init__(self, workers: Workers) -> None:
        super().__init__()
        self._workers = workers
        self.worker: Worker | None = None
        self.ended: Ended | None = None
        self.interrupt: KeyboardInterrupt | SystemExit | None = None
        """Ctrl-C, or a signal that ends the grader, while a cell was running."""

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self.worker is not None

    async def launch_kernel(
        self, cmd: list[str], **kwargs: object
    ) -> KernelConnectionInfo:
        """Start a worker; there is no connection, because it has its socket already."""
        del cmd, kwargs
        self.worker = self._workers.worker()
        return {}

    async def poll(self) -> int | None:
        """None while the kernel lives."""
        return (
            None
            if self.worker is not None and self.ended is None and self.interrupt is None
            else 1
        )

    async def wait(self) -> int | None:
        """Give the exit code; a worker that ended is gone when that is known."""
        return await self.poll()

    async def kill(self, restart: bool = False) -> None:
        """End the worker, and leave nothing of it."""
        del restart
        if self.worker is not None:
            self.worker.close()

    async def terminate(self, restart: bool = False) -> None:
        """End the worker; it is never asked to."""
        await self.kill(restart)

    async def send_signal(self, signum: int) -> None:
        """End the worker: a student's code may catch every signal but one."""
        del signum
        await self.kill()

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing is left to clean up."""


class KernelManager(AsyncKernelManager):
    """A kernel manager with the provisioner above, which knows no kernelspecs, files and ports."""

    provisioner: Provisioner

    def __init__(self, workers: Workers) -> None:
        super().__init__()
        self.provisioner = Provisioner(workers)

    async def start_kernel(self, **kwargs: object) -> None:  # type: ignore[override]  # as the asynchronous parent
        """Start the kernel. The inherited way would write a connection file, and sleep 10 ms for its own tests."""
        await self.provisioner.launch_kernel([], **kwargs)

    def client(self, **kwargs: object) -> "Client":  # type: ignore[override]  # as the asynchronous parent
        """Give a client that talks to this kernel."""
        return Client(parent=self, channel=Channel(self.provisioner), **kwargs)


class Client(AsyncKernelClient):
    """A kernel client whose shell channel is the worker's socket, and whose other channel is always at its end."""

    allow_stdin = False

    def __init__(self, channel: "Channel", **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._channel = channel
        self._idle = _Idle(channel)

    @property
    def shell_channel(self) -> "Channel":
        """Where a cell is asked for."""
        return self._channel

    @property
    def iopub_channel(self) -> "_Idle":
        """Where nothing is published."""
        return self._idle


class Channel:
    """Jupyter's shell channel as questions to a worker. Its clock is that of `ask`."""

    def __init__(self, provisioner: Provisioner) -> None:
        self._provisioner = provisioner
        self._request: _Message = {}
        self._cell = 0
        self._definitions_only = False

    @property
    def message_id(self) -> str:
        """The id of the request that was sent last."""
        return str(self._request["header"]["msg_id"])

    def take(self, cell: int, *, definitions_only: bool) -> None:
        """Say which cell is sent next, and whether all of it is to run."""
        self._cell, self._definitions_only = cell, definitions_only

    def send(self, message: _Message) -> None:
        """Take an `execute_request`; it travels when the reply is asked for."""
        self._request = message

    async def get_msg(self, timeout: float | None = None) -> _Message:  # noqa: ASYNC109 - Jupyter's signature
        """Give the `execute_reply` that came within the seconds; queue.Empty, and no kernel any more, when none did.

        It blocks the loop, in which nothing else happens: one loop, one kernel, one question.
        """
        worker = self._provisioner.worker
        if worker is None or timeout is None:
            raise Empty
        token = wire.new_token()
        source = self._request["content"]["code"]
        request = wire.cell_request(
            token, source, self._cell, definitions_only=self._definitions_only
        )
        try:
            answer = worker.ask(request, timeout)
        except (KeyboardInterrupt, SystemExit) as error:
            # In a task it would stop the loop, and again whenever the loop is run to clean up: so
            # it waits outside.
            self._provisioner.interrupt = error
            raise Empty from error
        record = answer if isinstance(answer, Ended) else wire.decode(answer, token, 0)
        if isinstance(record, wire.Ran):
            return _reply(self.message_id, record)
        if not isinstance(record, Ended):
            worker.close()
            reason = (
                record.reason
                if isinstance(record, wire.Unreadable)
                else "a message does not answer the request"
            )
            record = Ended(kind="invalid_output", reason=reason)
        self._provisioner.ended = record
        raise Empty


class _Idle:
    """Jupyter's iopub channel where the kernel is always idle: what it would publish is dropped at its source."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def get_msg(self, timeout: float | None = None) -> _Message:  # noqa: ASYNC109 - Jupyter's signature
        """Say that the request that was sent last is over."""
        del timeout
        return _message("status", self._channel.message_id, {"execution_state": "idle"})


def _reply(message_id: str, ran: wire.Ran) -> _Message:
    content: _Message = {"status": "ok"}
    if ran.skipped:
        raised = ran.skipped[0].raised
        content = {
            "status": "error",
            "ename": raised.type,
            "evalue": raised.message,
            "traceback": [],
        }
    return _message("execute_reply", message_id, content)


def _message(kind: str, message_id: str, content: _Message) -> _Message:
    return {
        "header": {},
        "msg_type": kind,
        "parent_header": {"msg_id": message_id},
        "content": content,
    }
