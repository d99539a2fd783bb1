def tokenize(text):
    for mark in ".,!?;:'\"()":
        text = text.replace(mark, " ")
    return text.lower().split()
