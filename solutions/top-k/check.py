"""When a list of positions is right: several are."""

import numpy as np


def top_k(answer, scores, k):
    """Take any k different positions whose scores are the k largest."""
    positions = _whole_numbers(answer)
    if positions is None:
        return (
            f"Your result is {_kind(answer)}. Positions are asked for: a "
            "1-D array or a list of whole numbers, of an integer type."
        )
    if len(positions) != k:
        return f"Your result has {len(positions)} positions, and k is {k}."
    return _fault(positions, scores, k)


def _fault(positions, scores, k):
    """Say what is wrong with k whole numbers; None if nothing is."""
    n = len(scores)
    for position in positions:
        if not 0 <= position < n:
            return (
                f"There is no position {position}: the {n} scores have the "
                f"positions 0 to {n - 1}."
            )
        if positions.count(position) > 1:
            return (
                f"Position {position} comes more than once; "
                f"{k} different positions are asked for."
            )
    smallest = np.sort(scores)[-k]
    for position in positions:
        if scores[position] < smallest:
            return (
                f"The score at position {position} is {scores[position]:g}, "
                "which is not among the largest."
                if k > 1
                else f"The score at position {position} is "
                f"{scores[position]:g}, which is not the largest."
            )
    return None


def _kind(answer):
    """Say what an answer is that has no positions."""
    if isinstance(answer, np.ndarray):
        return f"a {answer.ndim}-D array of {answer.dtype}"
    if isinstance(answer, (list, tuple)) and len(answer):
        first = type(answer[0]).__name__
        return f"a {type(answer).__name__} that begins with a {first}"
    return "None" if answer is None else "no list and no array"


def _whole_numbers(answer):
    """Return a list of ints, or None if the answer is no flat row of whole numbers."""
    if isinstance(answer, np.ndarray):
        if answer.ndim != 1 or answer.dtype.kind not in "iu":
            return None
        return [int(each) for each in answer]
    if not isinstance(answer, (list, tuple)):
        return None
    numbers = []
    for each in answer:
        number = np.asarray(each) if np.ndim(each) == 0 else None
        if number is None or number.dtype.kind not in "iu":
            return None
        numbers.append(int(number))
    return numbers
