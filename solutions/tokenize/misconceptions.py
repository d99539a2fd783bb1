"""Known wrong answers to `tokenize(text)`: complete ones, and what those of one mistake share."""

import re
import string


def _words(text):
    return re.findall(r"[^\W_]+", text)


# ---- Case


def case_kept(text):
    """Where do your words become small, and is what comes out kept?

    Capital letters are left in your words: "The" and "the" are the same word here.

    Strings cannot be changed: a method such as lower gives a new string, which has to be kept.
    """
    return _words(text)


def case_kept__first_letters(text):
    """Make only the first letter of the text small."""
    return _words(text[:1].lower() + text[1:])


def case_kept__capitals(text):
    """Make them capital instead."""
    return _words(text.upper())


def case_kept__titles(text):
    """Begin each word with a capital."""
    return [word.capitalize() for word in _words(text)]


def lower_is_not_casefold(text):
    """Which method makes your words small, and what does it do to "ß"?

    Your words are made small by casefold, which also replaces letters: "ß" becomes "ss". It is
    meant for comparing texts. Here `str.lower` is asked for, which leaves small letters alone.
    """
    return _words(text.casefold())


# ---- Punctuation


def punctuation_kept(text):
    """Which of your words has a character that is no letter and no digit, and why was it not cut
    there?

    Punctuation is left in your words, or stands among them as a word of its own.

    Cutting a text at its spaces keeps the comma that follows a word. Whatever is not a letter or a
    digit separates here, inside of words too: apostrophes, hyphens, and the underscore.
    """
    return text.lower().split()


def punctuation_kept__stripped(text):
    """Remove punctuation from both ends of what is between spaces."""
    bare = (word.strip(string.punctuation) for word in text.lower().split())
    return [word for word in bare if word]


def punctuation_kept__underscore(text):
    r"""Take \\w+ for a word: it has the underscore too."""
    return re.findall(r"\w+", text.lower())


def punctuation_kept__apostrophe(text):
    """Take an apostrophe for a letter."""
    return re.findall(r"[\w']+", text.lower())


def punctuation_kept__hyphen(text):
    """Take a hyphen for a letter."""
    return re.findall(r"(?:[^\W_]|-)+", text.lower())


def punctuation_kept__apostrophe_and_hyphen(text):
    """Take both for letters."""
    return re.findall(r"[\w'-]+", text.lower())


def punctuation_kept__alone(text):
    """Make each mark a word of its own."""
    return re.findall(r"\w+|[^\w\s]", text.lower())


def punctuation_kept__some(text):
    """Remove the usual marks, and leave the others."""
    return re.sub(r"[.,!?;:]", "", text.lower()).split()


def punctuation_kept__some_separate(text):
    """Cut at the usual marks, and leave the others."""
    return re.sub(r"[.,!?;:]", " ", text.lower()).split()


def punctuation_kept__and__case_kept(text):
    """Do nothing but cut at white space."""
    return text.split()


def joined_at_marks(text):
    """What stands in the place of a hyphen when you cut the text into words?

    Punctuation is removed, and what stood on both sides of it grows together: "well-known" has
    become one word. A mark separates two words, so something has to remain in its place until you
    cut.
    """
    return "".join(
        each for each in text.lower() if each.isalnum() or each.isspace()
    ).split()


def joined_at_marks__ascii(text):
    """Delete the marks of string.punctuation."""
    return (
        text.lower()
        .translate(str.maketrans("", "", string.punctuation))
        .split()
    )


# ---- Empty words


def empty_words(text):
    """What does your code do with a piece of length 0?

    Your list has empty words: "" is one of its elements.

    Cutting at each separator gives the pieces between them, and between two separators, or before
    the first one, there is nothing.
    """
    return re.split(r"[\W_]", text.lower())


def empty_words__runs(text):
    """Cut at each run of separators: there are empty words at the ends only."""
    return re.split(r"[\W_]+", text.lower())


