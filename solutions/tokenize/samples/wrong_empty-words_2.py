def tokenize(text):
    text = text.lower()
    words = []
    word = ""
    for c in text:
        if c.isalnum():
            word += c
        else:
            words.append(word)
            word = ""
    words.append(word)
    return words
