def top_k(scores, k):
    pairs = sorted(((s, i) for i, s in enumerate(scores, 1)), reverse=True)
    return [i for s, i in pairs[:k]]
