"""The trusted end of the wire to a worker.

| module | does |
|---|---|
| `requests` | writes what a worker is asked |
| `replies` | decodes what it answers, whatever bytes come |

`confined/frames.py` says what a frame looks like, and `confined/worker.py` what its header holds.
"""

from grader.execution.wire.replies import (
    FRAME_CAP,
    Probed,
    Ran,
    Record,
    Unreadable,
    decode,
    last_words,
    length,
    why_invalid,
)
from grader.execution.wire.requests import (
    TOKEN_BYTES,
    call_request,
    cell_request,
    load_request,
    new_token,
    probe_request,
    trial_request,
    wanted,
)

__all__ = [
    "FRAME_CAP",
    "TOKEN_BYTES",
    "Probed",
    "Ran",
    "Record",
    "Unreadable",
    "call_request",
    "cell_request",
    "decode",
    "last_words",
    "length",
    "load_request",
    "new_token",
    "probe_request",
    "trial_request",
    "wanted",
    "why_invalid",
]
