"""IPython's kernel and shell as a confined worker needs them. For notebooks: imports ipykernel."""

import ast
import contextlib
import functools
import logging
import sys
import threading
import types
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, ClassVar, Protocol

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.utils.text import SList
from jupyter_client.session import Session
from traitlets.config import Config

from grader.confined.definitions import defines, drop_annotations
from grader.confined.stand_ins import pylab

Json = dict[str, Any]


class Recorder(Protocol):
    """Is told what a cell does."""

    definitions_only: bool
    """Whether only the definitions of the current cell are to run."""

    @property
    def code_name(self) -> str:
        """What tracebacks call the code of the current cell."""

    def note(self, error: BaseException, line: int | None = None) -> None:
        """Keep what the statement at `line` has raised."""

    def note_function(self, name: str) -> None:
        """Keep the name of a function that a cell defines."""


class Compiler(XCachingCompiler):
    """Names the code of a cell by the cell's number, as `loading` does."""

    recorder: ClassVar[Recorder]

    def get_code_name(self, *_: object) -> str:
        """Return the name of the current cell's code."""
        return self.recorder.code_name


async def _error_of(
    run: Callable[[Any], Awaitable[bool]],
    node: ast.stmt,
    result: Any,  # noqa: ANN401 - IPython's ExecutionResult has no types
) -> BaseException | None:
    """Run a statement and return what it raised; a second time where only annotations raise."""
    if not await run(result):
        return None
    error: BaseException | None = result.error_in_exec
    if isinstance(error, NameError) and drop_annotations(node):
        # What is only in annotations need not be installed.
        result.error_in_exec = None
        if not await run(result):
            return None
    return error or RuntimeError("the statement failed")


class Shell(ZMQInteractiveShell):
    """A shell that starts no program, and that neither `exit()` nor an exception stops."""

    recorder: ClassVar[Recorder]

    async def run_ast_nodes(
        self,
        nodelist: Sequence[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Callable[..., object] = compile,
        result: Any = None,  # noqa: ANN401 - IPython's ExecutionResult has no types
    ) -> bool:
        """Run a cell's statements one by one.

        Jupyter ends a cell at its first exception. Here that would lose a `def convolve` below an
        `import cv2` that worked on the student's machine. So, as in a .py file, a statement that
        raises is noted, and the rest runs.
        """
        failed = False
        last = len(nodelist) - 1
        for at, node in enumerate(nodelist):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.recorder.note_function(node.name)
            if self.recorder.definitions_only and not defines(node):
                continue
            is_shown = at == last or interactivity == "all"
            shown = interactivity if is_shown else "none"
            run = functools.partial(
                super().run_ast_nodes, [node], cell_name, shown, compiler
            )
            error = await _error_of(run, node, result)
            if error is not None:
                failed = True
                self.recorder.note(error, node.lineno)
        return failed

    def transform_cell(self, raw_cell: str) -> str:
        """Transform IPython's syntax; keep the empty lines at the top, for the line numbers."""
        blank = len(raw_cell) - len(raw_cell.lstrip())
        above = raw_cell[:blank].count("\n")
        transform: Callable[[str], str] = super().transform_cell
        return "\n" * above + transform(raw_cell)

    def init_environment(self) -> None:
        """Set no variables: IPython would ask other programs about colours and pagers."""

    @contextlib.contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        """Keep no copy of what is printed: IPython 9 would keep all of it, for its history."""
        del channel
        yield

    def ask_exit(self) -> None:
        """Stay: the cells after `exit()` count too."""

    def system_piped(self, cmd: str) -> None:
        """Say that there is no shell; as elsewhere, a command that fails does not end the cell."""
        sys.stderr.write(f"there is no shell here to run: {cmd.strip()[:80]}\n")
        self.user_ns["_exit_code"] = 127

    system = system_raw = system_piped

    def getoutput(
        self,
        cmd: str,
        split: bool = True,
        depth: int = 0,
    ) -> str | SList:
        """Return no output where it is assigned, as in `files = !ls`."""
        del depth
        self.system_piped(cmd)
        return SList() if split else ""


class Kernel(IPythonKernel):
    """An IPython kernel with the shell above."""

    shell_class = Shell


class SilentSession(Session):
    """Takes every message that the kernel publishes, and sends none."""

    def send(self, *_args: object, **_kwargs: object) -> None:
        """Drop the message before it is even serialised."""


def build(recorder: Recorder) -> Any:  # noqa: ANN401 - ipykernel's types say too little
    """Build the kernel of this process, complete except for sockets, which it never gets."""
    Compiler.recorder = Shell.recorder = recorder
    settings = _settings()
    log = logging.getLogger("kernel")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    session = SilentSession(key=b"")
    kernel: Any = Kernel.instance(session=session, config=settings, log=log)
    make: Callable[[], object] = Compiler
    # ipykernel 6 does not ask the kernel's class for it.
    kernel.shell.compile = make()
    # What `%cd` and `%alias` remember. It would be kept in files in the template's folder.
    kernel.shell.db = {}
    # ipykernel 7 asks this thread whether cells run in the main thread. They do.
    main = types.SimpleNamespace(parent_thread=threading.main_thread())
    kernel.shell_channel_thread = main
    # `%matplotlib` asks the application for the kernel.
    app = IPKernelApp.instance(config=settings, log=log)
    app.kernel, app.shell = kernel, kernel.shell
    _add_own_magic(kernel.shell)
    return kernel


def _settings() -> Config:
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    # Nobody reads tracebacks, and building a coloured one takes 40 ms.
    settings.InteractiveShell.xmode = "Minimal"
    # Figures are made, but not turned into pictures.
    settings.InlineBackend.figure_formats = set()
    # Libraries look for this section to find out whether they are in a notebook.
    settings.IPKernelApp.connection_file = ""
    return settings


def request(source: str) -> Json:
    """Return the `execute_request` for a cell: the kernel wants to know what it is working on."""
    header = {
        "msg_id": "cell",
        "msg_type": "execute_request",
        "username": "",
        "session": "",
        "version": "5.4",
    }
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": {"code": source},
    }


