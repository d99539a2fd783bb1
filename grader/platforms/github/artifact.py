"""Two repositories for GitHub: one that students copy, and one that only the staff can read."""

from grader.platforms.parts import PLAIN, RUNNABLE, Parts, Tree, under

_TEMPLATES = "github/templates"


def files(parts: Parts) -> Tree:
    """Return `template/` for students, without anything hidden, and `grading/` for the staff."""
    return {
        **under("template", _template(parts)),
        **under("grading", _grading(parts)),
    }


def _template(parts: Parts) -> Tree:
    tree: Tree = {
        "README.md": (parts.statement.encode(), PLAIN),
        parts.exercise.file: (parts.stub, PLAIN),
        ".github/workflows/check.yml": (
            parts.fill(f"{_TEMPLATES}/check.yml"),
            PLAIN,
        ),
        **parts.pictures,
        **under(".grader", parts.checking),
    }
    # A lesson of several exercises is nothing to hand in for one of them.
    own = f"{parts.exercise.name}.ipynb"
    return tree | {
        name: parts.lesson[name] for name in parts.lesson if name == own
    }


def _grading(parts: Parts) -> Tree:
    # The repository is a bundle for Classroom 50, too: autograder.py is its entry point.
    autograder = parts.fill("classroom50/templates/autograder.txt")
    return {
        **parts.grading,
        "students.txt": (parts.fill(f"{_TEMPLATES}/students.txt"), PLAIN),
        "grade.sh": (parts.fill(f"{_TEMPLATES}/grade.sh"), RUNNABLE),
        "autograder.py": (autograder, RUNNABLE),
        ".github/workflows/grade.yml": (
            parts.fill(f"{_TEMPLATES}/grade.yml"),
            PLAIN,
        ),
    }
