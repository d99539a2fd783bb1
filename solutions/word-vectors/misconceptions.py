"""Known wrong answers to `embed(words)`."""

import numpy as np

with open("vectors.csv", encoding="utf-8") as _file:  # noqa: PTH123 - as submissions do
    _LINES = [line.strip().split(",") for line in _file]
_VECTORS = {word: [float(n) for n in numbers] for word, *numbers in _LINES}
_PLACES = {word: place for place, word in enumerate(_VECTORS)}
_ZEROS = [0.0] * 4


def _rows(rows):
    return np.array(rows, dtype=float).reshape(len(rows), 4)


def _known(words):
    return [word for word in words if word in _VECTORS]


def _with_zeros(rows, count):
    """Append rows of zeros, so that there are `count` rows."""
    return rows + [_ZEROS] * (count - len(rows))


# ---- Unknown words


def unknown_dropped(words):
    """What does your code append for a word that the file does not have?

    Unknown words have no row in your result, so the rows after them belong to other words.

    Each word has its row: row i belongs to word i.
    """
    return _rows([_VECTORS[word] for word in _known(words)])


def unknown_dropped__listed(words):
    """Leave an empty array where nothing is known."""
    return np.array([_VECTORS[word] for word in _known(words)])


def unknown_at_the_end(words):
    """Which row of your result belongs to the unknown word?

    The zeros of unknown words stand at the end of your result. Each word has its row in its own
    place: row i belongs to word i, whether the file has it or not.
    """
    return _rows(
        _with_zeros([_VECTORS[word] for word in _known(words)], len(words))
    )


def unknown_raises(words):
    """What does your code do with a word that the file does not have?

    An unknown word makes your function raise an exception. The row of a word that the file does not
    have is four zeros: ask whether the word is there before you look it up.
    """
    return _rows([_VECTORS[word] for word in words])


def unknown_raises__index(words):
    """Look for the line of a word, and take the first one found."""
    found = [[v for each, v in _VECTORS.items() if each == w] for w in words]
    return _rows([each[0] for each in found])


def unknown_raises__value(words):
    """Look for the place of a word in a list."""
    names = list(_VECTORS)
    return _rows([_VECTORS[names[names.index(word)]] for word in words])


def unknown_is_nan(words):
    """With which numbers do the rows of your result begin?

    Unknown words have rows of nan in your result; zeros are asked for.
    """
    return _rows([_VECTORS.get(word, [np.nan] * 4) for word in words])


def unknown_repeats_the_last(words):
    """What is in your variable when no line of the file has the word?

    An unknown word gets the vector of the word before it: your code looks for a line, finds none,
    and still has the last one in a variable. Begin each word with zeros.
    """
    rows, row = [], _ZEROS
    for word in words:
        row = _VECTORS.get(word, row)
        rows.append(row)
    return _rows(rows)


# ---- Order


def file_order(words):
    """Which loop is the outer one in your code: that over the lines of the file, or that over the
    words?

    Your rows are in the order of the file. They are asked for in the order of the words: row i
    belongs to word i.
    """
    return _rows([_VECTORS[word] for word in _VECTORS if word in words])


def file_order__zeros_at_the_end(words):
    """Begin with zeros, and fill the rows from the top."""
    rows = [_VECTORS[word] for word in _VECTORS if word in words]
    return _rows(_with_zeros(rows, len(words)))


def file_order__zeros_for_unknown(words):
    """Append a row of zeros for each unknown word."""
    rows = [_VECTORS[word] for word in _VECTORS if word in words]
    unknown = len(words) - len(_known(words))
    return _rows(rows + [_ZEROS] * unknown)


def file_order__repeated(words):
    """Sort the words by their places in the file."""
    known = sorted(_known(words), key=_PLACES.__getitem__)
    return _rows([_VECTORS[word] for word in known])


def file_order__repeated_zeros(words):
    """Sort the words by their places in the file, the unknown ones last."""
    known = sorted(_known(words), key=_PLACES.__getitem__)
    return _rows(_with_zeros([_VECTORS[word] for word in known], len(words)))


def file_order__zeros_first(words):
    """Sort the words by their places in the file, the unknown ones first."""
    known = sorted(_known(words), key=_PLACES.__getitem__)
    zeros = [_ZEROS] * (len(words) - len(known))
    return _rows(zeros + [_VECTORS[word] for word in known])


