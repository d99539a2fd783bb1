"""What a call costs whose arguments and result are not arrays.

    python benchmarks/values.py --calls 400

A student's function gives back what it got, through a confined worker. Calls of all kinds take
turns, so that whatever else the machine does slows all of them. The last column is the ratio to a
call with the arrays of `convolution` (two arguments, one result), or with the array of that size.
"""

import argparse
import statistics
from pathlib import Path

import numpy as np

from grader.confined.values import state_of
from grader.execution import open_runner
from grader.model import (
    Call,
    Case,
    Earlier,
    Exercise,
    Limits,
    Parameter,
    Random,
    Rules,
    Submission,
    Target,
    Tolerance,
    Trial,
    Unit,
    Value,
)

SOURCE = """
import numpy as np

def function(value, other=None):
    return value

class Layer:
    def __init__(self, weights):
        self.weights = weights
    def forward(self, x):
        return x
"""
NUMBERS = np.random.default_rng(1)
ARRAYS = "two arrays, 8x8 and 3x3"
ARGUMENTS: dict[str, tuple[Value, ...]] = {
    ARRAYS: (NUMBERS.random((8, 8)), NUMBERS.random((3, 3))),
    "a float": (2.5,),
    "an int": (7,),
    "a NumPy scalar": (np.float32(2.5),),
    "text of 40 characters": ("the quick brown fox jumps over the dog.",),
    "a tuple of an array and two numbers": ((NUMBERS.random((8, 3)), 0.5, 3),),
    "a dict of three": ({"w": NUMBERS.random(4), "b": 0.5, "loss": 2.0},),
    "a list of 20 words": (["quick", "brown", "foxes", "jump"] * 5,),
    "a list of 36 numbers": (NUMBERS.random(36).tolist(),),
    "a random generator": (
        Random(*state_of(np.random.default_rng(1))),
        NUMBERS.random(8),
    ),
}
LARGE_ARRAY = "an array of 200x200"
LARGE: dict[str, tuple[Value, ...]] = {
    LARGE_ARRAY: (NUMBERS.random((200, 200)),),
    "a list of 200x200": (NUMBERS.random((200, 200)).tolist(),),
}
TWO_CALLS = "a class, then a method of it (two calls)"


def exercise() -> Exercise:
    """Make an exercise with limits that no call here meets."""
    return Exercise(
        name="values",
        title="Values",
        function="function",
        arguments=("value",),
        targets=(
            Target(name="function", parameters=(Parameter(name="value"),)),
            Target(
                name="Layer",
                is_class=True,
                parameters=(Parameter(name="weights"),),
            ),
        ),
        points=1.0,
        limits=Limits(total_s=600.0),
        tolerance=Tolerance(),
        rules=Rules(),
        preload=(),
        examples=(),
        stub="",
        folder=Path(),
        digest="",
    )


def plain(arguments: dict[str, tuple[Value, ...]]) -> list[Trial]:
    """Return one trial of each kind."""
    return [
        Trial(case=name, name=name, args=args)
        for name, args in arguments.items()
    ]


def together() -> Trial:
    """Return a trial of two calls with the two arrays."""
    image, kernel = ARGUMENTS[ARRAYS]
    calls = (
        Call(name="Layer", args=(kernel,), is_kept=True, is_sent=False),
        Call(name="forward", on=0, args=(image,)),
    )
    return Trial(
        case=TWO_CALLS,
        name=TWO_CALLS,
        args=(kernel, image),
        calls=calls,
        result=Earlier(1),
    )


def show(trials: list[Trial], turns: int, base: str) -> None:
    """Let the trials take turns in one worker, and print what each costs."""
    case = Case(
        name="all",
        title="",
        points=1.0,
        shapes={},
        trials=tuple(trials * turns),
    )
    submission = Submission(
        name="s.py", kind="python", digest="", units=(Unit(SOURCE),)
    )
    with open_runner(exercise()) as runner:
        outcomes = runner.run(submission, (case,)).outcomes
    seconds: dict[str, list[float]] = {}
    for trial, outcome in zip(case.trials, outcomes, strict=True):
        if outcome.kind != "returned":
            raise SystemExit(f"{trial.name}: {outcome}")
        seconds.setdefault(trial.name, []).append(outcome.duration_s)
    middle = {name: statistics.median(each) for name, each in seconds.items()}
    for name, median in middle.items():
        ratio = median / middle[base]
        print(f"{name:42}{median * 1e6:8.0f} us {ratio:6.2f}")


def main() -> None:
    """Measure, and print a table: the large ones apart, since they leave memory behind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=400)
    turns = parser.parse_args().calls
    show([*plain(ARGUMENTS), together()], turns, ARRAYS)
    show(plain(LARGE), max(10, turns // 10), LARGE_ARRAY)


if __name__ == "__main__":
    main()
