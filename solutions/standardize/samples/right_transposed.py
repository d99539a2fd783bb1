import numpy as np


class Scaler:
    def __init__(self, ddof=0):
        self.ddof = ddof

    def fit(self, x):
        self.mean = np.array([np.mean(column) for column in x.T])
        self.std = np.array(
            [
                np.linalg.norm(column - column.mean()) / np.sqrt(len(column) - self.ddof)
                for column in x.T
            ]
        )
        return self

    def transform(self, x):
        return ((x.T - self.mean[:, np.newaxis]) / self.std[:, np.newaxis]).T


def standardize(x):
    scaler = Scaler().fit(x)
    return scaler.transform(x), scaler.mean, scaler.std
