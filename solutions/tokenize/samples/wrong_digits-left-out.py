def tokenize(text):
    return "".join(c if c.isalpha() else " " for c in text.lower()).split()
