"""The confined side of a notebook: a worker that is a Jupyter kernel.

Theory of operation
-------------------
A stock kernel takes a second to start. Half of that is imports; the rest is the shell, the profile
folder, the connection file, nine sockets, and threads for control, heartbeat and a debugger. Here
the template imports ipykernel and builds the kernel once (`prepare`), and every worker that is
forked from it has one after 1 ms.

The kernel has no ZeroMQ sockets. Jupyter's messages travel as frames on the worker's one socket,
and the trusted side reads them with the bounded decoder that reads everything else. ZeroMQ would be
the obvious way but is wrong: the other end can send one message of endlessly many
parts, which libzmq keeps in memory until the last one arrives, whatever RCVHWM and MAXMSGSIZE say
(measured: 1.2 GB in 3 s). Without it, a worker is also confined completely before anything runs, as
for a .py file: no rule for making sockets, no threads that a filter must reach.

What a cell prints goes to the worker's output pipe, as for a .py file. What it displays is dropped
here, because it means nothing for the grade; so a flood of output costs the trusted side nothing.
There is no control channel (the grader does not ask, it kills), no heartbeat (the grader has the
process), no history, no debugger, no standard input.

One request comes on top of those in `worker`, and one is changed:

    {"op": "cell", "token", "source", "cell", "definitions_only", "modules": [[path, source], ...]}
     runs one code cell; any number of times, before the load
        -> {"op": "ran", "token", "skipped": [...]}     what raised in it first, as in `loaded`
    {"op": "load", ..., "definitions_only": false}      runs nothing more: the cells have run
    {"op": "load", ..., "definitions_only": true}       as for a .py file, after IPython's syntax
                                                        has been transformed
"""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from grader.confined import frames, judging, loading, refusing, worker
from grader.confined.cells import import_within, transform

Json = dict[str, Any]

_IMPORT_S = 10.0


class Kernel:
    """A Jupyter kernel without sockets; `prepare` makes it in the template, a worker enters it."""

    def __init__(
        self, forbidden: Sequence[str] = (), real: Sequence[str] = ()
    ) -> None:
        # It imports ipykernel, and .py files are graded without.
        from grader.confined import shell

        self._forbidden = forbidden
        # The kernel itself loads parts of it when a cell needs them.
        self._real = (*real, "IPython")
        self._request = shell.request
        self._own_package = shell.own_package()
        self._kernel = shell.build(self)
        if not any(name.startswith("matplotlib") for name in real):
            shell.add_plot_magics(self._kernel.shell)
        self._main = sys.modules["__main__"]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cell = 0
        self.definitions_only = False
        """Whether only the definitions of the current cell run."""
        self._cells: dict[str, int | None] = {}
        self._skipped: list[Json] = []
        self._functions: dict[str, None] = {}

    def warm_up_plots(self) -> None:
        """Run `%matplotlib inline` once: most notebooks begin with it, and it imports for 20 ms."""
        with contextlib.suppress(Exception):
            self._kernel.shell.run_line_magic("matplotlib", "inline")

    def enter(self) -> None:
        """Make this process the kernel's own, after the fork."""
        scratch = os.path.abspath(os.environ["TMPDIR"])  # noqa: PTH100 - it imports for 10 ms
        sys.modules["__main__"] = self._main
        sys.modules["grader"] = self._own_package
        # A notebook may import what one of its cells has written.
        sys.path.insert(0, "")
        sys.meta_path.insert(0, refusing.Finder(self._forbidden, self._real))
        tempfile.tempdir = self._kernel.shell.ipython_dir = scratch
        # Jupyter runs cells inside a running loop: there `await` works at top level, and
        # `asyncio.run` does not.
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(
        self,
        source: str,
        cell: int,
        *,
        definitions_only: bool,
    ) -> list[Json]:
        """Run one code cell, and return what raised in it first."""
        self._cell = cell
        self.definitions_only = definitions_only
        self._cells[self.code_name] = cell
        before = len(self._skipped)
        try:
            self._execute(_transformed(source) if definitions_only else source)
        except BaseException as error:  # noqa: BLE001 - a cell may break the kernel itself
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
        """What tracebacks call the code of the current cell."""
        return loading.unit_name(self._cell)

    def note(self, error: BaseException, line: int | None = None) -> None:
        """Keep what the current cell has raised first, in the statement that begins at `line`."""
        if self._skipped and self._skipped[-1]["cell"] == self._cell:
            return  # what fails after the first failure mostly fails because of it
        raised = judging.describe_exception(error, self._cells)
        self._skipped.append(
            {
                "line": line,
                "cell": self._cell,
                "raised": raised,
            }
        )

    def note_function(self, name: str) -> None:
        """Keep the name of a function that a cell defines."""
        self._functions[name] = None

    def finish(self, request: Json) -> loading.Loaded:
        """Judge the submission as the cells have left it.

        Or, where the request says so, load its definitions alone into a fresh namespace.
        """
        units = [
            [_transformed(source), cell] for source, cell in request["units"]
        ]
        request = {**request, "units": units, "real": self._real}
        if request["definitions_only"]:
            return loading.load(request)
        namespace = vars(self._main)
        for name in ("exit", "quit"):
            if namespace.get(name) is self._kernel.shell.exiter:
                namespace[name] = judging.leave
        return loading.find_function(
            request, self._main, self._cells, self._skipped, self._functions
        )


