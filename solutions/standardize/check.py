"""What every right result has in common. It is looked at where no known mistake explains a
result.
"""

import numpy as np


def mean_0_and_std_1(answer, x):
    """Try `z.mean(axis=0)` and `z.std(axis=0)` on a small table: what do they give?

    The columns of your `z` do not have mean 0 and standard deviation 1. That is the purpose of the
    whole: first the mean of a column is subtracted from it, then it is divided by its standard
    deviation.
    """
    z = _array(answer[0]) if isinstance(answer, tuple) and answer else None
    if z is None or z.shape != np.shape(x):
        return True  # there is more to say than this
    with np.errstate(all="ignore"):
        means, stds = z.mean(axis=0), z.std(axis=0)
    return bool(
        np.allclose(means, 0, atol=1e-3) and np.allclose(stds, 1, atol=1e-3)
    )


def _array(value):
    """Return real numbers as an array of floats; None for all else."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None
