import re


def tokenize(text):
    return [word.casefold() for word in re.findall(r"[^\W_]+", text)]
