"""Why there is no result: an exception, a crash, too much memory, an unreadable answer. Pure.

`timeouts` has the sentences for calls that took too long.
"""

from grader import vocabulary
from grader.libraries import why_missing
from grader.model import Details, ExceptionDetails, Missing, Verdict
from grader.render.advice import advice
from grader.render.moments import in_call, moment
from grader.render.words import SIGNALS
from grader.untrusted import one_line
from grader.vocabulary import place, place_first


def raised(details: Details, *, located: bool = True) -> str:
    """Return the exception, where it was raised, and what may help."""
    error = details.exception
    if error is None:
        return vocabulary.VERDICTS[Verdict.RAISED].sentence
    if error.missing is not None:
        return _missing(error, error.missing, located=located)
    said = f"Your code raised {vocabulary.exception(error.type, error.message)}"
    where = _line_of(error) if located else ""
    if where:
        said += f" ({where})."
    elif not said.endswith((".", "!", "?")):
        said += "."
    then = moment(error) if located else ""
    parts = (
        said,
        advice(error),
        f"{then[:1].upper()}{then[1:]}." if then else "",
    )
    return " ".join(part for part in parts if part) + in_call(details)


def _missing(
    error: ExceptionDetails,
    missing: Missing,
    *,
    located: bool,
) -> str:
    """Return which module is not there, where it is imported, and where it is needed."""
    why = why_missing(missing.module)
    where = _line_of(error) if located else ""
    if (missing.line, missing.cell) in ((error.line, error.cell), (None, None)):
        said = why[:1].upper() + why[1:]
        return f"{said} ({where})." if where else f"{said}."
    said = f"{place_first(missing.line, missing.cell)}: {why}."
    needed = "Your function needs it"
    return f"{said} {needed} ({where})." if where else f"{said} {needed}."


def _line_of(error: ExceptionDetails) -> str:
    where = place(error.line, error.cell)
    source = one_line(error.source or "", 100)
    return ": ".join(part for part in (where, source) if part)


def out_of_memory(_details: Details) -> str:
    """Return what usually takes so much memory."""
    return (
        "Your code needed more memory than it may use: "
        "is an array far too big, or does a list grow for ever?"
    )


def crashed(details: Details) -> str:
    """Return the signal or the exit code that ended the process."""
    if details.signal is not None:
        signal = SIGNALS.get(details.signal, f"signal {details.signal}")
        return f"Your code crashed Python ({signal})."
    if details.exit_code is not None:
        return (
            f"Your code ended the process with exit code {details.exit_code} "
            "(exit(), sys.exit() or os._exit()): a function ends with return."
        )
    return vocabulary.VERDICTS[Verdict.CRASHED].sentence


def invalid_output(details: Details) -> str:
    """Return why the answer could not be read."""
    sentence = vocabulary.VERDICTS[Verdict.INVALID_OUTPUT].sentence
    return sentence.removesuffix(".") + _reason(details)


def not_run(details: Details) -> str:
    """Return why a case was not run."""
    return "Not run" + _reason(details)


def _reason(details: Details) -> str:
    reason = one_line(details.reason or "").rstrip(".")
    return f": {reason}." if reason else "."


def grader_error(_details: Details) -> str:
    """Return that the grader failed, and not the student."""
    return vocabulary.VERDICTS[Verdict.GRADER_ERROR].sentence
