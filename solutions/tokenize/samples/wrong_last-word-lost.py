def tokenize(text):
    words, word = [], ""
    for c in text:
        if c.isalnum():
            word = word + c.lower()
        elif len(word) > 0:
            words.append(word)
            word = ""
    return words
