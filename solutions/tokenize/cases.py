"""The hidden cases: texts that are put together from the words and separators below.

Where two words are separated by commas, full stops and the like, a space follows, as in any text;
without a space come the marks that people forget: apostrophes, hyphens, underscores.
"""


# ruff: noqa: RUF001 - letters of other alphabets look like ours

WORDS = (
    "the", "cat", "sat", "on", "mat", "rain", "Monday", "London", "never", "Blue",
    "tree", "house", "river", "Anna", "quick", "brown", "fox", "Letter", "paper", "glass",
    "I", "a", "Of", "stone", "winter", "SUMMER", "NASA", "iPhone", "McDonald", "wood",
)  # fmt: skip
INNER = ("'", "-", "_", "/", "&", "@", "+", "~", "’", "–")
ENDS = (", ", ". ", "! ", "? ", "; ", ": ", " ")
NUMBERS = ("3", "42", "007", "1999", "2nd", "B52", "x2", "10TH", "4ever", "mp3")
FOREIGN = (
    "straße", "Über", "ÉCOLE", "niño", "Ångström", "čaj", "ŁÓDŹ", "МОСКВА", "река",
    "ψυχή", "東京", "서울", "garçon", "Ðorð",
)  # fmt: skip
MARKS = ("“", "”", "…", " — ", "¿", "¡", "«", "»", "€", "·", "☂", "、")


def sentences(student, rng):
    """Ordinary sentences: capitals, repeated words, punctuation."""
    for count in (8, 12, 15):
        yield student.tokenize(_sentence(rng, count))


def marks_inside(student, rng):
    """Marks inside of words, such as apostrophes, hyphens and underscores."""
    for count in (4, 6, 9):
        parts = []
        for first, second in zip(
            _draw(rng, WORDS, count), _draw(rng, WORDS, count), strict=True
        ):
            parts += [first, str(rng.choice(INNER)), second, " "]
        # One of each kind that has a habit of its own.
        parts += ["Don't well-known snake_case"]
        yield student.tokenize("".join(parts))


def numbers(student, rng):
    """Numbers, alone and together with letters."""
    for count in (3, 5, 7):
        words = _draw(rng, WORDS, count) + _draw(rng, NUMBERS, count)
        rng.shuffle(words)
        yield student.tokenize(" ".join(words) + ".")
    yield student.tokenize(f"{rng.integers(10, 99)}.{rng.integers(10, 99)} %")


def in_a_row(student, rng):
    """Separators in a row, line breaks, and separators at both ends."""
    for start, end in (("  ", "!!"), ("...", "\n"), ("\t(", ") "), ("", " ?")):
        text = start
        for word in _draw(rng, WORDS, 6):
            row = rng.permutation(["\n", "\t", "  ", ", ", "-- ", ' "'])
            text += word + "".join(row[: rng.integers(1, 4)])
        yield student.tokenize(text + "end" + end)


def other_letters(student, rng):
    """Letters of other languages, and their marks."""
    for count in (6, 8, 10):
        words = _draw(rng, FOREIGN, count) + _draw(rng, WORDS, 3)
        rng.shuffle(words)
        marks = _draw(rng, MARKS, len(words))
        pairs = zip(words, marks, strict=True)
        text = "".join(word + mark for word, mark in pairs)
        yield student.tokenize(f"{text}Große ÄPFEL {rng.integers(10, 99)}")


def no_words(student, rng):
    """No text, and texts without a word."""
    yield student.tokenize("")
    yield student.tokenize(" " * int(rng.integers(1, 5)) + "\n")
    yield student.tokenize("".join(rng.permutation(list("!?._-,;: "))))


def _draw(rng, words, count):
    return [str(each) for each in rng.choice(words, count)]


def _sentence(rng, count):
    """Draw words with separators between them; one word comes three times, once in capitals."""
    again = str(rng.choice(WORDS))
    words = [*_draw(rng, WORDS, count - 3), again, again, again.upper()]
    rng.shuffle(words)
    ends = [*_draw(rng, ENDS, count - 2), ", ", "."]
    pairs = zip(words, ends, strict=True)
    return "".join(word + end for word, end in pairs) + " The END."
