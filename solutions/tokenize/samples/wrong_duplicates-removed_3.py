import re


def tokenize(text):
    return {word for word in re.findall(r"[^\W_]+", text.lower())}
