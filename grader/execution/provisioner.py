"""Jupyter's parts between nbclient and a worker: a provisioner, a manager, a client, its channels.

`notebook.py` says why the channel is a request to a worker and not a ZeroMQ socket.
"""

from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from grader.execution import wire
from grader.execution.contracts import Ended, Worker, Workers
from grader.execution.interactive import Demotion
from grader.model import Module

_Message = dict[str, Any]


class Provisioner(KernelProvisionerBase):
    """A kernel provisioner whose kernels are confined workers."""

    def __init__(
        self, workers: Workers, demotion: Demotion | None = None
    ) -> None:
        super().__init__()
        self._workers = workers
        self._demotion = demotion
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
        """Start a worker; there is no connection to describe, because it already has its socket."""
        del cmd, kwargs
        self.worker = self._workers.worker(self._demotion)
        return {}

    async def poll(self) -> int | None:
        """Return None while the kernel lives."""
        ended = self.ended is not None or self.interrupt is not None
        return 1 if ended or self.worker is None else None

    async def wait(self) -> int | None:
        """Return the exit code; by the time that is known, a worker that ended is gone."""
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
        """Do nothing: nothing is left to clean up."""


class KernelManager(AsyncKernelManager):
    """A kernel manager with the provisioner above, which has no kernelspecs, files or ports."""

    provisioner: Provisioner

    def __init__(
        self, workers: Workers, demotion: Demotion | None = None
    ) -> None:
        super().__init__()
        self.provisioner = Provisioner(workers, demotion)

    # As its parent.
    async def start_kernel(self, **kwargs: object) -> None:  # type: ignore[override]
        """Start the kernel.

        The inherited method would write a connection file, and sleep 10 ms for its own tests.
        """
        await self.provisioner.launch_kernel([], **kwargs)

    def client(self, **kwargs: object) -> "Client":  # type: ignore[override] # as its parent
        """Return a client that talks to this kernel."""
        return Client(parent=self, channel=Channel(self.provisioner), **kwargs)


class Client(AsyncKernelClient):
    """A kernel client whose shell channel is the worker's socket; its iopub channel is empty."""

    allow_stdin = False

    def __init__(self, channel: "Channel", **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._channel = channel
        self._idle = _Idle(channel)

    @property
    def shell_channel(self) -> "Channel":
        """The channel for requests to run a cell."""
        return self._channel

    @property
    def iopub_channel(self) -> "_Idle":
        """The channel on which nothing is published."""
        return self._idle


class Channel:
    """Jupyter's shell channel, as requests to a worker. Its clock is that of `ask`."""

    def __init__(self, provisioner: Provisioner) -> None:
        self._provisioner = provisioner
        self._request: _Message = {}
        self._cell = 0
        self._definitions_only = False
        self._modules: tuple[Module, ...] = ()

    @property
    def message_id(self) -> str:
        """The id of the latest request."""
        return str(self._request["header"]["msg_id"])

    def take(
        self,
        cell: int,
        *,
        definitions_only: bool,
        modules: tuple[Module, ...] = (),
    ) -> None:
        """Set which cell is sent next, whether only its definitions run, and what comes with it."""
        self._cell, self._definitions_only = cell, definitions_only
        self._modules = modules

    def send(self, message: _Message) -> None:
        """Keep an `execute_request`; it is sent when the reply is asked for."""
        self._request = message

    # Jupyter's signature.
    async def get_msg(self, timeout: float | None = None) -> _Message:  # noqa: ASYNC109
        """Return the `execute_reply` that came in time.

        queue.Empty where none did; the kernel is gone then. This blocks the loop, in which nothing
        else happens: one loop, one kernel, one request.
        """
        worker = self._provisioner.worker
        if worker is None or timeout is None:
            raise Empty
        token = wire.new_token()
        source = self._request["content"]["code"]
        request = wire.cell_request(
            token,
            source,
            self._cell,
            definitions_only=self._definitions_only,
            modules=self._modules,
        )
        try:
            answer = worker.ask(request, timeout)
        except (KeyboardInterrupt, SystemExit) as error:
            # Raised in a task it would stop the loop, and stop it again whenever the loop runs to
            # clean up. So it waits outside.
            self._provisioner.interrupt = error
            raise Empty from error
        record = (
            answer
            if isinstance(answer, Ended)
            else wire.decode(answer, token, 0)
        )
        if isinstance(record, wire.Ran):
            return _reply(self.message_id, record)
        if not isinstance(record, Ended):
            worker.close()
            record = Ended(
                kind="invalid_output", reason=wire.why_invalid(record)
            )
        self._provisioner.ended = record
        raise Empty


class _Idle:
    """Jupyter's iopub channel of a kernel that is always idle and publishes nothing."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    # Jupyter's signature.
    async def get_msg(self, timeout: float | None = None) -> _Message:  # noqa: ASYNC109
        """Return the message that the latest request is over."""
        del timeout
        return _message(
            "status", self._channel.message_id, {"execution_state": "idle"}
        )


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
