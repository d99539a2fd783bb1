"""Run the lesson and save it with the pictures that it draws: `python docs/save_lesson.py`, after every change to it.

Only the pictures are kept. Counts, times and versions would make each run another file, and what
the check says about the empty stub is nobody's picture. `tests/jupyter/test_lesson.py` fails while
what is saved is not what is drawn. """  # noqa: INP001 - a script

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LESSON = Path(__file__).parents[1] / "notebooks" / "convolution.ipynb"
STUDENTS = ("exercise", "check", "own")


def main() -> None:
    """Run every cell in an empty folder, and write the notebook back."""
    notebook = nbformat.read(LESSON, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook, timeout=60, resources={"metadata": {"path": folder}}
        ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [] if cell.id in STUDENTS else cell.outputs
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = None
    notebook.metadata = {
        "kernelspec": notebook.metadata.kernelspec,
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    nbformat.write(notebook, LESSON)


if __name__ == "__main__":
    main()
