import heapq


def top_k(scores, k, key=None):
    key = key or scores.__getitem__
    return heapq.nlargest(k, range(len(scores)), key=key)
