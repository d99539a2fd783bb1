"""Known wrong answers to `convolve(image, kernel, stride=1, padding=0)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

# ruff: noqa: ARG001 - hints speak to the student, answers take all arguments

import numpy as np


def _size(image, kernel, stride, padding):
    """Return the right number of rows and of columns."""
    return tuple(
        (n + 2 * padding - k) // stride + 1
        for n, k in zip(image.shape, kernel.shape, strict=True)
    )


def _slide(padded, kernel, down, right, size=None):
    """Place the kernel every `down` rows and `right` columns: where it fits, or so many times, with
    zeros beyond the image.
    """
    if size is None:
        size = tuple(
            (n - k) // step + 1
            for n, k, step in zip(
                padded.shape, kernel.shape, (down, right), strict=True
            )
        )
    rows, columns = kernel.shape
    wide = np.pad(
        np.asarray(padded, float),
        ((0, size[0] * down + rows), (0, size[1] * right + columns)),
    )
    result = np.zeros(size)
    for i, j in np.ndindex(*size):
        top, left = i * down, j * right
        result[i, j] = np.sum(
            wide[top : top + rows, left : left + columns] * kernel
        )
    return result


def _by_slices(padded, kernel, stride, size):
    """Place the kernel so many times; a window that runs over the edge cannot be multiplied by the
    kernel.
    """
    rows, columns = kernel.shape
    result = np.zeros(size)
    for i, j in np.ndindex(*size):
        top, left = i * stride, j * stride
        result[i, j] = np.sum(
            padded[top : top + rows, left : left + columns] * kernel
        )
    return result


def _by_indices(padded, kernel, stride, size):
    """Place the kernel so many times; an index past the end raises."""
    result = np.zeros(size)
    for i, j in np.ndindex(*size):
        for a, b in np.ndindex(*kernel.shape):
            result[i, j] += (
                padded[i * stride + a, j * stride + b] * kernel[a, b]
            )
    return result


def _placed(values, size):
    """Return the values in the top left corner of an array of this size; those that do not fit are
    lost.
    """
    result = np.zeros(size)
    values = values[: size[0], : size[1]]
    result[: values.shape[0], : values.shape[1]] = values
    return result


def _spread(values, size, down, right):
    """Return the values in an array of this size, with gaps of zeros."""
    result = np.zeros(size)
    result[::down, ::right][: values.shape[0], : values.shape[1]] = values
    return result


# ---- Stride


def ignores_stride(image, kernel, stride=1, padding=0):
    """Where in your code is `stride` used: for the size only, or also for where a window starts?

    Your windows lie at every position, whatever the stride is.

    Each window starts `stride` rows below the one before it, and the columns do likewise; the
    result has fewer rows and columns.
    """
    return _slide(np.pad(image, padding), kernel, 1, 1)


def ignores_stride__right_size(image, kernel, stride=1, padding=0):
    return _slide(
        np.pad(image, padding),
        kernel,
        1,
        1,
        _size(image, kernel, stride, padding),
    )


def ignores_stride__and__ignores_padding(image, kernel, stride=1, padding=0):
    return _slide(image, kernel, 1, 1)


def gaps_left(image, kernel, stride=1, padding=0):
    """To which place of the result do you write the value of the second window?

    You compute the right windows, but write each to the place where its window starts.

    The results lie side by side, without gaps. Count the windows with an index of their own.
    """
    padded = np.pad(image, padding)
    return _spread(
        _slide(padded, kernel, stride, stride),
        _size(image, kernel, 1, padding),
        stride,
        stride,
    )


def gaps_left__array_too_small(image, kernel, stride=1, padding=0):
    size = _size(image, kernel, stride, padding)
    values = _slide(np.pad(image, padding), kernel, stride, stride)
    result = np.zeros(size)
    for i, j in np.ndindex(*size):
        result[i * stride, j * stride] = values[i, j]
    return result


def stride_of_rows_only(image, kernel, stride=1, padding=0):
    """How do you compute the first row of a window, and how its first column?

    Your rows keep the stride, your columns do not: from left to right the windows start at every
    column.

    The stride holds in both directions.
    """
    return _slide(np.pad(image, padding), kernel, stride, 1)


def stride_of_rows_only__right_size(image, kernel, stride=1, padding=0):
    return _slide(
        np.pad(image, padding),
        kernel,
        stride,
        1,
        _size(image, kernel, stride, padding),
    )


def stride_of_rows_only__wide_with_gaps(image, kernel, stride=1, padding=0):
    values = _slide(np.pad(image, padding), kernel, stride, stride)
    return _spread(
        values,
        (values.shape[0], _size(image, kernel, 1, padding)[1]),
        1,
        stride,
    )


def stride_of_rows_only__wide_and_empty(image, kernel, stride=1, padding=0):
    values = _slide(np.pad(image, padding), kernel, stride, stride)
    return _placed(
        values, (values.shape[0], _size(image, kernel, 1, padding)[1])
    )


def stride_of_rows_only__columns_past_the_end(
    image, kernel, stride=1, padding=0
):
    padded = np.pad(image, padding)
    size = (
        _size(image, kernel, stride, padding)[0],
        _size(image, kernel, 1, padding)[1],
    )
    return _by_slices(padded, kernel, stride, size)


def stride_of_rows_only__zeros_past_the_end(image, kernel, stride=1, padding=0):
    size = (
        _size(image, kernel, stride, padding)[0],
        _size(image, kernel, 1, padding)[1],
    )
    return _slide(np.pad(image, padding), kernel, stride, stride, size)


def stride_of_rows_only__and__ignores_padding(
    image, kernel, stride=1, padding=0
):
    return _slide(image, kernel, stride, 1)


def stride_of_columns_only(image, kernel, stride=1, padding=0):
    """How do you compute the first row of a window, and how its first column?

    Your columns keep the stride, your rows do not: from top to bottom the windows start at every
    row.

    The stride holds in both directions.
    """
    return _slide(np.pad(image, padding), kernel, 1, stride)


def stride_of_columns_only__right_size(image, kernel, stride=1, padding=0):
    return _slide(
        np.pad(image, padding),
        kernel,
        1,
        stride,
        _size(image, kernel, stride, padding),
    )


def image_thinned_out(image, kernel, stride=1, padding=0):
    """Which pixels of the image does one window have in your code: do they lie side by side?

    You take every stride-th pixel of the image, and convolve what is left.

    The stride is the distance between windows, not between pixels: inside a window all pixels
    count, side by side.
    """
    thin = np.pad(image, padding)[::stride, ::stride]
    if min(n - k for n, k in zip(thin.shape, kernel.shape, strict=True)) < 0:
        return np.zeros((0, 0))
    return _slide(thin, kernel, 1, 1)


# ---- Padding


def ignores_padding(image, kernel, stride=1, padding=0):
    """From which array do you cut your windows: does it have the zeros around it?

    You do not use the padding: your windows lie on the image as it came.

    First there have to be `padding` rows and columns of zeros on each of the four sides, and then
    the windows are placed on that bigger image.
    """
    return _slide(image, kernel, stride, stride)


def ignores_padding__right_size(image, kernel, stride=1, padding=0):
    return _placed(
        _slide(image, kernel, stride, stride),
        _size(image, kernel, stride, padding),
    )


def ignores_padding__result_padded(image, kernel, stride=1, padding=0):
    return np.pad(_slide(image, kernel, stride, stride), padding)


def ignores_padding__windows_too_small(image, kernel, stride=1, padding=0):
    return _by_slices(
        image, kernel, stride, _size(image, kernel, stride, padding)
    )


def ignores_padding__index_past_the_end(image, kernel, stride=1, padding=0):
    return _by_indices(
        image, kernel, stride, _size(image, kernel, stride, padding)
    )


def pads_after_only(image, kernel, stride=1, padding=0):
    """Print the padded image of a small one: on which sides are there zeros?

    Your zeros lie below the image and to its right only; above it and to its left there are none.

    The first window has to begin on the zeros: there is a border on all four sides.
    """
    return _slide(np.pad(image, (0, padding)), kernel, stride, stride)


def pads_after_only__twice(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, (0, 2 * padding)), kernel, stride, stride)


def pads_after_only__right_size(image, kernel, stride=1, padding=0):
    values = _slide(np.pad(image, (0, padding)), kernel, stride, stride)
    return _placed(values, _size(image, kernel, stride, padding))


def pads_after_only__windows_too_small(image, kernel, stride=1, padding=0):
    padded = np.pad(image, (0, padding))
    return _by_slices(
        padded, kernel, stride, _size(image, kernel, stride, padding)
    )


def pads_after_only__index_past_the_end(image, kernel, stride=1, padding=0):
    padded = np.pad(image, (0, padding))
    return _by_indices(
        padded, kernel, stride, _size(image, kernel, stride, padding)
    )


def pads_after_only__and__ignores_stride(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, (0, padding)), kernel, 1, 1)


def pads_before_only(image, kernel, stride=1, padding=0):
    """Print the padded image of a small one: on which sides are there zeros?

    Your zeros lie above the image and to its left only; below it and to its right there are none.

    The padding is on all four sides.
    """
    return _slide(np.pad(image, (padding, 0)), kernel, stride, stride)


def pads_before_only__twice(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, (2 * padding, 0)), kernel, stride, stride)


def pads_before_only__right_size(image, kernel, stride=1, padding=0):
    values = _slide(np.pad(image, (padding, 0)), kernel, stride, stride)
    return _placed(values, _size(image, kernel, stride, padding))


def pads_one_axis_only(image, kernel, stride=1, padding=0):
    """Print the padded image of a small one: on which sides are there zeros?

    Your zeros lie above and below the image only, or only to its left and right.

    The padding is on all four sides: the padded image has 2 * padding more rows, and as many more
    columns.
    """
    return _slide(
        np.pad(image, ((padding, padding), (0, 0))), kernel, stride, stride
    )


def pads_one_axis_only__columns(image, kernel, stride=1, padding=0):
    return _slide(
        np.pad(image, ((0, 0), (padding, padding))), kernel, stride, stride
    )


def edge_padding(image, kernel, stride=1, padding=0):
    """What is in the rows and columns that you put around the image?

    Around the image you repeat its pixels, or mirror them. The padding is of zeros.
    """
    return _slide(np.pad(image, padding, "edge"), kernel, stride, stride)


def edge_padding__reflect(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, padding, "reflect"), kernel, stride, stride)


def edge_padding__wrap(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, padding, "wrap"), kernel, stride, stride)


# ---- The kernel


def kernel_flipped(image, kernel, stride=1, padding=0):
    """Which weight of the kernel meets the first pixel of a window in your code?

    You turn the kernel before you slide it, or read the window backwards: the last weight meets the
    first pixel.

    Here the kernel lies on the image exactly as it is given. In a loop of your own, the indices of
    pixel and weight both have to grow.
    """
    return _slide(np.pad(image, padding), kernel[::-1, ::-1], stride, stride)


def kernel_flipped__and__ignores_stride(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, padding), kernel[::-1, ::-1], 1, 1)


def kernel_flipped__and__ignores_padding(image, kernel, stride=1, padding=0):
    return _slide(image, kernel[::-1, ::-1], stride, stride)


def kernel_flipped__and__stride_of_rows_only(
    image, kernel, stride=1, padding=0
):
    return _slide(np.pad(image, padding), kernel[::-1, ::-1], stride, 1)


def kernel_flipped__and__pads_after_only(image, kernel, stride=1, padding=0):
    return _slide(
        np.pad(image, (0, padding)), kernel[::-1, ::-1], stride, stride
    )


def kernel_flipped__and__full_padding(image, kernel, stride=1, padding=0):
    rows, columns = kernel.shape
    padded = np.pad(image, padding)
    full = np.pad(padded, ((rows - 1, rows - 1), (columns - 1, columns - 1)))
    return _slide(full, kernel[::-1, ::-1], stride, stride)


def full_padding(image, kernel, stride=1, padding=0):
    """How many rows of zeros do you put above the image, and from what do you compute that?

    You put zeros around the image that nobody asked for, as many as the kernel is big.

    Only `padding` decides how many there are; with 0 there are none.
    """
    rows, columns = kernel.shape
    padded = np.pad(image, padding)
    full = np.pad(padded, ((rows - 1, rows - 1), (columns - 1, columns - 1)))
    return _slide(full, kernel, stride, stride)


def kernel_mirrored(image, kernel, stride=1, padding=0):
    """Which weight of the kernel meets the first pixel of a window in your code?

    You reverse the rows of the kernel, or its columns. Here the kernel lies on the image exactly as
    it is given.
    """
    return _slide(np.pad(image, padding), kernel[::-1], stride, stride)


def kernel_mirrored__columns(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, padding), kernel[:, ::-1], stride, stride)


# ---- The size


def off_by_one(image, kernel, stride=1, padding=0):
    """Write down the first row of each window, with this stride and padding: which is the last that
    fits?

    Your result is off by one: a row and a column are missing or empty, or there is one too many.

    The number of positions is floor((H + 2P - p) / S) + 1.
    """
    return _slide(np.pad(image, padding), kernel, stride, stride)[:-1, :-1]


def off_by_one__last_empty(image, kernel, stride=1, padding=0):
    values = _slide(np.pad(image, padding), kernel, stride, stride)
    return _placed(values[:-1, :-1], values.shape)


def _rounded_up(image, kernel, stride, padding):
    """Return the size if the division is rounded up."""
    return tuple(
        -(-(n + 2 * padding - k) // stride) + 1
        for n, k in zip(image.shape, kernel.shape, strict=True)
    )


def off_by_one__rounded_up(image, kernel, stride=1, padding=0):
    size = _rounded_up(image, kernel, stride, padding)
    return _placed(_slide(np.pad(image, padding), kernel, stride, stride), size)


def off_by_one__window_on_nothing(image, kernel, stride=1, padding=0):
    size = _rounded_up(image, kernel, stride, padding)
    return _slide(np.pad(image, padding), kernel, stride, stride, size)


def off_by_one__window_too_small(image, kernel, stride=1, padding=0):
    size = _rounded_up(image, kernel, stride, padding)
    return _by_slices(np.pad(image, padding), kernel, stride, size)


def off_by_one__index_past_the_end(image, kernel, stride=1, padding=0):
    size = _rounded_up(image, kernel, stride, padding)
    return _by_indices(np.pad(image, padding), kernel, stride, size)


# ---- Numbers


def integer_result(image, kernel, stride=1, padding=0):
    """Print the `dtype` of the array that you write into: can it hold fractions?

    Your result holds whole numbers only: what comes after the point is lost.

    An array keeps the type that it was made with.
    """
    return _slide(np.pad(image, padding), kernel, stride, stride).astype(
        image.dtype
    )


def integer_result__always(image, kernel, stride=1, padding=0):
    return _slide(np.pad(image, padding), kernel, stride, stride).astype(int)


ANSWERS = (
    ignores_stride,
    ignores_stride__right_size,
    ignores_stride__and__ignores_padding,
    gaps_left,
    gaps_left__array_too_small,
    stride_of_rows_only,
    stride_of_rows_only__right_size,
    stride_of_rows_only__wide_with_gaps,
    stride_of_rows_only__wide_and_empty,
    stride_of_rows_only__columns_past_the_end,
    stride_of_rows_only__zeros_past_the_end,
    stride_of_rows_only__and__ignores_padding,
    stride_of_columns_only,
    stride_of_columns_only__right_size,
    image_thinned_out,
    ignores_padding,
    ignores_padding__right_size,
    ignores_padding__result_padded,
    ignores_padding__windows_too_small,
    ignores_padding__index_past_the_end,
    pads_after_only,
    pads_after_only__twice,
    pads_after_only__right_size,
    pads_after_only__windows_too_small,
    pads_after_only__index_past_the_end,
    pads_after_only__and__ignores_stride,
    pads_before_only,
    pads_before_only__twice,
    pads_before_only__right_size,
    pads_one_axis_only,
    pads_one_axis_only__columns,
    edge_padding,
    edge_padding__reflect,
    edge_padding__wrap,
    kernel_flipped,
    kernel_flipped__and__ignores_stride,
    kernel_flipped__and__ignores_padding,
    kernel_flipped__and__stride_of_rows_only,
    kernel_flipped__and__pads_after_only,
    kernel_flipped__and__full_padding,
    full_padding,
    kernel_mirrored,
    kernel_mirrored__columns,
    off_by_one,
    off_by_one__last_empty,
    off_by_one__rounded_up,
    off_by_one__window_on_nothing,
    off_by_one__window_too_small,
    off_by_one__index_past_the_end,
    integer_result,
    integer_result__always,
)

# ---- WHOLE: function -> the evidence that proves it


def returns_none(image, kernel, stride=1, padding=0):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    padded = np.pad(image, padding)
    rows = (padded.shape[0] - kernel.shape[0]) // stride + 1
    columns = (padded.shape[1] - kernel.shape[1]) // stride + 1
    np.zeros((rows, columns))


def returns_list(image, kernel, stride=1, padding=0):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list of rows; or fill an array from the start.
    """
    padded = np.pad(image, padding)
    p, q = kernel.shape
    result = []
    for i in range(0, padded.shape[0] - p + 1, stride):
        places = range(0, padded.shape[1] - q + 1, stride)
        result.append(
            [
                float(np.sum(padded[i : i + p, j : j + q] * kernel))
                for j in places
            ]
        )
    return result


def modifies_image(image, kernel, stride=1, padding=0):
    """Which line of yours writes into an argument: by `=` to a part of it, by `+=`, or by a method?

    An array is not copied when a function is called: what you write into it, the caller sees.

    Make a new array for what you compute, or work on `image.copy()`.
    """
    padded = np.pad(image, padding)
    p, q = kernel.shape
    rows, columns = (
        (padded.shape[0] - p) // stride + 1,
        (padded.shape[1] - q) // stride + 1,
    )
    result = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        result[i, j] = np.sum(padded[top : top + p, left : left + q] * kernel)
    image[:] = 0
    return result


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_image: "changed an argument",
}
