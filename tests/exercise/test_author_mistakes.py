"""An author's mistakes: each is a line with file and fix, and all of them come at once."""

import ast
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from grader.cases import draw_cases, example_cases, replay
from grader.errors import ExerciseError
from grader.exercise import load_both, load_exercise
from grader.exercise.cases_table import CasesTable, cases_faults
from grader.exercise.examples import read_examples
from grader.exercise.files import read_table
from grader.exercise.given import given_source
from grader.exercise.stub import read_stub
from grader.exercise.tables import ExerciseTable, exercise_faults
from grader.model import Exercise, Parameter, Solutions, Target

EXERCISE = """
title = "A layer and a mean"
parts.summary = ["mean", "size"]

[[example]]
name = "layer"
title = "one number"
inputs.weight = 3
calls = ["layer = Layer(weight)", "layer.forward(2), layer.gradient"]
expected = { tuple = [6, { none = true }] }

[[example]]
name = "summary"
title = "three numbers"
inputs.values = [1, 2, 3]
calls = ["summary(values, power=2)"]
any_of = [{ mean = 14, size = 3 }, { mean = 14.0, size = 3 }]
"""
STUB = '''
import numpy as np

RATE = 0.5

class Layer:
    """A layer."""
    def __init__(self, weight: float):
        raise NotImplementedError
    def forward(self, x):
        """Multiply."""
        raise NotImplementedError("write it")
    def half(self):
        return RATE * self.forward(1)

def summary(values: np.ndarray, power=1):
    raise NotImplementedError

def helper(values):
    return np.sum(values) * RATE
'''
REFERENCE = """
class Layer:
    def __init__(self, weight):
        self.weight, self.gradient = weight, None
    def forward(self, x):
        return self.weight * x
    def half(self):
        return 1

def summary(values, power=1):
    return sum(each ** power for each in values.tolist()), len(values)
"""
CASES = '''
import numpy as np

POINTS = {"two": 2}
TOLERANCE = {"two": {"rtol": 0.1}}

def numbers(rng):
    return rng.normal(size=3)

def one(student, rng):
    """one number"""
    layer = student.Layer(2)
    yield layer.forward(rng.normal())
    yield layer.forward(rng.normal()), layer.half()

def two(student, rng):
    "a summary"
    yield student.summary(numbers(rng), power=2)
'''
CHECK = '''
def summary(answer, values, expected):
    return None

def two(answer, expected):
    return None

def positive(answer, values):
    """A mean of squares is positive."""
    return True
'''
FILES = {
    "exercises/adding/exercise.toml": EXERCISE,
    "exercises/adding/layer.py": STUB,
    "solutions/adding/reference.py": REFERENCE,
    "solutions/adding/cases.py": CASES,
    "solutions/adding/check.py": CHECK,
}

