import re


def tokenize(text):
    return [piece for piece in re.split("_|[^\\w]", text.lower()) if piece]
