"""Run the lessons and save them with the pictures that they draw.

Run `python docs/save_lesson.py` after every change to a lesson. Only the pictures are kept.
Counts, times and versions would make every run a different file, and nobody needs to see what the
check says about an empty stub. `tests/jupyter/test_lesson.py` fails while the saved pictures
differ from what is drawn.
"""

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LESSONS = Path(__file__).parents[1] / "notebooks"
STUDENTS = {"exercise", "check", "own"}
"""How the ids of cells begin whose output depends on the student's code."""


def main() -> None:
    """Run every cell of every lesson in an empty folder, and write the notebooks back."""
    for lesson in sorted(LESSONS.glob("*.ipynb")):
        save(lesson)


def save(lesson: Path) -> None:
    """Run every cell of a lesson, and write the notebook back."""
    notebook = nbformat.read(lesson, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        # A kernel sends what is printed in pieces, and timing decides where they are cut.
        NotebookClient(
            notebook, timeout=60, coalesce_streams=True, resources=resources
        ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            keep_pictures(cell)
    notebook.metadata = {
        "kernelspec": notebook.metadata.kernelspec,
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    nbformat.write(notebook, lesson)


def keep_pictures(cell: nbformat.NotebookNode) -> None:
    """Drop the counts of a code cell, and all output that is the student's."""
    cell.execution_count = None
    if cell.id.partition("-")[0] in STUDENTS:
        cell.outputs = []
    for output in cell.outputs:
        if "execution_count" in output:
            output.execution_count = None


if __name__ == "__main__":
    main()
