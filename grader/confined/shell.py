"""IPython's kernel and shell as a confined worker needs them; needs ipykernel, loaded where notebooks are run."""

import ast
import contextlib
import logging
import sys
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Protocol

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.utils.text import SList
from jupyter_client.session import Session
from traitlets.config import Config

from grader.confined.definitions import defines

Json = dict[str, Any]


class Recorder(Protocol):
    """Who wants to know what a cell does."""

    definitions_only: bool
    """Whether of the current cell only the definitions run."""

    @property
    def code_name(self) -> str:
        """What the code of the current cell is called in a traceback."""

    def note(self, error: BaseException, line: int | None = None) -> None:
        """Keep what the statement at `line` has raised."""

    def note_function(self, name: str) -> None:
        """Keep the name of a function that a cell defines."""


class Compiler(XCachingCompiler):
    """Names the code of a cell by the cell's number, as the loader of definitions does."""

    recorder: ClassVar[Recorder]

    def get_code_name(self, *_: object) -> str:
        """Give the name of the current cell's code."""
        return self.recorder.code_name


class Shell(ZMQInteractiveShell):
    """A shell that starts nothing, that `exit()` does not stop, and that goes on after a statement that raised."""

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

        Jupyter ends a cell at its first exception, and so a `def convolve` below an `import cv2`
        would be lost here that worked where it was written. As in a .py file, what raises is noted,
        and the rest runs.
        """
        failed = False
        for at, node in enumerate(nodelist):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.recorder.note_function(node.name)
            if self.recorder.definitions_only and not defines(node):
                continue
            shown = (
                interactivity
                if at == len(nodelist) - 1 or interactivity == "all"
                else "none"
            )
            if await super().run_ast_nodes([node], cell_name, shown, compiler, result):
                failed = True
                self.recorder.note(
                    result.error_in_exec or RuntimeError("the statement failed"),
                    node.lineno,
                )
        return failed

    def transform_cell(self, raw_cell: str) -> str:
        """Transform IPython's syntax, and keep the empty lines at the top, so that line numbers stay right."""
        above = raw_cell[: len(raw_cell) - len(raw_cell.lstrip())].count("\n")
        transform: Callable[[str], str] = super().transform_cell
        return "\n" * above + transform(raw_cell)

    def init_environment(self) -> None:
        """Set no variables: IPython would ask programs for colours and pagers."""

    @contextlib.contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        """Keep no copy of what is printed: IPython 9 would, for its history, without bound."""
        del channel
        yield

    def ask_exit(self) -> None:
        """Stay: the cells after `exit()` count too."""

    def system_piped(self, cmd: str) -> None:
        """Say that there is no shell; as in any shell, a command that fails does not end the cell."""
        sys.stderr.write(f"there is no shell here to run: {cmd.strip()[:80]}\n")
        self.user_ns["_exit_code"] = 127

    system = system_raw = system_piped

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> str | SList:
        """Give no output where it is assigned, as in `files = !ls`."""
        del depth
        self.system_piped(cmd)
        return SList() if split else ""


class Kernel(IPythonKernel):
    """An IPython kernel with the shell above."""

    shell_class = Shell


class SilentSession(Session):
    """Takes every message that the kernel publishes, and sends none."""

    def send(self, *_args: object, **_kwargs: object) -> None:
        """Drop it before it is even serialised."""


def build(recorder: Recorder) -> Any:  # noqa: ANN401 - what ipykernel says of its types is not enough to use them
    """Build the kernel of this process, complete but for sockets, which it never gets."""
    Compiler.recorder = Shell.recorder = recorder
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    # Nobody reads tracebacks, and to build a coloured one takes 40 ms.
    settings.InteractiveShell.xmode = "Minimal"
    settings.InlineBackend.figure_formats = (
        set()
    )  # figures are made, and not turned into pictures
    settings.IPKernelApp.connection_file = (
        ""  # libraries look for this section to know that they are in a notebook
    )
    log = logging.getLogger("kernel")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    kernel: Any = Kernel.instance(
        session=SilentSession(key=b""), config=settings, log=log
    )
    make: Callable[[], object] = Compiler
    kernel.shell.compile = make()  # ipykernel 6 does not ask the kernel's class for it
    kernel.shell.db = {}  # what `%cd` and `%alias` remember; it would be files in the template's folder
    # ipykernel 7 asks this thread whether cells run in the main thread; they do.
    kernel.shell_channel_thread = types.SimpleNamespace(
        parent_thread=threading.main_thread()
    )
    app = IPKernelApp.instance(
        config=settings, log=log
    )  # `%matplotlib` asks it for the kernel
    app.kernel, app.shell = kernel, kernel.shell
    _add_own_magic(kernel.shell)
    return kernel


def request(source: str) -> Json:
    """Give the `execute_request` of a cell: the kernel wants to know what it is working on."""
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
    """Give what `from grader import check, figures` finds: the real one cannot be read here, and nothing is checked."""
    package, figures = types.ModuleType("grader"), types.ModuleType("grader.figures")
    figures.__dict__["__getattr__"] = lambda _name: _nothing
    package.__dict__.update(
        check=_nothing, figures=figures, load_ipython_extension=_nothing
    )
    return package


def _nothing(*_args: object, **_kwargs: object) -> None:
    """Do what is asked for: nothing."""


def _add_own_magic(shell: Any) -> None:  # noqa: ANN401 - as above
    """Let `%%grade`, with which students check themselves, only run its cell."""

    def grade(_line: str, cell: str | None = None) -> None:
        if cell is not None:
            shell.run_cell(cell)

    shell.register_magic_function(grade, "line_cell", "grade")
    shell.extension_manager.loaded.add(
        "grader"
    )  # `%load_ext grader` then keeps the one above
