"""What an author reads about each mistake, to the letter.

A change of one word shows here, in `golden/`. After a change that is meant, write the files again
and read the difference before you commit it:

    GRADER_UPDATE=1 pytest tests/exercise/test_sentences.py

What Python or NumPy says in its own words differs from version to version, and is not here.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.errors import ExerciseError
from grader.exercise import load_both
from tests.exercise.conftest import TO_DO
from tests.golden import assert_golden

HERE = Path(__file__).parent / "golden"

EXAMPLE = """
[[example]]
name = "small"
title = "two and two"
inputs.left = [1, 2]
inputs.right = [3, 4]
expected = [4, 6]
"""
STUB = "def add(left, right):\n    raise NotImplementedError\n"
REFERENCE = "def add(left, right):\n    return left + right\n"
SHAPES = "shapes = { left = [2], right = [2] }"
CASE = f"""
[[case]]
name = "square"
title = "2x2"
{SHAPES}
"""
TRIAL = """
[[trial]]
name = "float"
title = "floats"
inputs.left = { low = -1, high = 1 }
inputs.right = { kind = "integers", low = 0, high = 9 }
"""
FILES = {
    "exercise.toml": f'title = "Add"\n{EXAMPLE}',
    "add.py": STUB,
    "reference.py": REFERENCE,
    "cases.toml": CASE + TRIAL,
}
HIDDEN = ("reference.py", "cases.toml", "cases.py", "check.py")
Changes = Mapping[str, str | None]


def said(folder: Path, changes: Changes) -> str:
    """Return all that is said about an exercise with some files changed, or taken away."""
    halves = (folder / "exercises/adding", folder / "solutions/adding")
    for half in halves:
        half.mkdir(parents=True)
    for name, text in {**FILES, **changes}.items():
        if text is not None:
            (halves[name in HIDDEN] / name).write_text(text, "utf-8")
    try:
        load_both(*halves)
    except ExerciseError as error:
        return "".join(f"    {fault}\n" for fault in error.faults)
    return "    is right\n"


def page(folder: Path, mistakes: Iterable[tuple[str, Changes]]) -> str:
    """Return what is said about each mistake, as it stands in a golden file."""
    return "".join(
        f"{name}\n{said(folder / str(number), changes)}\n"
        for number, (name, changes) in enumerate(mistakes)
    )


# ---- exercise.toml

KEYS = (
    *('title = ""', 'title = "a\\tb"', 'title = "a\\nb"'),
    *("points = 0", "points = nan", "points = -1", "points = 0.1"),
    *("limits.call_s = 0", "limits.memory_mb = -1", "limits.load_s = inf"),
    *("tolerance.rtol = -1e-9", "tolerance.atol = inf", "tolerance.atol = 0"),
    'packages = ["a", "scikit-learn", "a.b_c", "a-", "-a", "a b", ""]',
    'preload = ["matplotlib.pyplot", "a..b", "1a", ""]',
    'rules.forbidden = ["scipy", "scipy.signal", "a-b"]',
    'rules.required = ["numpy.einsum", "einsum", "numpy.a-b"]',
    'missing = { scipy = " ", "a b" = "Install it." }',
    *('parts.ad = ["a"]', 'parts.plus = ["a"]', "parts.add = []"),
    'parts.add = ["sum", "sum", "rest", "sum", " ", "a\\u200b"]',
    *(
        'picture.window = ["left"]',
        'picture.window = ["left", "right", "left"]',
    ),
    *(
        'picture.window = ["left", "righ"]',
        'picture.window = ["left", "right"]',
    ),
    *('picture.stride = "left"', 'picture.padding = "left"'),
    'picture = { window = ["left", "right"], stride = "lef", padding = "step" }',
    'picture = { window = ["left", "right"], stride = "left", padding = "right" }',
    *(
        'speed.within = "2"',
        'speed.within = "2x"',
        'speed.within = "1e3x reference"',
    ),
    *('speed.within = "1.9x reference"', 'speed.within = "2x reference"'),
    'function = "add"\narguments = ["left"]',
    "titel = 3",
)
"""Lines of exercise.toml, of which the second part of each pair is what is right."""

EXAMPLES = (
    *("inputs.left = [[1, 2], [3]]", "inputs.left = [true, 1]"),
    *("inputs.left = [true, 0.5]", "inputs.left = [true, 'a', 1]"),
    *("inputs.left = [true, false]", "inputs.left = [1, inf]"),
    *(
        "inputs.left = nan",
        "inputs.left = 2020-01-01",
        "inputs.left = ['a', nan]",
    ),
    *("inputs.left = { list = 3 }", "inputs.left = { list = [[1], [nan]] }"),
    *("inputs.left = { tuple = 3 }", "inputs.left = { tuple = [1, nan] }"),
    *("inputs.left = { dict = 3 }", "inputs.left = { dict = { list = nan } }"),
    *("inputs.left = { w = nan, b = [inf] }", "inputs.left = { bytes = 3 }"),
    *(
        "inputs.left = { complex = 'x' }",
        "inputs.left = { complex = '1 + 2j' }",
    ),
    *("inputs.left = { none = 1 }", "inputs.left = { none = true }"),
    *("inputs.left = { generator = true }", "inputs.left = { generator = 0 }"),
    *("inputs.left = { generator = -1 }", "inputs.left = { generator = 1.5 }"),
    *("inputs.left = { int8 = [128] }", "inputs.left = { int8 = [127] }"),
    *("inputs.left = { float16 = [1e6] }", "inputs.left = { float32 = ['a'] }"),
    *(
        "inputs.left = { float32 = [[1], [1, 2]] }",
        "inputs.left = [1" + "0" * 30 + "]",
    ),
    *("inputs.lef = 3", "inputs.other = 3", "title = 3"),
    *("expected = nan", "any_of = [1, 2]", "any_of = []"),
    *("calls = ['add(left, righ)']", "calls = ['add(left, right)', 'left']"),
)
"""Lines that take the place of others in an example."""


def example_with(line: str) -> str:
    """Return the example with a line in place of the one that has its key, or at the end."""
    key = line.partition(" = ")[0]
    kept = [each for each in EXAMPLE.splitlines() if not each.startswith(key)]
    return "\n".join([*kept, line, ""])


def test_exercise_toml(tmp_path: Path) -> None:
    """Numbers, names of packages and modules, parts, pictures, speed: the key and what is wrong."""
    mistakes = []
    for line in KEYS:
        title = "" if line.startswith("title") else 'title = "Add"\n'
        mistakes.append((line, {"exercise.toml": f"{title}{line}\n{EXAMPLE}"}))
    assert_golden(HERE / "keys.txt", page(tmp_path, mistakes))


def test_examples(tmp_path: Path) -> None:
    """Values of every kind, inputs, answers and calls."""
    top = 'title = "Add"\n'
    small = EXAMPLE.replace('"small"', '"a\\u0007"')
    without = EXAMPLE.replace("expected = [4, 6]", "")
    mistakes: list[tuple[str, Changes]] = [
        *(
            (line, {"exercise.toml": top + example_with(line)})
            for line in EXAMPLES
        ),
        ("no example", {"exercise.toml": top + "example = []"}),
        ("one twice", {"exercise.toml": top + EXAMPLE * 2}),
        (
            "one without a name",
            {"exercise.toml": top + EXAMPLE.replace("small", "")},
        ),
        ("a name that rings", {"exercise.toml": top + small}),
        ("no answer", {"exercise.toml": top + without}),
        (
            "a class without calls",
            {
                "exercise.toml": top + EXAMPLE,
                "add.py": CLASS,
                "reference.py": CLASS,
                "cases.toml": None,
                "cases.py": SCRIPT,
            },
        ),
    ]
    assert_golden(HERE / "examples.txt", page(tmp_path, mistakes))


PARTS = {
    "by name": "{ a = 1, b = 2 }",
    "a tuple": "{ tuple = [1, 2] }",
    "nothing": "{ none = true }",
    "one of two": "{ a = 1 }",
    "one too many": "{ a = 1, b = 2, c = 3 }",
    "of a wrong value": "{ a = nan, b = 2 }",
    "a number": "3",
}

# ---- the stub, and its file

CLASS = """class Sum:
    def __init__(self, left):
        raise NotImplementedError

    def add(self, right):
        raise NotImplementedError
