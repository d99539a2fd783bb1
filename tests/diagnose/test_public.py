"""Hints for the public examples: current, small, and as strict as those for hidden cases."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.diagnose import load_public_catalogue, submission_source
from grader.diagnose.catalogue import observe
from grader.diagnose.precompute import compute_tables, write_public_catalogue
from grader.diagnose.public import FILE, read_tables
from grader.errors import ExerciseError
from grader.model import Array
from tests.diagnose.conftest import SHOWS_ALL

STUDENTS = Path(__file__).parent / "students"

# The files of students/ that the public examples can tell apart.
SHOWN = [
    "same_zero_pad_loops",
    "same_flipped_classic",
    "flip_only_rot90",
    "flip_one_axis",
    "fliplr_only",
    "patch_transposed",
    "edge_replicate",
    "reflect",
    "border0_offset_loops",
    "border0_off1",
    "border_copy",
    "topleft",
    "off1_small",
    "off1_zeros",
    "full_scipy_like",
    "circular_fft",
    "dtype_int",
    "int_accumulate",
    "zeros_like_cropped",
    "uint8_astype",
    "clip255",
    "same_clip",
    "relu",
    "absolute",
    "ksum",
    "mean",
    "div255",
    "quarter_same",
    "max",
    "matmul",
    "last_product",
    "accumulator",
    "transposed_out",
    "none_print",
    "list_nested",
    "list_same_relu",
    "return_in_loop",
    "zeros",
    "returns_the_image",
    "modifies_in_place",
    "extra_axis_last",
    "extra_axis_rgb",
    "three_channels_unpack",
    "global_name",
    "unexplained_bias",
    "unexplained_tanh",
    "unexplained_rot90",
    "unexplained_normalised",
    "unexplained_hardcoded_size",
    "constant_pad_ones",
    "helper_missing",
]


@pytest.fixture(scope="module")
def computed(bench: Any) -> Any:
    """Compute the tables once."""
    return compute_tables(bench.exercise, bench.catalogue)


@pytest.mark.parametrize("name", SHOWN)
def test_students_get_the_same_hints_as_on_hidden_cases(
    bench: Any, run: Callable[[str], Any], name: str
) -> None:
    """What the examples can tell apart, `grader check` names with exactly the right ids."""
    source = (STUDENTS / f"{name}.py").read_text("utf-8")
    head = source.partition("\n")[0].removeprefix("# expected: ")
    assert bench.public_ids(run(source), source) == (
        set() if head == "nothing" else set(head.split())
    )


def test_the_file_is_current(bench: Any, computed: Any) -> None:
    """The file holds what would be computed now; if not, run grader validate --write-hints."""
    about, tables = read_tables(bench.exercise.folder / FILE)
    assert about == computed[0]
    for name, table in computed[1].items():
        assert tables[name].shape == table.shape
        assert np.allclose(tables[name], table, rtol=1e-5, atol=1e-5)


def test_the_file_is_small(bench: Any) -> None:
    """The file is small, since every student downloads it."""
    assert (bench.exercise.folder / FILE).stat().st_size < 400_000


def test_the_file_gives_away_no_code(bench: Any) -> None:
    """The file has numbers, ids and hints, and nothing of the code of the hidden half."""
    about, tables = read_tables(bench.exercise.folder / FILE)
    assert set(about) == {"texts", "evidence", "factor", "scaling", "causes"}
    assert all(table.dtype.kind in "fib" for table in tables.values())
    assert "einsum" not in str(about)


def test_the_same_contents_make_the_same_bytes(
    bench: Any, computed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing the file twice gives the same bytes, so it changes only when something changed."""
    monkeypatch.setattr(
        "grader.diagnose.precompute.compute_tables", lambda *_: computed
    )
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        write_public_catalogue(
            msgspec.structs.replace(bench.exercise, folder=folder),
            bench.solutions,
        )
    assert (folders[0] / FILE).read_bytes() == (folders[1] / FILE).read_bytes()


