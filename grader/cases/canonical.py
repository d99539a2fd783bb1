"""Values as they are after a journey over the wire."""

from typing import Any

import numpy as np

from grader.model import Unsent, Value

_PLAIN = (type(None), bool, int, float, complex, str, bytes, np.ndarray)


def canonical(value: Any) -> Value:  # noqa: ANN401 - whatever a call returned
    """Return a value made of plain parts alone; what cannot be sent becomes an `Unsent`."""
    if type(value) in _PLAIN or isinstance(value, np.generic):
        return value
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, tuple):
        return tuple(canonical(item) for item in value)
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    return Unsent(type(value).__name__)
