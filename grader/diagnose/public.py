"""Hints for the public examples, for students: they have no `solutions/`.

The inputs of the public examples never change, so what each combination of misconceptions gives for
them is computed beforehand (`grader validate --write-hints`) and lies beside the examples as
`hints.npz`: no code and no solution in it, nothing that is unpickled. The law is that of
`pipeline`: the smallest set that gives what came back for every example, and the only one of its
size.

`hints.npz` holds

    about   uint8   JSON: texts (id -> hint), evidence (kind -> id), factor (an id or null)
    ids     int8    (answers, 3): which texts, by number; -1 for none
    shapes  int8    (answers, examples, 5): number of axes, then the shape
    byte    bool    (answers, examples): whether the answer is of type uint8
    values  float32 all results, one after the other
"""

import io
import itertools
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from grader.diagnose.catalogue import Catalogue, Observed, Shared, id_of
from grader.diagnose.load import load_catalogue
from grader.diagnose.pipeline import Pipeline, first_found
from grader.diagnose.plans import choices, is_variant, values_after
from grader.diagnose.sampling import tolerance_of
from grader.errors import ExerciseError
from grader.model import Array, Exercise, Solutions

FILE: Final = "hints.npz"
MOST: Final = 3
"""Misconceptions in one combination."""
_CAP: Final = 8 * 2**20
_AXES: Final = 4
_DATE: Final = (1980, 1, 1, 0, 0, 0)


class Precomputed(Catalogue):
    """A catalogue whose answers to the public examples were computed beforehand."""

    def __init__(
        self,
        about: dict[str, Any],
        tables: dict[str, Array],
        arguments: Sequence[tuple[Array, ...]],
    ) -> None:
        super().__init__(about["texts"], about["evidence"])
        names = list(self.texts)
        self._sets = [
            frozenset(names[index] for index in row if index >= 0)
            for row in tables["ids"].tolist()
        ]
        self._sizes = (tables["ids"] >= 0).sum(axis=1)
        self._shapes, self._byte, self._values = (
            tables["shapes"],
            tables["byte"],
            tables["values"],
        )
        cells = np.where(
            np.arange(_AXES) < self._shapes[..., :1],
            self._shapes[..., 1:].astype(np.int64),
            1,
        ).prod(-1)
        self._offsets = np.concatenate([[0], np.cumsum(cells.ravel())])[:-1].reshape(
            cells.shape
        )
        self._factor: str | None = about["factor"]
        self._listed = self.evidence.get("returned a list")
        self._arguments = arguments

    def explain(
        self, observed: Sequence[Observed], shared: Shared | None = None
    ) -> frozenset[str] | None:  # noqa: ARG002 - the base class gives it; nothing here is shared
        """Give the smallest set of misconceptions that gives all these values, and the only one of its size."""
        first = next((each for each in observed if each.failed), None)
        if first is None:
            return frozenset() if observed else None
        rows = np.arange(len(self._sets))
        for each in observed:
            rows = self._alike(rows, each)
        listed = all(each.listed for each in observed)

        def find(size: int, scaled: bool) -> set[frozenset[str]]:
            found = (
                self._scaled(rows, observed, first, size)
                if scaled
                else self._exact(rows, observed, size)
            )
            return {ids for ids in found if listed or self._listed not in ids}

        with np.errstate(all="ignore"):
            return first_found(MOST, find)

    def _alike(self, rows: Array, each: Observed) -> Array:
        """Keep the answers whose result for this example has the right shape and type."""
        example = self._example(each)
        if (
            example is None
            or len(each.shape) > _AXES
            or max(each.shape, default=0) > np.iinfo(np.int8).max
        ):
            return rows[:0]
        wanted = np.zeros(_AXES + 1, np.int8)
        wanted[: len(each.shape) + 1] = (len(each.shape), *each.shape)
        alike = (self._shapes[rows, example] == wanted).all(axis=1) & (
            self._byte[rows, example] == each.byte
        )
        kept: Array = rows[alike]
        return kept

    def _example(self, each: Observed) -> int | None:
        for index, args in enumerate(self._arguments):
            if len(args) == len(each.args) and all(
                map(np.array_equal, args, each.args)
            ):
                return index
        return None

    def _of(self, rows: Array, each: Observed) -> Array:
        """Give the results of these answers for one example: (answers, cells)."""
        values: Array = self._values[
            self._offsets[rows, self._example(each)][:, None]
            + np.arange(each.values.size)
        ].astype(np.float64)
        return values

    def _exact(
        self, rows: Array, observed: Sequence[Observed], size: int
    ) -> set[frozenset[str]]:
        rows = rows[self._sizes[rows] == size]
        for each in observed:
            near = np.abs(self._of(rows, each) - each.values) <= tolerance_of(
                each.values
            )
            rows = rows[near.all(axis=1)]
        return {self._sets[row] for row in rows}

    def _scaled(
        self, rows: Array, observed: Sequence[Observed], first: Observed, size: int
    ) -> set[frozenset[str]]:
        if self._factor is None or size == 0 or not first.values.size:
            return set()
        rows = rows[self._sizes[rows] == size - 1]
        at = int(np.argmax(np.abs(first.values)))
        factors = first.values[at] / self._of(rows, first)[:, at]
        fits = np.isfinite(factors) & (factors != 0)
        rows, factors = rows[fits], factors[fits]
        for each in observed:
            near = np.abs(
                self._of(rows, each) * factors[:, None] - each.values
            ) <= tolerance_of(each.values)
            rows, factors = rows[near.all(axis=1)], factors[near.all(axis=1)]
        return {
            self._sets[row] | {self._factor}
            for row in rows
            if self._factor not in self._sets[row]
        }


