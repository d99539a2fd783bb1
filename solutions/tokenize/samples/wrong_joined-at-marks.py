def tokenize(text):
    kept = [c for c in text.lower() if c.isalnum() or c.isspace()]
    return "".join(kept).split()
