"""Feedback inside a notebook: `check(convolve)`, `%%grade` at the top of a cell, `%grade submit`.

    %load_ext grader                          from grader import check
    %%grade                                   check(convolve)
    def convolve(image, kernel): ...

The function is called in the student's own kernel, on the public examples: no other process,
nothing hidden, no score that counts. `grading.check` judges what comes back, as it does for
`grader check`, so a verdict means the same. Nothing here imports IPython, and all of it works at a
plain Python prompt too.
"""

import functools
import sys
import types
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Final

from grader import grading
from grader.confined import judging
from grader.errors import GraderError
from grader.exercise import load_exercise, public_half_to_check
from grader.jupyter.calling import KernelRunner, Namespace, loading_of
from grader.jupyter.feedback import Feedback
from grader.jupyter.following import beside_of, own_picture
from grader.jupyter.running import Stopped, older, run_inside
from grader.jupyter.source import Sources, submission_of
from grader.model import Exercise, Loading, Unit
from grader.render.hints import Steps
from grader.submission.handed_in import definitions_in
from grader.submission.program import read_program
from grader.submission.running import hidden_note

__all__ = [
    "Feedback",
    "check",
    "load_ipython_extension",
    "unload_ipython_extension",
]

_NOT_GIVEN: Final = object()
_AGAIN: Final = "Run its cell again to check it."
_STOPPED: Final = (
    "The cell above stopped with an error, so there is nothing to check yet."
)

_load = functools.cache(load_exercise)


def check(
    function: object = _NOT_GIVEN,
    exercise: str | None = None,
    hints: Steps = "steps",
) -> Feedback:
    """Try a function on the public examples: show, for each, what came out and what should have.

    Without an argument, the function that the exercise asks for is taken from the notebook. Without
    `exercise` it is the only one there is, else the one that asks for a function of this name (or,
    without an argument, for one that the notebook has), else `convolution`. A hint is a question
    first, and shows its cause on a click; with `hints="full"` at once. This takes no longer
    than the function itself, and a call that does not end is ended. Stop it as you stop any cell:
    the kernel stays as it is, and the cells below do not run. Raises UsageError when there is no
    such exercise, and nothing because of what the function does.
    """
    namespace = _namespace()

    def names() -> dict[str, tuple[str, ...]]:
        if function is _NOT_GIVEN:
            own = _own_functions(namespace)
            return {name: _parameters(namespace[name]) for name in own}
        name = judging.attribute(function, "__name__")
        return {name: _parameters(function)} if type(name) is str else {}

    loaded = _load(public_half_to_check(exercise, names))
    if function is _NOT_GIVEN:
        name = _first(loaded, namespace)
        if name is None:
            return _feedback(loaded, None, _missing(namespace), hints)
        function = namespace[name]
    loading = loading_of(function, loaded, namespace)
    return _shown(_feedback(loaded, function, loading, hints))


def _shown(feedback: Feedback) -> Feedback:
    """Return feedback; where the student has stopped the check, show it and raise Stopped."""
    if feedback.stopped is None:
        return feedback
    sys.displayhook(feedback)
    raise Stopped("the check was stopped, and so is everything after it")


def _feedback(
    exercise: Exercise,
    function: object,
    loading: Loading,
    hints: Steps = "steps",
) -> Feedback:
    namespace = _namespace()
    sources = Sources(_shell(), function)
    asked = [exercise.function, *(each.name for each in exercise.targets)]
    bound = any(namespace.get(name) is function for name in asked)
    named = bound or loading.state == "no_function"
    units = sources.units() if named or callable(function) else ()
    submission = submission_of(units, exercise, named=named)
    runner = KernelRunner(function, loading, sources, namespace, exercise)
    report = grading.check(exercise, submission, runner)
    remarks = () if named else _remarks(function, exercise, loading)
    if bound and loading.state in ("foreign", "not_callable"):
        hidden = hidden_note(
            exercise.function, read_program(units, limited=False)
        )
        remarks = () if hidden is None else (f"{hidden} {_AGAIN}",)
    remarks = (*older(_shell(), sources, function), *remarks)
    return Feedback(
        report,
        runner.stopped,
        remarks,
        runner.printed.text(),
        hints,
        beside=beside_of(report, exercise),
        picture=own_picture(report, exercise, function, sources.cells),
    )


