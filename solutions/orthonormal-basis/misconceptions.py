"""Known wrong answers to `orthonormal_basis(vectors)`.

Several answers are right, so several are wrong in the same way: most mistakes are proved by what
all of their answers have in common.
"""

import numpy as np


def _finished(vectors, unit, share):
    """Go through the columns as Gram and Schmidt did; `share` says how much of each is taken."""
    columns = []
    for column in vectors.T:
        rest = column.copy()
        for done in columns:
            rest = rest - share(rest, column, done) * done
        columns.append(unit(rest))
    return np.array(columns).T


def _of_length_one(vector):
    return vector / np.linalg.norm(vector)


def _as_it_is(vector):
    return vector


def not_normalised(vectors):
    """Compute q.T @ q for your result: what stands on the diagonal?

    Your columns do not have length 1. After all that is in common with the others has been
    subtracted, a column has to be divided by its length, the root of the sum of its squares.
    """
    return _finished(
        vectors,
        _as_it_is,
        lambda rest, _, done: done @ rest / (done @ done),
    )


def not_normalised__dot_products(vectors):
    """Subtract as if the finished columns had length 1, and they have not."""
    return _finished(vectors, _as_it_is, lambda _, column, done: done @ column)


def not_normalised__dot_products_of_rest(vectors):
    """Do so with what is left."""
    return _finished(vectors, _as_it_is, lambda rest, _, done: done @ rest)


def not_orthogonal(vectors):
    """Compute q.T @ q for your result: what stands beside the diagonal?

    Your columns are not at right angles. Dividing by the length does not change a direction: what a
    column has in common with all columns before it has to be subtracted first.
    """
    return vectors / np.linalg.norm(vectors, axis=0)


def not_orthogonal__last_only(vectors):
    """Subtract what a column has in common with the one before it alone."""
    columns = []
    for column in vectors.T:
        rest = column.copy()
        if columns:
            rest = rest - (columns[-1] @ rest) * columns[-1]
        columns.append(_of_length_one(rest))
    return np.array(columns).T


def not_orthogonal__and__not_normalised(vectors):
    """Return the vectors, or sums of multiples of them."""
    return vectors.copy()


def rows(vectors):
    """Which of the two does your loop go through: the rows of the array, or its columns?

    You work with the rows. The vectors are the columns of the array: k of them, with n numbers
    each, and the result has the same shape.

    A loop over an array goes through its rows, and np.array of a list of vectors lays each of them
    into a row.
    """
    return np.linalg.qr(vectors)[0].T


def rows__of_transpose(vectors):
    """Take the transpose apart."""
    return np.linalg.qr(vectors.T)[0]


def rows__gram_schmidt(vectors):
    """Go through the rows; after the first k of them nothing but rounding errors is left."""
    return _finished(
        vectors.T, _of_length_one, lambda rest, _, done: done @ rest
    ).T


def rows__and__not_orthogonal(vectors):
    """Give each row the length 1."""
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def rows__and__not_orthogonal__whole(vectors):
    """Lay unit columns into rows."""
    return not_orthogonal(vectors).T


def rows__and__not_orthogonal__lengths(vectors):
    """Divide columns by the lengths of rows, which fails where there are more of these."""
    return vectors / np.linalg.norm(vectors, axis=1)


def whole_space(vectors):
    """How many columns has your result, and how many has `vectors`?

    Your result has n columns: a basis of the whole space. It should span what the k columns of
    vectors span, so it has k columns. Methods of np.linalg have a setting for that.
    """
    return np.linalg.qr(vectors, mode="complete")[0]


def another_space(vectors):
    """Can each column of your result be made of the columns of `vectors`?

    Your columns are orthonormal, and they span another space than those of vectors. Each column of
    your result has to be a sum of multiples of the columns of vectors.
    """
    return np.eye(*vectors.shape)


def modifies_vectors(vectors):
    """Which line of yours writes into `vectors`, or into a column of it?

    A column such as vectors[:, 0] is a view of the array: -= and /= write through it, and the
    caller sees that. Work on a copy.
    """
    for j in range(vectors.shape[1]):
        column = vectors[:, j]
        for i in range(j):
            column -= (vectors[:, i] @ column) * vectors[:, i]
        column /= np.linalg.norm(column)
    return vectors


ANSWERS = (
    not_normalised__dot_products,
    not_normalised__dot_products_of_rest,
    rows__and__not_orthogonal__lengths,
)

