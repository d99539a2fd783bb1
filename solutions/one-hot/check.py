"""What every right result has in common. It is looked at where no known mistake explains a
result.
"""

import numpy as np


def one_1_in_each_row(answer, labels, classes):
    """Print a row, and count its ones: where does each of them come from?

    A row of your result is not made of zeros and a single 1. Each label has exactly one class.
    """
    rows = _array(answer)
    if rows is None or rows.shape != (len(labels), classes):
        return True  # there is more to say than this
    return bool(np.isin(rows, [0, 1]).all() and (rows.sum(axis=1) == 1).all())


def _array(value):
    """Return numbers as an array of floats; None for all else."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    if array.dtype.kind == "c" and not array.imag.any():
        array = array.real
    return array.astype(float) if array.dtype.kind in "biuf" else None
