import re


def tokenize(text):
    return re.split(r"[\W_]+", text.lower())
