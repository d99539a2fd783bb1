"""The confined side of a notebook: a Jupyter kernel in a worker. It needs ipykernel, and nothing of the trusted side.

Theory of operation ------------------- A stock kernel takes a second to start: half of it is
imports, the rest is the shell, the profile folder, the connection file, nine sockets, and threads
for control, heartbeat and a debugger. Here the template imports ipykernel and builds the kernel
once (`prepare`), and every worker that is forked from it has one: 1 ms.

The kernel has no ZeroMQ sockets. Jupyter's messages travel as frames on the worker's one socket,
and the trusted side reads them with the bounded decoder that reads everything else. ZeroMQ there is
the obvious way and is wrong: whoever is at its other end can send one message of endlessly many
parts, which libzmq keeps in memory until the last one arrives, whatever RCVHWM and MAXMSGSIZE say
(measured: 1.2 GB in 3 s). Without it the worker is also confined completely before anything runs,
as for a .py file: no rule for making sockets, no threads that a filter must reach.

What a cell prints goes to the worker's output pipe, as for a .py file; what it displays is dropped
here, since it means nothing for its grade: so a flood of output costs the trusted side nothing.
There is no control channel (the grader kills, it does not ask), no heartbeat (the grader has the
process), no history, no debugger, no standard input.

One request comes on top of those of `worker.py`, and one is changed:

    {"op": "cell", "token", "source", "cell", "definitions_only"}    run one code cell; any number,
    before the load
        -> {"op": "ran", "token", "skipped": [...]}        what raised in it first, as in `loaded`
    {"op": "load", ..., "definitions_only": false}         nothing runs any more: the cells have run
    {"op": "load", ..., "definitions_only": true}          as in a .py file, after IPython's syntax
    was transformed
"""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from grader.confined import frames, judging, loading, worker
from grader.confined.cells import import_within, transform

Json = dict[str, Any]

_IMPORT_S = 10.0


class Kernel:
    """A Jupyter kernel without sockets; made by `prepare`, in the template, and entered in the worker."""

    def __init__(self, forbidden: Sequence[str] = ()) -> None:
        # Only now, because .py files are graded without: it loads ipykernel.
        from grader.confined import shell

        self._forbidden = forbidden
        self._request = shell.request
        self._own_package = shell.own_package()
        self._kernel = shell.build(self)
        self._main = sys.modules["__main__"]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cell = 0
        self.definitions_only = False
        """Whether of the current cell only the definitions run."""
        self._cells: dict[str, int | None] = {}
        self._skipped: list[Json] = []
        self._functions: dict[str, None] = {}

    def warm_up_plots(self) -> None:
        """Do once what `%matplotlib inline`, as which most notebooks begin, does first: 20 ms of imports."""
        with contextlib.suppress(Exception):
            self._kernel.shell.run_line_magic("matplotlib", "inline")

    def enter(self) -> None:
        """Make this process the kernel's, after the fork."""
        here = os.getcwd()  # noqa: PTH109 - IPython and tempfile want text
        sys.modules["__main__"] = self._main
        sys.modules["grader"] = self._own_package
        sys.path.insert(
            0, ""
        )  # a notebook may import what one of its cells has written
        sys.meta_path.insert(0, loading.Finder(self._forbidden))
        tempfile.tempdir = self._kernel.shell.ipython_dir = here
        # Jupyter runs cells inside a running loop: `await` works at the top level, and
        # `asyncio.run` does not.
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(self, source: str, cell: int, *, definitions_only: bool) -> list[Json]:
        """Run one code cell, and tell what raised in it first."""
        self._cell, self.definitions_only = cell, definitions_only
        self._cells[self.code_name] = cell
        before = len(self._skipped)
        try:
            self._execute(_transformed(source) if definitions_only else source)
        except BaseException as error:  # noqa: BLE001 - a cell can break the kernel itself, and that is its own affair
            self.note(error)
        return self._skipped[before:]

    def _execute(self, source: str) -> None:
        if self._loop is None:
            raise RuntimeError("the kernel was not entered")
        self._kernel.set_parent([], self._request(source), channel="shell")
        execution = self._kernel.do_execute(
            source, silent=False, store_history=True, allow_stdin=False
        )
        self._loop.run_until_complete(execution)
        before = self._kernel.shell.last_execution_result.error_before_exec
        if before is not None:
            self.note(before)

    @property
    def code_name(self) -> str:
        """What the code of the current cell is called in a traceback."""
        return loading.unit_name("notebook", self._cell)

    def note(self, error: BaseException, line: int | None = None) -> None:
        """Keep what the current cell has raised first, in the statement that begins at `line`."""
        if self._skipped and self._skipped[-1]["cell"] == self._cell:
            return  # what fails after the first failure in a cell mostly fails because of it
        raised = judging.describe_exception(error, self._cells)
        self._skipped.append({"line": line, "cell": self._cell, "raised": raised})

    def note_function(self, name: str) -> None:
        """Keep the name of a function that a cell defines."""
        self._functions[name] = None

    def finish(self, request: Json) -> loading.Loaded:
        """Judge the submission as the cells have left it, or load its definitions alone into a fresh namespace."""
        if request["definitions_only"]:
            units = [[_transformed(source), cell] for source, cell in request["units"]]
            return loading.load({**request, "units": units})
        namespace = vars(self._main)
        for name in ("exit", "quit"):
            if namespace.get(name) is self._kernel.shell.exiter:
                namespace[name] = judging.leave
        return loading.find_function(
            request, self._main, self._cells, self._skipped, self._functions
        )


