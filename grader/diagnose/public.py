"""Hints for the public examples, for students, who have no `solutions/`.

The inputs of the public examples never change. So what each combination of misconceptions gives for
them is computed beforehand (`grader validate --write-hints`, `precompute`), and lies beside the
examples as `hints.npz`. There is no code and no solution in it, and nothing in it is unpickled. The
law is that of `pipeline`: the smallest set that gives what came back for every example, and the
only one of its size.

`hints.npz` holds

    about   uint8    JSON: texts (id -> hint), evidence (kind -> id), factor (an id or null),
                     scaling (the ids of its stages), causes (`catalogue.Causes`); answers, where
                     all of them are complete ones (`tabled`), and then no rows below
    ids     int8     (answers, 3): which texts, by number; -1 for none
    shapes  int8     (answers, examples, 5): number of axes, then the shape
    byte    bool     (answers, examples): whether the result is uint8
    values  float32  all results, one after the other
"""

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from grader.diagnose.catalogue import Catalogue, Causes, Observed, Shared
from grader.diagnose.pipeline import first_found
from grader.diagnose.sampling import is_factor, tolerance_of
from grader.diagnose.tabled import Tabled
from grader.errors import ExerciseError
from grader.exercise.files import read_regular
from grader.model import Array, Exercise

FILE: Final = "hints.npz"
MOST: Final = 3
"""The most misconceptions in one combination."""
AXES: Final = 4
"""The most axes of a result."""

_BYTES: Final = 8 * 2**20
_UNREADABLE: Final = (
    OSError,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
    zlib.error,
    zipfile.BadZipFile,
)
"""What reading a damaged file may raise."""


class Precomputed(Catalogue):
    """A catalogue whose answers to the public examples were computed beforehand."""

    def __init__(
        self,
        about: dict[str, Any],
        tables: dict[str, Array],
        arguments: Sequence[tuple[Array, ...]],
    ) -> None:
        causes = msgspec.convert(about["causes"], Causes)
        super().__init__(about["texts"], about["evidence"], causes)
        names = list(self.texts)
        self._sets = [
            _named(numbers, names) for numbers in tables["ids"].tolist()
        ]
        self._sizes = (tables["ids"] >= 0).sum(axis=1)
        self._shapes = tables["shapes"]
        self._byte = tables["byte"]
        self._values = tables["values"]
        self._starts = _starts(self._shapes)
        self._factor: str | None = about["factor"]
        self._scaling = frozenset(about["scaling"])
        self._listed = self.evidence.get("returned a list")
        self._arguments = arguments

    def explain(
        self,
        observed: Sequence[Observed],
        shared: Shared | None = None,  # noqa: ARG002 - nothing here needs to be shared
    ) -> frozenset[str] | None:
        """Return the smallest set of misconceptions that gives all these values.

        None means that nothing explains them, or that several sets of that size do.
        """
        first = next((each for each in observed if each.failed), None)
        if first is None:
            return frozenset()
        rows = np.arange(len(self._sets))
        for each in observed:
            rows = self._of_the_same_form(rows, each)
        if not rows.size:
            return None
        listed = all(each.listed for each in observed)

        def find(size: int, scaled: bool) -> set[frozenset[str]]:
            if scaled:
                found = self._scaled(rows, observed, first, size)
            else:
                found = self._exact(rows, observed, size)
            return {ids for ids in found if listed or self._listed not in ids}

        with np.errstate(all="ignore"):
            return first_found(MOST, find)

    def _of_the_same_form(
        self,
        rows: Array,
        each: Observed,
    ) -> Array:
        """Keep the answers whose result for this example has the right shape and type."""
        example = self._example(each)
        longest = max(each.shape, default=0)
        storable = len(each.shape) <= AXES and longest <= np.iinfo(np.int8).max
        if example is None or not storable:
            return rows[:0]
        form = np.zeros(AXES + 1, np.int8)
        form[: len(each.shape) + 1] = (len(each.shape), *each.shape)
        same_shape = (self._shapes[rows, example] == form).all(axis=1)
        kept: Array = rows[
            same_shape & (self._byte[rows, example] == each.byte)
        ]
        return kept

    def _example(self, each: Observed) -> int | None:
        """Find the example that has these arguments, by its number."""
        for number, args in enumerate(self._arguments):
            same = len(args) == len(each.args)
            if same and all(map(np.array_equal, args, each.args)):
                return number
        return None

    def _results(
        self,
        rows: Array,
        each: Observed,
    ) -> Array:
        """Return the results of these answers for one example: (answers, cells)."""
        starts = self._starts[rows, self._example(each)]
        values: Array = self._values[
            starts[:, None] + np.arange(each.values.size)
        ]
        return values.astype(np.float64)

    def _exact(
        self, rows: Array, observed: Sequence[Observed], size: int
    ) -> set[frozenset[str]]:
        rows = rows[self._sizes[rows] == size]
        for each in observed:
            errors = np.abs(self._results(rows, each) - each.values)
            rows = rows[(errors <= tolerance_of(each.values)).all(axis=1)]
        return {self._sets[row] for row in rows}

    def _scaled(
        self,
        rows: Array,
        observed: Sequence[Observed],
        first: Observed,
        size: int,
    ) -> set[frozenset[str]]:
        if self._factor is None or size == 0 or not first.values.size:
            return set()
        rows = rows[self._sizes[rows] == size - 1]
        greatest = int(np.argmax(np.abs(first.values)))
        factors = (
            first.values[greatest] / self._results(rows, first)[:, greatest]
        )
        proper = is_factor(factors)
        rows, factors = rows[proper], factors[proper]
        for each in observed:
            scaled = self._results(rows, each) * factors[:, None]
            errors = np.abs(scaled - each.values)
            near = (errors <= tolerance_of(each.values)).all(axis=1)
            rows, factors = rows[near], factors[near]
        sets = [self._sets[row] for row in rows]
        return {ids | {self._factor} for ids in sets if not ids & self._scaling}


