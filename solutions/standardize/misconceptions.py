"""Known wrong answers to `standardize(x)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

import math

import numpy as np


def _by(x, mean, std):
    """Return the tuple for these means and standard deviations, which fit x."""
    return (x - mean) / std, mean, std


def _right(x):
    return _by(x, x.mean(axis=0), x.std(axis=0))


# ---- Along which axis


def whole_array(x):
    """How many numbers has your `mean`, and how many columns has the table?

    You take one mean or one standard deviation of the whole table, over all columns together.

    Each column is a feature with a scale of its own, so `mean` and `std` hold one number for each
    column. Without an `axis`, NumPy takes all numbers of an array together.
    """
    return _by(x, x.mean(), x.std())


def whole_array__one_for_each_column(x):
    return _by(x, np.full(x.shape[1], x.mean()), np.full(x.shape[1], x.std()))


def whole_array__one_value(x):
    return _by(x, np.array([x.mean()]), np.array([x.std()]))


def whole_array__z_only(x):
    return (x - x.mean()) / x.std(), x.mean(axis=0), x.std(axis=0)


def whole_array__mean_and_std_only(x):
    return _right(x)[0], x.mean(), x.std()


def whole_array__std_only(x):
    return _by(x, x.mean(axis=0), x.std())


def whole_array__mean_only(x):
    return _by(x, x.mean(), x.std(axis=0))


def whole_array__mean_only_around_itself(x):
    return _by(x, x.mean(), np.sqrt(((x - x.mean()) ** 2).mean(axis=0)))


def whole_array__std_around_the_means(x):
    mean = x.mean(axis=0)
    return _by(x, mean, np.sqrt(((x - mean) ** 2).mean()))


def whole_array__std_around_the_means_for_each_column(x):
    z, mean, std = whole_array__std_around_the_means(x)
    return z, mean, np.full(x.shape[1], std)


def whole_array__std_only_for_each_column(x):
    return _by(x, x.mean(axis=0), np.full(x.shape[1], x.std()))


def whole_array__mean_only_for_each_column(x):
    return _by(x, np.full(x.shape[1], x.mean()), x.std(axis=0))


def whole_array__and__sample_std(x):
    return _by(x, x.mean(), x.std(ddof=1))


def whole_array__and__variance_instead_of_std(x):
    return _by(x, x.mean(), x.var())


def rows(x):
    """How many numbers has your `mean`, and which axis of the table do they belong to?

    You take the mean of each row, the standard deviation of each row, or both. They are asked for
    each column: a row
    is one house, a column one feature.

    In NumPy, `axis=0` goes down the columns and leaves one number for each of them; `axis=1` goes
    along the rows.
    """
    return _by(x, x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True))


def rows__flat(x):
    z, mean, std = rows(x)
    return z, mean.ravel(), std.ravel()


def rows__as_they_come(x):
    return _by(x, x.mean(axis=1), x.std(axis=1))


def rows__as_they_come_by_hand(x):
    mean = x.mean(axis=1)
    return _by(x, mean, np.sqrt(((x - mean) ** 2).mean(axis=1)))


def rows__mean_only_by_hand(x):
    mean = x.mean(axis=1)
    return _by(x, mean, np.sqrt(((x - mean) ** 2).mean(axis=0)))


def rows__transposed(x):
    return _by(x.T, x.mean(axis=1), x.std(axis=1))


def rows__mean_and_std_only(x):
    return _right(x)[0], x.mean(axis=1), x.std(axis=1)


def rows__mean_and_std_only_with_axis(x):
    return (
        _right(x)[0],
        x.mean(axis=1, keepdims=True),
        x.std(axis=1, keepdims=True),
    )


def rows__z_only(x):
    return rows(x)[0], x.mean(axis=0), x.std(axis=0)


def rows__std_only(x):
    return _by(x, x.mean(axis=0), x.std(axis=1))


def rows__mean_only(x):
    return _by(x, x.mean(axis=1), x.std(axis=0))


def rows__in_a_loop(x):
    z, means, stds = [], [], []
    for row in x.tolist():
        mean = sum(row) / len(row)
        std = math.sqrt(sum((value - mean) ** 2 for value in row) / len(row))
        z.append([(value - mean) / std for value in row])
        means.append(mean)
        stds.append(std)
    return np.array(z), np.array(means), np.array(stds)


def rows__and__sample_std(x):
    return _by(
        x, x.mean(axis=1, keepdims=True), x.std(axis=1, ddof=1, keepdims=True)
    )


def rows__and__sample_std__flat(x):
    z, mean, std = rows__and__sample_std(x)
    return z, mean.ravel(), std.ravel()


def rows__and__variance_instead_of_std(x):
    return _by(x, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True))


def rows__and__variance_instead_of_std__flat(x):
    z, mean, std = rows__and__variance_instead_of_std(x)
    return z, mean.ravel(), std.ravel()


# ---- The standard deviation


def sample_std(x):
    """What do you divide the sum of the squared differences by?

    Your standard deviation divides by n - 1. Here it divides by n, the number of rows.

    With n - 1 it is the estimate from a sample; statistics books, `ddof=1` and `statistics.stdev`
    mean that one.
    """
    return _by(x, x.mean(axis=0), x.std(axis=0, ddof=1))


def sample_std__std_only(x):
    return _right(x)[0], x.mean(axis=0), x.std(axis=0, ddof=1)


def sample_std__z_only(x):
    return sample_std(x)[0], x.mean(axis=0), x.std(axis=0)


def sample_std__and__variance_instead_of_std(x):
    return _by(x, x.mean(axis=0), x.var(axis=0, ddof=1))


def sample_std__and__variance_instead_of_std__std_only(x):
    return _right(x)[0], x.mean(axis=0), x.var(axis=0, ddof=1)


def sample_std__and__variance_instead_of_std__z_right_for_it(x):
    return sample_std(x)[0], x.mean(axis=0), x.var(axis=0, ddof=1)


def variance_instead_of_std(x):
    """Which unit has your `std`, if the column is in metres?

    You take the variance, the mean of the squared differences, where the standard deviation is
    asked for, in `z` or as the third part.

    The standard deviation is the square root of the variance, and has the same unit as the column.
    """
    return _by(x, x.mean(axis=0), x.var(axis=0))


def variance_instead_of_std__std_only(x):
    return _right(x)[0], x.mean(axis=0), x.var(axis=0)


def variance_instead_of_std__z_only(x):
    return variance_instead_of_std(x)[0], x.mean(axis=0), x.std(axis=0)


def not_divided_by_n(x):
    """Which steps lead from the squared differences to your `std`?

    You add up the squared differences of a column, and take the root, without dividing by the
    number of rows.
    """
    return _by(
        x, x.mean(axis=0), np.sqrt(((x - x.mean(axis=0)) ** 2).sum(axis=0))
    )


def not_divided_by_n__and__variance_instead_of_std(x):
    return _by(x, x.mean(axis=0), ((x - x.mean(axis=0)) ** 2).sum(axis=0))


def divided_by_columns(x):
    """What do you divide by: how many of what are there?

    You divide by the number of columns. A column has as many numbers as the table has rows:
    `x.shape[0]`.
    """
    mean = x.sum(axis=0) / x.shape[1]
    return _by(x, mean, np.sqrt(((x - mean) ** 2).sum(axis=0) / x.shape[1]))


def divided_by_columns__std(x):
    return _by(
        x,
        x.mean(axis=0),
        np.sqrt(((x - x.mean(axis=0)) ** 2).sum(axis=0) / x.shape[1]),
    )


def mean_of_squares(x):
    """What do you square: the numbers of a column, or their differences from the mean?

    Your standard deviation is taken of the numbers themselves. Their mean has to be subtracted
    before they are squared.
    """
    return _by(x, x.mean(axis=0), np.sqrt((x**2).mean(axis=0)))


def mean_absolute_deviation(x):
    """Which steps lead from the differences to your `std`?

    You take the mean of the absolute differences. The standard deviation is the root of the mean of
    their squares.
    """
    return _by(x, x.mean(axis=0), np.abs(x - x.mean(axis=0)).mean(axis=0))


# ---- z


def mean_not_subtracted(x):
    """What is the mean of a column of your `z`?

    Your `z` still has the mean of each column in it. First subtract the mean, then divide by the
    standard deviation.
    """
    return x / x.std(axis=0), x.mean(axis=0), x.std(axis=0)


def not_divided_by_std(x):
    """What is the standard deviation of a column of your `z`?

    Your `z` has mean 0, and the scales that the columns had. Divide each column by its standard
    deviation too.
    """
    return x - x.mean(axis=0), x.mean(axis=0), x.std(axis=0)


def parentheses_missing(x):
    """In which order does Python compute your `z`: what comes first?

    In your `z` the mean is divided by the standard deviation, and then subtracted: a division comes
    before a subtraction.
    """
    return x - x.mean(axis=0) / x.std(axis=0), x.mean(axis=0), x.std(axis=0)


def scaled_to_a_range(x):
    """What are the smallest and the largest number of a column of your `z`?

    You scale by the smallest and the largest number of a column. Here it is the mean and the
    standard deviation.
    """
    z = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    return z, x.mean(axis=0), x.std(axis=0)


def median_instead_of_mean(x):
    """How do you compute the mean of a column?

    You take the median of a column. The mean is the sum of its numbers divided by how many they
    are.
    """
    return _by(x, np.median(x, axis=0), x.std(axis=0))


# ---- The tuple


def parts_in_another_order(x):
    """In which order do you return the three parts?

    The three parts are there, but not in the order that is asked for: first `z`, then `mean`, then
    `std`.
    """
    z, mean, std = _right(x)
    return z, std, mean


def parts_in_another_order__z_last(x):
    z, mean, std = _right(x)
    return mean, std, z


def parts_in_another_order__std_first(x):
    z, mean, std = _right(x)
    return std, mean, z


def parts_in_another_order__z_in_the_middle(x):
    z, mean, std = _right(x)
    return mean, z, std


def parts_in_another_order__std_then_z(x):
    z, mean, std = _right(x)
    return std, z, mean


def sign_changed(x):
    """Is the `z` of a number above the mean of its column positive or negative?

    Your `z` has the wrong sign: a number above the mean of its column has a positive z.
    """
    z, mean, std = _right(x)
    return -z, mean, std


def part_missing(x):
    """How many parts does your `return` have?

    You return only a part of the answer. Those who use your function need the means and the
    standard deviations too: return (z, mean, std).
    """
    return _right(x)[0]


def part_missing__with_mean(x):
    return _right(x)[:2]


def part_missing__with_std(x):
    return _right(x)[::2]


def axis_kept(x):
    """What is the shape of your `mean`?

    Your `mean` and `std` have two axes: they are tables of a single row or a single column. They
    are asked for as flat arrays, of the shape (d,).
    """
    return _by(x, x.mean(axis=0, keepdims=True), x.std(axis=0, keepdims=True))


def axis_kept__as_a_column(x):
    z, mean, std = _right(x)
    return z, mean[:, None], std[:, None]


ANSWERS = (
    whole_array,
    whole_array__one_for_each_column,
    whole_array__one_value,
    whole_array__z_only,
    whole_array__mean_and_std_only,
    whole_array__std_only,
    whole_array__mean_only,
    whole_array__mean_only_around_itself,
    whole_array__std_around_the_means,
    whole_array__std_around_the_means_for_each_column,
    whole_array__std_only_for_each_column,
    whole_array__mean_only_for_each_column,
    whole_array__and__sample_std,
    whole_array__and__variance_instead_of_std,
    rows,
    rows__flat,
    rows__as_they_come,
    rows__as_they_come_by_hand,
    rows__mean_only_by_hand,
    rows__transposed,
    rows__mean_and_std_only,
    rows__mean_and_std_only_with_axis,
    rows__z_only,
    rows__std_only,
    rows__mean_only,
    rows__in_a_loop,
    rows__and__sample_std,
    rows__and__sample_std__flat,
    rows__and__variance_instead_of_std,
    rows__and__variance_instead_of_std__flat,
    sample_std,
    sample_std__std_only,
    sample_std__z_only,
    sample_std__and__variance_instead_of_std,
    sample_std__and__variance_instead_of_std__std_only,
    sample_std__and__variance_instead_of_std__z_right_for_it,
    variance_instead_of_std,
    variance_instead_of_std__std_only,
    variance_instead_of_std__z_only,
    not_divided_by_n,
    not_divided_by_n__and__variance_instead_of_std,
    divided_by_columns,
    divided_by_columns__std,
    mean_of_squares,
    mean_absolute_deviation,
    mean_not_subtracted,
    not_divided_by_std,
    parentheses_missing,
    scaled_to_a_range,
    median_instead_of_mean,
    parts_in_another_order,
    parts_in_another_order__z_last,
    parts_in_another_order__std_first,
    parts_in_another_order__z_in_the_middle,
    parts_in_another_order__std_then_z,
    sign_changed,
    part_missing,
    part_missing__with_mean,
    part_missing__with_std,
    axis_kept,
    axis_kept__as_a_column,
)

# ---- WHOLE: function -> the evidence that proves it


def returns_none(x):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    (x - x.mean(axis=0)) / x.std(axis=0)


def returns_list(x):
    """What does `type(...)` say about the value after your `return`?

    Asked for is a tuple: `return z, mean, std`, or with round brackets around the three.
    """
    return [(x - x.mean(axis=0)) / x.std(axis=0), x.mean(axis=0), x.std(axis=0)]


def modifies_x(x):
    """Which line of yours writes into x?

    What you write into x, the caller sees: `x = x - 1` makes a new array, `x -= 1` and `x /= 2` do
    not.
    """
    mean = x.mean(axis=0)
    std = x.std(axis=0)
    x -= mean
    x /= std
    return x, mean, std


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_x: "changed an argument",
}