def own_package() -> types.ModuleType:
    """Return what `from grader import check, figures` finds: functions that do nothing.

    The real package cannot be read in a worker, and a notebook need not check itself here.
    """
    package = types.ModuleType("grader")
    figures = types.ModuleType("grader.figures")
    figures.__dict__["__getattr__"] = lambda _name: _nothing
    package.__dict__.update(
        check=_nothing, figures=figures, load_ipython_extension=_nothing
    )
    return package


def _nothing(*_args: object, **_kwargs: object) -> None:
    """Stand in for the functions that students call to check themselves."""


def _add_own_magic(shell: Any) -> None:  # noqa: ANN401 - as above
    """Let `%%grade`, with which students check themselves, do no more than run its cell."""

    def grade(_line: str, cell: str | None = None) -> None:
        if cell is not None:
            shell.run_cell(cell)

    def run(line: str) -> None:
        """Run a file that was handed in beside the notebook, in the notebook's namespace."""
        path = next((word for word in line.split() if word[0] != "-"), "")
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as everywhere in a worker
            code = compile(file.read(), path, "exec")
        exec(code, shell.user_ns)  # noqa: S102 - it is the student's, as the cell is

    shell.register_magic_function(grade, "line_cell", "grade")
    shell.register_magic_function(run, "line", "run")
    # `%load_ext grader` then keeps the magic above.
    shell.extension_manager.loaded.add("grader")


def add_plot_magics(shell: Any) -> None:  # noqa: ANN401 - as above
    """Let `%matplotlib` do nothing, and `%pylab` no more than bind its names."""

    def bind(_line: str) -> None:
        shell.user_ns.update(pylab())

    shell.register_magic_function(lambda _line: None, "line", "matplotlib")
    shell.register_magic_function(bind, "line", "pylab")
