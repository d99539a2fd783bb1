from collections import deque


class Scanner:
    def __init__(self, text):
        self.rest = deque(text)

    def skip(self):
        while self.rest and not self.rest[0].isalnum():
            self.rest.popleft()

    def word(self):
        taken = []
        while self.rest and self.rest[0].isalnum():
            taken.append(self.rest.popleft())
        return "".join(taken)


def tokenize(text):
    scanner, words = Scanner(text), []
    scanner.skip()
    while scanner.rest:
        words.append(scanner.word())
        scanner.skip()
    return list(map(str.lower, words))
