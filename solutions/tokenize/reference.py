"""The reference solution: everything but letters and digits becomes a space."""


def tokenize(text):
    """Return the words of the text, in small letters."""
    spaced = "".join(each if each.isalnum() else " " for each in text)
    return spaced.lower().split()