class _Connection(worker.Connection):
    """Answers the requests that only a kernel knows, and passes on the others."""

    def __init__(
        self,
        kernel: Kernel,
        incoming: int,
        outgoing: int,
    ) -> None:
        super().__init__(incoming, outgoing)
        self._kernel = kernel

    def receive(self) -> tuple[Json, bytes] | None:
        """Return the next request that is not about a cell; answer those that are."""
        while request := super().receive():
            header, _ = request
            if header["op"] != "cell":
                return request
            self._answer(header)
        return None

    def _answer(self, header: Json) -> None:
        loading.put_beside(header.get("modules", ()))
        skipped = self._kernel.run(
            header["source"],
            header["cell"],
            definitions_only=header["definitions_only"],
        )
        worker.flush()
        reply = {
            "op": "ran",
            "token": header["token"],
            "skipped": skipped,
        }
        self.send(frames.pack_frame(reply))


def prepare(config: Json) -> Kernel:
    """Build a kernel in the template, and import what notebooks are likely to import.

    That is the slow part, and done once. A module that is not installed, or takes longer than
    `_IMPORT_S`, is left to the notebooks.
    """
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR"):
        os.environ[name] = config["root"]
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    with _hidden(
        "debugpy"
    ):  # ipykernel decides here, once, that there is no debugger
        kernel = Kernel(config["forbidden"], config["preload"])
    for name in config["preload"]:
        import_within(name, _IMPORT_S)
    if "matplotlib" in sys.modules and import_within(
        "matplotlib.backends.registry", _IMPORT_S
    ):
        # It finds its backends by listing a folder, which a worker may not do. Before matplotlib
        # 3.9 it had a table.
        with contextlib.suppress(AttributeError):
            sys.modules[
                "matplotlib.backends.registry"
            ].backend_registry.list_all()
    if "matplotlib.pyplot" in sys.modules:
        kernel.warm_up_plots()
    return kernel


def run(
    incoming: int,
    outgoing: int,
    kernel: Kernel,
) -> NoReturn:
    """Be the prepared kernel, on these descriptors, until the grader hangs up."""
    kernel.enter()
    worker.serve(_Connection(kernel, incoming, outgoing), kernel.finish)


def _transformed(source: str) -> str:
    try:
        return transform(source)
    except (SyntaxError, ValueError, RecursionError):
        return source  # the loader then says what is wrong with it


@contextlib.contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Make importing `module` fail while this lasts."""
    modules: dict[str, Any] = sys.modules
    before = modules.get(module)
    modules[module] = None  # documented to mean that there is no such module
    try:
        yield
    finally:
        del modules[module]
        if before is not None:
            modules[module] = before
