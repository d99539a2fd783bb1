"""The calls of a trial are shown as lines that a student can run, and parts have names."""

import ast
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare import compare
from grader.compare.parts import call_words, part_words, step_of
from grader.compare.script import (
    input_names,
    names_of_results,
    script_of,
)
from grader.exercise import load_exercise
from grader.model import (
    Call,
    Earlier,
    Exercise,
    Outcome,
    Parameter,
    Target,
    Tolerance,
    Trial,
    Value,
)

ARRAY = np.zeros(2)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """Return an exercise, of which tests change what it asks for."""
    return load_exercise(ROOT / "exercises" / "convolution")


def trial_of(*calls: Call, result: Value = None, **more: Any) -> Trial:
    """Return a trial of some calls, with the arguments that they have."""
    found = [
        (name, value)
        for call in calls
        for name, value in (
            *((f"a{place}", value) for place, value in enumerate(call.args)),
            *call.kwargs.items(),
        )
    ]
    return Trial(
        case="c",
        name="t",
        args=tuple(value for _, value in found),
        names=more.pop("names", tuple(name for name, _ in found)),
        calls=calls,
        result=result,
    )


LAYER = (
    Call(name="LinearLayer", args=(ARRAY, ARRAY)),
    Call(name="forward", args=(ARRAY,), on=0),
    Call(name="backward", args=(Earlier(1),), on=0),
    Call(name="gradient", on=0, is_attribute=True),
)


def test_a_plain_call_needs_no_script() -> None:
    """Its arguments say all, but where several functions may be meant."""
    trial = trial_of(Call(name="f", args=(ARRAY, 2)))
    assert script_of(trial, ()) == ()
    assert script_of(trial, (), of_several=True) == ("f(a0, a1)",)
    assert script_of(Trial(case="c", name="t", args=(1,)), ("x",)) == ()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2, "k=2"),
        (-0.5, "k=-0.5"),
        (True, "k=True"),
        (None, "k=None"),
        ("short", "k='short'"),
        ("long" * 10, "k=k"),
        (10**30, "k=k"),
        (ARRAY, "k=k"),
        (np.float64(2), "k=k"),
        ([1], "k=k"),
    ],
)
def test_a_short_argument_by_name_is_written_out(
    value: Any, written: str
) -> None:
    """A long one, and an array, is named as it is among the inputs."""
    trial = trial_of(Call(name="f", args=(ARRAY,), kwargs={"k": value}))
    assert script_of(trial, ()) == (f"f(a0, {written})",)


def test_methods_are_called_on_what_was_made() -> None:
    """Results that later calls use have names, made of what was called."""
    trial = trial_of(*LAYER, result=Earlier(3))
    assert script_of(trial, ()) == (
        "linear_layer = LinearLayer(a0, a1)",
        "forward_result = linear_layer.forward(a0)",
        "linear_layer.backward(forward_result)",
        "linear_layer.gradient",
    )
    assert names_of_results(trial) == {0: "linear_layer", 1: "forward_result"}


def test_two_results_of_one_function_have_two_names() -> None:
    """They are numbered in their order."""
    calls = (
        Call(name="f", args=(1,)),
        Call(name="f", args=(2,)),
        Call(name="g", args=(Earlier(0), Earlier(1))),
    )
    trial = trial_of(*calls)
    assert script_of(trial, ()) == (
        "f_result_1 = f(a0)",
        "f_result_2 = f(a0)",
        "g(f_result_1, f_result_2)",
    )


def test_a_result_of_no_call_is_called_so() -> None:
    """A trial that is damaged is still shown."""
    calls = (
        Call(name="f", args=(Earlier(7),), on=9),
        Call(name="g", args=(ARRAY,)),
    )
    trial = Trial(case="c", name="t", args=(), calls=(calls[1], calls[1]))
    assert script_of(trial, ()) == ("g(...)", "g(...)")
    assert call_words(trial, 2) is None
    assert call_words(trial_of(calls[1], calls[1]), 1) == "g"


def test_a_long_script_is_cut_off() -> None:
    """A student reads forty lines at most."""
    lines = script_of(trial_of(*[Call(name="f", args=(1,))] * 100), ())
    assert len(lines) == 40
    assert lines[-1] == "..."


def test_inputs_have_names_that_python_takes() -> None:
    """The same name stands in the script and among the inputs."""
    trial = trial_of(
        Call(name="f", args=(1,)),
        Call(name="f", args=(2,)),
        names=("x of f", "x, second"),
    )
    assert input_names(trial, ()) == ["x_of_f", "x__second"]
    assert script_of(trial, ()) == ("f(x_of_f)", "f(x__second)")
    bare = Trial(case="c", name="t", args=(1,))
    assert input_names(bare, ("image",)) == ["image"]


NAMES = st.sampled_from(["f", "g", "Layer", "NeuralNet", "forward"])


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    """Draw a trial whose calls use earlier ones."""
    calls: list[Call] = []
    for number in range(draw(st.integers(1, 6))):
        earlier = st.integers(0, number - 1).map(Earlier) if number else None
        values = st.sampled_from([1, 2.5, "text", None])
        arguments = st.lists(
            values if earlier is None else values | earlier, max_size=3
        )
        on = draw(st.none() | st.integers(0, number - 1)) if number else None
        calls.append(
            Call(
                name=draw(NAMES),
                args=tuple(draw(arguments)),
                kwargs=draw(
                    st.dictionaries(st.sampled_from("kp"), values, max_size=2)
                ),
                on=on,
                is_attribute=on is not None and draw(st.booleans()),
            )
        )
    return trial_of(*calls)