Load = Callable[..., tuple[Exercise, Solutions]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that writes an exercise, with some files replaced, and reads it."""

    def _load(
        changed: Mapping[str, str | None] | None = None,
    ) -> tuple[Exercise, Solutions]:
        for name, text in {**FILES, **(changed or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text, "utf-8")
        return load_both(
            tmp_path / "exercises/adding", tmp_path / "solutions/adding"
        )

    return _load


def faults_of(load: Load, changed: Mapping[str, str | None]) -> list[str]:
    """Return the faults of an exercise, each of which must be one line."""
    with pytest.raises(ExerciseError) as caught:
        load(changed)
    assert all("\n" not in fault for fault in caught.value.faults)
    return list(caught.value.faults)


# ---- What is right


def test_the_stub_says_what_is_asked_and_what_is_given(load: Load) -> None:
    """Whatever raises NotImplementedError is asked for, with its parameters; the rest is given."""
    exercise, _ = load()
    layer, summary = exercise.targets
    assert (exercise.function, exercise.arguments) == ("Layer", ("weight",))
    assert exercise.file == "layer.py"
    assert layer.is_class
    assert [method.name for method in layer.methods] == ["forward", "half"]
    assert layer.parameters[0].annotation == "float"
    assert summary.parts == ("mean", "size")
    assert [each.default for each in summary.parameters] == [None, "1"]
    namespace = {"Layer": type("Layer", (), {"forward": lambda _self, x: x})}
    exec(exercise.given, namespace)  # noqa: S102 - made from the stub above
    assert namespace["helper"](np.ones(2)) == 1.0
    assert namespace["Layer"]().half() == 0.5


def test_examples_and_cases_agree_with_the_reference(load: Load) -> None:
    """Calls of examples, parts by name, several right answers, cases of cases.py."""
    exercise, solutions = load()
    for example, case in zip(
        exercise.examples, example_cases(exercise), strict=True
    ):
        given = replay(case.trials[0], exercise.function, solutions.names)
        assert given == example.expected
    assert exercise.examples[1].others == ((14.0, 3),)
    one, two = draw_cases(exercise, solutions, "sha256:a", b"secret")
    assert [len(case.trials) for case in (one, two)] == [2, 1]
    assert (one.points, two.points) == (1.0, 2)
    assert two.tolerance is not None
    assert two.shapes == {"values": (3,)}
    assert (one.title, two.title) == ("one number", "a summary")
    again = draw_cases(exercise, solutions, "sha256:a", b"secret")
    assert again[1].trials[0].args[0].tolist() == two.trials[0].args[0].tolist()
    other = draw_cases(exercise, solutions, "sha256:b", b"secret")
    assert other[1].trials[0].args[0].tolist() != two.trials[0].args[0].tolist()


@pytest.mark.parametrize("few", [("two",), ["one", "two"], ()])
def test_cases_with_few_inputs_are_named_in_cases_py(
    load: Load, few: tuple[str, ...] | list[str]
) -> None:
    """`FEW_INPUTS` lists them, and without it no case is one of them."""
    text = f"FEW_INPUTS = {few!r}\n{CASES}"
    _, solutions = load({"solutions/adding/cases.py": text})
    assert solutions.script is not None
    assert solutions.script.few_inputs == tuple(few)
    _, plain = load()
    assert plain.script is not None
    assert plain.script.few_inputs == ()


# ---- What is wrong: in every file at once


def test_faults_of_all_files_come_at_once(load: Load) -> None:
    """One run tells everything: exercise.toml, stub, reference.py, cases.py and check.py."""
    faults = faults_of(
        load,
        {
            "exercises/adding/exercise.toml": EXERCISE
            + "\n[rules]\nloop = false\n",
            "exercises/adding/layer.py": STUB + "\ndef empty(x):\n    pass\n",
            "solutions/adding/reference.py": REFERENCE.replace(
                "def summary", "def sumary"
            ),
            "solutions/adding/cases.py": CASES.replace('"two": 2', '"tow": 2'),
            "solutions/adding/check.py": CHECK.replace(
                "values, expected", "vals, expected"
            ),
        },
    )
    wanted = (
        "adding/exercise.toml: rules.loop: unknown key; did you mean loops?",
        "adding/layer.py, line 22: empty does nothing",
        "adding/reference.py: defines no function summary; did you mean sumary?",
        "adding/cases.py: POINTS: there is no case 'tow'; did you mean two?",
        "adding/check.py, line 2: summary: vals is not a parameter",
    )
    for text in wanted:
        assert any(fault.startswith(text) for fault in faults), (text, faults)


TOML = {
    'function = "f"': "function: the stub says it; take this line away",
    "points = true": "points: expected a number, got true or false",
    "points = -1": "points: must be above 0",
    "limits = 3": "limits: expected a table, got a whole number",
    "limits.call_s = 0": "limits.call_s: must be above 0",
    "tolerance.atol = -1": "tolerance.atol: must be 0 or above",
    "comparison.list = true": "comparison.list: unknown key; did you mean lists?",
    'comparison.whole = "yes"': "comparison.whole: expected true or false, got text",
    'parts.sumary = ["a"]': "parts.sumary: the stub asks for no such function; did you",
    'rules.required = ["einsum"]': "rules.required: 'einsum': write the whole name",
    'rules.forbidden = ["a b"]': "rules.forbidden: 'a b' is not a module's name",
    'speed.within = "fast"': "speed.within: 'fast' is not a ratio such as \"20x reference\"",
    'speed.within = "1x reference"': "speed.within: must be 2x reference or above",
    "speed = { }": "speed.within: missing",
    'missing.scipy = ""': "missing.scipy: is empty",
    "missing.scipy = 3": "missing.scipy: expected text, got a whole number",
    'files = ["no.csv"]': "files: there is no no.csv",
    'files = ["../a"]': "files: '../a' is not the name of a file beside exercise.toml",
    'files = ["layer.py"]': "files: 'layer.py' is not a data file",
    "files = 3": "files: expected a list, got a whole number",
    "tittle = 1": "tittle: unknown key",
}


@pytest.mark.parametrize("line", TOML)
def test_each_key_of_exercise_toml_is_checked(load: Load, line: str) -> None:
    """A wrong type, an impossible value, an unknown key: the line names the key."""
    text = f"{line}\n{EXERCISE}"
    if line.startswith("parts."):
        text = text.replace("parts.summary", "parts.layer")
    faults = faults_of(load, {"exercises/adding/exercise.toml": text})
    assert any(
        fault.startswith(f"adding/exercise.toml: {TOML[line]}")
        for fault in faults
    ), faults


EXAMPLES = {
    "calls = []": "calls: missing; say what is called",
    'calls = ["layer = Layr(weight)"]': "calls: line 1: the stub asks for no Layr",
    'calls = ["Layer(weight).forwrd(1)"]': "calls: line 1: forwrd is not a function or a method",
    "calls = 3": "example 1.calls: expected a list",
    "any_of = [1]": "any_of: give expected or any_of, not both",
    "expected = nan": "expected: numbers must be finite",
    "expected = { float33 = [1], b = nan }": "expected.b: numbers must be finite",
    "expected = { generator = -1 }": "expected.generator: expected a seed",
    "expected = { complex = 'x' }": "expected.complex: expected a number",
    "expected = { none = false }": "expected.none: write { none = true }",
    "expected = [[1, 2], [3]]": "expected: every row must be as long as the others",
    "expected = [1, true]": "expected: has numbers and truth values",
    "expected = 2020-01-01": "expected: write a number, a text, a list or a table",
    "expected = { int8 = [1000] }": "expected.int8: a number is too big",
    "inputs.other = 3": "calls: other: is not used by any call",
}


@pytest.mark.parametrize("line", EXAMPLES)
def test_each_example_is_checked(load: Load, line: str) -> None:
    """Calls are read and never run; values are of the kinds that can be sent."""
    key = line.partition(" = ")[0]
    kept = [
        text
        for text in EXERCISE.splitlines()
        if not text.startswith(f"{key} = ") or "power" in text
    ]
    at = kept.index('title = "one number"')
    text = "\n".join([*kept[: at + 1], line, *kept[at + 1 :]])
    faults = faults_of(load, {"exercises/adding/exercise.toml": text})
    assert any(EXAMPLES[line] in fault for fault in faults), faults


STUBS = {
    "def f(x):\n    return x\n": "nothing in it raises NotImplementedError",
    "def f(:\n": ", line 1: is not Python",
    "def f(*args):\n    raise NotImplementedError\n": "name each parameter, instead of *args",
    "async def f(x):\n    raise NotImplementedError\n": "f is async; write a plain def",
    "def f(x):\n    '''Text.'''\n": "f does nothing: let it `raise NotImplementedError`",
    "def f(x):\n    raise NotImplementedError\ndef f(x):\n    raise NotImplementedError\n": (
        "line 3: f is defined twice; keep one"
    ),
    "\0": "is not Python",
    "x = " + "(" * 10_000: "is not Python",
}


@pytest.mark.parametrize("stub", STUBS)
def test_each_mistake_in_a_stub_is_a_line(load: Load, stub: str) -> None:
    """One that solves the exercise, one that is no Python, one that says too little."""
    faults = faults_of(load, {"exercises/adding/layer.py": stub})
    assert any(STUBS[stub] in fault for fault in faults), faults


def test_two_stubs_are_one_too_many(load: Load) -> None:
    """The only Python file is the stub."""
    faults = faults_of(load, {"exercises/adding/other.py": STUB})
    assert any(
        "there are several Python files (layer.py, other.py)" in fault
        for fault in faults
    )


SCRIPTS = {
    "def (": ", line 1: SyntaxError",
    "x = 1\n1 / 0\n": ", line 2: ZeroDivisionError: division by zero",
    "raise SystemExit": ", line 1: SystemExit",
    "x = 1\n": "has no case; write `def NAME(student, rng):` for each",
    "def one(rng, student):\n    'a'\n    yield 1\n": "its parameters are (student, rng)",
    "def one(student, rng):\n    'a'\n    return 1\n": "line 1: one: yields nothing",
    "def one(student, rng):\n    yield 1\n": "line 1: one: has no docstring",
    "POINT = {}\n" + CASES: "POINT: unknown name; did you mean POINTS?",
    CASES.replace("{'two': 2}", "3").replace(
        '{"two": 2}', "3"
    ): "POINTS: write a dict",
    CASES.replace(
        '"two": 2', '"two": "x"'
    ): "POINTS['two']: expected a number, got text",
    CASES.replace('"two": 2', '"two": 0'): "POINTS['two']: must be above 0",
    CASES.replace(
        '"rtol": 0.1', '"rtl": 0.1'
    ): "TOLERANCE['two'].rtl: unknown key",
    "FEW_INPUTS = 3\n"
    + CASES: 'FEW_INPUTS: write a tuple of cases, such as ("one",)',
    "FEW_INPUTS = ('twoo',)\n"
    + CASES: "FEW_INPUTS: there is no case 'twoo'; did you mean two?",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_mistake_in_cases_py_is_a_line(load: Load, script: str) -> None:
    """What it raises, what it lacks, what it calls by a wrong name."""
    faults = faults_of(load, {"solutions/adding/cases.py": script})
    assert any(
        fault.startswith("adding/cases.py") and SCRIPTS[script] in fault
        for fault in faults
    ), faults


BODIES = {
    "yield student.summry(1)": "line 3: one: the stub asks for no summry; did you mean summary?",
    "yield student.summary()": "line 3: one: summary also needs values",
    "yield student.summary({1})": "line 3: one: a set cannot be sent",
    "yield 3": "one: what is yielded has no result of student in it",
    "x = student.summary(1) + 1; yield x": "line 3: one: the result of summary is used",
    "yield 1 / 0": "line 3: one: ZeroDivisionError: division by zero",
    "raise SystemExit; yield": "line 3: one: SystemExit",
    "if student: return\n    yield 1": "one: yields nothing",
    "while True: yield student.summary(1)": "one: more than 100 trials in one case",
    "while True: student.summary(1)\n    yield": "line 3: one: more than 1000 calls in one case",
}


@pytest.mark.parametrize("body", BODIES)
def test_each_mistake_in_drawing_is_a_line(load: Load, body: str) -> None:
    """A case that cannot be drawn says in which line; that it never ends is found by counting."""
    script = f"def one(student, rng):\n    'a title'\n    {body}\n"
    exercise, solutions = load(
        {
            "solutions/adding/cases.py": script,
            "solutions/adding/check.py": "",
        }
    )
    with pytest.raises(ExerciseError) as caught:
        draw_cases(exercise, solutions, "sha256:a", b"secret")
    (fault,) = caught.value.faults
    assert fault.startswith("adding/cases.py")
    assert BODIES[body] in fault


REFERENCES = {
    "def summary(values, power=1): return 1": "defines no class Layer",
    REFERENCE.replace(
        "def forward", "def forwards"
    ): "class Layer has no method forward; did you",
    REFERENCE.replace(
        "values, power=1", "values"
    ): "summary cannot be called as the stub's",
    REFERENCE.replace(
        "self, weight", "self"
    ): "Layer cannot be called as the stub's Layer(weight)",
    "class Layer: pass\nsummary = 3": "defines no function summary",
    "open('data/words.txt')": (
        "FileNotFoundError: No such file or directory: data/words.txt; put it into the exercise's "
        "folder, and its name into `files` in exercise.toml"
    ),
}


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_reference_has_to_be_what_the_stub_asks_for(
    load: Load, reference: str
) -> None:
    """Each function, each class with its methods, callable as the stub's are."""
    faults = faults_of(load, {"solutions/adding/reference.py": reference})
    assert any(
        fault.startswith("adding/reference.py")
        and REFERENCES[reference] in fault
        for fault in faults
    ), faults


CHECKS = {
    "def summary(result, values):\n    return None\n": "its first parameter is called answer",
    "def two(answer, values):\n    return None\n": "values is not a parameter of what is checked",
    "def even(answer):\n    return True\n": "is a property, so its docstring is the hint",
    "def even(answer, vals):\n    'A.'\n": "vals is not a parameter of what is checked",
    "def even(answer, weight, values):\n    'A.'\n": "no function of the stub has all of",
    "def sumary(answer):\n    return None\n": "write one; did you mean summary?",
    "1 / 0": ", line 1: ZeroDivisionError",
}


@pytest.mark.parametrize("check", CHECKS)
def test_each_mistake_in_check_py_is_a_line(load: Load, check: str) -> None:
    """A check is asked with values by name, so its parameters have to be known."""
    faults = faults_of(load, {"solutions/adding/check.py": check})
    assert any(
        fault.startswith("adding/check.py") and CHECKS[check] in fault
        for fault in faults
    ), faults


def test_there_is_one_file_of_cases(load: Load) -> None:
    """Neither none nor both: whoever has two would not know which one counts."""
    both = faults_of(
        load, {"solutions/adding/cases.toml": "case = []\ntrial = []"}
    )
    assert "adding: has cases.py and cases.toml; keep one" in both


def test_a_hidden_half_without_cases_says_so(
    load: Load, tmp_path: Path
) -> None:
    """The line names both files that may be written."""
    load()
    (tmp_path / "solutions/adding/cases.py").unlink()
    faults = faults_of(load, {"solutions/adding/cases.py": None})
    assert any(
        "there is no cases.py and no cases.toml" in fault for fault in faults
    )


@hypothesis.given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "tuple",
                        "list",
                        "generator",
                        "none",
                        "float32",
                        "a",
                        "complex",
                    ]
                ),
                inner,
                max_size=2,
            )
        ),
        max_leaves=12,
    )
)
@hypothesis.settings(max_examples=200)
def test_reading_values_is_total(data: object) -> None:
    """Whatever stands in TOML is a value or a fault, and never an exception."""
    from grader.exercise.values import read_value

    faults: list[str] = []
    read_value("expected", data, faults)
    assert all(fault.startswith("expected") for fault in faults)


