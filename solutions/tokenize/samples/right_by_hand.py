def tokenize(text):
    words = []
    current = ""
    for character in text:
        if character.isalnum():
            current += character.lower()
        else:
            if current:
                words.append(current)
            current = ""
    if current != "":
        words.append(current)
    return words
