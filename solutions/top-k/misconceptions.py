"""Known wrong answers to `top_k(scores, k)`.

Several answers are right, so several are wrong in the same way: each mistake is proved by what all
of its answers have in common.
"""

import numpy as np


def values_instead_of_positions(scores, k):
    """What is in your result: scores, or places? What can you sort so that you still know which
    score stood where?

    You return the scores themselves. What is asked for is where they are: the position of each of
    the largest scores, counted from 0.

    Sorting the scores loses their places.
    """
    return np.sort(scores)[-k:]


def smallest(scores, k):
    """Sorting goes from small to large: where do the largest end up, at the beginning or at the
    end?

    Your positions are those of the smallest scores.

    If you reversed or negated something, check whether you did it twice.
    """
    return np.argsort(scores)[:k]


def smallest__partition(scores, k):
    """Partition at k, which fails where k is n: there is no such position."""
    return np.argpartition(scores, k)[:k]


def one_too_few(scores, k):
    """How many elements has your slice, or how many rounds your loop, for k = 1?

    One position is missing: your positions are right, but there are k - 1 of them.

    A slice from i to j has j - i elements, and j itself is not among them.
    """
    return np.argsort(-scores)[: k - 1]


def one_too_many(scores, k):
    """How many elements has your slice, or how many rounds your loop, for k = 1?

    One position too many: you return k + 1 of them.

    A slice from i to j has j - i elements.
    """
    return np.argsort(-scores)[: k + 1]


def counts_from_one(scores, k):
    """Which position has the first score in your code?

    Your positions count from 1. In Python the first element has position 0, so each of your
    positions is too large by one.
    """
    return np.argsort(-scores)[:k] + 1


def repeats_a_position(scores, k):
    """What keeps your code from taking a position that it has taken already?

    You return the same position more than once.

    Looking for a value finds the first place that has it, every time, and a score that you put in
    the place of a taken one may be the largest again. Remember which places you have taken, or sort
    the positions instead of looking for values.
    """
    row = list(scores)
    return [row.index(score) for score in sorted(row)[-k:]]


def smallest__and__one_too_few(scores, k):
    """Stop one early, at the wrong end."""
    return np.argsort(scores)[: k - 1]


def values_instead_of_positions__and__smallest(scores, k):
    """Take the smallest scores, not their places."""
    return np.sort(scores)[:k]


def values_instead_of_positions__and__one_too_few(scores, k):
    """Return all but one of the largest scores."""
    return np.sort(scores)[::-1][: k - 1]


def modifies_scores(scores, k):
    """Which line of yours writes into the scores, or sorts them in their place?

    What you write into the scores, the caller sees: work on a copy.
    """
    positions = []
    for _ in range(k):
        positions.append(int(np.argmax(scores)))
        scores[positions[-1]] = -np.inf
    return positions


ANSWERS = (smallest__partition,)

# ---- What the answers of one mistake have in common


def _numbers(answer):
    """Return a flat float array, or None."""
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return None
    return array if array.ndim == 1 and not np.isnan(array).any() else None


def _are_values(answer, chosen):
    """Whether the answer has these scores, in any order."""
    numbers = _numbers(answer)
    return (
        numbers is not None
        and len(numbers) == len(chosen)
        and len(chosen) > 0
        and np.allclose(np.sort(numbers), np.sort(chosen))
    )


def _places(answer, scores):
    """Return the answer as different positions, or None."""
    numbers = _numbers(answer)
    if numbers is None or (numbers != np.floor(numbers)).any():
        return None
    places = numbers.astype(int)
    inside = (places >= 0) & (places < len(scores))
    if not inside.all() or len(set(places.tolist())) < len(places):
        return None
    return places


def _belong(answer, scores, chosen, count):
    """Whether the answer has `count` different positions, all of them of the chosen scores."""
    places = _places(answer, scores)
    if places is None or len(places) != count:
        return False
    rest = list(chosen)
    for score in scores[places]:
        if score not in rest:
            return False
        rest.remove(score)
    return True


def _largest(scores, k):
    return np.sort(scores)[::-1][:k]


def _is_values(answer, scores, k):
    return _are_values(answer, _largest(scores, k))


def _is_smallest(answer, scores, k):
    return _belong(answer, scores, np.sort(scores)[:k], k)


def _is_one_too_few(answer, scores, k):
    # A slice that begins at 1 - k begins at 0 for k = 1, and has all positions.
    return _belong(answer, scores, _largest(scores, k), k - 1) or (
        k == 1
        and len(scores) > 1
        and _belong(answer, scores, scores, len(scores))
    )


def _is_one_too_many(answer, scores, k):
    count = min(k + 1, len(scores))
    return _belong(answer, scores, _largest(scores, k + 1), count)


def _is_from_one(answer, scores, k):
    numbers = _numbers(answer)
    return numbers is not None and _belong(
        numbers - 1, scores, _largest(scores, k), k
    )


def _is_repeated(answer, scores, k):
    numbers = _numbers(answer)
    if numbers is None or len(numbers) != k:
        return False
    different = sorted(set(numbers.tolist()))
    return len(different) < k and _belong(
        different, scores, _largest(scores, k), len(different)
    )


def _is_smallest_and_too_few(answer, scores, k):
    return _belong(answer, scores, np.sort(scores)[:k], k - 1)


def _is_values_of_smallest(answer, scores, k):
    return _are_values(answer, np.sort(scores)[:k])


def _is_too_few_values(answer, scores, k):
    numbers = _numbers(answer)
    if numbers is None or len(numbers) != k - 1:
        return False
    rest = list(_largest(scores, k))
    return all(_take(rest, number) for number in numbers)


def _take(rest, number):
    for each in rest:
        if np.isclose(each, number):
            rest.remove(each)
            return True
    return False


def returns_none(scores, k):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    np.argsort(scores)[-k:]


WHOLE = {
    values_instead_of_positions: _is_values,
    smallest: _is_smallest,
    one_too_few: _is_one_too_few,
    one_too_many: _is_one_too_many,
    counts_from_one: _is_from_one,
    repeats_a_position: _is_repeated,
    smallest__and__one_too_few: _is_smallest_and_too_few,
    values_instead_of_positions__and__smallest: _is_values_of_smallest,
    values_instead_of_positions__and__one_too_few: _is_too_few_values,
    modifies_scores: "changed an argument",
    returns_none: "returned None",
}
