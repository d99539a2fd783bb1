"""Draw the inputs of every trial from a secret and the submission's digest, and run the reference.

| module | holds |
|---|---|
| `secret` | the secret, and the generators that it seeds |
| `drawing` | all cases of a submission; the public examples as cases |
| `recipes` | the arguments of cases.toml |
| `script` | the cases of cases.py |
| `replay` | trials on functions of our own |
"""

from grader.cases.drawing import (
    PROBE,
    draw_cases,
    draw_probe,
    example_cases,
    example_trial,
)
from grader.cases.replay import (
    Replayed,
    replay,
    replay_silenced,
    replayed,
)
from grader.cases.secret import (
    DEFAULT_SECRET,
    SECRET_VARIABLE,
    Secret,
    read_secret,
)

__all__ = [
    "DEFAULT_SECRET",
    "PROBE",
    "SECRET_VARIABLE",
    "Replayed",
    "Secret",
    "draw_cases",
    "draw_probe",
    "example_cases",
    "example_trial",
    "read_secret",
    "replay",
    "replay_silenced",
    "replayed",
]
