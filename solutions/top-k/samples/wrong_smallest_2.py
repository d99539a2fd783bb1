def top_k(scores, k):
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    return order[0:k]
