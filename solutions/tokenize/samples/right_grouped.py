from itertools import groupby


def tokenize(text, lower=True):
    runs = ("".join(run) for is_word, run in groupby(text, str.isalnum) if is_word)
    return [run.lower() if lower else run for run in runs]
