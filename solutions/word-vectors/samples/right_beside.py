from pathlib import Path

import numpy as np

TABLE = {}
for line in (Path(__file__).parent / "vectors.csv").read_text(encoding="utf-8").splitlines():
    parts = line.split(",")
    TABLE[parts[0]] = np.array(parts[1:], dtype=np.float32)


def embed(words):
    return np.stack([TABLE.get(word, np.zeros(4, np.float32)) for word in words])
