def convolve1d(signal, kernel):
    import numpy
    values = []
    start = 0
    while start + len(kernel) <= len(signal):
        total = 0.0
        for position, weight in enumerate(kernel):
            total += float(signal[start + position]) * float(weight)
        values.append(total)
        start += 1
    return numpy.array(values)
