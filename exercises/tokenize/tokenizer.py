"""Exercise "Tokenize": write the function below. README.md says what it does and how it is tested."""


def tokenize(text):
    """Return the words of a text.

    text:    str
    returns: list of str, the words in the order of the text, in small letters
    """
    raise NotImplementedError("Replace this line with your code.")
