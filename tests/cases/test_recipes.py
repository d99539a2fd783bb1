"""What cases.toml says beside ranges: types, constants, sizes, points and tolerance of a case."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cases import draw_cases, replay
from grader.errors import ExerciseError
from grader.exercise import load_both
from grader.model import Case

EXERCISE = """
title = "Scale"
points = 3
[[example]]
name = "a"
title = "a"
inputs.values = [1, 2]
inputs.count = 2
expected = [2, 4]
"""
CASES = """
[[case]]
name = "a"
title = "a"
points = 2
tolerance.rtol = 0.5
shapes.values = [3, 4]

[[case]]
name = "b"
title = "b"
shapes.values = [2, 2]

[[trial]]
name = "first"
title = "first"
inputs.values = VALUES
inputs.count = COUNT
"""
FLOATS = "{ low = 0, high = 1 }"


def drawn(
    folder: Path, values: str = FLOATS, count: str = ""
) -> tuple[Case, ...]:
    """Write an exercise with these recipes, and draw its cases."""
    public, hidden = folder / "exercises/scaling", folder / "solutions/scaling"
    public.mkdir(parents=True)
    hidden.mkdir(parents=True)
    count = count or '{ kind = "constant", value = 3 }'
    (public / "exercise.toml").write_text(EXERCISE)
    (public / "scale.py").write_text(
        "def scale(values, count):\n    raise NotImplementedError\n"
    )
    (hidden / "reference.py").write_text(
        "def scale(values, count):\n    return values * count\n"
    )
    cases = CASES.replace("VALUES", values).replace("COUNT", count)
    (hidden / "cases.toml").write_text(cases)
    exercise, solutions = load_both(public, hidden)
    found = draw_cases(exercise, solutions, "sha256:a", b"secret")
    for case in found:
        for trial in case.trials:
            replay(trial, "scale", solutions.names)
    return found


def arguments(cases: tuple[Case, ...]) -> list[dict[str, Any]]:
    """Return the arguments of the first trial of each case, by name."""
    trials = [case.trials[0] for case in cases]
    return [
        dict(zip(trial.names or ("values", "count"), trial.args, strict=True))
        for trial in trials
    ]


def test_a_case_has_its_own_points_and_tolerance(tmp_path: Path) -> None:
    """Where it says nothing, those of the exercise count."""
    one, two = drawn(tmp_path)
    assert (one.points, two.points) == (2.0, 3.0)
    assert one.tolerance is not None
    assert (one.tolerance.rtol, two.tolerance) == (0.5, None)


def test_a_constant_is_the_value_itself(tmp_path: Path) -> None:
    """A number stays a Python number: `[0] * count` works with it."""
    assert [each["count"] for each in arguments(drawn(tmp_path))] == [3, 3]
    assert type(arguments(drawn(tmp_path / "b"))[0]["count"]) is int


@pytest.mark.parametrize("dtype", ["float32", "uint8", "int64", "bool"])
def test_an_array_is_of_the_type_that_is_asked_for(
    tmp_path: Path, dtype: str
) -> None:
    """Integers and floats of every size, and truth values."""
    recipe = f'{{ kind = "integers", low = 0, high = 1, dtype = "{dtype}" }}'
    for each in arguments(drawn(tmp_path, recipe)):
        assert each["values"].dtype == np.dtype(dtype)
        assert not each["values"].flags.writeable


def test_a_range_may_depend_on_a_size(tmp_path: Path) -> None:
    """Of each case its own: rows, columns, all values, and a number more or less."""
    recipe = (
        '{ kind = "integers", low = "values.rows", high = "values.size - 1" }'
    )
    for each in arguments(drawn(tmp_path, recipe)):
        rows, size = each["values"].shape[0], each["values"].size
        assert rows <= each["values"].min() <= each["values"].max() <= size - 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ('{ high = "values.row" }', "'values.row' is not a size"),
        (
            '{ high = "count.columns" }',
            "count has no columns, as 'count.columns' needs",
        ),
        ('{ high = "count.rows" }', "count has no rows, as 'count.rows' needs"),
        (
            '{ high = "value.rows" }',
            "value is not an argument; did you mean values?",
        ),
        (
            '{ low = "values.size", high = "values.rows" }',
            "low = 12 is not below high = 3",
        ),
        (
            '{ dtype = "float23" }',
            "'float23' is not a type of NumPy; did you mean float32?",
        ),
        (
            '{ kind = "integers", high = 300, dtype = "uint8" }',
            "uint8 holds 0 to 255 alone",
        ),
        (
            '{ kind = "constant" }',
            'a constant has a value: kind = "constant", value = 3',
        ),
        ("{ value = 3 }", "a constant has a value"),
        (
            "{ low = -1e300, high = 1e300, step = 1 }",
            "cannot be drawn for case 'a'",
        ),
        (
            '{ kind = "constant", value = "a", dtype = "float32" }',
            "cannot be drawn",
        ),
        (
            "{ sum_between = [1e9, 2e9] }",
            "cannot be drawn for case 'a': none of 1000 has its sum",
        ),
    ],
)
def test_a_recipe_that_cannot_be_drawn_is_one_line(
    tmp_path: Path, values: str, said: str
) -> None:
    """It names the trial, the argument and why."""
    with pytest.raises(ExerciseError) as caught:
        drawn(tmp_path, values)
    assert any(
        "trial 'first': inputs.values: " in fault and said in fault
        for fault in caught.value.faults
    ), caught.value.faults
