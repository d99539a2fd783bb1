"""Known wrong answers to `sigmoid(x)` and `sigmoid_gradient(x)`."""

import math

import numpy as np


def _each(function, x):
    """Apply a function of one number to each number of an array."""
    values = [function(float(value)) for value in x.ravel()]
    return np.array(values).reshape(x.shape)


def _sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


# ---- sigmoid


def overflow(x):
    """Which power of e does your formula compute for a number far below 0, and which for one far
    above?

    Far away from 0, a power of e becomes too big for a float. NumPy calls it inf, and inf / inf is
    nan; math.exp raises an OverflowError.

    There is a way to write the formula that divides by inf at most, and another that only takes e
    to powers below 0.
    """
    return np.exp(x) / (1 + np.exp(x))


def overflow__both_sides(x):
    """Take e to the power of x / 2 and of -x / 2."""
    up, down = np.exp(x / 2), np.exp(-x / 2)
    return up / (up + down)


def overflow__tangent(x):
    """Compute the hyperbolic tangent by powers of e."""
    up, down = np.exp(x / 2), np.exp(-x / 2)
    return 0.5 * (1 + (up - down) / (up + down))


def overflow__single(x):
    """Compute in float32, where e^89 is too big."""
    power = np.exp(x.astype(np.float32))
    return power / (1 + power)


def overflow__wrong_branches(x):
    """Have a formula for each sign, and exchange them."""
    up, down = np.exp(x), np.exp(-x)
    return np.where(x < 0, 1 / (1 + down), up / (1 + up))


def overflow__wrong_branches_both(x):
    """Take the formula that overflows on either side."""
    down = np.exp(-x)
    return np.where(x < 0, down / (down * (1 + down)), overflow(x))


def overflow__negative(x):
    """Overflow on the left: multiply by e^-x and divide by it."""
    down = np.exp(-x)
    return down / (down + down * down)


def overflow__replaced(x):
    """Replace nan by 0."""
    return np.nan_to_num(np.exp(x) / (1 + np.exp(x)))


def overflow__raises_left(x):
    """Use math.exp(-x), which raises for large negative numbers."""
    return _each(lambda v: 1 / (1 + math.exp(-v)), x)


def overflow__raises_right(x):
    """Use math.exp(x), which raises for large numbers."""
    return _each(lambda v: math.exp(v) / (1 + math.exp(v)), x)


def overflow__raises(x):
    """Use both."""
    return _each(
        lambda v: math.exp(v / 2) / (math.exp(v / 2) + math.exp(-v / 2)), x
    )


def sign(x):
    """Does what your function gives have the right sign, and does it rise from left to right?

    A sign is the other one: that of the exponent, or that of the whole.

    Far to the right, e^-x is almost 0, and the sigmoid is almost 1. It rises everywhere, so its
    derivative is never negative: differentiating 1 / (1 + e^-x) brings in two minus signs.
    """
    return 1 / (1 + np.exp(x))


def sign__negative(x):
    """Return the negative of the sigmoid."""
    return -_sigmoid(x)


def sign__and__overflow(x):
    """Divide e^-x by 1 + e^-x."""
    return np.exp(-x) / (1 + np.exp(-x))


def sign__and__overflow__raises_right(x):
    """Use math.exp(x)."""
    return _each(lambda v: 1 / (1 + math.exp(v)), x)


def sign__and__overflow__raises_left(x):
    """Use math.exp(-x)."""
    return _each(lambda v: math.exp(-v) / (1 + math.exp(-v)), x)


def minus_below(x):
    """What stands below your fraction line at x = 0?

    Below the fraction line you subtract: 1 - e^-x is 0 at x = 0, and the sigmoid has no such place.
    There it is one half.
    """
    return 1 / (1 - np.exp(-x))


def tangent_instead(x):
    """What does your function give for a number far below 0?

    Your values lie between -1 and 1, as those of the hyperbolic tangent. The sigmoid lies between 0
    and 1.
    """
    return np.tanh(x)


# ---- sigmoid_gradient


def _product(s):
    return s * (1 - s)


def overflow__gradient(x):
    """Divide e^-x by the square of 1 + e^-x."""
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


def overflow__gradient_right(x):
    """Divide e^x by the square of 1 + e^x."""
    return np.exp(x) / (1 + np.exp(x)) ** 2


def overflow__gradient_of_overflow(x):
    """Take a sigmoid that overflows."""
    return _product(overflow(x))


def overflow__gradient_both_sides(x):
    """Take a sigmoid that overflows on both sides."""
    return _product(overflow__both_sides(x))


def overflow__gradient_single(x):
    """Compute in float32."""
    power = np.exp(-x.astype(np.float32))
    return power / (1 + power) ** 2


def overflow__gradient_single_right(x):
    """Compute in float32, with e^x."""
    power = np.exp(x.astype(np.float32))
    return power / (1 + power) ** 2


def overflow__gradient_left_of_overflow(x):
    """Take a sigmoid that overflows on the left."""
    return _product(overflow__negative(x))


