"""Known wrong answers to `max_pool(image, size)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

# ruff: noqa: ARG001 - hints speak to the student, answers take all arguments

import numpy as np


def _pool(image, size, reduce=np.max, step=None, count=None):
    """Reduce each window; windows that run over the edge are cut short. `step` and `count` are
    (down, right).
    """
    step = step or (size, size)
    count = count or (image.shape[0] // size, image.shape[1] // size)
    result = np.zeros(count)
    for i, j in np.ndindex(*count):
        top, left = i * step[0], j * step[1]
        result[i, j] = reduce(image[top : top + size, left : left + size])
    return result


def _pool_by_indices(image, size, count):
    """Look at each pixel by its index, which may lie past the end."""
    result = np.full(count, -np.inf)
    for i, j in np.ndindex(*count):
        for a, b in np.ndindex(size, size):
            result[i, j] = max(result[i, j], image[i * size + a, j * size + b])
    return result


def _fits(image, size):
    """Return in how many places a window starts that may overlap others."""
    return image.shape[0] - size + 1, image.shape[1] - size + 1


def _rounded_up(image, size):
    """Return how many windows there are with those that are not filled."""
    return -(-image.shape[0] // size), -(-image.shape[1] // size)


def _placed(values, count):
    """Return the values in the top left corner of an array of zeros."""
    result = np.zeros(count)
    values = values[: count[0], : count[1]]
    result[: values.shape[0], : values.shape[1]] = values
    return result


# ---- What becomes of a window


def mean_instead_of_max(image, size):
    """How do the values of one window become one number in your code?

    You take the mean of each window, or its median. That is average pooling; max pooling keeps the
    largest value.
    """
    return _pool(image, size, np.mean)


def mean_instead_of_max__cut(image, size):
    return _pool(image, size, np.mean).astype(int)


def mean_instead_of_max__cut_for_whole_numbers(image, size):
    return _pool(image, size, np.mean).astype(image.dtype)


def mean_instead_of_max__rounded(image, size):
    return np.round(_pool(image, size, np.mean))


def mean_instead_of_max__floor(image, size):
    return np.floor(_pool(image, size, np.mean))


def mean_instead_of_max__and__overlapping_windows(image, size):
    return _pool(image, size, np.mean, (1, 1), _fits(image, size))


def mean_instead_of_max__and__square_only(image, size):
    return _pool(image, size, np.mean, count=(image.shape[0] // size,) * 2)


def mean_instead_of_max__partial_windows(image, size):
    return _pool(image, size, np.mean, count=_rounded_up(image, size))


def mean_instead_of_max__median(image, size):
    return _pool(image, size, np.median)


def sum_instead_of_max(image, size):
    """How do the values of one window become one number in your code?

    You add up the values of each window. Max pooling keeps one of them, the largest.
    """
    return _pool(image, size, np.sum)


def min_instead_of_max(image, size):
    """Which value of a window do you keep: which way round is your comparison?

    You keep the smallest value of each window. Max pooling keeps the largest.
    """
    return _pool(image, size, np.min)


def starts_at_zero(image, size):
    """With which number does your search for the largest begin? What if all values are below 0?

    Where all values of a window are negative, you return something that is not in it: your search
    starts with a number of its own, such as 0, and no negative value is larger.

    Start with something that comes from the window itself, or that nothing is smaller than.
    """
    return np.maximum(_pool(image, size), 0)


def starts_at_zero__minus_one(image, size):
    return np.maximum(_pool(image, size), -1)


def starts_at_zero__first_pixel(image, size):
    return np.maximum(_pool(image, size), image[0, 0])


def starts_at_zero__zeros_added(image, size):
    rows, columns = _rounded_up(image, size)
    below, right = rows * size - image.shape[0], columns * size - image.shape[1]
    return np.maximum(_pool(np.pad(image, ((0, below), (0, right))), size), 0)


def starts_at_zero__and__overlapping_windows(image, size):
    return np.maximum(_pool(image, size, np.max, (1, 1), _fits(image, size)), 0)


def starts_at_zero__and__overlapping_windows__right_size(image, size):
    return np.maximum(_pool(image, size, np.max, (1, 1)), 0)


def starts_at_zero__and__square_only(image, size):
    return np.maximum(
        _pool(image, size, count=(image.shape[0] // size,) * 2), 0
    )


def maximum_carried_over(image, size):
    """Where does the variable for the largest value get its first value: before the loop over the
    windows, or inside?

    You start each search with the maximum of the window before, so the values can only grow.

    Each window stands for itself.
    """
    values = _pool(image, size)
    return np.maximum.accumulate(values.ravel()).reshape(values.shape)


def maximum_carried_over__from_zero(image, size):
    return np.maximum(maximum_carried_over(image, size), 0)


def maximum_carried_over__in_each_row(image, size):
    return np.maximum.accumulate(_pool(image, size), axis=1)


def maximum_carried_over__in_each_row_from_zero(image, size):
    return np.maximum(maximum_carried_over__in_each_row(image, size), 0)


def absolute_value(image, size):
    """Which is larger in your code: a large negative value, or a small positive one?

    You compare the values without their signs. The maximum is the value that is furthest to the
    right on the number line.
    """
    return _pool(np.abs(image), size)


def maximum_of_rows(image, size):
    """How many values does one window give in your code?

    You keep a maximum for each row or each column of a window. Each window gives one value, the
    largest of all its pixels.
    """
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return (
        image[: rows * size, : columns * size]
        .reshape(rows * size, columns, size)
        .max(axis=2)
    )


def maximum_of_rows__columns(image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return (
        image[: rows * size, : columns * size]
        .reshape(rows, size, columns * size)
        .max(axis=1)
    )


def takes_a_corner(image, size):
    """Which pixel of a window do you keep, and what decides that?

    You keep the pixel in one corner of each window, not the largest one: a slice with steps takes
    every second pixel, and compares nothing.
    """
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return image[::size, ::size][:rows, :columns]


# ---- Where the windows lie


def overlapping_windows(image, size):
    """By how much do you go on from one window to the next, in each direction?

    Your windows overlap, as in a convolution: they move on by less than their size, in one
    direction or in both.

    In pooling they lie side by side: each starts `size` rows or columns after the one before it.
    """
    return _pool(image, size, np.max, (1, 1), _fits(image, size))


def overlapping_windows__right_size(image, size):
    return _pool(image, size, np.max, (1, 1))


def overlapping_windows__at_every_pixel(image, size):
    return _pool(image, size, np.max, (1, 1), image.shape)


def overlapping_windows__one_less(image, size):
    rows, columns = _fits(image, size)
    return _pool(image, size, np.max, (1, 1), (rows - 1, columns - 1))


def overlapping_windows__columns(image, size):
    return _pool(
        image,
        size,
        np.max,
        (size, 1),
        (image.shape[0] // size, _fits(image, size)[1]),
    )


def overlapping_windows__rows(image, size):
    return _pool(
        image,
        size,
        np.max,
        (1, size),
        (_fits(image, size)[0], image.shape[1] // size),
    )


def overlapping_windows__columns_right_size(image, size):
    return _pool(image, size, np.max, (size, 1))


def overlapping_windows__rows_right_size(image, size):
    return _pool(image, size, np.max, (1, size))


def overlapping_windows__step_two(image, size):
    count = (image.shape[0] - size) // 2 + 1, (image.shape[1] - size) // 2 + 1
    return _pool(image, size, np.max, (2, 2), count)


def size_two_only(image, size):
    """Where in your code is the argument `size` used?

    Your windows always have 2x2 pixels, whatever `size` is. Use the argument everywhere, not a
    number of your own.
    """
    return _pool(image, 2) if min(image.shape) > 1 else image


def partial_windows_kept(image, size):
    """How many whole windows fit into the rows and columns of this image?

    You also keep windows that the image does not fill, at the bottom or on the right.

    What is left over there is left out: the result has H // size rows and W // size columns.
    """
    return _pool(image, size, count=_rounded_up(image, size))


def partial_windows_kept__rows(image, size):
    return _pool(
        image, size, count=(_rounded_up(image, size)[0], image.shape[1] // size)
    )


def partial_windows_kept__columns(image, size):
    return _pool(
        image, size, count=(image.shape[0] // size, _rounded_up(image, size)[1])
    )


def partial_windows_kept__zeros_added(image, size):
    rows, columns = _rounded_up(image, size)
    below, right = rows * size - image.shape[0], columns * size - image.shape[1]
    return _pool(np.pad(image, ((0, below), (0, right))), size)


def partial_windows_kept__empty(image, size):
    return _placed(_pool(image, size), _rounded_up(image, size))


def partial_windows_kept__index_past_the_end(image, size):
    return _pool_by_indices(image, size, _rounded_up(image, size))


def divisible_only(image, size):
    """What is left over at the end of a row if `size` does not divide its length?

    Your function fails where `size` does not divide the number of rows or of columns.

    Rows and columns that do not fill a window are left out: cut them off before you reshape, or
    count with //.
    """
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return image.reshape(rows, size, columns, size).max(axis=(1, 3))


def divisible_only__split(image, size):
    rows = np.split(image, image.shape[0] // size)
    return np.array(
        [
            [
                part.max()
                for part in np.split(row, image.shape[1] // size, axis=1)
            ]
            for row in rows
        ]
    )


def divisible_only__rows(image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    cut = image[:, : columns * size]
    return cut.reshape(rows, size, columns, size).max(axis=(1, 3))


def divisible_only__columns(image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return (
        image[: rows * size].reshape(rows, size, columns, size).max(axis=(1, 3))
    )


def off_by_one(image, size):
    """In which row does each window start? Which is the last one, and does your `range` reach it?

    Your last row of windows is missing or empty, or your last column. Remember that `range` leaves
    out its end.
    """
    rows, columns = image.shape[0] // size - 1, image.shape[1] // size - 1
    return _pool(image, size, count=(rows, columns))


def off_by_one__last_empty(image, size):
    return _placed(
        off_by_one(image, size),
        (image.shape[0] // size, image.shape[1] // size),
    )


def off_by_one__last_filled_one(image, size):
    return _pool(image, size, count=tuple((n - 1) // size for n in image.shape))


def off_by_one__last_filled_one_in_a_list(image, size):
    return np.array(off_by_one__last_filled_one(image, size).tolist())


def off_by_one__in_a_list(image, size):
    return np.array(off_by_one(image, size).tolist())


def off_by_one__last_filled_one_empty(image, size):
    return _placed(
        off_by_one__last_filled_one(image, size),
        (image.shape[0] // size, image.shape[1] // size),
    )


def off_by_one__rows(image, size):
    return _pool(image, size)[:-1]


def off_by_one__columns(image, size):
    return _pool(image, size)[:, :-1]


def integer_result(image, size):
    """Print the `dtype` of the array that you write into: can it hold fractions?

    Your result holds whole numbers only: what comes after the point is lost.

    An array keeps the type that it was made with.
    """
    return _pool(image, size).astype(int)


# ---- Height and width


def square_only(image, size):
    """Where in your code does the number of rows stand, and where the number of columns?

    Where the image is not square, your result is wrong: you mix up its height and its width, or use
    one of them for both.

    `image.shape[0]` is the number of rows, `image.shape[1]` the number of columns.
    """
    return _pool(image, size, count=(image.shape[0] // size,) * 2)


def square_only__width(image, size):
    return _pool(image, size, count=(image.shape[1] // size,) * 2)


def square_only__exchanged(image, size):
    return _pool(
        image, size, count=(image.shape[1] // size, image.shape[0] // size)
    )


def square_only__by_indices(image, size):
    return _pool_by_indices(image, size, (image.shape[0] // size,) * 2)


def square_only__width_by_indices(image, size):
    return _pool_by_indices(image, size, (image.shape[1] // size,) * 2)


def square_only__exchanged_by_indices(image, size):
    return _pool_by_indices(
        image, size, (image.shape[1] // size, image.shape[0] // size)
    )


def square_only__transposed(image, size):
    return _pool(image, size).T


def square_only__square_array(image, size):
    result = np.zeros((image.shape[0] // size,) * 2)
    for place, value in np.ndenumerate(_pool(image, size)):
        result[place] = value
    return result


def square_only__square_array_of_width(image, size):
    result = np.zeros((image.shape[1] // size,) * 2)
    for place, value in np.ndenumerate(_pool(image, size)):
        result[place] = value
    return result


def square_only__exchanged_array(image, size):
    result = np.zeros((image.shape[1] // size, image.shape[0] // size))
    for place, value in np.ndenumerate(_pool(image, size)):
        result[place] = value
    return result


def square_only__reshaped(image, size):
    count = image.shape[0] // size
    return (
        image[: count * size, : count * size]
        .reshape(count, size, count, size)
        .max(axis=(1, 3))
    )


def square_only__reshaped_by_width(image, size):
    count = image.shape[1] // size
    return (
        image[: count * size, : count * size]
        .reshape(count, size, count, size)
        .max(axis=(1, 3))
    )


def square_only__smaller_side(image, size):
    return _pool(image, size, count=(min(image.shape) // size,) * 2)


ANSWERS = (
    mean_instead_of_max,
    mean_instead_of_max__cut,
    mean_instead_of_max__cut_for_whole_numbers,
    mean_instead_of_max__rounded,
    mean_instead_of_max__floor,
    mean_instead_of_max__and__overlapping_windows,
    mean_instead_of_max__and__square_only,
    mean_instead_of_max__partial_windows,
    mean_instead_of_max__median,
    sum_instead_of_max,
    min_instead_of_max,
    starts_at_zero,
    starts_at_zero__minus_one,
    starts_at_zero__first_pixel,
    starts_at_zero__zeros_added,
    starts_at_zero__and__overlapping_windows,
    starts_at_zero__and__overlapping_windows__right_size,
    starts_at_zero__and__square_only,
    maximum_carried_over,
    maximum_carried_over__from_zero,
    maximum_carried_over__in_each_row,
    maximum_carried_over__in_each_row_from_zero,
    absolute_value,
    maximum_of_rows,
    maximum_of_rows__columns,
    takes_a_corner,
    overlapping_windows,
    overlapping_windows__right_size,
    overlapping_windows__at_every_pixel,
    overlapping_windows__one_less,
    overlapping_windows__columns,
    overlapping_windows__rows,
    overlapping_windows__columns_right_size,
    overlapping_windows__rows_right_size,
    overlapping_windows__step_two,
    size_two_only,
    partial_windows_kept,
    partial_windows_kept__rows,
    partial_windows_kept__columns,
    partial_windows_kept__zeros_added,
    partial_windows_kept__empty,
    partial_windows_kept__index_past_the_end,
    divisible_only,
    divisible_only__split,
    divisible_only__rows,
    divisible_only__columns,
    off_by_one,
    off_by_one__last_empty,
    off_by_one__last_filled_one,
    off_by_one__last_filled_one_in_a_list,
    off_by_one__in_a_list,
    off_by_one__last_filled_one_empty,
    off_by_one__rows,
    off_by_one__columns,
    integer_result,
    square_only,
    square_only__width,
    square_only__exchanged,
    square_only__by_indices,
    square_only__width_by_indices,
    square_only__exchanged_by_indices,
    square_only__transposed,
    square_only__square_array,
    square_only__square_array_of_width,
    square_only__exchanged_array,
    square_only__reshaped,
    square_only__reshaped_by_width,
    square_only__smaller_side,
)

# ---- WHOLE: function -> the evidence that proves it


def returns_none(image, size):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    np.zeros((image.shape[0] // size, image.shape[1] // size))


def returns_list(image, size):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list of rows; or fill an array from the start.
    """
    rows, columns = image.shape[0] // size * size, image.shape[1] // size * size
    starts = range(0, columns, size)
    return [
        [float(image[i : i + size, j : j + size].max()) for j in starts]
        for i in range(0, rows, size)
    ]


