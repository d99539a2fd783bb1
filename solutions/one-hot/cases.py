"""The hidden cases. Their labels are drawn anew for each submission.

In most trials the first and the last class occur, in any order, so that counting from 1 shows, and
no label stands where its number is.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np

FEW_INPUTS = ("only_one",)  # a single label, a single class: there are not many


def more_labels(student, rng):
    """More labels than classes"""
    for n, classes in ((7, 4), (9, 3), (6, 2)):
        yield student.one_hot(labels(rng, n, classes), classes)


def fewer_labels(student, rng):
    """Fewer labels than classes"""
    for n, classes in ((4, 7), (5, 12)):
        yield student.one_hot(labels(rng, n, classes), classes)


def as_many_labels(student, rng):
    """As many labels as classes"""
    for n in (5, 6):
        yield student.one_hot(labels(rng, n, n), n)


def missing_classes(student, rng):
    """Classes that do not occur"""
    yield student.one_hot(labels(rng, 5, 3), 6)
    yield student.one_hot(2 * labels(rng, 6, 3) + 1, 7)


def integer_types(student, rng):
    """Labels of several integer types"""
    for kind in (np.uint8, np.int8, np.int32, np.uint16):
        yield student.one_hot(labels(rng, 6, 5).astype(kind), 5)


def only_one(student, rng):
    """A single label, a single class"""
    yield student.one_hot(np.array([rng.integers(1, 4)]), 5)
    yield student.one_hot(np.zeros(3, int), 1)
    yield student.one_hot(np.zeros(1, int), 3)


def labels(rng, n, classes):
    """Return n labels, among them the first class and the last; not sorted, and not 0, 1, 2 and so
    on.
    """
    while True:
        drawn = rng.permutation(
            np.append([0, classes - 1], rng.integers(0, classes, n - 2))
        )
        backwards = (
            np.array_equal(drawn[drawn], np.arange(n))
            if n == classes
            else False
        )
        if (np.diff(drawn) < 0).any() and not backwards:
            return drawn