_ANYTHING = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.sampled_from(["image.rows", "uint8", "integers", "constant", "float"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["left", "a", "name"]), inner, max_size=2
        )
    ),
    max_leaves=5,
)


def _places(
    data: object, way: tuple[object, ...] = ()
) -> list[tuple[object, ...]]:
    """List the ways to everything in plain data."""
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    else:
        return [way]
    found = [way] if way else []
    for key, item in pairs:
        found += _places(item, (*way, key))
    return found


@hypothesis.given(st.data())
@hypothesis.settings(max_examples=300)
def test_whatever_stands_at_a_key_is_a_value_or_a_fault(
    draw: st.DataObject,
) -> None:
    """No value of any key of exercise.toml or cases.toml makes reading raise."""
    whole = tomllib.loads(EXERCISE if draw.draw(st.booleans()) else TABLES)
    way = draw.draw(st.sampled_from(_places(whole)))
    inner: Any = whole
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = draw.draw(_ANYTHING)
    path = Path("adding/file.toml")
    if "case" in whole or "trial" in whole:
        table, _ = read_table(path, whole, CasesTable)
        faults = list(cases_faults(table, ("left", "right")))
    else:
        table, _ = read_table(path, whole, ExerciseTable)
        faults = [
            *exercise_faults(table, TARGETS),
            *read_examples(table, TARGETS)[1],
        ]
    assert all("\n" not in fault for fault in faults)