def file_order__all_lines(words):
    """Have a row for each line of the file: its vector, or zeros if it was not asked for."""
    return _rows(
        [_VECTORS[word] if word in words else _ZEROS for word in _VECTORS]
    )


def sorted_words(words):
    """Which word does each of your rows belong to?

    Your rows are in the order of the alphabet. They are asked for in the order of the words: row i
    belongs to word i.
    """
    return _rows([_VECTORS.get(word, _ZEROS) for word in sorted(words)])


def sorted_words__unique(words):
    """Sort the words, each of them once."""
    return _rows([_VECTORS.get(word, _ZEROS) for word in sorted(set(words))])


def repeats_left_out(words):
    """How many rows has your result, and how many words are there?

    A word that comes twice has only one row in your result. Row i belongs to word i, so there are
    as many rows as words.
    """
    return _rows([_VECTORS.get(word, _ZEROS) for word in dict.fromkeys(words)])


# ---- Capital letters


def _table(fold, *, first=False):
    table = {}
    for word, vector in _VECTORS.items():
        if not first or fold(word) not in table:
            table[fold(word)] = vector
    return table


def _same(word):
    return word


def _folded(words, of_file=str.lower, of_word=str.lower, *, first=False):
    table = _table(of_file, first=first)
    return [table.get(of_word(word), _ZEROS) for word in words]


def case_folded(words):
    """How does your code compare a word with one of the file?

    Capital and small letters are the same for your function: it takes words for known that the file
    has in another form only, or gives one word the vector of the other.

    "us" and "US" are two words in this file. Compare words as they are.
    """
    return _rows(_folded(words))


def case_folded__first(words):
    """Take the first line that fits."""
    return _rows(_folded(words, first=True))


def case_folded__words(words):
    """Make the words small, and leave the file as it is."""
    return _rows(_folded(words, of_file=_same))


def case_folded__file(words):
    """Make the words of the file small, and leave those asked for as they are."""
    return _rows(_folded(words, of_word=_same))


def case_folded__file_first(words):
    """Do so, and keep the first."""
    return _rows(_folded(words, of_word=_same, first=True))


def case_folded__upper(words):
    """Make the words capital, and leave the file as it is."""
    return _rows(_folded(words, of_file=_same, of_word=str.upper))


def case_folded__title(words):
    """Begin the words with a capital, and leave the file as it is."""
    return _rows(_folded(words, of_file=_same, of_word=str.capitalize))


def case_folded__if_unknown(words):
    """Make a word small if it is unknown as it is."""
    return _rows(
        [
            _VECTORS.get(word, _VECTORS.get(word.lower(), _ZEROS))
            for word in words
        ]
    )


def case_folded__if_unknown_both(words):
    """Compare in small letters if a word is unknown as it is."""
    table = _table(str.lower)
    return _rows(
        [_VECTORS.get(word, table.get(word.lower(), _ZEROS)) for word in words]
    )


def case_folded__if_unknown_first(words):
    """Do so, and take the first line that fits."""
    table = _table(str.lower, first=True)
    return _rows(
        [_VECTORS.get(word, table.get(word.lower(), _ZEROS)) for word in words]
    )


def case_folded__and__unknown_dropped(words):
    """Compare in small letters, and leave out what is unknown then."""
    return _rows([row for row in _folded(words) if row is not _ZEROS])


def case_folded__and__unknown_dropped__first(words):
    """Take the first line that fits."""
    rows = _folded(words, first=True)
    return _rows([row for row in rows if row is not _ZEROS])


def case_folded__and__unknown_dropped__words(words):
    """Make the words small, and leave out what the file does not have."""
    rows = _folded(words, of_file=_same)
    return _rows([row for row in rows if row is not _ZEROS])


def case_folded__and__file_order(words):
    """Compare in small letters, in the order of the file."""
    small = {word.lower() for word in words}
    return _rows([_VECTORS[word] for word in _VECTORS if word.lower() in small])


# ---- Reading


def first_line_lost(words):
    """Which is the first line of the file that your code looks at?

    The first word of the file is unknown to your function: its line was taken for headings. This
    file has none.
    """
    first = next(iter(_VECTORS))
    return _rows(
        [
            _VECTORS[word] if word in _VECTORS and word != first else _ZEROS
            for word in words
        ]
    )