def overflow__gradient_raises_left(x):
    """Use math.exp(-x)."""
    return _each(lambda v: _product(1 / (1 + math.exp(-v))), x)


def overflow__gradient_raises_right(x):
    """Use math.exp(x)."""
    return _each(lambda v: _product(math.exp(v) / (1 + math.exp(v))), x)


def overflow__gradient_raises(x):
    """Use both."""
    return _each(lambda v: 1 / (2 + math.exp(v) + math.exp(-v)), x)


def overflow__gradient_square_raises(x):
    """Square 1 + e^-x with **, which raises at half the size."""
    return _each(lambda v: math.exp(-v) / (1 + math.exp(-v)) ** 2, x)


def gradient_of_output(x):
    """At x = 0 the sigmoid is steepest: what does your function give there?

    You take x for the output of the sigmoid: s * (1 - s) is right if s is what came out of it, but
    x is what goes in.
    """
    return x * (1 - x)


def sigmoid_twice(x):
    """How often does x go through the sigmoid in your sigmoid_gradient?

    You take the sigmoid of x, and the sigmoid of what comes out: once is enough, for s and for 1 -
    s.
    """
    return _product(_sigmoid(_sigmoid(x)))


def gradient_of_output__half(x):
    """Take x for the output in one of the two places."""
    return _sigmoid(x) * (1 - x)


def gradient_of_output__other_half(x):
    """Take x for the output in the other place."""
    return x * (1 - _sigmoid(x))


def sign__gradient(x):
    """Negate the derivative."""
    return -_product(_sigmoid(x))


def sign__and__overflow__gradient(x):
    """Divide -e^-x by the square of 1 + e^-x."""
    return -np.exp(-x) / (1 + np.exp(-x)) ** 2


def sign__and__overflow__gradient_right(x):
    """Divide -e^x by the square of 1 + e^x."""
    return -np.exp(x) / (1 + np.exp(x)) ** 2


def sign__and__overflow__gradient_of_overflow(x):
    """Take a sigmoid that overflows."""
    return -_product(overflow(x))


def sign__and__gradient_of_output(x):
    """Take x for the output, and negate."""
    return -x * (1 - x)


def not_the_derivative(x):
    """What does your function give far away from 0, where the sigmoid is flat?

    Your sigmoid_gradient gives the sigmoid itself. Its derivative says how steep it is: most at x =
    0, and almost 0 far away.
    """
    return _sigmoid(x)


def factor_forgotten(x):
    """Which two factors has the derivative, and which are in your formula?

    One of the two factors is missing, and the other may be there twice: with s = sigmoid(x), the
    derivative is the product of s and 1 - s.
    """
    return _sigmoid(x) ** 2


def factor_forgotten__other(x):
    """Square the other factor."""
    return _sigmoid(-x) ** 2


def factor_forgotten__alone(x):
    """Return 1 - s."""
    return _sigmoid(-x)


def gradient_of_tangent(x):
    """What does your function give at x = 0: how steep is the sigmoid there?

    You return 1 - s squared, which belongs to the hyperbolic tangent. With s = sigmoid(x), the
    derivative of the sigmoid is s * (1 - s).
    """
    return 1 - _sigmoid(x) ** 2


ANSWERS = {
    "sigmoid": (
        overflow,
        overflow__both_sides,
        overflow__tangent,
        overflow__single,
        overflow__wrong_branches,
        overflow__wrong_branches_both,
        overflow__negative,
        overflow__replaced,
        overflow__raises_left,
        overflow__raises_right,
        overflow__raises,
        sign,
        sign__negative,
        sign__and__overflow,
        sign__and__overflow__raises_right,
        sign__and__overflow__raises_left,
        minus_below,
        tangent_instead,
    ),
    "sigmoid_gradient": (
        overflow__gradient,
        overflow__gradient_right,
        overflow__gradient_of_overflow,
        overflow__gradient_both_sides,
        overflow__gradient_single,
        overflow__gradient_single_right,
        overflow__gradient_left_of_overflow,
        overflow__gradient_raises_left,
        overflow__gradient_raises_right,
        overflow__gradient_raises,
        overflow__gradient_square_raises,
        gradient_of_output,
        gradient_of_output__half,
        gradient_of_output__other_half,
        sigmoid_twice,
        sign__gradient,
        sign__and__overflow__gradient,
        sign__and__overflow__gradient_right,
        sign__and__overflow__gradient_of_overflow,
        sign__and__gradient_of_output,
        not_the_derivative,
        factor_forgotten,
        factor_forgotten__other,
        factor_forgotten__alone,
        gradient_of_tangent,
    ),
}


def returns_none(x):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    _sigmoid(x)


def returns_list(x):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list; or fill an array from the start.
    """
    return _sigmoid(x).tolist()


def modifies_x(x):
    """Which line of yours writes into x?

    What you write into x, the caller sees: `x = -x` makes a new array, `x *= -1` and `out=x` do
    not.
    """
    x *= -1
    return 1 / (1 + np.exp(x))


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_x: "changed an argument",
}
