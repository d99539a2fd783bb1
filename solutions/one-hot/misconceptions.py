"""Known wrong answers to `one_hot(labels, classes)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

# ruff: noqa: ARG001 - hints speak to the student, answers take all arguments

import numpy as np


def _right(labels, classes):
    return np.eye(classes)[labels]


# ---- Rows and columns


def transposed(labels, classes):
    """Which index comes first where you write the 1: that of the label, or the class?

    Rows and columns are exchanged: a label stands in a column of your result, and a class in a row.

    Each label has a row of its own, and each class a column, so the shape is (n, classes).
    """
    return _right(labels, classes).T


def transposed__array_only(labels, classes):
    result = np.zeros((classes, len(labels)))
    for i, label in enumerate(labels):
        result[i, label] = 1
    return result


def transposed__index_only(labels, classes):
    result = np.zeros((len(labels), classes))
    for i, label in enumerate(labels):
        result[label, i] = 1
    return result


def transposed__and__one_based(labels, classes):
    return np.eye(classes)[labels.astype(int) - 1].T


def transposed__reshaped(labels, classes):
    return _right(labels, classes).reshape(classes, len(labels))


# ---- Counting from 1


def one_based(labels, classes):
    """In which column is the 1 of label 0 in your result?

    You count the classes from 1: your ones are in the wrong column, or there is a column too many.

    Labels go from 0 to classes - 1, and so do the columns of an array: label 0 belongs to column 0.
    """
    return np.eye(classes)[labels - 1]


def one_based__python_numbers(labels, classes):
    return np.eye(classes)[labels.astype(int) - 1]


def one_based__zero_is_lost(labels, classes):
    return (labels[:, None] == np.arange(1, classes + 1)).astype(float)


def one_based__one_column_more(labels, classes):
    return np.eye(classes + 1)[labels]


def one_based__one_column_more_and_shifted(labels, classes):
    return np.eye(classes + 1)[labels + 1]


def one_based__shifted_to_the_right(labels, classes):
    return np.eye(classes)[labels + 1]


def one_based__shifted_to_the_right_and_around(labels, classes):
    return np.roll(_right(labels, classes), 1, axis=1)


def one_based__last_is_lost(labels, classes):
    return np.eye(classes + 1)[labels + 1][:, :-1]


def one_based__first_column_missing(labels, classes):
    return _right(labels, classes)[:, 1:]


def one_based__first_column_empty(labels, classes):
    result = _right(labels, classes)
    result[:, 0] = 0
    return result


def last_class_missing(labels, classes):
    """In which column is the 1 of the highest class?

    The last class has no column, or its column is empty. The classes go from 0 to classes - 1:
    there are as many as `classes` says.
    """
    return _right(labels, classes)[:, :-1]


def last_class_missing__empty(labels, classes):
    result = _right(labels, classes)
    result[:, -1] = 0
    return result


def last_class_missing__index(labels, classes):
    return np.eye(classes - 1)[labels]


# ---- No encoding


def returns_labels(labels, classes):
    """Which numbers are in your result, and which may be in it?

    Your result holds the labels themselves. Asked for is a row for each label, of zeros and a
    single 1.

    The number of the class says where the 1 stands; it is not written into the result.
    """
    return labels


def returns_labels__in_a_column(labels, classes):
    return labels[:, None]


def returns_labels__in_a_row(labels, classes):
    return labels[None, :]


def returns_labels__counted_from_1(labels, classes):
    return labels.astype(int) + 1


def returns_labels__in_place_of_1(labels, classes):
    return _right(labels, classes) * labels[:, None]


def returns_labels__counted_from_1_in_place_of_1(labels, classes):
    return _right(labels, classes) * (labels[:, None] + 1.0)


def returns_labels__in_all_columns(labels, classes):
    return np.repeat(labels[:, None], classes, axis=1)


def returns_labels__in_all_rows(labels, classes):
    return np.tile(labels, (classes, 1))


def returns_labels__in_the_first_column(labels, classes):
    result = np.zeros((len(labels), classes))
    result[:, 0] = labels
    return result


# ---- The rest


def classes_ignored(labels, classes):
    """From what does your result take its number of columns?

    The number of columns of your result comes from the labels. It always has `classes` columns.

    The highest class need not occur. Then its column is empty, and it is there all the same.
    """
    return np.eye(int(labels.max()) + 1)[labels]


def classes_ignored__different_labels(labels, classes):
    found, places = np.unique(labels, return_inverse=True)
    return np.eye(len(found))[places]


def classes_ignored__number_of_different_labels(labels, classes):
    return np.eye(len(np.unique(labels)))[labels]


def classes_ignored__number_of_labels(labels, classes):
    return np.eye(len(labels))[labels]


def inverted(labels, classes):
    """How many ones are there in one of your rows, and how many should there be?

    Zeros and ones are exchanged: the 1 belongs to the class of the label, and the zeros to all
    others.
    """
    return 1 - _right(labels, classes)


def minus_one_for_zero(labels, classes):
    """Which numbers are in your result?

    Your result has -1 in it. Asked for are zeros, and a single 1 in each row.
    """
    return 2 * _right(labels, classes) - 1


def counts_returned(labels, classes):
    """How many rows has your result, and how many labels are there?

    You put all labels into one row: it says which classes occur, or how often. Each label has a row
    of its own.
    """
    return np.bincount(labels, minlength=classes)


def counts_returned__once(labels, classes):
    return np.minimum(np.bincount(labels, minlength=classes), 1)


def counts_returned__row(labels, classes):
    return np.bincount(labels, minlength=classes)[None, :]


def ones_up_to_the_label(labels, classes):
    """How many ones are there in one of your rows?

    Your rows have ones up to the place of the class, or from there on. There is a single 1 in each
    row.
    """
    return (labels[:, None] >= np.arange(classes)).astype(float)


def ones_up_to_the_label__before(labels, classes):
    return (labels[:, None] > np.arange(classes)).astype(float)


def ones_up_to_the_label__from_there_on(labels, classes):
    return (labels[:, None] <= np.arange(classes)).astype(float)


def rows_pile_up(labels, classes):
    """Where do the other ones of a row come from: is it made anew for each label?

    Your rows also have the ones of other labels: a row is made once and used again, or `result[:,
    labels] = 1` fills whole columns.

    Each label needs a row of its own, and in it a 1 in one column only.
    """
    return np.minimum(np.cumsum(_right(labels, classes), axis=0), 1)


def rows_pile_up__all_alike(labels, classes):
    return np.tile(counts_returned__once(labels, classes), (len(labels), 1))


def last_label_only(labels, classes):
    """Which part of your code is repeated for each label, and does it `return` only after the last?

    Only one of your rows is filled: the others are overwritten, or never reached.
    """
    result = np.zeros((len(labels), classes))
    result[-1, labels[-1]] = 1
    return result


def last_label_only__first(labels, classes):
    result = np.zeros((len(labels), classes))
    result[0, labels[0]] = 1
    return result


ANSWERS = (
    transposed,
    transposed__array_only,
    transposed__index_only,
    transposed__and__one_based,
    transposed__reshaped,
    one_based,
    one_based__python_numbers,
    one_based__zero_is_lost,
    one_based__one_column_more,
    one_based__one_column_more_and_shifted,
    one_based__shifted_to_the_right,
    one_based__shifted_to_the_right_and_around,
    one_based__last_is_lost,
    one_based__first_column_missing,
    one_based__first_column_empty,
    last_class_missing,
    last_class_missing__empty,
    last_class_missing__index,
    returns_labels,
    returns_labels__in_a_column,
    returns_labels__in_a_row,
    returns_labels__counted_from_1,
    returns_labels__in_place_of_1,
    returns_labels__counted_from_1_in_place_of_1,
    returns_labels__in_all_columns,
    returns_labels__in_all_rows,
    returns_labels__in_the_first_column,
    classes_ignored,
    classes_ignored__different_labels,
    classes_ignored__number_of_different_labels,
    classes_ignored__number_of_labels,
    inverted,
    minus_one_for_zero,
    counts_returned,
    counts_returned__once,
    counts_returned__row,
    ones_up_to_the_label,
    ones_up_to_the_label__before,
    ones_up_to_the_label__from_there_on,
    rows_pile_up,
    rows_pile_up__all_alike,
    last_label_only,
    last_label_only__first,
)

# ---- WHOLE: function -> the evidence that proves it


def returns_none(labels, classes):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    result = np.zeros((len(labels), classes))
    result[np.arange(len(labels)), labels] = 1


def returns_list(labels, classes):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list of rows; or fill an array from the start.
    """
    return [[int(label == j) for j in range(classes)] for label in labels]


def modifies_labels(labels, classes):
    """Which line of yours writes into the labels?

    What you write into the labels, the caller sees: `labels = labels - 1` makes a new array,
    `labels -= 1` does not.
    """
    result = np.eye(classes)[labels]
    labels[:] = 0
    return result


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_labels: "changed an argument",
}
