import re


def tokenize(text):
    return list(set(re.findall(r"[^\W_]+", text.lower())))
