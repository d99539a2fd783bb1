"""Known wrong answers to `distances(a, b)`."""

# ruff: noqa: ARG001 - an argument that is not used is one of the mistakes

import numpy as np


def _distances(a, b):
    return np.sqrt(((a[:, None] - b) ** 2).sum(axis=2))


def squared(a, b):
    """What is the distance of two points that differ along one axis only? Which number do you give?

    Your values are the squares of the distances: the root is missing.
    """
    return ((a[:, None] - b) ** 2).sum(axis=2)


def squared__multiplied_out(a, b):
    """Multiply out, and take no root."""
    return (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T


def loops(a, b):
    """An array that has all differences at once has three axes: which shapes should a and b be
    given, so that broadcasting makes it?

    There is a loop in your function, or in one that it calls. It should ask NumPy for all distances
    at once, and not one pair after the other.
    """
    result = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            result[i, j] = np.sqrt(np.sum((a[i] - b[j]) ** 2))
    return result


def self_only(a, b):
    """Which names stand on both sides of the minus sign?

    You compare the points of one array with each other. The distances are those from each point of
    a to each point of b: rows belong to a, columns to b.
    """
    return _distances(a, a)


def self_only__second(a, b):
    """Compare b with itself."""
    return _distances(b, b)


def self_only__and__squared(a, b):
    """Compare a with itself, and take no root."""
    return squared(a, a)


def self_only__and__squared__second(a, b):
    """Compare b with itself, and take no root."""
    return squared(b, b)


def self_only__both(a, b):
    """Compare all points with all."""
    both = np.concatenate((a, b))
    return _distances(both, both)


def transposed(a, b):
    """Which point does a row of your result belong to: one of a, or one of b?

    Rows and columns are exchanged: row i belongs to point i of a, column j to point j of b.
    """
    return _distances(b, a)


def transposed__and__squared(a, b):
    """Exchange them, and take no root."""
    return squared(b, a)


def point_by_point(a, b):
    """What is the shape of a - b in your code, and which shape has the result?

    Your function compares the first point of a with the first of b, the second with the second, and
    so on. Each point of a is asked for with each point of b: that is a table.
    """
    return np.sqrt(((a - b) ** 2).sum(axis=1))


def point_by_point__and__squared(a, b):
    """Compare point by point, and take no root."""
    return ((a - b) ** 2).sum(axis=1)


def city_blocks(a, b):
    """Which steps lead from the differences to a distance in your code?

    You add up the differences without their signs. The Euclidean distance is the straight line: the
    root of the sum of the squares.
    """
    return np.abs(a[:, None] - b).sum(axis=2)


def largest_difference(a, b):
    """What do you do with the differences of two points along the axes?

    You keep the largest difference alone. All of them count: the squares of all are added up.
    """
    return np.abs(a[:, None] - b).max(axis=2)


def sum_before_squares(a, b):
    """What comes first in your code: the squares, or the sum?

    You add up the differences, and square their sum: positive and negative ones cancel. Each
    difference is squared by itself, then the squares are added up.
    """
    return np.sqrt((a[:, None] - b).sum(axis=2) ** 2)


def mean_instead_of_sum(a, b):
    """What do you do with the squares of the differences?

    You take the mean of the squares where their sum is asked for.
    """
    return np.sqrt(((a[:, None] - b) ** 2).mean(axis=2))


def negative_under_root(a, b):
    """Of which number do you take the root where two points are equal?

    Your result has nan where two points are equal. Multiplied out, their squared distance should be
    0, and rounding has made it slightly negative, which has no root.
    """
    with np.errstate(invalid="ignore"):
        return np.sqrt(squared__multiplied_out(a, b))


def three_axes(a, b):
    """What does each axis of your result count?

    Your result still has an axis for the d numbers of a point: the sum over them is missing.
    """
    return np.sqrt((a[:, None] - b) ** 2)


def three_axes__differences(a, b):
    """Return the differences."""
    return a[:, None] - b


ANSWERS = (
    squared,
    squared__multiplied_out,
    self_only,
    self_only__second,
    self_only__and__squared,
    self_only__and__squared__second,
    self_only__both,
    transposed,
    transposed__and__squared,
    point_by_point,
    point_by_point__and__squared,
    city_blocks,
    largest_difference,
    sum_before_squares,
    mean_instead_of_sum,
    negative_under_root,
    three_axes,
    three_axes__differences,
)


def _has_negative_roots(answer, expected):
    """Whether there is nan where points are equal, and the right value elsewhere."""
    if not isinstance(answer, np.ndarray) or answer.shape != expected.shape:
        return False
    if answer.dtype.kind != "f":
        return False
    missing = np.isnan(answer)
    return bool(
        missing.any()
        and (expected[missing] == 0).all()
        and np.allclose(answer[~missing], expected[~missing], atol=1e-4)
    )


def negative_under_root__other_order(a, b):
    """Multiply out in another order, where rounding is another one."""
    products = 2 * (a @ b.T)
    with np.errstate(invalid="ignore"):
        return np.sqrt((a**2).sum(1)[:, None] - products + (b**2).sum(1))


def returns_none(a, b):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    _distances(a, b)


def returns_list(a, b):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list; or fill an array from the start.
    """
    return _distances(a, b).tolist()


def modifies_points(a, b):
    """Which line of yours writes into a or b?

    What you write into a or b, the caller sees: `a = a * 2` makes a new array, `a *= 2` does not.
    """
    result = _distances(a, b)
    a *= a
    return result


WHOLE = {
    loops: "uses a loop",
    negative_under_root__other_order: _has_negative_roots,
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_points: "changed an argument",
}