def _named(numbers: Sequence[int], names: Sequence[str]) -> frozenset[str]:
    return frozenset(names[number] for number in numbers if number >= 0)


def _starts(shapes: Array) -> Array:
    """Return where the values of each result start: (answers, examples)."""
    axes, lengths = shapes[..., :1], shapes[..., 1:].astype(np.int64)
    sizes = np.where(np.arange(AXES) < axes, lengths, 1).prod(-1)
    starts: Array = np.cumsum(sizes.ravel()).reshape(sizes.shape) - sizes
    return starts


def load_public_catalogue(exercise: Exercise) -> Catalogue:
    """Load what diagnosis needs for the public examples.

    An exercise without the file has an empty catalogue. Raises `ExerciseError` where the file
    exists and cannot be read.
    """
    path = exercise.folder / FILE
    if not path.is_file():
        return Catalogue({}, {})
    try:
        about, tables = read_tables(path)
        if "answers" in about:
            return Tabled(
                about["texts"],
                about["evidence"],
                msgspec.convert(about["causes"], Causes),
                about["answers"],
                exercise,
            )
        arguments = [example.args for example in exercise.examples]
        return Precomputed(about, tables, arguments)
    except _UNREADABLE as error:
        what = f"cannot be read ({error}); write it anew: grader validate --write-hints"
        raise ExerciseError(f"{path}: {what}") from error


def read_tables(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read what `hints.npz` is about, and its arrays; nothing is unpickled."""
    # From memory, since np.load leaves a damaged file open.
    data = read_regular(path, _BYTES + 1)
    if len(data) > _BYTES:
        raise ValueError(f"is larger than {_BYTES >> 20} MiB")
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        tables = {
            name: archive[name] for name in ("ids", "shapes", "byte", "values")
        }
        return json.loads(archive["about"].tobytes()), tables