TABLES = """
[[case]]
name = "square"
title = "2x2"
points = 2
tolerance.rtol = 0.1
shapes.left = [2, 2]
shapes.right = [2, 2]

[[trial]]
name = "float"
title = "floats"
inputs.left = { kind = "uniform", low = -1, high = "left.rows", step = 0.25, dtype = "float32" }
inputs.right = { kind = "constant", value = 3 }

[[trial]]
name = "again"
title = "floats"
inputs.left = { same_as = "float", sum_between = [1, 2] }
inputs.right = { kind = "normal", mean = 1, std = 2, decimals = 1 }
"""
TARGETS = (
    Target(name="Layer", is_class=True, parameters=(Parameter(name="weight"),)),
    Target(name="summary", parameters=(Parameter(name="values"),)),
)
TO_WRITE = "def f(x):\n    raise NotImplementedError\n"


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("def f(x):\n    raise NotImplementedError\n", ""),
        (
            f"import math\nA = 3\nB = A\n{TO_WRITE}def g(x):\n    return B * math.pi\n",
            "import math\nA = 3\nB = A\ndef g(x):\n    return B * math.pi\n",
        ),
        (
            "C = 3\nclass G:\n    pass\ndef f(x):\n    raise NotImplementedError\n",
            "class G:\n    pass\n",
        ),
    ],
)
def test_what_is_given_comes_with_what_it_needs(
    tmp_path: Path, text: str, given: str
) -> None:
    """Imports and constants that given functions read are put back with them, and no others."""
    (tmp_path / "f.py").write_text(text)
    assert read_stub(tmp_path, []).given == given
    assert given_source(ast.parse(text), ()) != "" or not given


def test_every_exercise_of_this_repository_reads(load: Load) -> None:
    """What ships has no fault."""
    load()
    root = Path(__file__).parents[2]
    for folder in sorted((root / "exercises").iterdir()):
        if folder.is_dir():
            assert load_exercise(folder).targets
