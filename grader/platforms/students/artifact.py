"""What a student downloads."""

from grader.platforms.parts import PLAIN, Parts, Tree


def files(parts: Parts) -> Tree:
    """Return the statement, the stub, the lesson and the grader."""
    tree: Tree = {
        "START.md": (parts.fill("students/templates/START.md"), PLAIN),
        parts.exercise.file: (parts.stub, PLAIN),
        **parts.install,
        **parts.public,
    }
    if parts.lesson is not None:
        tree[f"{parts.exercise.name}.ipynb"] = (parts.lesson, PLAIN)
    return tree
