"""The confined side of a notebook: a Jupyter kernel in a worker. It needs ipykernel, and nothing of the trusted side.

Theory of operation
-------------------
A stock kernel takes a second to start: half of it is imports, the rest is the shell, the profile folder, the connection
file, nine sockets, and threads for control, heartbeat and a debugger. Here the template imports ipykernel and builds the
kernel once (`prepare`), and every worker that is forked from it has one: 1 ms.

The kernel has no ZeroMQ sockets. Jupyter's messages travel as frames on the worker's one socket, descriptor 3, and the
trusted side reads them with the bounded decoder that reads everything else. ZeroMQ there is the obvious way and
is wrong: whoever is at its other end can send one message of endlessly many parts, which libzmq keeps in memory until the
last one arrives, whatever RCVHWM and MAXMSGSIZE say (measured: 1.2 GB in 3 s). Without it the worker is also confined completely
before anything runs, as for a .py file: no rule for making sockets, no threads that a filter must reach.

What a cell prints goes to the worker's output pipe, as for a .py file; what it displays is dropped here, since it means
nothing for its grade: so a flood of output costs the trusted side nothing. There is no control channel (the grader kills,
it does not ask), no heartbeat (the grader has the process), no history, no debugger, no standard input, no thread.

Two requests come on top of those of `worker.py`, and one is changed:

    {"op": "cell", "token", "source", "cell"}   run one code cell; any number of times, before the load
        -> {"op": "ran", "token", "skipped": [...]}            what raised in it, as in `loaded`
    {"op": "load", ..., "definitions_only": false}             nothing runs any more: the cells have run
    {"op": "load", ..., "definitions_only": true}              as in a .py file, after IPython's syntax was transformed
"""

import asyncio
import contextlib
import logging
import os
import sys
import tempfile
import threading
import types
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from grader.execution import frames, loading, worker
from grader.execution.cells import import_within, transform

Json = dict[str, Any]

_IMPORT_S = 10.0


class Kernel:
    """A Jupyter kernel without sockets; made by `prepare`, in the template, and entered in the worker."""

    def __init__(self, forbidden: Sequence[str] = ()) -> None:
        self._forbidden = forbidden
        self._kernel = _build(self)
        self._main = sys.modules["__main__"]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cell = 0
        self._cells: dict[str, int | None] = {}
        self._skipped: list[Json] = []
        self._functions: dict[str, None] = {}

    def enter(self) -> None:
        """Make this process the kernel's, after the fork."""
        sys.modules["__main__"] = self._main
        sys.modules["grader"] = _own_package()
        sys.path.insert(0, "")  # a notebook may import what one of its cells has written
        sys.meta_path.insert(0, loading.Finder(self._forbidden))
        tempfile.tempdir = None  # whatever it was in the template, it is another folder now
        self._kernel.shell.ipython_dir = os.getcwd()
        # Jupyter runs cells inside a running loop: `await` works at the top level, and `asyncio.run` does not.
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(self, source: str, cell: int) -> list[Json]:
        """Run one code cell, and tell which of its statements raised."""
        self._cell = cell
        self._cells[self.code_name] = cell
        before = len(self._skipped)
        try:
            self._execute(source)
        except BaseException as error:  # noqa: BLE001 - a cell can break the kernel itself, and that is its own affair
            self.note(error)
        return self._skipped[before:]

    def _execute(self, source: str) -> None:
        if self._loop is None:
            raise RuntimeError("the kernel was not entered")
        self._kernel.set_parent([], _request(source), channel="shell")
        execution = self._kernel.do_execute(source, silent=False, store_history=True, allow_stdin=False)
        self._loop.run_until_complete(execution)
        before = self._kernel.shell.last_execution_result.error_before_exec
        if before is not None:
            self.note(before)

    @property
    def code_name(self) -> str:
        """What the code of the current cell is called in a traceback."""
        return loading.unit_name("notebook", self._cell)

    def note(self, error: BaseException) -> None:
        """Keep what the current cell has raised."""
        raised = loading.describe(error, self._cells)
        line = raised["line"] if raised["cell"] == self._cell else None
        self._skipped.append({"line": line, "cell": self._cell, "raised": raised})

    def note_function(self, name: str) -> None:
        """Keep the name of a function that a cell defines."""
        self._functions[name] = None

    def finish(self, request: Json) -> loading.Loaded:
        """The submission as the cells have left it, or its definitions alone, loaded into a fresh namespace."""
        if request["definitions_only"]:
            units = [[_transformed(source), cell] for source, cell in request["units"]]
            return loading.load({**request, "units": units})
        return loading.judge(request, self._main, self._cells, self._skipped, self._functions)


