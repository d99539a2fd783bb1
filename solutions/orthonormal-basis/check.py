"""When a basis is right: there are endlessly many."""

import numpy as np

_PRECISION = 1e-5
_KINDS = {type(None): "None", list: "a list", tuple: "a tuple"}


def orthonormal_basis(answer, vectors):
    """Take any orthonormal columns that span what the columns of `vectors` span."""
    return _form(answer, vectors.shape) or _fault(answer.astype(float), vectors)


def _form(answer, shape):
    if not isinstance(answer, np.ndarray):
        kind = _KINDS.get(type(answer), "something else")
        return f"Your function returns {kind}; one NumPy array is asked for."
    if answer.dtype.kind not in "fiu":
        return (
            f"Your result is an array of {answer.dtype}; floats are asked for."
        )
    if answer.shape != shape:
        return (
            f"Your result has the shape {answer.shape}; {shape} is asked for."
        )
    if not np.isfinite(answer).all():
        return "Your result has values that are nan or infinite."
    return None


def _fault(basis, vectors):
    products = basis.T @ basis
    for column, square in enumerate(np.diag(products)):
        if abs(square - 1) > 2 * _PRECISION:
            return (
                f"Column {column} of your result has the length "
                f"{np.sqrt(square):.6g}; it should be 1."
            )
    for one, other in zip(*np.triu_indices(len(products), 1), strict=True):
        if abs(products[one, other]) > _PRECISION:
            return (
                f"Columns {one} and {other} of your result are not at right "
                f"angles: their dot product is {products[one, other]:.4g}, and "
                "it should be 0."
            )
    rest = vectors - basis @ (basis.T @ vectors)
    for column in range(vectors.shape[1]):
        length = np.linalg.norm(vectors[:, column])
        if np.abs(rest[:, column]).max() > 3 * _PRECISION * length:
            return (
                f"Your columns span another space: column {column} of vectors "
                "is not in it."
            )
    return None
