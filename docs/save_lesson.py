"""Run the lesson and save it with the pictures that it draws.

Run `python docs/save_lesson.py` after every change to the lesson. Only the pictures are kept.
Counts, times and versions would make every run a different file, and nobody needs to see what the
check says about the empty stub. `tests/jupyter/test_lesson.py` fails while the saved pictures
differ from what is drawn.
"""

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LESSON = Path(__file__).parents[1] / "notebooks" / "convolution.ipynb"
STUDENTS = {"exercise", "check", "own"}
"""Cells whose output depends on the student's code."""


def main() -> None:
    """Run every cell in an empty folder, and write the notebook back."""
    notebook = nbformat.read(LESSON, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=60, resources=resources).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            keep_pictures(cell)
    notebook.metadata = {
        "kernelspec": notebook.metadata.kernelspec,
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    nbformat.write(notebook, LESSON)


def keep_pictures(cell: nbformat.NotebookNode) -> None:
    """Drop the counts of a code cell, and all output that is the student's."""
    cell.execution_count = None
    if cell.id in STUDENTS:
        cell.outputs = []
    for output in cell.outputs:
        if "execution_count" in output:
            output.execution_count = None


if __name__ == "__main__":
    main()