class _Connection(worker.Connection):
    """Answers the requests that only a kernel knows, and hands on the others."""

    def __init__(self, kernel: Kernel, incoming: int, outgoing: int) -> None:
        super().__init__(incoming, outgoing)
        self._kernel = kernel

    def receive(self) -> tuple[Json, list[frames.Array]] | None:
        """The next request that is not a cell."""
        while request := super().receive():
            header, _ = request
            if header["op"] != "cell":
                return request
            skipped = self._kernel.run(header["source"], header["cell"])
            worker.flush()
            self.send(frames.pack_frame({"op": "ran", "token": header["token"], "skipped": skipped[: loading.LIST_CAP]}))
        return None


def prepare(config: Json) -> Kernel:
    """Build a kernel in the template, and import what notebooks are likely to import: the slow part, once.

    A module that is not installed, or takes longer than `_IMPORT_S`, is left to the notebooks.
    """
    folder = config["root"]
    os.environ["IPYTHONDIR"] = os.environ["JUPYTER_CONFIG_DIR"] = os.environ["MPLCONFIGDIR"] = folder
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    with _hidden("debugpy"):
        kernel = Kernel(config["forbidden"])
    for name in config["preload"]:
        import_within(name, _IMPORT_S)
    return kernel


def run(job: Json, _seal: object) -> NoReturn:
    """Serve on descriptor 3, in a fork of the template."""
    serve(job["prepared"], 3, 3)


def serve(kernel: Kernel, incoming: int, outgoing: int) -> NoReturn:
    """Answer requests until the grader hangs up."""
    kernel.enter()
    worker.serve(_Connection(kernel, incoming, outgoing), kernel.finish)


# ------------------------------------------------------------------------------------------------- building the kernel


def _build(recorder: Kernel) -> Any:
    import ipykernel.debugger  # noqa: PLC0415, F401 - decides now, while debugpy is hidden, that there is no debugger
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - .py files are graded without
    from traitlets.config import Config  # noqa: PLC0415 - as above

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    # Nobody reads tracebacks, and to build a coloured one takes 40 ms.
    settings.InteractiveShell.xmode = "Minimal"
    settings.InlineBackend.figure_formats = set()  # figures are made, and not turned into pictures
    settings.IPKernelApp.connection_file = ""  # libraries look for this section to know that they are in a notebook
    log = logging.getLogger("kernel")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    kernel = _kernel_class(recorder).instance(session=_silent_session(), config=settings, log=log)
    # ipykernel 7 asks this thread whether cells run in the main thread; they do.
    kernel.shell_channel_thread = types.SimpleNamespace(parent_thread=threading.main_thread())
    app = IPKernelApp.instance(config=settings, log=log)  # `%matplotlib` asks it for the kernel
    app.kernel, app.shell = kernel, kernel.shell
    _add_own_magic(kernel.shell)
    return kernel


def _kernel_class(recorder: Kernel) -> Any:
    from ipykernel.compiler import XCachingCompiler  # noqa: PLC0415 - .py files are graded without
    from ipykernel.ipkernel import IPythonKernel  # noqa: PLC0415 - as above

    class Compiler(XCachingCompiler):  # type: ignore[misc]
        """Names the code of a cell by the cell's number, as the definitions-only loader does."""

        def get_code_name(self, *_: object) -> str:
            return recorder.code_name

    class ConfinedKernel(IPythonKernel):  # type: ignore[misc]
        """An IPython kernel with the shell below."""

        shell_class = _shell_class(recorder)
        compiler_class = Compiler

    return ConfinedKernel


