import re


def tokenize(text):
    words = re.findall(r"[^\W_]+", text.lower())
    words.sort()
    return words
