"""Known wrong answers to `softmax(logits)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

# ruff: noqa: PLR2004 - hints speak to the student, answers take all arguments

import math

import numpy as np


def _share(powers, axis):
    return powers / powers.sum(axis=axis, keepdims=True)


def _stable(logits, axis=1):
    return np.exp(logits - logits.max(axis=axis, keepdims=True))


# ---- Numbers that are too large


def overflow(logits):
    """Which number of each row keeps all powers between 0 and 1 if it is subtracted from the
    logits?

    For large logits a power of e is more than a float can hold, or 0, and inf / inf or 0 / 0 is
    nan. Cutting logits off or replacing nan gives other numbers.

    Subtracting the same number from all logits of a row changes nothing.
    """
    return _share(np.exp(logits), 1)


def overflow__maximum_of_all(logits):
    return _share(np.exp(logits - logits.max()), 1)


def overflow__minimum_of_all(logits):
    return _share(np.exp(logits - logits.min()), 1)


def overflow__mean_of_all(logits):
    return _share(np.exp(logits - logits.mean()), 1)


def overflow__minimum_of_rows(logits):
    return _share(np.exp(logits - logits.min(axis=1, keepdims=True)), 1)


def overflow__mean_of_rows(logits):
    return _share(np.exp(logits - logits.mean(axis=1, keepdims=True)), 1)


def overflow__logarithm(logits):
    return np.exp(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))


def overflow__row_by_row(logits):
    rows = []
    for row in logits:
        powers = [math.exp(value) for value in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)


def overflow__all_powers_first(logits):
    powers = [[math.exp(value) for value in row] for row in logits]
    return np.array([[power / sum(row) for power in row] for row in powers])


def overflow__row_by_row_maximum_of_all(logits):
    most = max(value for row in logits for value in row)
    rows = []
    for row in logits:
        powers = [math.exp(value - most) for value in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)


def overflow__row_by_row_minimum(logits):
    rows = []
    for row in logits:
        powers = [math.exp(value - min(row)) for value in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)


def overflow__only_the_small(logits):
    most = logits.max()
    rows = []
    for row in logits:
        powers = [math.exp(value - most) for value in row]
        total = sum(powers) or 1.0
        rows.append([power / total for power in powers])
    return np.array(rows)


# ---- Along which axis


def whole_array(logits):
    """What do the numbers of one row of your result add up to? Which axis does your sum run over?

    You divide by the sum of the whole array: all numbers of your result together add up to 1.

    Each row is one image and has probabilities of its own, which add up to 1.
    """
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def whole_array__rows_shifted(logits):
    powers = _stable(logits)
    return powers / powers.sum()


def whole_array__and__overflow(logits):
    powers = np.exp(logits)
    return powers / powers.sum()


def whole_array__and__overflow__in_a_loop(logits):
    powers = [[math.exp(value) for value in row] for row in logits]
    total = sum(map(sum, powers))
    return np.array([[power / total for power in row] for row in powers])


def columns(logits):
    """What do the numbers of one row of your result add up to, and what those of a column?

    You go down the columns where you should go along the rows: for the sums, or for the maxima.

    The classes of one image lie side by side in a row. In NumPy, axis 0 goes down a column and axis
    1 goes along a row.
    """
    return _share(_stable(logits, axis=0), 0)


def columns__maximum_of_all(logits):
    return _share(np.exp(logits - logits.max()), 0)


def columns__maximum_of_rows(logits):
    return _share(_stable(logits), 0)


def columns__maximum_of_columns(logits):
    return _share(np.exp(logits - logits.max(axis=0)), 1)


def columns__and__overflow(logits):
    return _share(np.exp(logits), 0)


def columns__and__overflow__in_a_loop(logits):
    powers = [[math.exp(value) for value in column] for column in logits.T]
    return np.array(
        [[power / sum(column) for power in column] for column in powers]
    ).T


def columns__and__overflow__row_by_row(logits):
    powers = [[math.exp(value) for value in row] for row in logits]
    totals = [sum(column) for column in zip(*powers, strict=True)]
    return np.array(
        [
            [power / total for power, total in zip(row, totals, strict=True)]
            for row in powers
        ]
    )


def columns__transposed(logits):
    return _share(_stable(logits, axis=0), 0).T


def transposed(logits):
    """What is the shape of your result, and what is that of the logits?

    Your numbers are right, but rows and columns are exchanged: the result has the shape of the
    logits.
    """
    return _share(_stable(logits), 1).T


def transposed__and__overflow(logits):
    return _share(np.exp(logits), 1).T


def keepdims_forgotten(logits):
    """What is the shape of your sums or maxima, and along what does NumPy lay them?

    Your sums or maxima are a flat row of n numbers, and NumPy lays it along the columns, or cannot
    lay it there at all.

    There is one number for each row of the logits. To meet its row, it has to stand in a column,
    with the shape (n, 1).
    """
    powers = np.exp(logits - logits.max(axis=1))
    return powers / powers.sum(axis=1)


def keepdims_forgotten__sum(logits):
    powers = _stable(logits)
    return powers / powers.sum(axis=1)


def keepdims_forgotten__maximum(logits):
    return _share(np.exp(logits - logits.max(axis=1)), 1)


def keepdims_forgotten__and__overflow(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=1)


def keepdims_forgotten__and__overflow__maximum_of_all(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum(axis=1)


# ---- The powers


def no_exponential(logits):
    """What becomes of a negative logit in your code?

    The exponential is missing: what you divide by its sum are the logits, or something else that is
    made of them.

    Logits may be negative, and their sum may be 0. Probabilities are shares of e^logit, which is
    always positive.
    """
    return logits / logits.sum(axis=1, keepdims=True)


def no_exponential__maximum_subtracted(logits):
    return _share(logits - logits.max(axis=1, keepdims=True), 1)


def no_exponential__maximum_of_all_subtracted(logits):
    return _share(logits - logits.max(), 1)


def no_exponential__minimum_subtracted(logits):
    return _share(logits - logits.min(axis=1, keepdims=True), 1)


def no_exponential__minimum_of_all_subtracted(logits):
    return _share(logits - logits.min(), 1)


def no_exponential__absolute(logits):
    return _share(np.abs(logits), 1)


def no_exponential__row_by_row(logits):
    return np.array(
        [[value / sum(row) for value in row] for row in logits.tolist()]
    )


def no_exponential__row_by_row_maximum_subtracted(logits):
    rows = [[value - max(row) for value in row] for row in logits.tolist()]
    return np.array([[value / sum(row) for value in row] for row in rows])


def no_exponential__row_by_row_minimum_subtracted(logits):
    rows = [[value - min(row) for value in row] for row in logits.tolist()]
    return np.array([[value / sum(row) for value in row] for row in rows])


def no_exponential__negative_cut_off(logits):
    return _share(np.maximum(logits, 0), 1)


def no_exponential__squares(logits):
    return _share(logits**2, 1)


def no_exponential__and__whole_array(logits):
    return logits / logits.sum()


def no_exponential__and__columns(logits):
    return _share(logits, 0)


def other_base(logits):
    """Which power do you take: of which base?

    Your powers have another base than e. np.exp(x) is e^x; 2 ** x is not.
    """
    return _share(2.0 ** (logits - logits.max(axis=1, keepdims=True)), 1)


def other_base__ten(logits):
    return _share(10.0 ** (logits - logits.max(axis=1, keepdims=True)), 1)


def other_base__ten__and__overflow(logits):
    return _share(10.0**logits, 1)


def negated(logits):
    """Which logit of a row gets the largest probability in your result?

    Your smallest logit gets the largest probability: there is a minus too many in the exponent.
    """
    return _share(np.exp(logits.min(axis=1, keepdims=True) - logits), 1)


def negated__and__overflow(logits):
    return _share(np.exp(-logits), 1)


def not_normalised(logits):
    """What do the numbers of one row of your result add up to?

    You return the powers of e. They still have to be divided, by the sum of their row, to add up to
    1.
    """
    return _stable(logits)


def not_normalised__and__overflow(logits):
    return np.exp(logits)


def not_normalised__and__overflow__maximum_of_all(logits):
    return np.exp(logits - logits.max())


def logarithm_returned(logits):
    """Are all numbers of your result between 0 and 1?

    You return the logarithms of the probabilities. They are asked for themselves, between 0 and 1.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def largest_only(logits):
    """What do the other logits of a row get in your code?

    You give the largest logit of each row all the probability. Softmax is soft: the others get
    their share too.
    """
    return (logits == logits.max(axis=1, keepdims=True)).astype(float)


