"""Whatever Jupyter, Colab and students' tools write is read; the rest gets one line."""

import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from grader.model import Exercise, Submission
from grader.submission import parse_submission

HandIn = Callable[..., Submission]
RIGHT = "def convolve(image, kernel):\n    return image\n"


def notebook(*cells: Any, **document: Any) -> str:
    """Return a notebook with these code cells, without ids and kernelspec like many real ones."""
    made = [{"cell_type": "code", "source": source} for source in cells]
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": made}
        | document
    )


def test_code_cells_are_numbered_from_one(hand_in: HandIn) -> None:
    """Text cells do not count, empty code cells do; source is one string or a list of lines."""
    document = json.loads(notebook(RIGHT, "", ["x = 1\n", "y = 2"]))
    document["cells"].insert(0, {"cell_type": "markdown", "source": "# Title"})
    submission = hand_in(json.dumps(document), "a.ipynb")
    assert (submission.kind, submission.fault) == ("notebook", None)
    assert submission.notes == ()
    assert [(unit.cell, unit.source) for unit in submission.units] == [
        (1, RIGHT),
        (2, ""),
        (3, "x = 1\ny = 2"),
    ]


def test_what_runs_is_a_clean_notebook(hand_in: HandIn) -> None:
    """Outputs, metadata, tags and kernels are dropped, and the rest is a valid notebook 4.5."""
    cells = [
        {
            "cell_type": "code",
            "source": RIGHT,
            "metadata": {
                "tags": ["skip-execution"],
                "id": 3,
                "colab": {"base_uri": "x"},
            },
            "outputs": [
                {
                    "output_type": "nonsense",
                    "data": {"image/png": "A" * 6_000_000},
                }
            ],
            "execution_count": "seven",
        },
        {"cell_type": "heading", "level": 1},
        "no cell",
    ]
    metadata = {
        "widgets": {"application/vnd.jupyter.widget-state+json": 5},
        "kernelspec": {"name": "my-env"},
    }
    submission = hand_in(notebook(cells=cells, metadata=metadata), "a.ipynb")
    nbformat.validate(submission.notebook)
    assert [cell.source for cell in submission.notebook.cells] == [RIGHT]
    assert (
        submission.notebook.cells[0].outputs,
        submission.notebook.cells[0].metadata,
    ) == ([], {})
    assert submission.notebook.metadata.kernelspec.name == "python3"
    assert "AAAA" not in json.dumps(submission.notebook)


@pytest.mark.parametrize("minor", [0, 1, 2, 4, 5, 9])
def test_every_minor_version_of_format_4_is_read(
    hand_in: HandIn, minor: int
) -> None:
    """Formats 4.0 to 4.9 are read without a fault or a warning, even if ids repeat."""
    document = json.loads(notebook(RIGHT, "x = 1", nbformat_minor=minor))
    for cell in document["cells"]:
        cell["id"] = "the same"
    assert hand_in(json.dumps(document), "a.ipynb").fault is None


def test_format_3_is_read(hand_in: HandIn) -> None:
    """Format 3 calls its cells worksheets and its source `input`."""
    sheet = {
        "cells": [
            {
                "cell_type": "code",
                "language": "python",
                "input": RIGHT,
                "outputs": [],
            },
            {"cell_type": "markdown", "source": "hi"},
        ]
    }
    text = json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}
    )
    submission = hand_in(text, "a.ipynb")
    assert (submission.fault, submission.units[0].source) == (None, RIGHT)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"hello", "it is not a notebook"),
        (b"[1]", "it is not a notebook"),
        (b"[" * 100_000, "it is not a notebook"),
        (b'{"a": ' + b"1" * 10_000 + b"}", "it has no cells"),
        (b"PK\x03\x04", "This is a ZIP archive"),
        (b'{"nbformat": 4}', "it has no cells"),
        (b'{"nbformat": 4, "cells": 3}', "it has no cells"),
        (b'{"nbformat": 2, "worksheets": []}', "format 2, which is too old"),
        (b'{"nbformat": 5, "cells": []}', "format 5, which is too new"),
        (b'{"nbformat": 4, "cells": []}', "every code cell is empty"),
        (notebook("", " \n").encode(), "every code cell is empty"),
        (notebook("# only", "'text'").encode(), "only comments"),
        (notebook("x" * 600_000).encode(), "more than 512 KiB of code"),
        (notebook(*["x"] * 1001).encode(), "more than 1000 code cells"),
        (
            notebook(
                "x = 1", "def convolve(image, kernel)\n  return 1"
            ).encode(),
            "Cell 2, line 1: Python cannot read",
        ),
    ],
)
def test_one_sentence_says_what_is_wrong(
    hand_in: HandIn, data: bytes, sentence: str
) -> None:
    """Each way not to be a notebook has its own sentence."""
    fault = hand_in(data, "a.ipynb").fault
    assert fault is not None
    assert sentence in fault.message


