"""From a class with an unknown mistake to its name, as an author goes."""

import shutil
from pathlib import Path
from typing import Any

import msgspec

from tests.batch.conftest import grader, journal, write

ROOT = Path(__file__).parents[2]
UNKNOWN = """import numpy as np

def {name}(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2))
    for i in range(h - 2):
        for j in range(w - 2):
            out[i, j] = (image[i:i + 3, j:j + 3] * kernel).sum() + i * 7 - j
    return out
"""
BY_STEPS = """import numpy as np

def convolve(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for a in range(3):
        for b in range(3):
            out += image[a:a + out.shape[0], b:b + out.shape[1]] * kernel[a, b]
    rows, columns = np.indices(out.shape)
    return out + 7 * rows - columns
"""
HINT = '    """Row and column are added to each value. Leave them out."""\n'


def test_an_author_names_what_a_group_gives(tmp_path: Path, lab: Any) -> None:
    """Seven who give the same are a group; pasted and named, a rerun names all seven."""
    for half in ("exercises", "solutions"):
        shutil.copytree(
            ROOT / half / "convolution", tmp_path / half / "convolution"
        )
    files = {
        f"s{at}.py": UNKNOWN.format(name="convolve") + "#" * at
        for at in range(5)
    }
    files |= {f"t{at}.py": BY_STEPS + "#" * at for at in range(2)}
    files |= {"right.py": lab.RIGHT, "flipped.py": lab.FLIPPED}
    folder = write(tmp_path / "in", files)
    hidden = tmp_path / "solutions"
    command = (
        *(
            "grade",
            folder,
            "--exercise",
            tmp_path / "exercises" / "convolution",
        ),
        *("--solutions", hidden, "--output", tmp_path / "out", "--jobs", "1"),
    )
    assert grader(*command).returncode == 0
    (group,) = _summary(tmp_path)["unexplained"]
    seven = [f"s{at}" for at in range(5)] + ["t0", "t1"]
    assert group["students"] == [f"{name}.py" for name in seven]
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "7 students give this, and nobody has named it" in page
    graded = journal(tmp_path / "out")
    assert grader(*command).returncode == 0
    assert journal(tmp_path / "out") == graded
    assert _summary(tmp_path)["unexplained"] == [group]
    _name(hidden / "convolution" / "misconceptions.py", group["skeleton"])
    done = grader(*command)
    assert done.returncode == 0, done.stderr
    assert _summary(tmp_path)["unexplained"] == []
    found = {
        each["misconception"]: each["students"]
        for each in _summary(tmp_path)["misconceptions"]
    }
    assert found["unnamed-1"] == group["students"]


def _summary(folder: Path) -> Any:
    return msgspec.json.decode((folder / "out" / "summary.json").read_bytes())


def _name(path: Path, skeleton: str) -> None:
    """Fill in the skeleton as an author does."""
    start = skeleton.index('    """')
    end = skeleton.index("\n\n\nANSWERS")
    body = UNKNOWN.format(name="unnamed_1").split("\n", 3)[3]
    text = skeleton[:start] + HINT + body + skeleton[end:]
    path.write_text(f"{path.read_text('utf-8')}\n\n{text}\n", "utf-8")