def largest_only__first(logits):
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


def each_alone(logits):
    """What does one number of your result depend on: on the whole row?

    You treat each logit alone, as the sigmoid does. In a softmax the logits of a row share one sum.
    """
    return 0.5 * (1 + np.tanh(logits / 2))


ANSWERS = (
    overflow,
    overflow__maximum_of_all,
    overflow__minimum_of_all,
    overflow__mean_of_all,
    overflow__minimum_of_rows,
    overflow__mean_of_rows,
    overflow__logarithm,
    overflow__row_by_row,
    overflow__all_powers_first,
    overflow__row_by_row_maximum_of_all,
    overflow__row_by_row_minimum,
    overflow__only_the_small,
    whole_array,
    whole_array__rows_shifted,
    whole_array__and__overflow,
    whole_array__and__overflow__in_a_loop,
    columns,
    columns__maximum_of_all,
    columns__maximum_of_rows,
    columns__maximum_of_columns,
    columns__and__overflow,
    columns__and__overflow__in_a_loop,
    columns__and__overflow__row_by_row,
    columns__transposed,
    transposed,
    transposed__and__overflow,
    keepdims_forgotten,
    keepdims_forgotten__sum,
    keepdims_forgotten__maximum,
    keepdims_forgotten__and__overflow,
    keepdims_forgotten__and__overflow__maximum_of_all,
    no_exponential,
    no_exponential__maximum_subtracted,
    no_exponential__maximum_of_all_subtracted,
    no_exponential__minimum_subtracted,
    no_exponential__minimum_of_all_subtracted,
    no_exponential__absolute,
    no_exponential__row_by_row,
    no_exponential__row_by_row_maximum_subtracted,
    no_exponential__row_by_row_minimum_subtracted,
    no_exponential__negative_cut_off,
    no_exponential__squares,
    no_exponential__and__whole_array,
    no_exponential__and__columns,
    other_base,
    other_base__ten,
    other_base__ten__and__overflow,
    negated,
    negated__and__overflow,
    not_normalised,
    not_normalised__and__overflow,
    not_normalised__and__overflow__maximum_of_all,
    logarithm_returned,
    largest_only,
    largest_only__first,
    each_alone,
)

# ---- WHOLE: function -> the evidence that proves it


def overflow__cut_off(logits):
    powers = np.exp(np.clip(logits, -500, 500))
    return powers / powers.sum(axis=1, keepdims=True)


def returns_none(logits):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    np.exp(logits)


def returns_list(logits):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list of rows; or fill an array from the start.
    """
    shifted = [np.exp(row - row.max()) for row in logits]
    return [list(map(float, row / row.sum())) for row in shifted]


def modifies_logits(logits):
    """Which line of yours writes into the logits?

    What you write into the logits, the caller sees: `x = x - 1` makes a new array, `x -= 1` does
    not.
    """
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def _large_rows_only(answer, logits, expected):
    """Return whether an answer is wrong in rows with large logits only."""
    try:
        found = np.asarray(answer)
    except (TypeError, ValueError):
        return False
    if found.dtype.kind not in "iuf" or found.shape != expected.shape:
        return False
    right = np.isclose(found, expected, 1e-5, 1e-6).all(axis=1)
    return not right.all() and bool(
        (np.abs(logits[~right]).max(axis=1) > 80).all()
    )


WHOLE = {
    overflow__cut_off: _large_rows_only,
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_logits: "changed an argument",
}
