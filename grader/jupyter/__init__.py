"""Feedback inside a notebook: `check(convolve)`, and `%%grade` at the top of a cell.

    %load_ext grader                          from grader import check
    %%grade                                   check(convolve)
    def convolve(image, kernel): ...

The function is called in the student's own kernel, on the public examples: no other process,
nothing hidden, no score that counts. What comes back is judged by `grading.check`, as `grader
check` does it, so a verdict means the same. Nothing of IPython is imported here, and all of it
works in a plain Python prompt too.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grader import grading
from grader.errors import GraderError
from grader.exercise import load_exercise
from grader.jupyter.calling import KernelRunner, loading_of
from grader.jupyter.source import Sources, current_number, submission_of
from grader.model import Exercise, Loading, Report, Status, Unit, Verdict
from grader.submission.program import read_program

__all__ = ["Feedback", "check", "load_ipython_extension", "unload_ipython_extension"]

_UNGIVEN: Final = object()
_DEFAULT: Final = "convolution"

_load = functools.cache(load_exercise)


@dataclass(frozen=True)
class Feedback:
    """What `check` found: a notebook shows it as cards, everything else as text."""

    report: Report
    stopped: str | None = None
    """One line, where the student interrupted the check."""
    remarks: tuple[str, ...] = ()
    printed: str = ""
    """What the student's function printed: its beginning."""

    @property
    def passed(self) -> bool:
        """True when every example passed."""
        cases = self.report.cases
        return self.report.status is Status.GRADED and all(
            case.verdict is Verdict.PASSED for case in cases
        )

    def __repr__(self) -> str:
        """Give the text form."""
        from grader.render.text import render

        shown = render(self.report, notebook=True)
        return "\n".join(
            part for part in (self._said(), shown, self._printed()) if part
        )

    def _repr_html_(self) -> str:
        import html

        from grader.render.html import cards_html

        parts = [
            f'<p style="font-weight:bold">{html.escape(self._said())}</p>'
            if self._said()
            else ""
        ]
        parts.append(cards_html(self.report))
        if self.printed:
            parts.append(
                "<details><summary>What your function printed</summary>"
                f'<pre style="max-height:20em;overflow:auto">{html.escape(self.printed)}</pre></details>'
            )
        return "".join(parts)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:  # noqa: ARG002 - IPython gives them; all is shown
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _said(self) -> str:
        return " ".join(part for part in (self.stopped, *self.remarks) if part)

    def _printed(self) -> str:
        return f"What your function printed:\n{self.printed}" if self.printed else ""


def check(function: Any = _UNGIVEN, exercise: str = _DEFAULT) -> Feedback:  # noqa: ANN401 - students pass anything
    """Try a function on the public examples of an exercise and show, for each, what came out and what should have.

    Without an argument, the function that the exercise asks for is taken from the notebook. Takes
    no longer than the function itself; stop it as you stop any cell, and the kernel stays as it is.
    Raises UsageError for an exercise that there is not; never for anything that the function does.
    """
    loaded = _load(exercise)
    namespace = _namespace()
    if function is _UNGIVEN:
        if loaded.function not in namespace:
            return _feedback(loaded, None, _missing(namespace))
        function = namespace[loaded.function]
    return _feedback(loaded, function, loading_of(function, loaded))


def _feedback(exercise: Exercise, function: Any, loading: Loading) -> Feedback:  # noqa: ANN401 - as `check`
    sources = Sources(_shell())
    named = (
        loading.state == "no_function"
        or _namespace().get(exercise.function) is function
    )
    submission = submission_of(function, exercise, sources, named=named)
    runner = KernelRunner(function, loading, sources)
    report = grading.check(exercise, submission, runner)
    remarks = () if named else _remarks(function, exercise, loading)
    return Feedback(report, runner.stopped, remarks, runner.printed.text())


def _remarks(function: Any, exercise: Exercise, loading: Loading) -> tuple[str, ...]:  # noqa: ANN401 - as `check`
    name = getattr(function, "__name__", None)
    if loading.state != "ready" or name in (None, exercise.function):
        return ()
    shown = "nameless" if name == "<lambda>" else f"called {name}"
    return (
        f"Your function is {shown}: before you hand it in, call it {exercise.function}.",
    )


def _missing(
    namespace: Mapping[str, Any], names: Sequence[str] | None = None
) -> Loading:
    if names is None:
        own = {
            name
            for name, value in namespace.items()
            if getattr(value, "__module__", None) == "__main__"
        }
        names = sorted(
            name
            for name in own
            if callable(namespace[name]) and not name.startswith("_")
        )
    return Loading(state="no_function", functions=tuple(names))


def _shell() -> Any:  # noqa: ANN401 - IPython's, where there is one
    import builtins

    get: Callable[[], Any] | None = getattr(builtins, "get_ipython", None)
    return get() if get is not None else None


def _namespace() -> Mapping[str, Any]:
    import __main__

    shell = _shell()
    namespace: Mapping[str, Any] = (
        shell.user_ns if shell is not None else vars(__main__)
    )
    return namespace


# -------------------------------------------------------------------------------------------------------------- magic


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython's InteractiveShell
    """Register `%%grade`; IPython calls this for `%load_ext grader`."""

    def grade(line: str, cell: str) -> Feedback | None:
        """Run the cell as usual, then check the function that it defines: `%%grade [exercise]`."""
        return _grade(shell, line.strip() or _DEFAULT, cell)

    shell.register_magic_function(grade, "cell", "grade")


def unload_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - as above
    """Take `%%grade` away again, for `%unload_ext` and `%reload_ext`."""
    shell.magics_manager.magics["cell"].pop("grade", None)


def _grade(shell: Any, name: str, cell: str) -> Feedback | None:  # noqa: ANN401 - as above
    try:
        exercise = _load(name)
    except GraderError as error:
        print(error)  # noqa: T201 - one line in the cell's output, where a traceback would teach nothing
        return None
    # The magic's own line becomes a comment, so that line numbers are those that the editor shows.
    # A cell that begins with another magic must go on beginning with it.
    source = cell if cell.lstrip().startswith("%%") else f"# %%grade\n{cell}"
    if not _run(shell, source):
        print("The cell above stopped with an error, so there is nothing to check yet.")  # noqa: T201 - as above
        return None
    bindings = read_program((Unit(shell.transform_cell(source)),)).bindings
    defined = [binding.name for binding in bindings if binding.kind == "function"]
    bound = {binding.name for binding in bindings}
    if exercise.function in shell.user_ns and (
        exercise.function in bound or not defined
    ):
        function = shell.user_ns[exercise.function]
        return _feedback(exercise, function, loading_of(function, exercise))
    # A `convolve` that an earlier cell left behind is not what this cell is about.
    return _feedback(exercise, None, _missing(shell.user_ns, defined or None))


def _run(shell: Any, source: str) -> bool:  # noqa: ANN401 - as above
    """Run a cell inside the one that is being run, under its number; say whether it went well."""
    # Since IPython 9 the shell counts on before a cell is run: without this, the inside would be
    # told as the next cell.
    counted = shell.execution_count
    shell.execution_count = current_number(shell) or counted
    try:
        return bool(shell.run_cell(source).success)
    finally:
        shell.execution_count = counted