@pytest.mark.parametrize(
    "version",
    ["100", "9" * 400, "9" * 5000, "-1", "true", "1e400", '"4"', "[4]"],
)
def test_a_version_that_is_none_is_not_repeated(
    hand_in: HandIn, notebook: Callable[..., str], version: str
) -> None:
    """What no program writes as a format is not put into a sentence: the cells decide."""
    text = notebook(RIGHT).replace('"nbformat": 4', f'"nbformat": {version}')
    assert f'"nbformat": {version},' in text
    assert hand_in(text, "a.ipynb").fault is None


def test_a_foreign_language_is_named(hand_in: HandIn) -> None:
    """MATLAB is named; python2, named environments and Python under a wrong label are accepted."""
    matlab = {"kernelspec": {"name": "matlab", "language": "matlab"}}
    fault = hand_in(
        notebook("A = [1 2; 3 4];", metadata=matlab), "a.ipynb"
    ).fault
    assert fault is not None
    assert "written for matlab, not for Python" in fault.message
    assert hand_in(notebook(RIGHT, metadata=matlab), "a.ipynb").fault is None
    for name in ("python", "python2", "ipython", "Python 3"[:6]):
        assert (
            hand_in(
                notebook("x = 1", metadata={"language_info": {"name": name}}),
                "a.ipynb",
            ).fault
            is None
        )


@pytest.mark.parametrize(
    "cell",
    [
        f"%%grade\n{RIGHT}",
        f"# mine\n%%time\n{RIGHT}",
        f"%matplotlib inline\n!pip install x\n{RIGHT}",
        "    def convolve(image, kernel):\n        return image\n    x = 1",
        f"await something()\n{RIGHT}",
    ],
)
def test_cells_are_taken_as_ipython_takes_them(
    hand_in: HandIn, exercise: Exercise, cell: str
) -> None:
    """Magics, shell lines, indented cells and a top-level await do not hide a function."""
    from grader.submission import source_facts

    submission = hand_in(notebook("import numpy as np", cell), "a.ipynb")
    assert submission.fault is None
    facts = source_facts(submission, exercise)
    assert (facts.cell, facts.parameters) == (2, ("image", "kernel"))


def test_a_cell_magic_for_python_is_a_comment_in_what_runs(
    hand_in: HandIn,
) -> None:
    """A cell with `%%grade` runs without it, and its lines keep their numbers."""
    submission = hand_in(notebook(f"%%grade\n{RIGHT}"), "a.ipynb")
    assert (
        submission.units[0].source
        == submission.notebook.cells[0].source
        == f"# %%grade\n{RIGHT}"
    )


def test_a_broken_cell_is_no_fault_when_another_defines_the_function(
    hand_in: HandIn,
) -> None:
    """Only the cell that defines the function matters."""
    assert (
        hand_in(
            notebook("this is no code", RIGHT, "def convolve(image"), "a.ipynb"
        ).fault
        is None
    )


def test_wrong_names_are_seen_through(hand_in: HandIn) -> None:
    """A notebook called .py is read as a notebook, source called .ipynb as source with a note."""
    assert hand_in(notebook(RIGHT), "a.py").kind == "notebook"
    renamed = hand_in(RIGHT, "a.ipynb")
    assert (renamed.kind, renamed.fault) == ("python", None)
    assert "Python source" in renamed.notes[0]


def test_letters_that_are_none_are_replaced(hand_in: HandIn) -> None:
    """Lone surrogates and bytes that are not UTF-8 are replaced."""
    text = notebook("x = 'SURROGATE'", RIGHT).replace("SURROGATE", "\\ud800")
    assert "\ud800" not in hand_in(text, "a.ipynb").units[0].source
    latin = hand_in(
        notebook("# EEE", RIGHT).encode().replace(b"EEE", b"\xe9"), "a.ipynb"
    )
    assert latin.fault is None
    assert "UTF-8" in latin.notes[0]


def test_a_notebook_needs_no_nbformat_to_be_refused(exercise: Exercise) -> None:
    """Every JSON value in every place that is read gives a fault and not an exception."""
    for value in (None, True, 3, 1.5, "x", [], {}, [None], {"a": 1}):
        for key in ("nbformat", "cells", "worksheets", "metadata"):
            data = json.dumps({"nbformat": 4, "cells": [], key: value}).encode()
            assert parse_submission("a.ipynb", data, exercise).fault is not None
        for key in ("cell_type", "source", "input"):
            cell = {"cell_type": "code", "source": RIGHT, key: value}
            parse_submission(
                "a.ipynb",
                json.dumps({"nbformat": 4, "cells": [cell, value]}).encode(),
                exercise,
            )
