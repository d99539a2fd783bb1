"""The trusted side of a notebook: nbclient runs its cells in a kernel that is a confined worker.

Theory of operation. nbclient goes through the code cells, jupyter_client makes the messages, and a
kernel provisioner gets the process, a fork of the notebook template (`confined/kernel.py` runs
there). What differs from a stock kernel is the channel. A message and its reply are one request to
the worker (`contracts.Worker.ask`), with the grader's clock, bounded frames and the total decoder;
the kernel publishes nothing. So there is no connection file and no port, and jupyter_client does
not wait 0.2 s for messages that never come. Nothing that a kernel says makes the grader wait, grow
or fail: silence ends at the deadline, and every reply but the expected one ends the kernel.

The cells come from `Submission.units`. The file's kernelspec, saved outputs, execution counts, tags
and ids mean nothing.

When a cell hangs or kills the kernel, a new kernel runs the cells again, and of that cell only the
definitions: what it would have computed is lost, what the others compute is not. All runs together
keep within the time for a notebook. When that is used up, or the function is missing at the end, a
new kernel gets only the definitions, like the second try for a .py file. A call that kills the
kernel costs its case; the next case gets a new kernel in the same way.
"""

import asyncio
import concurrent.futures
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import msgspec
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from grader.errors import GraderError
from grader.execution import wire
from grader.execution.contracts import Ended, Workers, nothing
from grader.execution.endings import still_in
from grader.execution.interactive import Interactive
from grader.execution.provisioner import KernelManager
from grader.execution.session import Session
from grader.model import (
    Case,
    Exercise,
    Loading,
    Raised,
    Skipped,
    Submission,
    Trial,
    Unit,
)

_RAN_OUT = frozenset(
    {"timed_out", "out_of_memory", "crashed", "invalid_output"}
)
_NO_LOG = logging.getLogger("grader.nbclient")
"""The report says what happened; a line about "the kernel" would name neither file nor cell."""
_NO_LOG.disabled = True
_NO_BETTER = _RAN_OUT | {"no_function", "foreign"}