@given(trials())
def test_a_script_is_python_that_defines_what_it_uses(trial: Trial) -> None:
    """Each line parses, and a name of a result is bound before it is used."""
    lines = script_of(trial, (), of_several=True)
    names = names_of_results(trial)
    assert len(set(names.values())) == len(names)
    assert len(lines) == len(trial.calls)
    bound: set[str] = set()
    for line in lines:
        (statement,) = ast.parse(line).body
        used = {
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        assert used & set(names.values()) <= bound
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            bound.add(target.id)


# ---- Parts


def words(
    expected: Any,
    value: Any,
    *,
    trial: Trial | None = None,
    exercise: Exercise | None = None,
) -> str | None:
    """Return what the part is called in which a value is wrong."""
    trial = trial or Trial(case="c", name="t", args=(1,), result=Earlier(0))
    outcome = Outcome(
        kind="returned",
        value=value,
        args_after=trial.args,
        type_name=type(value).__name__,
    )
    finding = compare(trial, outcome, expected, Tolerance(), ("x",))
    return part_words(finding, exercise)


@pytest.mark.parametrize(
    ("expected", "value", "said"),
    [
        (1.0, 2.0, None),
        (1.0, 1.0, None),
        ([1, 2], [1, 3], "item 1 of the list"),
        ((1, 2), (1, 3), "item 1 of the tuple"),
        ({"std": 1.0}, {"std": 2.0}, "`std`"),
        ({"a": [1, 2]}, {"a": [0, 2]}, "item 0 of `a`"),
        ([{"a": 1}], [{"a": 2}], "`a` of item 0"),
        ({3: 1}, {3: 2}, "`3`"),
        ({(1, 2): 1}, {(1, 2): 2}, "`(1, 2)`"),
        ({"k" * 99: 1}, {"k" * 99: 2}, f"`{'k' * 57}...`"),
        ([[1]], [[1, 2]], "item 0 of the list"),
    ],
)
def test_a_part_is_called_by_its_way(
    expected: Any, value: Any, said: str | None
) -> None:
    """Keys and places from the inside out; nothing where all of it is wrong."""
    assert words(expected, value) == said


def test_parts_of_a_tuple_have_the_names_of_the_exercise(
    exercise: Exercise,
) -> None:
    """Those that exercise.toml gives to what the function returns."""
    target = Target(
        name="standardize",
        parameters=(Parameter(name="x"),),
        parts=("z", "mean"),
    )
    named = msgspec.structs.replace(exercise, targets=(target,))
    assert words((1.0, 2.0), (1.0, 3.0), exercise=named) == "`mean`"
    assert words((1.0, 2.0, 3), (1.0, 2.0, 4), exercise=named) == (
        "item 2 of the tuple"
    )
    trial = trial_of(Call(name="standardize", args=(1,)), result=Earlier(0))
    assert words((1.0, 2.0), (0.0, 2.0), trial=trial, exercise=named) == "`z`"
    other = trial_of(Call(name="other", args=(1,)), result=Earlier(0))
    assert words((1.0, 2.0), (0.0, 2.0), trial=other, exercise=named) == (
        "item 0 of the tuple"
    )
    none = msgspec.structs.replace(exercise, targets=())
    assert words((1.0, 2.0), (0.0, 2.0), exercise=none) == "item 0 of the tuple"


def test_of_several_calls_the_one_is_named() -> None:
    """What a method returned, what an attribute is, and the part of it."""
    trial = trial_of(*LAYER, result=(Earlier(1), {"g": Earlier(3)}))
    right = ([1.0, 2.0], {"g": 3.0})
    assert words(right, ([1.0, 0.0], {"g": 3.0}), trial=trial) == (
        "item 1 of what `linear_layer.forward` returned"
    )
    assert words(right, ([1.0, 2.0], {"g": 0.0}), trial=trial) == (
        "`linear_layer.gradient`"
    )
    one = trial_of(*LAYER, result=Earlier(2))
    assert words(1.0, 2.0, trial=one) == (
        "what `linear_layer.backward` returned"
    )
    assert call_words(one, 2) == "linear_layer.backward"
    assert call_words(one, -1) is None


@pytest.mark.parametrize(
    ("value", "step", "found"),
    [
        ([1, 2], 1, 1),
        ([1, 2], 2, None),
        ([1, 2], -1, None),
        ((1,), "a", None),
        ({"a": 1}, "a", "a"),
        ({(1, 2): 1}, "(1, 2)", (1, 2)),
        ({"a": 1}, "b", None),
        (3.0, 0, None),
        (None, "a", None),
    ],
)
def test_a_step_leads_to_a_place_or_nowhere(
    value: Any, step: int | str, found: Any
) -> None:
    """A path that does not fit the value ends there."""
    assert step_of(value, step) == found


NESTED = st.recursive(
    st.integers(0, 3),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def changed(draw: st.DataObject, value: Any) -> Any:
    """Return a value with one number changed."""
    if isinstance(value, list):
        place = draw.draw(st.integers(0, len(value) - 1))
        return [
            changed(draw, item) if number == place else item
            for number, item in enumerate(value)
        ]
    if isinstance(value, dict):
        key = draw.draw(st.sampled_from(sorted(value)))
        return {**value, key: changed(draw, value[key])}
    return value + 10


@given(NESTED, st.data())
def test_what_is_changed_is_what_is_named(
    value: Any, draw: st.DataObject
) -> None:
    """The keys and places of the words are those that lead to the number."""
    wrong = changed(draw, value)
    said = words(value, wrong)
    if isinstance(value, int):
        assert said is None
        return
    assert said is not None
    steps = said.removesuffix(" of the list").split(" of ")
    found, there = value, wrong
    for step in reversed(steps):
        place: Any = step.strip("`")
        if step.startswith("item "):
            place = int(step.removeprefix("item "))
        found, there = found[place], there[place]
    if len(steps) < 6:
        assert there == found + 10