def test_an_exercise_without_the_file_has_no_hints(
    bench: Any, tmp_path: Path
) -> None:
    """Without the file the catalogue is empty, and there is no error."""
    catalogue = load_public_catalogue(
        msgspec.structs.replace(bench.exercise, folder=tmp_path)
    )
    assert catalogue.texts == {}
    assert catalogue.hints(["same-padding"]) == ()


@pytest.mark.parametrize("damage", [b"", b"no zip", None])
def test_a_damaged_file_is_named(
    bench: Any, tmp_path: Path, damage: bytes | None
) -> None:
    """A damaged file gives one line, which names the file and the fix."""
    path = tmp_path / FILE
    shutil.copy(bench.exercise.folder / FILE, path)
    path.write_bytes(path.read_bytes()[:5000] if damage is None else damage)
    with pytest.raises(ExerciseError, match=r"hints\.npz.*--write-hints"):
        load_public_catalogue(
            msgspec.structs.replace(bench.exercise, folder=tmp_path)
        )


def test_pickles_are_refused(bench: Any, tmp_path: Path) -> None:
    """A file with pickled objects is refused, since they could run code."""
    np.savez(
        tmp_path / FILE,
        about=np.array([{"a": 1}], dtype=object),
        ids=1,
        shapes=1,
        byte=1,
        values=1,
    )
    with pytest.raises(ExerciseError, match=r"hints\.npz"):
        load_public_catalogue(
            msgspec.structs.replace(bench.exercise, folder=tmp_path)
        )


@pytest.mark.parametrize("factor", [0.5, 3.0, -1.0])
def test_a_constant_factor_is_found(
    bench: Any, run: Callable[[str], Any], factor: float
) -> None:
    """A constant factor is found alone and beside one other misconception."""
    assert bench.public_ids(
        lambda i, k: bench.solutions.reference(i, k) * factor
    ) == {"rescaled"}
    flipped = run(
        submission_source(
            bench.solutions.folder, bench.exercise, "kernel_flipped"
        )
    )
    assert bench.public_ids(lambda i, k: flipped(i, k) * factor, SHOWS_ALL) == {
        "rescaled",
        "kernel-flipped",
    }


def test_the_right_answer_gets_no_hint(bench: Any) -> None:
    """The right answer gets no hint on the public examples."""
    assert bench.public_ids(bench.solutions.reference) == set()


def test_a_file_that_is_too_large_is_named(bench: Any, tmp_path: Path) -> None:
    """Nobody's memory is filled by a file of gigabytes."""
    with (tmp_path / FILE).open("wb") as file:
        file.truncate(8 * 2**20 + 1)
    with pytest.raises(ExerciseError, match="larger than 8 MiB"):
        load_public_catalogue(
            msgspec.structs.replace(bench.exercise, folder=tmp_path)
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda right: right[None, None, None],
        lambda right: np.resize(right, 128),
        lambda right: np.resize(right, (1, 1, 128)),
    ],
)
def test_a_shape_that_the_table_cannot_hold_gets_no_hint(
    bench: Any, change: Callable[[Array], Array]
) -> None:
    """More axes, or longer ones, than the table has room for are not explained."""
    assert (
        bench.public_ids(lambda i, k: change(bench.solutions.reference(i, k)))
        == set()
    )


def test_right_values_need_no_misconception(bench: Any) -> None:
    """The empty set explains right values, on hidden cases and on the public examples."""
    example = bench.exercise.examples[0]
    right = observe("c", "t", example.args, example.expected, failed=False)
    assert right is not None
    assert bench.public.explain([right]) == frozenset()
    assert bench.catalogue.explain([right]) == frozenset()


def test_other_inputs_are_not_in_the_table(bench: Any) -> None:
    """The table only explains results for the inputs of the examples."""
    image, kernel = bench.exercise.examples[0].args
    for args in ((image + 1, kernel), (image, kernel[:, :1]), (image,)):
        other = observe("c", "t", args, bench.exercise.examples[0].expected)
        assert other is not None
        assert bench.public.explain([other]) is None
