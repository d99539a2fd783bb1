def one_hot(labels, classes):
    return labels