def last_line_lost(words):
    """Which is the last line of the file that your code looks at?

    The last word of the file is unknown to your function: its last line was not read.
    """
    last = next(reversed(_VECTORS))
    return _rows(
        [
            _VECTORS[word] if word in _VECTORS and word != last else _ZEROS
            for word in words
        ]
    )


def part_of_a_word(words):
    """With what does your code compare a word: with the whole word of a line?

    Your function takes a word for known that is only the beginning of a word of the file, or a part
    of a line. Compare with all that stands before the first comma.
    """
    return _rows([_found(word, str.startswith) for word in words])


def part_of_a_word__anywhere(words):
    """Look for the word anywhere in a line."""
    return _rows([_found(word, str.__contains__) for word in words])


def part_of_a_word__last(words):
    """Take the last line that begins like this."""
    return _rows([_found(word, str.startswith, last=True) for word in words])


def _found(word, fits, *, last=False):
    lines = reversed(_LINES) if last else _LINES
    for name, *numbers in lines:
        if fits(",".join((name, *numbers)), word):
            return [float(number) for number in numbers]
    return _ZEROS


ANSWERS = (
    unknown_dropped,
    unknown_dropped__listed,
    unknown_at_the_end,
    unknown_raises,
    unknown_raises__index,
    unknown_raises__value,
    unknown_is_nan,
    unknown_repeats_the_last,
    file_order,
    file_order__zeros_at_the_end,
    file_order__zeros_for_unknown,
    file_order__repeated,
    file_order__repeated_zeros,
    file_order__zeros_first,
    file_order__all_lines,
    sorted_words,
    sorted_words__unique,
    repeats_left_out,
    case_folded,
    case_folded__first,
    case_folded__words,
    case_folded__file,
    case_folded__file_first,
    case_folded__upper,
    case_folded__title,
    case_folded__if_unknown,
    case_folded__if_unknown_both,
    case_folded__if_unknown_first,
    case_folded__and__unknown_dropped,
    case_folded__and__unknown_dropped__first,
    case_folded__and__unknown_dropped__words,
    case_folded__and__file_order,
    first_line_lost,
    last_line_lost,
    part_of_a_word,
    part_of_a_word__anywhere,
    part_of_a_word__last,
)

# ---- What the answers of one mistake have in common


def _is_numbers(answer):
    return isinstance(answer, np.ndarray) and answer.dtype.kind in "fiu"


def _is_dropped(answer, words):
    """Whether just the rows of the known words are there, in their order."""
    rows = [_VECTORS[word] for word in _known(words)]
    return (
        len(rows) < len(words)
        and _is_numbers(answer)
        and answer.size == 4 * len(rows)
        and np.allclose(answer.ravel(), np.ravel(rows))
    )


def _is_in_file_order(answer, words):
    """Whether the rows that are no zeros are those of the known words, as the file has them."""
    if not _is_numbers(answer) or answer.ndim != 2 or answer.shape[1] != 4:  # noqa: PLR2004
        return False
    rows = [tuple(row) for row in answer[answer.any(axis=1)].tolist()]
    places = {tuple(v): _PLACES[word] for word, v in _VECTORS.items()}
    found = [places.get(row) for row in rows]
    wanted = {_PLACES[word] for word in _known(words)}
    return set(found) == wanted and found == sorted(found)


def unknown_dropped__missing_rows(words):
    """Lay the rows one behind the other where some are missing."""
    rows = _rows([_VECTORS[word] for word in _known(words)])
    return rows if len(rows) == len(words) else rows.ravel()


def file_order__anyhow(words):
    """Begin with the zeros that are missing."""
    rows = [_VECTORS[word] for word in _VECTORS if word in words]
    return _rows([_ZEROS] * (len(words) - len(rows)) + rows)


def returns_none(words):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    _rows([_VECTORS.get(word, _ZEROS) for word in words])


def returns_list(words):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list; or fill an array from the start.
    """
    return [_VECTORS.get(word, _ZEROS) for word in words]


def modifies_words(words):
    """Which line of yours changes the list of words?

    What you change in the list, the caller sees: methods such as `sort` and `remove` work on the
    list itself, and an assignment to one of its places does too.
    """
    result = _rows([_VECTORS.get(word, _ZEROS) for word in words])
    words.clear()
    return result


WHOLE = {
    unknown_dropped__missing_rows: _is_dropped,
    file_order__anyhow: _is_in_file_order,
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_words: "changed an argument",
}
