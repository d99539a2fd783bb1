"""The hidden cases: five ways of asking for words.

No trial has its words in the order of the file, and each has some that the file knows. Where
capitals are not what a row is about, all words are in small letters, and the file has them in no
other form.
"""

with open("vectors.csv", encoding="utf-8") as _file:  # noqa: PTH123 - as submissions do
    WORDS = tuple(line.split(",")[0] for line in _file)
SMALL = tuple(
    word
    for word in WORDS
    if word.islower()
    and word.capitalize() not in WORDS
    and word.upper() not in WORDS
)
BEGINNINGS = ("sun", "ri", "sunn", "mp", "up", "tre", "ca", "glas", "bre")
"""Unknown words with which lines of the file begin."""
UNKNOWN = (
    "dragon", "cats", "categories", "naive", "Zurich", "cafe", "glasses", "bridges", "0",
    "night-time", "2.25", "ater",
)  # fmt: skip
OTHER_CASE = tuple(
    other
    for word in WORDS
    for other in sorted({word.lower(), word.upper(), word.capitalize()})
    if other not in WORDS and len(other) == len(word)
)
PAIRS = tuple(word for word in WORDS if word.swapcase() in WORDS) + tuple(
    other
    for word in WORDS
    for other in (word, word.capitalize())
    if word.islower() and word.capitalize() in WORDS
)


def other_order(student, rng):
    """Words of the file, in another order."""
    for count in (5, 8, 12):
        yield student.embed(_mixed(rng, _draw(rng, SMALL, count)))


def repeated_words(student, rng):
    """Words that come more than once."""
    for count, more in ((4, 3), (6, 6)):
        words = _draw(rng, SMALL, count)
        again = [str(each) for each in rng.choice(words, more)]
        yield student.embed(_mixed(rng, words + again))


def unknown_words(student, rng):
    """Unknown words at the beginning, between others, and at the end."""
    for place in ("beginning", "between", "end"):
        words = _mixed(rng, _draw(rng, SMALL, 5))
        unknown = [*_draw(rng, BEGINNINGS, 1), *_draw(rng, UNKNOWN, 2)]
        words.insert(2, unknown[0])
        if place != "end":
            words.insert(0, unknown[1])
        if place != "beginning":
            words.append(unknown[2])
        yield student.embed(words)


def capital_letters(student, rng):
    """Words that differ in capital and small letters alone."""
    for count in (4, 6):
        words = [
            *_draw(rng, OTHER_CASE, count),
            *_draw(rng, PAIRS, 6),
            *_draw(rng, UNKNOWN, 1),
        ]
        yield student.embed(_mixed(rng, words))


def every_word(student, rng):
    """All words of the file."""
    yield student.embed(_mixed(rng, list(WORDS)))
    # The first word of the file and the last one, which are the easiest to lose.
    yield student.embed([WORDS[-1], *_draw(rng, WORDS[1:-1], 2), WORDS[0]])


def _draw(rng, words, count):
    """Draw different words."""
    return [str(each) for each in rng.permutation(sorted(set(words)))[:count]]


def _mixed(rng, words):
    """Bring words into an order in which the known ones are not as in the file."""
    while True:
        rng.shuffle(words)
        places = [WORDS.index(word) for word in words if word in WORDS]
        if places != sorted(places):
            return words
