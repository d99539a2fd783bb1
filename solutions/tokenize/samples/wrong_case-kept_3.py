def tokenize(text):
    cleaned = "".join(c if c.isalnum() else " " for c in text)
    return [w.lower() if w.istitle() else w for w in cleaned.split()]
