from numpy import *


def gradient_step(w, b, x, y, rate):
    ones_and_x = column_stack([ones(len(x)), x])
    theta = concatenate([[b], w])
    residual = y - dot(ones_and_x, theta)
    theta = theta + rate * (2 / len(y)) * dot(ones_and_x.T, residual)
    return dict(loss=(residual ** 2).mean(), b=theta[0], w=theta[1:])