def empty_words__spaces(text):
    """Replace what separates, and cut at each single space."""
    return re.sub(r"[\W_]+", " ", text.lower()).split(" ")


def empty_words__last(text):
    """End a word at each separator, and one more at the end of the text."""
    words, word = [], ""
    for each in text.lower():
        if each.isalnum():
            word += each
        elif word:
            words.append(word)
            word = ""
    return [*words, word]


def empty_words__each(text):
    """End a word at each separator, even if it has no letters; a last one needs some."""
    pieces = re.split(r"[\W_]", text.lower())
    return pieces[:-1] if not pieces[-1] else pieces


def empty_words__and__case_kept(text):
    """Cut at each separator, and leave the capitals."""
    return re.split(r"[\W_]", text)


def empty_words__and__case_kept__runs(text):
    """Cut at each run of separators, and leave the capitals."""
    return re.split(r"[\W_]+", text)


def empty_words__and__punctuation_kept(text):
    """Cut at each space, and at nothing else."""
    return text.lower().split(" ")


def empty_words__and__punctuation_kept__underscore(text):
    """Cut at each run of what is no part of a word in a regular expression."""
    return re.split(r"\W+", text.lower())


def empty_words__and__punctuation_kept__underscore_each(text):
    """Cut at each single one."""
    return re.split(r"\W", text.lower())


def empty_words__and__punctuation_kept__and__case_kept(text):
    """Leave the capitals too."""
    return re.split(r"\W+", text)


# ---- Repeated words


def duplicates_removed(text):
    """What becomes of a word that comes twice in the text?

    A word that comes several times in the text is in your list only once.

    All words are asked for, in their order: what comes next counts them. A set, or the keys of a
    dict, hold each word once, and a set does not even keep the order.
    """
    return list(dict.fromkeys(_words(text.lower())))


def duplicates_removed__set(text):
    """Return a set."""
    return set(_words(text.lower()))


def duplicates_removed__and__case_kept(text):
    """Keep the first of each word, as it is written."""
    return list(dict.fromkeys(_words(text)))


def duplicates_removed__sorted(text):
    """Sort a set."""
    return sorted(set(_words(text.lower())))


def sorts_words(text):
    """In which order are your words, and in which does the text have them?

    Your words are sorted. They are asked for in the order of the text.
    """
    return sorted(_words(text.lower()))


# ---- What counts as a letter


def only_plain_letters(text):
    """Which characters count as letters in your code? What about é?

    Your words end at letters with an accent, or of another alphabet: only a to z and the digits
    count as letters in your code. Every character for which isalnum is true belongs to a word.
    """
    return re.findall(r"[a-z0-9]+", text.lower())


def digits_left_out(text):
    """What does your code do with a digit?

    Digits are missing in your words. They belong to words as letters do: isalpha is false for them,
    isalnum is true.
    """
    return re.findall(r"[^\W\d_]+", text.lower())


def digits_left_out__letters(text):
    """Take what isalpha is true for."""
    letters = (each if each.isalpha() else " " for each in text.lower())
    return "".join(letters).split()


def digits_left_out__plain_letters(text):
    """Take only a to z."""
    return re.findall(r"[a-z]+", text.lower())


def last_word_lost(text):
    """When does a word end in your code? And when the text ends?

    The last word is missing where the text ends with it: your code ends a word when a separator
    comes, and after the last character none comes any more.
    """
    words, word = [], ""
    for each in text.lower():
        if each.isalnum():
            word += each
        elif word:
            words.append(word)
            word = ""
    return words


