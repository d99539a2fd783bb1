import re


def tokenize(text):
    words = []
    for word in re.findall(r"[^\W_]+", text.lower()):
        if word not in words:
            words.append(word)
    return words