class _Connection(worker.Connection):
    """Answers the requests that only a kernel knows, and hands on the others."""

    def __init__(self, kernel: Kernel, incoming: int, outgoing: int) -> None:
        super().__init__(incoming, outgoing)
        self._kernel = kernel

    def receive(self) -> tuple[Json, bytes] | None:
        """Give the next request that is not a cell."""
        while request := super().receive():
            header, _ = request
            if header["op"] != "cell":
                return request
            only = header["definitions_only"]
            skipped = self._kernel.run(
                header["source"], header["cell"], definitions_only=only
            )
            worker.flush()
            self.send(
                frames.pack_frame(
                    {"op": "ran", "token": header["token"], "skipped": skipped}
                )
            )
        return None


def prepare(config: Json) -> Kernel:
    """Build a kernel in the template, and import what notebooks are likely to import: the slow part, once.

    A module that is not installed, or takes longer than `_IMPORT_S`, is left to the notebooks.
    """
    folder = config["root"]
    os.environ["IPYTHONDIR"] = os.environ["JUPYTER_CONFIG_DIR"] = os.environ[
        "MPLCONFIGDIR"
    ] = folder
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    with _hidden("debugpy"):  # ipykernel decides here, once, that there is no debugger
        kernel = Kernel(config["forbidden"])
    for name in config["preload"]:
        import_within(name, _IMPORT_S)
    if import_within("matplotlib.backends.registry", _IMPORT_S):
        # It lists a folder to find its backends, which a worker cannot. Before matplotlib 3.9 it
        # did not.
        with contextlib.suppress(AttributeError):
            sys.modules["matplotlib.backends.registry"].backend_registry.list_all()
    if "matplotlib.pyplot" in sys.modules:
        kernel.warm_up_plots()
    return kernel


def run(incoming: int, outgoing: int, kernel: Kernel) -> NoReturn:
    """Be the kernel that was prepared until the grader hangs up, on these descriptors."""
    kernel.enter()
    worker.serve(_Connection(kernel, incoming, outgoing), kernel.finish)


def _transformed(source: str) -> str:
    try:
        return transform(source)
    except (SyntaxError, ValueError, RecursionError):
        return source  # the loader then says what is wrong with it


@contextlib.contextmanager
def _hidden(module: str) -> Iterator[None]:
    """While this lasts, importing `module` fails."""
    modules: dict[str, Any] = sys.modules
    before = modules.get(module)
    modules[module] = None  # documented: there is no such module
    try:
        yield
    finally:
        del modules[module]
        if before is not None:
            modules[module] = before
