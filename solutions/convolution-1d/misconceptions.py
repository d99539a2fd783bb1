"""Known wrong answers to `convolve1d(signal, kernel)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

import numpy as np


def _slide(signal, kernel, before, count, mode="constant"):
    """Place `count` windows, the first `before` places before the signal; beyond it is padding."""
    after = max(count - 1 - before + len(kernel) - len(signal), 0)
    padded = np.pad(np.asarray(signal, float), (before, after), mode)
    return np.array(
        [np.dot(padded[i : i + len(kernel)], kernel) for i in range(count)]
    )


def _valid(signal, kernel):
    return _slide(signal, kernel, 0, len(signal) - len(kernel) + 1)


def _placed(values, size, at):
    """Return the values in an array of this size, from a place on."""
    result = np.zeros(size)
    result[at : at + len(values)] = values
    return result


# ---- The kernel reversed


def kernel_flipped(signal, kernel):
    """Which weight of the kernel meets the first number of a window in your code?

    Your kernel lies on the signal the wrong way round: its last weight meets the first number of
    the window.

    Here it is used as it is given. `np.convolve` reverses it; a name in NumPy that slides without
    reversing is "correlate". In a loop of your own, the indices of number and weight both have to
    grow.
    """
    return _valid(signal, kernel[::-1])


def kernel_flipped__and__same_padding(signal, kernel):
    return np.convolve(signal, kernel, "same")


def kernel_flipped__and__same_padding__centred(signal, kernel):
    return _slide(signal, kernel[::-1], len(kernel) // 2, len(signal))


def kernel_flipped__and__same_padding__n_plus_one(signal, kernel):
    half = len(kernel) // 2
    return _slide(
        signal, kernel[::-1], half, len(signal) + 2 * half - len(kernel) + 1
    )


def kernel_flipped__and__same_padding__from_the_start(signal, kernel):
    return _placed(_valid(signal, kernel[::-1]), len(signal), 0)


def kernel_flipped__and__same_padding__causal(signal, kernel):
    return _slide(signal, kernel[::-1], len(kernel) - 1, len(signal))


def kernel_flipped__and__full_padding(signal, kernel):
    return np.convolve(signal, kernel)


def kernel_flipped__and__off_by_one(signal, kernel):
    return _valid(signal, kernel[::-1])[:-1]


def kernel_flipped__and__off_by_one__last_empty(signal, kernel):
    result = _valid(signal, kernel[::-1])
    result[-1] = 0
    return result


def kernel_flipped__and__integer_result(signal, kernel):
    return _valid(signal, kernel[::-1]).astype(signal.dtype)


def kernel_flipped__and__integer_result__always(signal, kernel):
    return _valid(signal, kernel[::-1]).astype(int)


# ---- As long as the signal


def same_padding(signal, kernel):
    """On which numbers does the kernel lie in your first window: are all of them in the signal?

    Your windows lie beyond the ends of the signal, or your result has room for such windows, as if
    there were something there.

    There is no padding here: the kernel is placed only where it lies completely on the signal, so
    the result is shorter.
    """
    return _slide(signal, kernel, len(kernel) // 2, len(signal))


def same_padding__left_of_the_middle(signal, kernel):
    return _slide(signal, kernel, (len(kernel) - 1) // 2, len(signal))


def same_padding__n_plus_one(signal, kernel):
    half = len(kernel) // 2
    return _slide(
        signal, kernel, half, len(signal) + 2 * half - len(kernel) + 1
    )


def same_padding__n_minus_one(signal, kernel):
    half = (len(kernel) - 1) // 2
    return _slide(
        signal, kernel, half, len(signal) + 2 * half - len(kernel) + 1
    )


def same_padding__one_on_each_side(signal, kernel):
    return _slide(signal, kernel, 1, len(signal) + 2 - len(kernel) + 1)


def same_padding__after(signal, kernel):
    return _slide(signal, kernel, 0, len(signal))


def same_padding__before(signal, kernel):
    return _slide(signal, kernel, len(kernel) - 1, len(signal))


def same_padding__cropped(signal, kernel):
    return _slide(
        signal, kernel, len(kernel) // 2, len(signal) - len(kernel) + 1
    )


def same_padding__from_the_start(signal, kernel):
    return _placed(_valid(signal, kernel), len(signal), 0)


def same_padding__to_the_end(signal, kernel):
    return _placed(_valid(signal, kernel), len(signal), len(kernel) - 1)


def same_padding__middle_filled(signal, kernel):
    return _placed(_valid(signal, kernel), len(signal), len(kernel) // 2)


def same_padding__left_of_the_middle_filled(signal, kernel):
    return _placed(_valid(signal, kernel), len(signal), (len(kernel) - 1) // 2)


def same_padding__and__off_by_one(signal, kernel):
    return _placed(_valid(signal, kernel)[:-1], len(signal), 0)


def same_padding__edge(signal, kernel):
    return _slide(signal, kernel, len(kernel) // 2, len(signal), "edge")


def same_padding__reflect(signal, kernel):
    return _slide(signal, kernel, len(kernel) // 2, len(signal), "reflect")


def same_padding__wrap(signal, kernel):
    return _slide(signal, kernel, len(kernel) // 2, len(signal), "wrap")


def same_padding__wrap_after(signal, kernel):
    return _slide(signal, kernel, 0, len(signal), "wrap")


def full_padding(signal, kernel):
    """How many numbers of the signal does your first window have?

    The kernel was also placed where it only touches the signal.

    Place it only where it lies completely on the signal; then there are n - k + 1 values.
    """
    k = len(kernel)
    return _slide(signal, kernel, k - 1, len(signal) + k - 1)


# ---- One place too few or too many


def off_by_one(signal, kernel):
    """Write down the first number of each place where the kernel fits: which is the last, and does
    your `range` reach it?

    You count one place too few or too many, or one weight too few.

    The kernel also fits at the very end of the signal, and no further. Remember that `range` leaves
    out its end.
    """
    return _valid(signal, kernel)[:-1]


def off_by_one__last_empty(signal, kernel):
    return _placed(
        _valid(signal, kernel)[:-1], len(signal) - len(kernel) + 1, 0
    )


def off_by_one__first_missing(signal, kernel):
    return _valid(signal, kernel)[1:]


def off_by_one__first_empty(signal, kernel):
    return _placed(_valid(signal, kernel)[1:], len(signal) - len(kernel) + 1, 1)


def off_by_one__shifted(signal, kernel):
    return _slide(signal, kernel, 0, len(signal) - len(kernel) + 2)[1:]


def off_by_one__one_more_zero(signal, kernel):
    return _placed(_valid(signal, kernel), len(signal) - len(kernel) + 2, 0)


def off_by_one__last_window_short(signal, kernel):
    return _slide(signal, kernel, 0, len(signal) - len(kernel) + 2)


def off_by_one__array_too_small(signal, kernel):
    result = np.zeros(len(signal) - len(kernel))
    for i, value in enumerate(_valid(signal, kernel)):
        result[i] = value
    return result


def off_by_one__product_past_the_end(signal, kernel):
    k = len(kernel)
    places = range(len(signal) - k + 2)
    return np.array([np.sum(signal[i : i + k] * kernel) for i in places])


def off_by_one__dot_past_the_end(signal, kernel):
    k = len(kernel)
    places = range(len(signal) - k + 2)
    return np.array([np.dot(signal[i : i + k], kernel) for i in places])


def off_by_one__index_past_the_end(signal, kernel):
    k = len(kernel)
    result = np.zeros(len(signal) - k + 2)
    for i in range(len(result)):
        for a in range(k):
            result[i] += signal[i + a] * kernel[a]
    return result


def off_by_one__last_weight_missing(signal, kernel):
    return _valid(signal, np.append(kernel[:-1], 0))


def off_by_one__first_weight_missing(signal, kernel):
    return _valid(signal, np.append(0, kernel[1:]))


def off_by_one__window_too_small(signal, kernel):
    k = len(kernel)
    places = range(len(signal) - k + 1)
    return np.array([np.sum(signal[i : i + k - 1] * kernel) for i in places])


def off_by_one__window_too_small_for_dot(signal, kernel):
    k = len(kernel)
    places = range(len(signal) - k + 1)
    return np.array([np.dot(signal[i : i + k - 1], kernel) for i in places])


def off_by_one__and__integer_result(signal, kernel):
    return _valid(signal, kernel)[:-1].astype(signal.dtype)


def too_many_windows(signal, kernel):
    """Which is the last place where the whole kernel lies on the signal, and where do you stop?

    You place a window at every number of the signal, but near its end the kernel does not fit any
    more.

    A slice that runs over the end is cut short without an error, and an index there raises one.
    """
    k = len(kernel)
    return np.array(
        [np.sum(signal[i : i + k] * kernel) for i in range(len(signal))]
    )


def too_many_windows__dot(signal, kernel):
    k = len(kernel)
    return np.array(
        [np.dot(signal[i : i + k], kernel) for i in range(len(signal))]
    )


def too_many_windows__index(signal, kernel):
    result = np.zeros(len(signal))
    for i in range(len(signal)):
        for a in range(len(kernel)):
            result[i] += signal[i + a] * kernel[a]
    return result


# ---- Numbers


def integer_result(signal, kernel):
    """Print the `dtype` of the array that you write into: can it hold fractions?

    Your result holds whole numbers only: what comes after the point is lost.

    An array keeps the type that it was made with, and `np.zeros_like(signal)` takes the signal's.
    An `int`, a `//` or a rounding on the way does the same.
    """
    return _valid(signal, kernel).astype(signal.dtype)


def integer_result__always(signal, kernel):
    return _valid(signal, kernel).astype(int)


def integer_result__rounded(signal, kernel):
    return np.round(_valid(signal, kernel))


def integer_result__rounded_in_integers(signal, kernel):
    return np.round(
        _valid(signal, kernel), 0 if signal.dtype.kind == "i" else 9
    )


def integer_result__floor(signal, kernel):
    return np.floor(_valid(signal, kernel))


def integer_result__each_product(signal, kernel):
    result = np.zeros_like(signal[: len(signal) - len(kernel) + 1])
    for i in range(len(result)):
        for a in range(len(kernel)):
            result[i] += signal[i + a] * kernel[a]
    return result


def integer_result__each_product_always(signal, kernel):
    result = np.zeros(len(signal) - len(kernel) + 1, int)
    for i in range(len(result)):
        for a in range(len(kernel)):
            result[i] += signal[i + a] * kernel[a]
    return result


def integer_result__products_cut(signal, kernel):
    k = len(kernel)
    places = range(len(signal) - k + 1)
    return np.array(
        [(signal[i : i + k] * kernel).astype(int).sum() for i in places]
    )


def integer_result__in_place(signal, kernel):
    size = len(signal) - len(kernel) + 1
    result = np.zeros_like(signal[:size])
    for a, weight in enumerate(kernel):
        result += signal[a : a + size] * weight
    return result


def integer_result__in_place_always(signal, kernel):
    size = len(signal) - len(kernel) + 1
    result = np.zeros(size, int)
    for a, weight in enumerate(kernel):
        result += signal[a : a + size] * weight
    return result


def integer_result__kernel_cut(signal, kernel):
    return _valid(signal, kernel.astype(signal.dtype))


def integer_result__and__same_padding(signal, kernel):
    result = np.zeros_like(signal)
    result[: len(signal) - len(kernel) + 1] = _valid(signal, kernel)
    return result


def integer_result__and__same_padding__padded(signal, kernel):
    return same_padding(signal, kernel).astype(signal.dtype)


def integer_result__and__same_padding__middle_filled(signal, kernel):
    return same_padding__middle_filled(signal, kernel).astype(signal.dtype)


def integer_result__and__same_padding__after(signal, kernel):
    return same_padding__after(signal, kernel).astype(signal.dtype)


def mean_instead_of_sum(signal, kernel):
    """What do you do with the products of one window: add them up, or something more?

    You divide the sum of the products. Nothing is divided here: a result may be much larger than
    the signal.
    """
    return _valid(signal, kernel) / len(kernel)


ANSWERS = (
    kernel_flipped,
    kernel_flipped__and__same_padding,
    kernel_flipped__and__same_padding__centred,
    kernel_flipped__and__same_padding__n_plus_one,
    kernel_flipped__and__same_padding__from_the_start,
    kernel_flipped__and__same_padding__causal,
    kernel_flipped__and__full_padding,
    kernel_flipped__and__off_by_one,
    kernel_flipped__and__off_by_one__last_empty,
    kernel_flipped__and__integer_result,
    kernel_flipped__and__integer_result__always,
    same_padding,
    same_padding__left_of_the_middle,
    same_padding__n_plus_one,
    same_padding__n_minus_one,
    same_padding__one_on_each_side,
    same_padding__after,
    same_padding__before,
    same_padding__cropped,
    same_padding__from_the_start,
    same_padding__to_the_end,
    same_padding__middle_filled,
    same_padding__left_of_the_middle_filled,
    same_padding__and__off_by_one,
    same_padding__edge,
    same_padding__reflect,
    same_padding__wrap,
    same_padding__wrap_after,
    full_padding,
    off_by_one,
    off_by_one__last_empty,
    off_by_one__first_missing,
    off_by_one__first_empty,
    off_by_one__shifted,
    off_by_one__one_more_zero,
    off_by_one__last_window_short,
    off_by_one__array_too_small,
    off_by_one__product_past_the_end,
    off_by_one__dot_past_the_end,
    off_by_one__index_past_the_end,
    off_by_one__last_weight_missing,
    off_by_one__first_weight_missing,
    off_by_one__window_too_small,
    off_by_one__window_too_small_for_dot,
    off_by_one__and__integer_result,
    too_many_windows,
    too_many_windows__dot,
    too_many_windows__index,
    integer_result,
    integer_result__always,
    integer_result__rounded,
    integer_result__rounded_in_integers,
    integer_result__floor,
    integer_result__each_product,
    integer_result__each_product_always,
    integer_result__products_cut,
    integer_result__in_place,
    integer_result__in_place_always,
    integer_result__kernel_cut,
    integer_result__and__same_padding,
    integer_result__and__same_padding__padded,
    integer_result__and__same_padding__middle_filled,
    integer_result__and__same_padding__after,
    mean_instead_of_sum,
)

# ---- WHOLE: function -> the evidence that proves it


def returns_none(signal, kernel):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    result = np.zeros(len(signal) - len(kernel) + 1)
    for i in range(len(result)):
        result[i] = np.dot(signal[i : i + len(kernel)], kernel)


def returns_list(signal, kernel):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list; or fill an array from the start.
    """
    k = len(kernel)
    return [
        float(np.dot(signal[i : i + k], kernel))
        for i in range(len(signal) - k + 1)
    ]


def modifies_signal(signal, kernel):
    """Which line of yours writes into an argument: by `=` to a part of it, by `+=`, or by a method?

    An array is not copied when a function is called: what you write into it, the caller sees.

    Make a new array for what you compute, or work on `signal.copy()`.
    """
    result = np.correlate(signal, kernel)
    signal[:] = 0
    return result


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_signal: "changed an argument",
}
