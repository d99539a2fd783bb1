"""The trusted side of a notebook: nbclient runs its cells in a kernel that is a confined worker.

Theory of operation ------------------- nbclient goes through the code cells, jupyter_client makes
the messages, and a kernel provisioner gets the process: a fork of the notebook template
(`kernel.py` is what runs there). What is different from a stock kernel is the channel. A message
and its reply travel as one question to the worker (`asking.Worker.ask`), with the grader's clock,
bounded frames and the total decoder; the kernel publishes nothing. So there is no connection file,
no port, no 0.2 s that jupyter_client waits for messages that are not there, and nothing that a
kernel can say makes the grader wait, grow or fail: silence ends at the deadline, and every sentence
but the one expected ends the kernel.

The cells come from `Submission.units`: kernelspec, saved outputs, execution counts, tags and ids of
the file mean nothing.

When a cell hangs or kills the kernel, a new kernel runs the cells again, of that one only the
definitions: what it would have computed is lost, and what the others compute is not. All runs
together keep within the time for a notebook. When that is used up, or the function is missing at
the end, a new kernel gets nothing but definitions, as the second try for a .py file. A call that
kills the kernel costs its case; the next one gets a new kernel in the same way.
"""

import asyncio
import concurrent.futures
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import msgspec
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from grader.errors import GraderError
from grader.execution.contracts import Ended, Workers
from grader.execution.provisioner import KernelManager
from grader.execution.session import Session
from grader.model import Case, Exercise, Loading, Raised, Skipped, Submission, Unit

_RAN_OUT = frozenset({"timed_out", "out_of_memory", "crashed", "invalid_output"})


class NotebookSession(Session):
    """The execution of one notebook."""

    def __init__(
        self,
        workers: Workers,
        exercise: Exercise,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
    ) -> None:
        super().__init__(workers, exercise, submission, cases)
        self._cells_left = exercise.limits.notebook_s
        self._units = [unit for unit in submission.units if unit.source.strip()]
        self._deadly: dict[int, Ended] = {}
        """Which cells ended a kernel: index -> how."""

    def _load(self, *, definitions_only: bool) -> Loading:
        """Give a new kernel the cells, or the definitions alone where that gives no function."""
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
        no_better = second.state in _RAN_OUT or second.state in {
            "no_function",
            "foreign",
        }
        if no_better and loading.state not in _RAN_OUT:
            return first
        return msgspec.structs.replace(second, reason=second.reason or reason)

    def _why_again(self, loading: Loading) -> str | None:
        """Say why what the cells have left will not do; None where it will."""
        function = self._exercise.function
        if loading.state in _RAN_OUT:
            return loading.reason
        if function not in loading.functions and loading.state != "no_function":
            return None
        if loading.state == "no_function":
            return f"there was no {function} at the end"
        # `%pylab` and its like bind the name to numpy's own after the student has defined theirs.
        return (
            f"at the end {function} was that of {loading.module}"
            if loading.state == "foreign"
            else None
        )

    def _load_cells(self) -> Loading:
        """Run all cells, and ask what they have come to."""
        while True:
            self._end_worker()
            manager = KernelManager(self._workers)
            try:
                deadly = _in_loop(self._run_cells(manager))
            finally:
                self._worker = manager.provisioner.worker
            if manager.provisioner.interrupt is not None:
                raise manager.provisioner.interrupt
            if deadly is None:
                return self._ask_to_load(definitions_only=False)
            ended = self._blame(deadly, manager.provisioner.ended)
            if self._cells_left <= 0 or deadly in self._deadly:
                self._end_worker()
                return Loading(state=ended.kind, reason=ended.reason)
            self._deadly[deadly] = ended

    async def _run_cells(self, manager: KernelManager) -> int | None:
        """Run the cells one after the other, and give the index of the one that ended the kernel.

        What a cell raises is kept by the kernel.
        """
        client = _client(
            manager, self._units, lambda: min(self._limits.cell_s, self._cells_left)
        )
        await manager.start_kernel()
        client.kc = manager.client()
        for index, unit in enumerate(self._units):
            client.kc.shell_channel.take(
                unit.cell or index + 1, definitions_only=index in self._deadly
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

    def _blame(self, index: int, ended: Ended | None) -> Ended:
        """Say in the grader's words what became of a cell."""
        if ended is not None and ended.kind == "grader_error":
            raise GraderError(ended.reason or "a worker failed")
        if ended is None:
            reason = f"the cells took more than {self._limits.notebook_s:g} s together"
            return Ended(kind="timed_out", reason=reason)
        ended = msgspec.structs.replace(ended, reason=self._words(ended))
        return msgspec.structs.replace(
            ended, reason=f"cell {self._units[index].cell} {ended.reason}"
        )

    def _words(self, ended: Ended) -> str:
        if ended.kind == "timed_out" and self._cells_left <= 0:
            return f"was still running when the {self._limits.notebook_s:g} s for all cells were over"
        if ended.kind == "timed_out":
            return f"was still running after {self._limits.cell_s:g} s"
        if ended.kind == "out_of_memory":
            return "used up the memory"
        if ended.kind == "invalid_output":
            return f"broke the kernel ({ended.reason})"
        return ended.reason or "ended the process"

    def _left_out(self) -> list[Skipped]:
        """Say in the report what became of cells of which only the definitions count."""
        notes = []
        for index, ended in self._deadly.items():
            cell = self._units[index].cell
            words = (ended.reason or "").removeprefix(f"cell {cell} ")
            notes.append(
                Skipped(
                    line=None,
                    cell=cell,
                    raised=Raised(type="", message=words, cell=cell),
                )
            )
        return notes


def _client(
    manager: KernelManager, units: list[Unit], seconds: Callable[[], float]
) -> NotebookClient:
    # Not with new_code_cell, which validates each against the schema: 1 ms.
    cells = [
        {"cell_type": "code", "metadata": {}, "source": unit.source, "outputs": []}
        for unit in units
    ]
    notebook = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    )  # type: ignore[no-untyped-call]
    return NotebookClient(
        notebook,
        km=manager,
        allow_errors=True,
        timeout_func=lambda _cell: seconds(),
        record_timing=False,
        store_widget_state=False,
    )


def _in_loop(work: Coroutine[Any, Any, int | None]) -> int | None:
    """Run it in an event loop of its own; also where the caller, a notebook perhaps, is inside one already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run_loop(work)
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        return executor.submit(_run_loop, work).result()


def _run_loop(work: Coroutine[Any, Any, int | None]) -> int | None:
    """Do what `asyncio.run` does, except that Ctrl-C is heard at once and not when the cell is over."""
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
