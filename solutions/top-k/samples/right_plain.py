def top_k(scores, k):
    best = []
    for position in range(len(scores)):
        best.append((float(scores[position]), position))
    best.sort(reverse=True)
    return [position for _, position in best[:k]]
