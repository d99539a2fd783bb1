"""Start a new exercise: a small one that works, one for given functions, or one from a notebook.

| module | holds |
|---|---|
| `scaffold` | `new`: the folders, whole or not at all |
| `signature` | what `--function` says |
| `kinds` | what a parameter probably is, and how inputs for it are drawn |
| `from_signature` | the files of an exercise of which only the signature is known |
| `placeholder` | the code in these files, until the author has written their own |
| `first_cases`, `first_mistake` | their hidden cases, and the one known mistake |
| `plans` | an exercise before it is written, and its exercise.toml |
| `toml_text` | values as exercise.toml writes them |
"""

from grader.authoring.starting.scaffold import new

__all__ = ["new"]
