"""What every right result has in common. It is looked at where no known mistake explains a
result.
"""

import numpy as np


def loss_is_the_mean_squared_error(answer, w, b, x, y):
    """Which errors do you square, and what do you do with the squares?

    Your `"loss"` is not the mean squared error of the model that came in.

    It belongs to the w and the b that your function was given: square each of the n errors, and
    take the mean of the squares.
    """
    loss = _part(answer, "loss", ())
    right = np.mean((x @ w + b - y) ** 2)
    return loss is None or bool(np.isclose(loss, right, 1e-4, 1e-4))


def goes_downhill(answer, w, b, x, y):
    """Compute the loss before your step and after it: which is larger?

    Your step does not go where the loss gets smaller.

    A number whose gradient is positive has to become smaller, and one whose gradient is negative
    has to grow.
    """
    errors = x @ w + b - y
    new_w, new_b = _part(answer, "w", w.shape), _part(answer, "b", ())
    if new_w is None or new_b is None or not errors.any():
        return True  # there is more to say than this
    with np.errstate(all="ignore"):
        return bool((new_w - w) @ (errors @ x) + (new_b - b) * errors.sum() < 0)


def _part(answer, key, shape):
    """Return the numbers that a dict has under a key; None if they are not of this shape."""
    found = (
        _array(answer[key])
        if isinstance(answer, dict) and key in answer
        else None
    )
    return found if found is not None and found.shape == shape else None


def _array(value):
    """Return real numbers as an array of floats; None for all else."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None
