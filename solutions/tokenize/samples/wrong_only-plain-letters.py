import re


def tokenize(text):
    return re.sub("[^a-z0-9]", " ", text.lower()).split()
