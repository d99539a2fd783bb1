"""Write `hints.npz`: what every combination of misconceptions gives for the public examples.

The author runs this (`grader validate --write-hints`); `public` says what the file holds.
"""

import io
import itertools
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np

from grader.diagnose.catalogue import Catalogue, id_of
from grader.diagnose.load import load_catalogue
from grader.diagnose.pipeline import Pipeline
from grader.diagnose.plans import (
    Alternative,
    Memory,
    Parts,
    Steps,
    attempt,
    choices,
    is_variant,
    values_after,
)
from grader.diagnose.public import AXES, FILE, MOST
from grader.diagnose.replaying import Replaying
from grader.diagnose.tabled import rows_of
from grader.model import Array, Exercise, Solutions

Examples: TypeAlias = Sequence[tuple[Array, ...]]
"""The arguments of each example."""

_DATE: Final = (1980, 1, 1, 0, 0, 0)


def write_public_catalogue(exercise: Exercise, solutions: Solutions) -> Path:
    """Compute `hints.npz`, write it beside the examples, and return its path."""
    catalogue = load_catalogue(exercise, solutions)
    about, tables = compute_tables(exercise, catalogue)
    text = json.dumps(about, ensure_ascii=False)
    members = {"about": np.frombuffer(text.encode(), np.uint8), **tables}
    path = exercise.folder / FILE
    with zipfile.ZipFile(
        path, "w", zipfile.ZIP_DEFLATED, compresslevel=9
    ) as archive:
        for name in ("about", *sorted(tables)):
            stream = io.BytesIO()
            array = np.ascontiguousarray(members[name])
            np.lib.format.write_array(stream, array, allow_pickle=False)
            # With a fixed date and system, the same contents make the same file.
            entry = zipfile.ZipInfo(f"{name}.npy", _DATE)
            entry.create_system = 3
            archive.writestr(entry, stream.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return path


def compute_tables(
    exercise: Exercise, catalogue: Catalogue
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Compute the contents of `hints.npz`: what it is about, and its arrays.

    Combinations that give the same are one answer: that of the smallest set. If two sets are the
    smallest, there is none. Of the sets of three, only those with a combination without variants
    are kept: it is what is seen in practice, at a third of the size.
    """
    about: dict[str, Any] = {
        "texts": catalogue.texts,
        "evidence": catalogue.evidence,
        "factor": None,
        "scaling": [],
        "causes": json.loads(msgspec.json.encode(catalogue.causes)),
    }
    examples = [example.args for example in exercise.examples]
    answers: dict[tuple[Any, ...], Answer] = {}
    if isinstance(catalogue, Pipeline):
        about["factor"] = catalogue.parts.factor
        about["scaling"] = _scaling(catalogue.parts)
        for steps, results in _combinations(catalogue, examples):
            answer = answers.setdefault(tuple(map(_key, results)), Answer())
            answer.add(steps, results)
        for whole, results in _complete_answers(catalogue, examples):
            answer = answers.setdefault(tuple(map(_key, results)), Answer())
            answer.add((whole,), results)
    if isinstance(catalogue, Replaying):
        about["answers"] = rows_of(exercise, catalogue)
    names = list(catalogue.texts)
    kept = [answer for answer in answers.values() if answer.kept]
    kept.sort(key=lambda answer: answer.order(names))
    return about, _tables(kept, names, len(examples))


class Answer:
    """The smallest sets of misconceptions that give the same results."""

    def __init__(self) -> None:
        self.sets: set[frozenset[str]] = set()
        self.results: list[Array] = []
        self._common = False
        """Whether the combination is one that is seen in practice."""

    def add(
        self,
        steps: Steps,
        results: list[Array],
    ) -> None:
        """Note another combination that gives these results."""
        ids = frozenset(map(id_of, steps))
        size = min(map(len, self.sets), default=len(ids))
        if len(ids) > size:
            return
        if len(ids) < size:
            self.sets = set()
            self._common = False
        self.sets.add(ids)
        self.results = results
        if len(ids) < MOST or not any(map(is_variant, steps)):
            self._common = True

    @property
    def kept(self) -> bool:
        """Whether the answer is unambiguous and worth its place in the file."""
        return self._common and len(self.sets) == 1

    def numbers(self, names: list[str]) -> list[int]:
        """Return the misconceptions by their numbers among `names`."""
        (ids,) = self.sets
        return sorted(map(names.index, ids))

    def order(self, names: list[str]) -> tuple[int, list[int]]:
        """Return a key to sort answers by: small sets first."""
        numbers = self.numbers(names)
        return len(numbers), numbers


def _combinations(
    catalogue: Pipeline, examples: Examples
) -> Iterator[tuple[Steps, list[Array]]]:
    """Return every combination of up to `MOST`, and its results for all examples."""
    parts = catalogue.parts
    memories: list[Memory] = [{} for _ in examples]
    stages = (*parts.shaping, *parts.numbers)
    with np.errstate(all="ignore"):
        for base in _up_to(MOST, stages):
            results = [
                catalogue.base(base, args, memory)
                for args, memory in zip(examples, memories, strict=True)
            ]
            if any(result is None for result in results):
                continue
            for chain in _up_to(MOST - len(base), parts.values):
                final = _after(results, chain, examples)
                if final is not None:
                    yield (*base, *chain), final


def _scaling(parts: Parts) -> list[str]:
    """Return the ids of the stages that the constant factor belongs to."""
    stages = [[id_of(step) for step in stage[1:]] for stage in parts.values]
    together = [ids for ids in stages if parts.factor in ids]
    return sorted({name for ids in together for name in ids})


def _complete_answers(
    catalogue: Pipeline, examples: Examples
) -> Iterator[tuple[Alternative, list[Array]]]:
    """Return the complete wrong answers that give a result for every example."""
    for function in catalogue.answers:
        results = _results_of(function, examples)
        if results is not None:
            yield function, results


def _results_of(
    function: Alternative, examples: Examples
) -> list[Array] | None:
    """Return what a function gives for each example; None if it raises, or gives no such array."""
    copies = [[array.copy() for array in args] for args in examples]
    given = [attempt(function, *args) for args in copies]
    if any(value is None for value in given):
        return None
    return _after([np.asarray(value) for value in given], (), examples)


def _up_to(most: int, stages: Sequence[Steps]) -> Iterator[Steps]:
    sizes = range(most + 1)
    return itertools.chain.from_iterable(
        choices(stages, size) for size in sizes
    )


def _after(
    results: Sequence[Array | None], chain: Steps, examples: Examples
) -> list[Array] | None:
    """Apply choices from VALUES to the result of each example; None if one cannot be stored."""
    final = []
    for result, args in zip(results, examples, strict=True):
        values = values_after(result, chain, args)
        if (
            values is None
            or values.ndim > AXES
            or not np.isfinite(values).all()
        ):
            return None
        final.append(values)
    return final


def _key(result: Array) -> tuple[tuple[int, ...], bool, bytes]:
    """Return what two results that count as the same have in common."""
    rounded = (
        np.round(result.astype(np.float64), 7) + 0.0
    )  # which turns -0.0 into 0.0
    return result.shape, result.dtype == np.uint8, rounded.tobytes()


def _tables(
    answers: Sequence[Answer], names: list[str], examples: int
) -> dict[str, Array]:
    ids = np.full((len(answers), MOST), -1, np.int8)
    shapes = np.zeros((len(answers), examples, AXES + 1), np.int8)
    byte = np.zeros((len(answers), examples), bool)
    values: list[Array] = [np.zeros(0)]
    for row, answer in enumerate(answers):
        numbers = answer.numbers(names)
        ids[row, : len(numbers)] = numbers
        for column, result in enumerate(answer.results):
            shapes[row, column, : result.ndim + 1] = (
                result.ndim,
                *result.shape,
            )
            byte[row, column] = result.dtype == np.uint8
            values.append(result.ravel())
    return {
        "ids": ids,
        "shapes": shapes,
        "byte": byte,
        "values": np.concatenate(values).astype(np.float32),
    }
