def tokenize(text):
    result = ""
    for c in text:
        result += c if c.isalnum() else " "
    words = result.split()
    for word in words:
        word.lower()
    return words
