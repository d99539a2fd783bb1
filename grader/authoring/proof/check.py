"""The check of `validate` that mutates right solutions, and what it tells an author."""

import difflib
import time
from collections.abc import Iterator, Sequence
from typing import Final

from grader.authoring.bench import Bench, Check
from grader.authoring.judge import Judge
from grader.authoring.mutation import mutants, plain
from grader.authoring.proof.beyond import beyond
from grader.authoring.proof.tried import Fate, Mutant, Trying, fates
from grader.vocabulary import count

_OTHER_SECRETS: Final = 20
_PATIENCE_S: Final = 10.0
"""So long may the proof take where nobody asked for it."""
_SAMPLED: Final = 40
_SHOWN: Final = 10


def check_mutants(bench: Bench) -> Check:
    """Change right solutions in one place each: what is then wrong must lose points.

    Without `--mutants` this is only done where it takes a few seconds.
    """
    bench.progress("mutants: drawing inputs")
    judge = Judge(bench.exercise, bench.solutions)
    secrets = tuple(
        tuple(judge.asked(number))
        for number in range(min(bench.secrets, _OTHER_SECRETS))
    )
    near = (
        beyond(
            judge,
            secrets[0],
        )
        if bench.mutants
        else []
    )
    trying = Trying(judge, secrets, tuple(near))
    every = list(_every_mutant(bench))
    # First some from everywhere: they say how long all will take.
    step = max(1, len(every) // _SAMPLED)
    every = [*every[::step], *(every[n] for n in range(len(every)) if n % step)]
    tried: dict[int, Fate] = {}
    started = time.monotonic()
    found = fates(trying, every)
    for number, fate in found:
        tried[number] = fate
        bench.progress(f"mutants: {len(tried)} of {len(every)}")
        seconds = (time.monotonic() - started) * len(every) / len(tried)
        enough = len(tried) >= min(
            _SAMPLED,
            len(every),
        )
        if not bench.mutants and enough and seconds > _PATIENCE_S:
            found.close()
            text = f"{len(every)} not tried, which takes about {seconds:.0f} s (--mutants)"
            return Check("mutants", text)
    pairs = [(every[number], tried[number]) for number in sorted(tried)]
    return Check(
        "mutants",
        _found(pairs),
        tuple(_faults(pairs)),
        tuple(_told(pairs, asked_for=bench.mutants)),
    )


def _every_mutant(bench: Bench) -> Iterator[Mutant]:
    """Yield the mutants of the reference and of the right samples, each text once."""
    seen: set[str] = set()
    for file, source in right_sources(bench):
        for text in mutants(source):
            if text not in seen:
                seen.add(text)
                yield Mutant(file, plain(source), text)


def right_sources(bench: Bench) -> Iterator[tuple[str, str]]:
    """Yield the reference and the right samples that are Python files: their name and text."""
    folder = bench.solutions.folder
    for path in (
        folder / "reference.py",
        *sorted((folder / "samples").glob("right_*.py")),
    ):
        yield path.name, path.read_text("utf-8-sig")


def _found(pairs: Sequence[tuple[Mutant, Fate]]) -> str:
    files = len({mutant.file for mutant, _ in pairs})
    same = sum(fate.state in {"same", "beyond"} for _, fate in pairs)
    lost = sum(fate.state == "lost" for _, fate in pairs)
    named = sum(bool(fate.ids) for _, fate in pairs)
    return (
        f"{count(len(pairs), 'mutant')} of {count(files, 'right solution')}: "
        f"{len(pairs) - same} wrong, {lost} of them lose points, {named} are named; "
        f"{same} right all the same"
    )


def _faults(pairs: Sequence[tuple[Mutant, Fate]]) -> Iterator[str]:
    failed: dict[str, list[Mutant]] = {}
    survived = [pair for pair in pairs if pair[1].state == "survived"]
    for mutant, fate in survived[:_SHOWN]:
        yield (
            f"{mutant.file}: your cases cannot tell this wrong answer, which differs with "
            f"{fate.times} of {_OTHER_SECRETS} other secrets: {in_one_line(mutant)}"
        )
    if len(survived) > _SHOWN:
        more = count(len(survived) - _SHOWN, "more wrong answer")
        yield f"{more} that your cases cannot tell"
    for mutant, fate in pairs:
        if fate.state == "failed":
            failed.setdefault(fate.text, []).append(mutant)
    for text, some in failed.items():
        those = count(len(some), "mutant")
        yield f"{some[0].file}: {text}, for {those} such as {in_one_line(some[0])}"


# ---- What the author reads


def _told(
    pairs: Sequence[tuple[Mutant, Fate]], *, asked_for: bool
) -> Iterator[str]:
    survived = [mutant for mutant, fate in pairs if fate.state == "survived"]
    for mutant in survived[:_SHOWN]:
        yield "your cases cannot tell this wrong answer:"
        yield from _difference(mutant)
    if not asked_for:
        return
    yield from _unpromised(pairs)
    yield from _unnamed(pairs)


def _grouped(
    pairs: Sequence[tuple[Mutant, Fate]],
    state: str,
) -> list[list[tuple[Mutant, Fate]]]:
    """Return mutants of one state without a name in groups, the largest first.

    Those that raise come last: what gives a wrong answer is the better misconception.
    """
    groups: dict[str, list[tuple[Mutant, Fate]]] = {}
    for mutant, fate in pairs:
        if fate.state == state and not fate.ids:
            key = fate.key or fate.text
            groups.setdefault(key, []).append((mutant, fate))
    return sorted(
        groups.values(),
        key=lambda group: (group[0][1].raised, -len(group)),
    )


def _unpromised(pairs: Sequence[tuple[Mutant, Fate]]) -> Iterator[str]:
    """Yield what is only wrong for inputs that no case has."""
    for group in _grouped(pairs, "beyond")[:_SHOWN]:
        mutant, fate = group[0]
        yield (
            f"{_times(len(group))}: no case tells this one, which is wrong for {fate.text}: "
            "is that promised?"
        )
        yield from _difference(mutant)


def _unnamed(pairs: Sequence[tuple[Mutant, Fate]]) -> Iterator[str]:
    """Yield the largest groups of wrong answers without a name."""
    largest = _grouped(pairs, "lost")[:_SHOWN]
    if largest:
        yield (
            "the most frequent wrong answers without a name, which you may describe in "
            "misconceptions.py:"
        )
    for group in largest:
        mutant, fate = group[0]
        yield f"{_times(len(group))}: {fate.text}"
        yield from _difference(mutant)


def _times(how_often: int) -> str:
    return "once" if how_often == 1 else f"{how_often} times"


def _lines(mutant: Mutant) -> list[str]:
    before = mutant.original.split("\n")
    after = mutant.source.split("\n")
    difference = difflib.unified_diff(
        before,
        after,
        lineterm="",
        n=0,
    )
    return [line for line in list(difference)[2:] if not line.startswith("@@")]


def _difference(mutant: Mutant) -> Iterator[str]:
    yield f"    {mutant.file}"
    yield from (f"    {line}" for line in _lines(mutant))


def in_one_line(mutant: Mutant) -> str:
    """Return what a mutant changes, as one line."""
    lines = _lines(mutant)
    old = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    new = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    if not old:
        return f"`{new}` added"
    return f"`{old}` left out" if not new else f"`{new}` instead of `{old}`"
