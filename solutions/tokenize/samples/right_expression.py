import re


def tokenize(text):
    return re.findall(r"[^\W_]+", text.lower())