def _shell_class(recorder: Kernel) -> Any:
    import ast  # noqa: PLC0415 - with its users

    from ipykernel.zmqshell import ZMQInteractiveShell  # noqa: PLC0415 - .py files are graded without

    class Shell(ZMQInteractiveShell):  # type: ignore[misc]
        """A shell that starts nothing, that `exit()` does not stop, and that goes on after a statement that raised."""

        async def run_ast_nodes(
            self, nodelist: Any, cell_name: str, interactivity: str = "last_expr", compiler: Any = compile, result: Any = None
        ) -> bool:
            """Run a cell's statements one by one.

            Jupyter ends a cell at its first exception, and so a `def convolve` below an `import cv2` would be lost here
            that worked where it was written. As in a .py file, what raises is noted, and the rest runs.
            """
            failed = False
            for at, node in enumerate(nodelist):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    recorder.note_function(node.name)
                shown = interactivity if at == len(nodelist) - 1 or interactivity == "all" else "none"
                if await super().run_ast_nodes([node], cell_name, shown, compiler, result):
                    failed = True
                    recorder.note(result.error_in_exec or result.error_before_exec or RuntimeError("the cell failed"))
            return failed

        def transform_cell(self, raw_cell: str) -> str:
            """Transform IPython's syntax, and keep the empty lines at the top, so that line numbers stay right."""
            text: str = super().transform_cell(raw_cell)
            return "\n" * _empty_lines(raw_cell) + text

        def ask_exit(self) -> None:
            """Stay: the cells after `exit()` count too."""

        def system_piped(self, cmd: str) -> None:
            """Say that there is no shell; as in any shell, a command that fails does not end the cell."""
            sys.stderr.write(f"there is no shell here to run: {cmd.strip()[:80]}\n")
            self.user_ns["_exit_code"] = 127

        system = system_raw = system_piped

        def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
            """Give no output where it is assigned, as in `files = !ls`."""
            from IPython.utils.text import SList  # noqa: PLC0415 - with its user

            del depth
            self.system_piped(cmd)
            return SList() if split else ""

    return Shell


def _silent_session() -> Any:
    from jupyter_client.session import Session  # noqa: PLC0415 - .py files are graded without

    class SilentSession(Session):  # type: ignore[misc]
        """Takes every message that the kernel publishes and sends none."""

        def send(self, *_args: Any, **_kwargs: Any) -> None:
            """Drop it before it is even serialised."""

    return SilentSession(key=b"")


def _request(source: str) -> Json:
    header = {"msg_id": "cell", "msg_type": "execute_request", "username": "", "session": "", "version": "5.4"}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": {"code": source}}


def _add_own_magic(shell: Any) -> None:
    """`%%grade`, with which students check themselves, only runs its cell here."""

    def grade(_line: str, cell: str | None = None) -> None:
        if cell is not None:
            shell.run_cell(cell)

    shell.register_magic_function(grade, "line_cell", "grade")
    shell.extension_manager.loaded.add("grader")  # `%load_ext grader` then keeps the one above


def _own_package() -> types.ModuleType:
    """What `from grader import check` finds: the real one cannot be read from here, and nothing is to be checked."""
    package = types.ModuleType("grader")
    package.check = lambda *_args, **_kwargs: None  # type: ignore[attr-defined]
    package.load_ipython_extension = lambda _shell: None  # type: ignore[attr-defined]
    return package


def _empty_lines(source: str) -> int:
    """How many lines without a character stand above the first one with any: IPython removes them."""
    return source[: len(source) - len(source.lstrip())].count("\n")


def _transformed(source: str) -> str:
    try:
        return transform(source)
    except (SyntaxError, ValueError, RecursionError):
        return source  # the loader then says what is wrong with it


@contextlib.contextmanager
def _hidden(module: str) -> Iterator[None]:
    """While this lasts, importing `module` fails."""
    before = sys.modules.get(module)
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]
        if before is not None:
            sys.modules[module] = before