def modifies_image(image, size):
    """Which line of yours writes into an argument: by `=` to a part of it, by `+=`, or by a method?

    An array is not copied when a function is called: what you write into it, the caller sees.

    Make a new array for what you compute, or work on `image.copy()`.
    """
    rows, columns = image.shape[0] // size, image.shape[1] // size
    for i, j in np.ndindex(rows, columns):
        window = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
        image[i, j] = window.max()
    return image[:rows, :columns]


def starts_at_zero__another_number(image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    result = np.full((rows, columns), -999.0)
    for i, j in np.ndindex(rows, columns):
        window = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
        result[i, j] = max(result[i, j], window.max())
    return result


def square_only__and_raises(image, size):
    count = image.shape[0] // size
    result = np.zeros((count, count))
    for i in range(count):
        for j in range(count):
            window = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
            result[i, j] = window.max()
    return result


def _never_below_a_number(answer, expected):
    """Tell whether one number takes the place of all maxima that are smaller."""
    try:
        found = np.asarray(answer)
    except (TypeError, ValueError):
        return False
    if found.dtype.kind not in "iuf" or found.shape != expected.shape:
        return False
    replaced = np.maximum(expected, found.min())
    return bool(
        np.allclose(found, replaced) and not np.allclose(found, expected)
    )


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_image: "changed an argument",
    starts_at_zero__another_number: _never_below_a_number,
    square_only__and_raises: "right where the first argument is square",
}