class NotebookSession(Session):
    """The execution of one notebook."""

    def __init__(
        self,
        workers: Workers,
        exercise: Exercise,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
        probe: Callable[[], Trial | None] = nothing,
        interactive: Interactive | None = None,
    ) -> None:
        super().__init__(
            workers, exercise, submission, cases, probe, interactive
        )
        self._notebook_s = self.share.loading_s(
            exercise.limits.notebook_s, again=False
        )
        self._cells_left = self._notebook_s
        self._units = [unit for unit in submission.units if unit.source.strip()]
        self._deadly: dict[int, Ended] = {}
        """The cells that ended a kernel: index -> how."""

    def _load(self, *, definitions_only: bool) -> Loading:
        """Run the cells in a new kernel, or only the definitions where that gives no function."""
        if definitions_only:
            return super()._load(definitions_only=True)
        loading = self._load_cells()
        first = msgspec.structs.replace(
            loading, skipped=(*self._left_out(), *loading.skipped)
        )
        reason = self._why_again(loading)
        if reason is None:
            return first
        second = super()._load(definitions_only=True)
        if second.state in _NO_BETTER and loading.state not in _RAN_OUT:
            return first
        return msgspec.structs.replace(second, reason=second.reason or reason)

    def _why_again(self, loading: Loading) -> str | None:
        """Return why the definitions must be tried; None where the cells gave a function."""
        function = loading.target or self._exercise.function
        if loading.state in _RAN_OUT:
            return loading.reason
        if function not in loading.functions and loading.state != "no_function":
            return None
        if loading.state == "no_function":
            return f"there was no {function} at the end"
        if loading.state == "foreign":
            # `%pylab` and its like bind the name to numpy's own after the student's definition.
            return f"at the end {function} was that of {loading.module}"
        return None

    def _load_cells(self) -> Loading:
        """Run all cells, and ask the kernel what they defined."""
        while True:
            self._end_worker()
            manager = KernelManager(self._workers, self.share.demotion)
            try:
                deadly = _in_loop(self._run_cells(manager))
            finally:
                self._worker = manager.provisioner.worker
            if manager.provisioner.interrupt is not None:
                raise manager.provisioner.interrupt
            if deadly is None:
                return self._ask_to_load(definitions_only=False)
            ended = self._blame(deadly, manager.provisioner.ended)
            over = self._cells_left <= 0 or self.share.called_off
            if over or deadly in self._deadly:
                self._end_worker()
                return Loading(
                    state=ended.kind,
                    reason=ended.reason,
                    still=wire.last_words(ended.last_words),
                )
            self._deadly[deadly] = ended

    async def _run_cells(self, manager: KernelManager) -> int | None:
        """Run the cells one by one, and return the index of the one that ended the kernel.

        The kernel keeps what a cell raises.
        """
        client = _client(manager, self._units, self._cell_seconds)
        await manager.start_kernel()
        client.kc = manager.client()
        for index, unit in enumerate(self._units):
            client.kc.shell_channel.take(
                unit.cell or index + 1,
                definitions_only=index in self._deadly,
                modules=() if index else self._submission.modules,
            )
            start = time.monotonic()
            try:
                if self._cells_left <= 0:
                    return index
                await client.async_execute_cell(client.nb.cells[index], index)
            except DeadKernelError:
                return index
            finally:
                self._cells_left -= time.monotonic() - start
        return None

    def _cell_seconds(self) -> float:
        return min(self._limits.cell_s, self._cells_left)

    def _blame(self, index: int, ended: Ended | None) -> Ended:
        """Return in the grader's words what became of a cell."""
        if ended is not None and ended.kind == "grader_error":
            raise GraderError(ended.reason or "a worker failed")
        if ended is None or ended.kind == "timed_out":
            self.share.ran_out(self._notebook_s, self._limits.notebook_s)
        if ended is None:
            reason = (
                f"the cells took more than {self._notebook_s:.3g} s together"
            )
            return Ended(kind="timed_out", reason=reason)
        reason = f"cell {self._units[index].cell} {self._words(ended)}"
        return msgspec.structs.replace(ended, reason=reason)

    def _words(self, ended: Ended) -> str:
        limits = self._limits
        if ended.kind == "timed_out" and self._cells_left <= 0:
            return f"was still running when the {self._notebook_s:.3g} s for all cells were over"
        if ended.kind == "timed_out":
            where = still_in(wire.last_words(ended.last_words))
            return f"was still running after {limits.cell_s:g} s{where}"
        if ended.kind == "out_of_memory":
            return "used up the memory"
        if ended.kind == "invalid_output":
            return f"broke the kernel ({ended.reason})"
        return ended.reason or "ended the process"

    def _left_out(self) -> list[Skipped]:
        """Return for the report what became of the cells whose definitions alone count."""
        notes = []
        for index, ended in self._deadly.items():
            cell = self._units[index].cell
            words = (ended.reason or "").removeprefix(f"cell {cell} ")
            raised = Raised(type="", message=words, cell=cell)
            notes.append(Skipped(line=None, cell=cell, raised=raised))
        return notes


def _client(
    manager: KernelManager, units: list[Unit], seconds: Callable[[], float]
) -> NotebookClient:
    # Not with new_code_cell, which takes 1 ms to validate each one against the schema.
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "source": unit.source,
            "outputs": [],
        }
        for unit in units
    ]
    notebook = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    )  # type: ignore[no-untyped-call] # nbformat has no types
    return NotebookClient(
        notebook,
        km=manager,
        log=_NO_LOG,
        allow_errors=True,
        timeout_func=lambda _cell: seconds(),
        record_timing=False,
        store_widget_state=False,
    )


def _in_loop(work: Coroutine[Any, Any, int | None]) -> int | None:
    """Run it in an event loop of its own, also where the caller (a notebook, say) is inside one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run_loop(work)
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        return executor.submit(_run_loop, work).result()


def _run_loop(work: Coroutine[Any, Any, int | None]) -> int | None:
    """Do what `asyncio.run` does, but heed Ctrl-C at once, not when the cell is over."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(_cancel(asyncio.all_tasks(loop)))
        loop.close()


async def _cancel(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
