"""Known wrong answers to `standardize(x)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

# ruff: noqa: D401 - hints speak to the student, answers take all arguments

import math

import numpy as np


def _by(x, mean, std):
    """Return the tuple for these means and standard deviations, which fit x."""
    return (x - mean) / std, mean, std


def _right(x):
    return _by(x, x.mean(axis=0), x.std(axis=0))


# ---- Along which axis


def whole_array(x):
    """You take one mean or one standard deviation of the whole table, over all columns together.

    Each column is a feature with a scale of its own, so `mean` and `std` hold one number for each
    column: d numbers. Without an `axis`, NumPy takes all numbers of an array together.
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
    """You take the mean and the standard deviation of each row. They are asked for each column: a
    row is one house, a column one feature.

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
    """Your standard deviation divides by n - 1. Here it divides by n, the number of rows.

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
    """You take the variance, the mean of the squared differences, where the standard deviation is
    asked for, in `z` or as the third part.

    The standard deviation is the square root of the variance, and has the same unit as the column.
    """
    return _by(x, x.mean(axis=0), x.var(axis=0))


def variance_instead_of_std__std_only(x):
    return _right(x)[0], x.mean(axis=0), x.var(axis=0)


def variance_instead_of_std__z_only(x):
    return variance_instead_of_std(x)[0], x.mean(axis=0), x.std(axis=0)


def not_divided_by_n(x):
    """You add up the squared differences of a column, and take the root, without dividing by the
    number of rows.
    """
    return _by(
        x, x.mean(axis=0), np.sqrt(((x - x.mean(axis=0)) ** 2).sum(axis=0))
    )


def not_divided_by_n__and__variance_instead_of_std(x):
    return _by(x, x.mean(axis=0), ((x - x.mean(axis=0)) ** 2).sum(axis=0))


def divided_by_columns(x):
    """You divide by the number of columns. A column has as many numbers as the table has rows:
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
    """Your standard deviation is taken of the numbers themselves. Their mean has to be subtracted
    before they are squared.
    """
    return _by(x, x.mean(axis=0), np.sqrt((x**2).mean(axis=0)))


def mean_absolute_deviation(x):
    """You take the mean of the absolute differences. The standard deviation is the root of the mean
    of their squares.
    """
    return _by(x, x.mean(axis=0), np.abs(x - x.mean(axis=0)).mean(axis=0))


# ---- z


def mean_not_subtracted(x):
    """Your `z` still has the mean of each column in it. First subtract the mean, then divide by the
    standard deviation.
    """
    return x / x.std(axis=0), x.mean(axis=0), x.std(axis=0)


def not_divided_by_std(x):
    """Your `z` has mean 0, and the scales that the columns had. Divide each column by its standard
    deviation too.
    """
    return x - x.mean(axis=0), x.mean(axis=0), x.std(axis=0)


def parentheses_missing(x):
    """In your `z` the mean is divided by the standard deviation, and then subtracted: a division
    comes before a subtraction.
    """
    return x - x.mean(axis=0) / x.std(axis=0), x.mean(axis=0), x.std(axis=0)


def scaled_to_a_range(x):
    """You scale by the smallest and the largest number of a column. Here it is the mean and the
    standard deviation.
    """
    z = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    return z, x.mean(axis=0), x.std(axis=0)


def median_instead_of_mean(x):
    """You take the median of a column. The mean is the sum of its numbers divided by how many they
    are.
    """
    return _by(x, np.median(x, axis=0), x.std(axis=0))


# ---- The tuple


def parts_in_another_order(x):
    """The three parts are there, but not in the order that is asked for: first `z`, then `mean`,
    then `std`.
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
    """Your `z` has the wrong sign: a number above the mean of its column has a positive z."""
    z, mean, std = _right(x)
    return -z, mean, std


def part_missing(x):
    """You return only a part of the answer. Those who use your function need the means and
    the standard deviations too: return (z, mean, std).
    """
    return _right(x)[0]


def part_missing__with_mean(x):
    return _right(x)[:2]


def part_missing__with_std(x):
    return _right(x)[::2]


def axis_kept(x):
    """Your `mean` and `std` are tables with one row, of the shape (1, d). They are asked for as
    flat arrays, of the shape (d,).
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
    """Your function gives nothing back: it ends without a `return` of the result (print is not
    return).
    """
    (x - x.mean(axis=0)) / x.std(axis=0)


def returns_list(x):
    """You return a list. The result is a tuple: `return z, mean, std`, or with round brackets
    around the three.
    """
    return [(x - x.mean(axis=0)) / x.std(axis=0), x.mean(axis=0), x.std(axis=0)]


def modifies_x(x):
    """Your function changes the array that it was given, perhaps by `-=` or `/=`. The caller still
    needs it: `x = x - 1` makes a new array, `x -= 1` does not.
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