def load_public_catalogue(exercise: Exercise) -> Catalogue:
    """Load what diagnosis needs for the public examples; an exercise without the file has an empty catalogue.

    Raises `ExerciseError` where the file is there and cannot be read.
    """
    path = exercise.folder / FILE
    if not path.is_file():
        return Catalogue({}, {})
    try:
        about, tables = read_tables(path)
        return Precomputed(
            about, tables, [example.args for example in exercise.examples]
        )
    except (
        OSError,
        EOFError,
        LookupError,
        TypeError,
        ValueError,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise ExerciseError(
            f"{path}: cannot be read ({error}); write it anew: grader validate --write-hints"
        ) from error


def read_tables(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read `hints.npz`: what it is about, and its arrays; nothing is unpickled."""
    if path.stat().st_size > _CAP:
        raise ValueError(f"is bigger than {_CAP >> 20} MiB")
    # From memory: where a file is damaged, np.load leaves it open.
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
        tables = {name: archive[name] for name in ("ids", "shapes", "byte", "values")}
        return json.loads(archive["about"].tobytes()), tables


def write_public_catalogue(exercise: Exercise, solutions: Solutions) -> Path:
    """Compute what every combination gives for the public examples, and write it beside them; gives the file's path."""
    catalogue = load_catalogue(exercise, solutions)
    about, tables = compute_tables(exercise, catalogue)
    about_bytes = np.frombuffer(
        json.dumps(about, ensure_ascii=False).encode(), np.uint8
    )
    path = exercise.folder / FILE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, table in (("about", about_bytes), *sorted(tables.items())):
            stream = io.BytesIO()
            np.lib.format.write_array(
                stream, np.ascontiguousarray(table), allow_pickle=False
            )
            entry = zipfile.ZipInfo(f"{name}.npy", _DATE)
            # With a fixed date and system, the same contents make the same file.
            entry.create_system = 3
            archive.writestr(entry, stream.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return path


def compute_tables(
    exercise: Exercise, catalogue: Catalogue
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Compute the contents of `hints.npz`.

    Combinations that give the same are one answer: that of the smallest set. Where two sets are the
    smallest, there is none. Of three misconceptions, only those without a variant's name are kept:
    what is seen in practice, at a third of the size.
    """
    names = list(catalogue.texts)
    about: dict[str, Any] = {
        "texts": catalogue.texts,
        "evidence": catalogue.evidence,
        "factor": None,
    }
    examples = [example.args for example in exercise.examples]
    smallest: dict[tuple[Any, ...], tuple[set[frozenset[str]], list[Array], bool]] = {}
    if isinstance(catalogue, Pipeline):
        about["factor"] = catalogue.parts.factor
        for steps, results in _answers(catalogue, examples):
            ids = frozenset(map(id_of, steps))
            plain = len(ids) < MOST or not any(map(is_variant, steps))
            key = tuple(
                (result.shape, result.dtype == np.uint8, _rounded(result))
                for result in results
            )
            sets, _, kept = smallest.setdefault(key, ({ids}, results, False))
            size = len(next(iter(sets)))
            if len(ids) < size:
                smallest[key] = ({ids}, results, plain)
            elif len(ids) == size:
                smallest[key] = (sets | {ids}, results, kept or plain)
    kept_answers = [
        (next(iter(sets)), results)
        for sets, results, kept in smallest.values()
        if kept and len(sets) == 1
    ]
    kept_answers.sort(
        key=lambda answer: (len(answer[0]), sorted(map(names.index, answer[0])))
    )
    return about, _tables(kept_answers, names, len(examples))


def _tables(
    answers: Sequence[tuple[frozenset[str], list[Array]]],
    names: list[str],
    examples: int,
) -> dict[str, Array]:
    ids = np.full((len(answers), MOST), -1, np.int8)
    shapes = np.zeros((len(answers), examples, _AXES + 1), np.int8)
    byte = np.zeros((len(answers), examples), bool)
    values: list[Array] = [np.zeros(0)]
    for row, (found, results) in enumerate(answers):
        ids[row, : len(found)] = sorted(map(names.index, found))
        for column, result in enumerate(results):
            shapes[row, column, : result.ndim + 1] = (result.ndim, *result.shape)
            byte[row, column] = result.dtype == np.uint8
            values.append(result.ravel())
    return {
        "ids": ids,
        "shapes": shapes,
        "byte": byte,
        "values": np.concatenate(values).astype(np.float32),
    }


def _answers(
    catalogue: Pipeline, examples: Sequence[tuple[Array, ...]]
) -> Iterator[tuple[Any, list[Array]]]:
    """Give every combination of up to three, and its results for all examples."""
    parts = catalogue.parts
    memories: list[dict[Any, Any]] = [{} for _ in examples]
    bases = itertools.chain.from_iterable(
        choices((*parts.shaping, *parts.numbers), size) for size in range(MOST + 1)
    )
    with np.errstate(all="ignore"):
        for base in bases:
            results = [
                catalogue.base(base, args, memory)
                for args, memory in zip(examples, memories, strict=True)
            ]
            if any(result is None for result in results):
                continue
            for size in range(MOST - len(base) + 1):
                for chain in choices(parts.values, size):
                    ends = [
                        values_after(r, chain, args)
                        for r, args in zip(results, examples, strict=True)
                    ]
                    plain = [
                        end
                        for end in ends
                        if end is not None
                        and end.ndim <= _AXES
                        and np.isfinite(end).all()
                    ]
                    if len(plain) == len(examples):
                        yield (*base, *chain), plain


def _rounded(values: Array) -> bytes:
    # Adding 0 makes one zero of the two.
    return (np.round(values.astype(np.float64), 7) + 0.0).tobytes()