def _remarks(
    function: object,
    exercise: Exercise,
    loading: Loading,
) -> tuple[str, ...]:
    name = judging.attribute(function, "__name__")
    if (
        loading.state != "ready"
        or type(name) is not str
        or name
        in [exercise.function, *(each.name for each in exercise.targets)]
    ):
        return ()
    shown = "nameless" if name == "<lambda>" else f"called {name}"
    advice = f"before you hand it in, call it {exercise.function}"
    return (f"Your function is {shown}: {advice}.",)


def _first(exercise: Exercise, names: Container[str]) -> str | None:
    """Return the first name that the exercise asks for and that is there."""
    asked = [each.name for each in exercise.targets] or [exercise.function]
    return next((name for name in asked if name in names), None)


def _missing(
    namespace: Mapping[str, Any], names: Sequence[str] | None = None
) -> Loading:
    if names is None:
        names = _own_functions(namespace)
    return Loading(state="no_function", functions=tuple(names))


def _own_functions(namespace: Mapping[str, Any]) -> list[str]:
    names = []
    for name, value in namespace.items():
        module = judging.attribute(value, "__module__")
        own = type(module) is str and module == "__main__"
        if own and callable(value) and not name.startswith("_"):
            names.append(name)
    return sorted(names)


def _parameters(function: object) -> tuple[str, ...]:
    """Return the names of a plain function's parameters; none of anything else."""
    if type(function) is not types.FunctionType:
        return ()
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _shell() -> Any:  # noqa: ANN401 - IPython's shell, or None
    import builtins

    get: Callable[[], Any] | None = getattr(builtins, "get_ipython", None)
    return get() if get is not None else None


def _namespace() -> Namespace:
    import __main__

    shell = _shell()
    namespace: Namespace = (
        shell.user_ns if shell is not None else vars(__main__)
    )
    return namespace


# ---------------------------------------------------------------------- magic


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython's InteractiveShell
    """Register `%%grade` and `%grade submit`; IPython calls this for `%load_ext grader`."""

    def grade(line: str, cell: str | None = None) -> Feedback | None:
        """Run the cell, then check the function that it defines: `%%grade [exercise]`.

        On a JupyterHub, `%grade submit [FILE] [exercise]` hands the notebook in.
        """
        if cell is None:
            return _submit(shell, line.split())
        return _grade(shell, line.strip() or None, cell)

    shell.register_magic_function(grade, "line_cell", "grade")


def unload_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - as above
    """Take both away again, for `%unload_ext` and `%reload_ext`."""
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("grade", None)


def _submit(shell: Any, given: Sequence[str]) -> Feedback | None:  # noqa: ANN401 - as above
    from grader.jupyter.asking import SubmitError
    from grader.jupyter.submitting import submit

    namespace = shell.user_ns

    def meant() -> tuple[str, str]:
        def names() -> dict[str, tuple[str, ...]]:
            own = _own_functions(namespace)
            return {name: _parameters(namespace[name]) for name in own}

        exercise = _load(public_half_to_check(None, names))
        return exercise.name, exercise.function

    try:
        cells = shell.history_manager.input_hist_raw
        return submit(given, cells, namespace, meant)
    except (SubmitError, GraderError) as error:
        print(error)  # noqa: T201 - one line below the cell says more than a traceback
        return None


def _grade(
    shell: Any,  # noqa: ANN401 - as above
    name: str | None,
    cell: str,
) -> Feedback | None:
    # The magic's own line becomes a comment, so that line numbers are those that the editor shows.
    # A cell that begins with another magic must go on beginning with it.
    source = cell if cell.lstrip().startswith("%%") else f"# %%grade\n{cell}"
    units = (Unit(shell.transform_cell(source)),)
    bindings = read_program(units, limited=False).bindings
    names = definitions_in(bindings)
    try:
        exercise = _load(public_half_to_check(name, lambda: names))
    except GraderError as error:
        print(error)  # noqa: T201 - one line below the cell says more than a traceback
        return None
    if not run_inside(shell, source):
        print(_STOPPED)  # noqa: T201 - as above
        return None
    defined = [
        binding.name for binding in bindings if binding.kind == "function"
    ]
    namespace = shell.user_ns
    meant = _first(exercise, names if defined else namespace)
    if meant is not None and meant in namespace:
        function = namespace[meant]
        loading = loading_of(function, exercise, namespace)
        return _shown(_feedback(exercise, function, loading))
    # An earlier cell may have left a `convolve` behind, but this cell is not about it.
    return _feedback(exercise, None, _missing(namespace, defined or None))
