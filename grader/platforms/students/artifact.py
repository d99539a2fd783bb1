"""What a student downloads."""

from grader.platforms.parts import PLAIN, Parts, Tree

_TEMPLATES = "students/templates"


def files(parts: Parts) -> Tree:
    """Return the statement, the stub, the lesson and the grader."""
    notebook = b"".join(
        parts.fill(f"{_TEMPLATES}/notebook.md", LESSON=name)
        for name in parts.lesson
    )
    start = parts.fill(f"{_TEMPLATES}/START.md")
    return {
        "START.md": (start + notebook, PLAIN),
        parts.exercise.file: (parts.stub, PLAIN),
        **parts.install,
        **parts.public,
        **parts.lesson,
    }
