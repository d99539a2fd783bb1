"""How a submission ended that could not be loaded: as an outcome, and in a few words."""

from grader.model import Loading, Outcome, Still

UNDONE = frozenset({"timed_out", "out_of_memory", "crashed", "invalid_output"})
"""The states of a loading that ended the worker."""


def what_went_wrong(
    loading: Loading,
    limit_s: float,
) -> str:
    """Return in a few words why a file could not be run to its end."""
    if loading.state == "timed_out":
        where = still_in(loading.still)
        return f"it was still running after {limit_s:g} s{where}"
    if loading.state == "out_of_memory":
        return "it used up the memory"
    if loading.state == "crashed":
        return f"it {loading.reason or 'ended the process'}"
    return "its answer could not be read"


def undone(
    loading: Loading,
    limit_s: float,
) -> Outcome:
    """Return the outcome of a trial whose submission could not be loaded."""
    if loading.state not in UNDONE:
        reason = "the submission could be loaded only once"
        return Outcome(kind="crashed", reason=reason)
    return Outcome(
        kind=loading.state,  # type: ignore[arg-type] # UNDONE are kinds of outcomes too
        reason=loading.reason,
        limit_s=limit_s if loading.state == "timed_out" else None,
        still=loading.still,
    )


def still_in(still: Still | None) -> str:
    """Return where code was, to be put behind what happened: the first of its lines there."""
    return "" if still is None else f", in line {still.lines[0]}"