"""
SCRIPT = """def one(student, rng):
    "one"
    yield student.add(1, 2)
"""
STUBS = (
    "def add(left, right):\n    return left\n",
    "def add(left, right):\n    pass\n",
    "def add(left, right):\n    '''Add.'''\n    ...\n",
    f"def add(left, right):\n    '''Add.'''\n    x = 1\n{TO_DO}",
    "def add(left, right):\n    raise ValueError\n",
    f"def add(left, right, *more, **rest):\n{TO_DO}",
    f"async def add(left, right):\n{TO_DO}",
    f"def add(left, right):\n{TO_DO}\ndef add(left, right):\n{TO_DO}",
    f"def add(left, right):\n{TO_DO}\nclass add:\n    pass\n",
    f"def add(left, right):\n{TO_DO}\nasync def other():\n    pass\n",
    "class Sum:\n    def a(self):\n        pass\n    def b(self):\n        return 1\n",
    "",
)


def test_stubs(tmp_path: Path) -> None:
    """Nothing to write, nothing in it, twice the same name, several files or none."""
    mistakes: list[tuple[str, Changes]] = [
        (repr(text), {"add.py": text}) for text in STUBS
    ]
    mistakes += [
        ("no stub", {"add.py": None}),
        ("two stubs", {"other.py": STUB}),
        ("a name with a space", {"add.py": None, "a b.py": STUB}),
    ]
    assert_golden(HERE / "stubs.txt", page(tmp_path, mistakes))


# ---- files that are given

GIVEN = (
    *("words.txt", "no.txt", "wrds.txt", "../words.txt", "", ".words"),
    *("exercise.toml", "README.md", "hints.npz", "add.py", "a" * 100),
)


def test_given_files(tmp_path: Path) -> None:
    """Names that lead away, files that are something else, files that are not there."""
    mistakes = [
        (
            f"files: {name}",
            {
                "words.txt": "one two",
                "exercise.toml": f"title = 'Add'\nfiles = ['{name}']\n{EXAMPLE}",
            },
        )
        for name in GIVEN
    ]
    assert_golden(HERE / "given.txt", page(tmp_path, mistakes))


# ---- cases.toml

CASES = (
    *("# as it is", "few_inputs = ['square', 'squar', 'x']", "points = 3"),
    *("case.points = 0", "case.points = inf", "case.points = 0.5"),
    *("case.tolerance.rtol = -1", "case.tolerance.atol = nan"),
    *(
        "case.shapes.left = [0]",
        "case.shapes.left = [1]",
        "case.shapes.left = []",
    ),
    *("case.shapes.left = [1000, 1001]", "case.shapes.left = [1000, 1000]"),
    *("case.shapes.lef = [2]", 'case.name = "a\\tb"', "case.name = ''"),
    *(
        "probe.shapes = { left = [2], right = [2] }",
        "probe.shapes = { left = [3] }",
    ),
    *("probe.shapes = { left = [0], right = [9] }", "probe.shapes.lft = [1]"),
    *("left = { low = 1, high = 1 }", "left = { low = 1, high = inf }"),
    *(
        "left = { low = nan }",
        "left = { low = 'left.rows', high = 'right.size + 1' }",
    ),
    *(
        "left = { low = 'left' }",
        "left = { low = 'lft.rows' }",
        "left = { low = 'x.size' }",
    ),
    *(
        "left = { high = 'left.rows * 2' }",
        "left = { high = 'left.columns - 1' }",
    ),
    *(
        "left = { kind = 'normal', std = 0 }",
        "left = { kind = 'normal', low = 3 }",
    ),
    *("left = { kind = 'normal', mean = inf }", "left = { std = nan }"),
    *("left = { sum_between = [1, 1] }", "left = { sum_between = [1, 2] }"),
    *(
        "left = { sum_between = [1, inf] }",
        "left = { step = 0 }",
        "left = { step = inf }",
    ),
    *(
        "left = { step = 0.5, decimals = 1 }",
        "left = { kind = 'integers', step = 1 }",
    ),
    *(
        "left = { kind = 'integers', decimals = 1, high = 9 }",
        "left = { step = 0.5 }",
    ),
    *("left = { same_as = 'flot' }", "left = { same_as = 'float' }"),
    *("left = { kind = 'constant' }", "left = { value = 3 }"),
    *(
        "left = { kind = 'constant', value = 3 }",
        "left = { dtype = 'float33' }",
    ),
    *("left = { dtype = 'text' }", "left = { dtype = 'uint8', low = -1 }"),
    "left = { kind = 'integers', dtype = 'uint8', low = -1, high = 255 }",
    "left = { kind = 'integers', dtype = 'uint8', low = 0, high = 256 }",
    "left = { kind = 'integers', dtype = 'int8', low = -128, high = 127 }",
    "left = { kind = 'integers', dtype = 'int8', low = -129, high = 'left.rows' }",
    "left = { kind = 'integers', dtype = 'float32', low = -300, high = 300 }",
    *("lft = { low = 0 }", "up = { low = 0 }"),
)


def cases_with(line: str) -> str:
    """Return a cases.toml with a line of its own, of its case or of its trial."""
    if line.startswith("case."):
        key = line[5:].partition(" = ")[0]
        case = "\n".join(
            each for each in CASE.splitlines() if not each.startswith(key)
        )
        if key.startswith("shapes."):
            case = CASE.replace(SHAPES, "shapes.right = [2]")
            if key != "shapes.left":
                case = f"{case}shapes.left = [2]\n"
        return f"{case}\n{line[5:]}\n{TRIAL}"
    if "= {" in line and not line.startswith("probe"):
        left = "inputs.left = { low = -1, high = 1 }"
        trial = TRIAL.replace(left, f"inputs.{line}")
        if not line.startswith("left"):
            trial += left
        return CASE + TRIAL.replace('"float"', '"first"') + trial
    return f"{line}\n{CASE}{TRIAL}"


def test_cases_toml(tmp_path: Path) -> None:
    """Shapes, ranges, sizes, types and options of what is drawn."""
    mistakes: list[tuple[str, Changes]] = [
        (line, {"cases.toml": cases_with(line)}) for line in CASES
    ]
    again = TRIAL.replace("{ low = -1, high = 1 }", "{ same_as = 'flot' }")
    constant = TRIAL.replace(
        "low = -1, high = 1", "kind = 'constant', value = 3"
    )
    without = CASE.replace("left = [2], ", "")
    mistakes += [
        ("no case", {"cases.toml": f"case = []\n{TRIAL}"}),
        ("no trial", {"cases.toml": f"trial = []\n{CASE}"}),
        ("each twice", {"cases.toml": CASE * 2 + TRIAL * 2}),
        ("as one of an earlier trial", {"cases.toml": CASE + TRIAL + again}),
        ("as in itself", {"cases.toml": CASE + again.replace("flot", "float")}),
        ("a constant needs no shape", {"cases.toml": without + constant}),
        (
            "one that is constant at times does",
            {"cases.toml": without + constant + TRIAL},
        ),
        ("no cases", {"cases.toml": None}),
        ("two files of cases", {"cases.py": SCRIPT}),
        ("no such type", {"cases.toml": "case = 3\ntrial = []"}),
    ]
    assert_golden(HERE / "cases.txt", page(tmp_path, mistakes))


# ---- cases.py, check.py and reference.py

SCRIPTS = (
    "x = 1",
    "def helper(a):\n    return a\n" + SCRIPT,
    "def one(rng, student):\n    'a'\n    yield 1\n",
    "def one(student, rng):\n    'a'\n    return 1\n",
    "def one(student, rng):\n    yield 1\n",
    "def _one(student, rng):\n    yield 1\n" + SCRIPT,
    "x = 1\n\nraise SystemExit\n",
    "x = 1\n\nraise ValueError('a', 3)\n",
    *(f"{line}\n{SCRIPT}" for line in ("POINTS = 3", "TOLERANCE = []")),
    *(
        f"POINTS = {{'one': {value}}}\n{SCRIPT}"
        for value in ("0", "1e999", "'a'", "2")
    ),
    f"POINTS = {{'two': 2, 'onee': 3, 'one': -1}}\n{SCRIPT}",
    f"TOLERANCE = {{'one': {{'rtol': -1}}, 'x': 3}}\n{SCRIPT}",
    f"TOLERANCE = {{'one': {{'atoll': 1}}}}\n{SCRIPT}",
    f"TOLERANCE = {{'one': 3}}\n{SCRIPT}",
    f"FEW_INPUTS = 'one'\n{SCRIPT}",
    "FEW_INPUTS = 3\n",
    "POINTS = 3\nTOLERANCE = 3\n",
    f"FEW_INPUTS = ['one', 'onee', 'x']\n{SCRIPT}",
    f"POINT = {{}}\nTOLERANCES = {{}}\nSIZE = 3\nfew_input = 3\n{SCRIPT}",
)
CHECKS = (
    "def add(answer, left, right, expected):\n    return None\n",
    "def add(result, left):\n    return None\n",
    "def add():\n    return None\n",
    "def add(answer, lef, down):\n    return None\n",
    "def square(answer, expected):\n    return None\n",
    "def square(answer, left):\n    return None\n",
    "def squar(answer):\n    return None\n",
    "def ad(answer):\n    return None\n",
    "def positive(answer):\n    return True\n",
    "def positive(answer, expected, left):\n    'It is positive.'\n    return True\n",
    "def positive(answer, lefft):\n    '''\n\n    '''\n    return True\n",
    "def _helper(a):\n    return a\n",
    "1 / 0",
)
REFERENCES = (
    *("def ad(left, right): return 1", "class ads: pass", "add = 3", "ad = 3"),
    *("1 / 0", "x = 1"),
    "open('data.txt')",
    "add = max",
    "import math\ndef add(*all): return 1",
)
CLASSES = (
    *("class Summ: pass", "Sum = 3", CLASS),
    CLASS.replace("def add", "def addd"),
    CLASS.replace("def add", "add = 3\n    def minus"),
)


def test_hidden_half(tmp_path: Path) -> None:
    """Cases that are no cases, tables with wrong keys, checks and references that do not fit."""
    by_class = {
        "add.py": CLASS,
        "cases.toml": None,
        "cases.py": SCRIPT,
        "exercise.toml": FILES["exercise.toml"].replace(
            "expected", "calls = ['Sum(left).add(right)']\nexpected"
        ),
    }
    mistakes: list[tuple[str, Changes]] = [
        *((text, {"cases.toml": None, "cases.py": text}) for text in SCRIPTS),
        *((text, {"check.py": text}) for text in CHECKS),
        *((text, {"reference.py": text}) for text in REFERENCES),
        *((text, {**by_class, "reference.py": text}) for text in CLASSES),
        ("no reference", {"reference.py": None}),
    ]
    assert_golden(HERE / "hidden.txt", page(tmp_path, mistakes))