# ---- What the answers of one mistake have in common


def _products(answer, vectors):
    """Return all dot products of the columns; None if they do not span what they should."""
    if (
        not isinstance(answer, np.ndarray)
        or answer.shape != vectors.shape
        or answer.dtype.kind != "f"
        or not np.isfinite(answer).all()
    ):
        return None
    span = np.linalg.qr(vectors)[0]
    rest = answer - span @ (span.T @ answer)
    sizes = np.linalg.norm(answer, axis=0)
    if (sizes == 0).any() or np.abs(rest / sizes).max() > 1e-4:  # noqa: PLR2004
        return None
    return answer.T @ answer


def _is_diagonal(products):
    sizes = np.sqrt(np.diag(products))
    return np.allclose(
        products / np.outer(sizes, sizes), np.eye(len(sizes)), atol=1e-4
    )


def _has_ones(products):
    return np.allclose(np.diag(products), 1, atol=1e-4)


def _is_not_normalised(answer, vectors):
    products = _products(answer, vectors)
    return (
        products is not None
        and _is_diagonal(products)
        and not _has_ones(products)
    )


def _is_not_orthogonal(answer, vectors):
    products = _products(answer, vectors)
    return (
        products is not None
        and _has_ones(products)
        and not _is_diagonal(products)
    )


def _is_neither(answer, vectors):
    """Whether no length is right; a single column cannot be at a wrong angle."""
    products = _products(answer, vectors)
    return (
        products is not None
        and not _has_ones(products)
        and (len(products) == 1 or not _is_diagonal(products))
    )


def _orthonormal(rows_):
    return np.isfinite(rows_).all() and np.allclose(
        rows_ @ rows_.T, np.eye(len(rows_)), atol=1e-4
    )


def _is_rows(answer, vectors):
    """Whether it is the basis lying on its side, or comes from the rows."""
    n, k = vectors.shape
    if (
        not isinstance(answer, np.ndarray)
        or answer.dtype.kind != "f"
        or answer.shape not in {(k, n), (n, k), (k, k)}
    ):
        return False
    if answer.shape == (n, k):
        first = _of_length_one(vectors[0])
        from_rows = np.allclose(abs(first @ answer[0]), 1, atol=1e-4)
        return n > k and from_rows and _orthonormal(answer[:k])
    return _orthonormal(answer[:, :k]) or _orthonormal(answer)


def _is_unit_rows(answer, vectors):
    """Whether all rows have length 1, and nothing is at right angles."""
    n, k = vectors.shape
    return (
        isinstance(answer, np.ndarray)
        and answer.dtype.kind == "f"
        and answer.shape in {(k, n), (n, k)}
        and np.allclose(np.linalg.norm(answer, axis=1), 1, atol=1e-4)
        and (k == 1 or not _is_rows(answer, vectors))
        and not _is_not_orthogonal(answer, vectors)
    )


def _is_whole_space(answer, vectors):
    n, k = vectors.shape
    return (
        isinstance(answer, np.ndarray)
        and answer.dtype.kind == "f"
        and answer.shape == (n, n)
        and n > k
        and _orthonormal(answer)
    )


def _is_another_space(answer, vectors):
    return (
        isinstance(answer, np.ndarray)
        and answer.dtype.kind == "f"
        and answer.shape == vectors.shape
        and _orthonormal(answer.T)
        and _products(answer, vectors) is None
        and (vectors.shape[1] == 1 or not _is_rows(answer, vectors))
    )


def returns_none(vectors):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    np.linalg.qr(vectors)


def returns_list(vectors):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list; or fill an array from the start.
    """
    return list(np.linalg.qr(vectors)[0].T)


WHOLE = {
    not_normalised: _is_not_normalised,
    not_orthogonal: _is_not_orthogonal,
    not_orthogonal__last_only: _is_not_orthogonal,
    not_orthogonal__and__not_normalised: _is_neither,
    rows: _is_rows,
    rows__of_transpose: _is_rows,
    rows__gram_schmidt: _is_rows,
    rows__and__not_orthogonal: _is_unit_rows,
    rows__and__not_orthogonal__whole: _is_unit_rows,
    whole_space: _is_whole_space,
    another_space: _is_another_space,
    modifies_vectors: "changed an argument",
    returns_none: "returned None",
    returns_list: "returned a list",
}