ANSWERS = (
    case_kept,
    case_kept__first_letters,
    case_kept__capitals,
    case_kept__titles,
    lower_is_not_casefold,
    punctuation_kept,
    punctuation_kept__stripped,
    punctuation_kept__underscore,
    punctuation_kept__apostrophe,
    punctuation_kept__hyphen,
    punctuation_kept__apostrophe_and_hyphen,
    punctuation_kept__alone,
    punctuation_kept__some,
    punctuation_kept__some_separate,
    punctuation_kept__and__case_kept,
    joined_at_marks,
    joined_at_marks__ascii,
    empty_words,
    empty_words__runs,
    empty_words__spaces,
    empty_words__last,
    empty_words__each,
    empty_words__and__case_kept,
    empty_words__and__case_kept__runs,
    empty_words__and__punctuation_kept,
    empty_words__and__punctuation_kept__underscore,
    empty_words__and__punctuation_kept__underscore_each,
    empty_words__and__punctuation_kept__and__case_kept,
    duplicates_removed,
    duplicates_removed__set,
    duplicates_removed__sorted,
    duplicates_removed__and__case_kept,
    sorts_words,
    only_plain_letters,
    digits_left_out,
    digits_left_out__letters,
    digits_left_out__plain_letters,
    last_word_lost,
)

# ---- What the answers of one mistake have in common


def _are_texts(answer):
    return isinstance(answer, (list, tuple)) and all(
        isinstance(each, str) for each in answer
    )


def _is_case_kept(answer, expected):
    return _are_texts(answer) and [each.lower() for each in answer] == expected


def _is_punctuation_kept(answer, text):
    return _has_marks(answer, _words(text.lower()), text)


def _is_marked_and_in_capitals(answer, text):
    return _has_marks(answer, _words(text), text)


def _has_marks(answer, words, text):
    """Whether all the words are there, and marks in them or between them.

    Where a text is empty, cutting it at white space gives one empty piece.
    """
    return (
        _are_texts(answer)
        and (_marks("".join(answer)) or (not words and not _marks(text)))
        and [word for each in answer for word in _words(each)] == words
    )


def _marks(text):
    return [each for each in text if not (each.isalnum() or each.isspace())]


def _is_with_empty_words(answer, expected):
    """Whether all the words are there, and empty ones between them."""
    return (
        _are_texts(answer)
        and len(answer) > len(expected)
        and [each for each in answer if each.strip()] == expected
    )


def _is_without_duplicates(answer, text):
    return _is_a_set(answer, _words(text.lower()))


def _is_a_set_of_capitals(answer, text):
    return _is_a_set(answer, _words(text))


def _is_a_set(answer, words):
    """Whether each of the words is there once, in any order."""
    if isinstance(answer, (set, frozenset)):
        return answer == set(words)
    return _are_texts(answer) and sorted(answer) == sorted(set(words))


def case_kept__some(text):
    """Make some of the words small."""
    words = _words(text)
    return [words[0].lower(), *words[1:]] if words else []


def punctuation_kept__partly(text):
    """Cut at white space, and separate the marks from some words."""
    return re.findall(r"\w+(?:[-'.]\w+)*|[^\w\s]+", text.lower())


def punctuation_kept__and__case_kept__partly(text):
    """Keep the case too."""
    return re.findall(r"\w+(?:[-'.]\w+)*|[^\w\s]+", text)


def empty_words__partly(text):
    """Leave out empty words at the end."""
    pieces = re.split(r"[\W_]", text.lower())
    while pieces and not pieces[-1]:
        pieces.pop()
    return pieces


def duplicates_removed__last(text):
    """Keep the last of each word."""
    return list(dict.fromkeys(reversed(_words(text.lower()))))


def duplicates_removed__and__case_kept__last(text):
    """Keep the case too."""
    return list(dict.fromkeys(reversed(_words(text))))


def returns_none(text):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    _words(text.lower())


WHOLE = {
    case_kept__some: _is_case_kept,
    punctuation_kept__partly: _is_punctuation_kept,
    punctuation_kept__and__case_kept__partly: _is_marked_and_in_capitals,
    empty_words__partly: _is_with_empty_words,
    duplicates_removed__last: _is_without_duplicates,
    duplicates_removed__and__case_kept__last: _is_a_set_of_capitals,
    returns_none: "returned None",
}
