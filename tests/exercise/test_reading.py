"""Reading both halves of an exercise: valid files are read, and all faults come at once."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.errors import ExerciseError, UsageError
from grader.exercise import load_exercise, load_solutions, record_validation
from grader.model import Comparison, Limits, Picture, Rules, Speed, Tolerance
from tests.exercise.conftest import EXERCISE

Write = Callable[..., Path]


def faults_of(folder: Path) -> tuple[str, ...]:
    """Load an invalid exercise, and return its faults."""
    with pytest.raises(ExerciseError) as caught:
        load_exercise(folder)
    return caught.value.faults


def test_a_valid_exercise_has_what_its_files_say(write: Write) -> None:
    """Everything comes from the folder's files, or is a default; the folder's name is the name."""
    exercise = load_exercise(write())
    assert (exercise.name, exercise.title, exercise.function) == (
        "adding",
        "Add two arrays",
        "add",
    )
    assert exercise.arguments == ("left", "right")
    assert exercise.stub.startswith("def add")
    assert (
        exercise.points,
        exercise.limits.call_s,
        exercise.tolerance.rtol,
    ) == (
        1.0,
        2.0,
        1e-5,
    )


ALL_KEYS = """
title = "Add two arrays"
points = 2.5
preload = ["json"]
packages = ["scipy"]
files = ["words.txt"]
hand_in = "By mail."
parts.add = ["sum", "rest"]
missing.scipy = "Install it."
limits.call_s = 3
tolerance = { rtol = 0.5, atol = 0.25 }
comparison.lists = true
picture = { window = ["left", "right"], stride = "step", padding = "edge" }
rules = { forbidden = ["scipy"], loops = false, required = ["numpy.add"] }
speed.within = "20x reference"

[[example]]
name = "small"
title = "two and two"
inputs = { left = [1, 2], right = [3, 4] }
any_of = [{ sum = [4, 6], rest = 0 }, { tuple = [[4, 6], 1] }, { none = true }]
"""


def test_every_key_of_exercise_toml_is_in_the_exercise(write: Write) -> None:
    """None is read and then forgotten."""
    folder = write(
        ALL_KEYS,
        stub=(
            "import math\n\ndef add(left, right, step=1, *, edge=0):\n"
            "    raise NotImplementedError\n\ndef half():\n    return math.pi\n"
        ),
    )
    (folder / "words.txt").write_bytes(b"a b")
    exercise = load_exercise(folder)
    assert exercise.arguments == ("left", "right")
    assert [each.name for each in exercise.targets] == ["add"]
    assert exercise.targets[0].parts == ("sum", "rest")
    assert len(exercise.targets[0].parameters) == 4
    assert exercise.given.splitlines()[0] == "import math"
    assert exercise.file == "add.py"
    assert exercise.folder == folder
    assert (exercise.points, exercise.preload) == (2.5, ("json",))
    assert (exercise.packages, exercise.files) == (("scipy",), ("words.txt",))
    assert exercise.hand_in == "By mail."
    assert exercise.missing == {"scipy": "Install it."}
    assert exercise.limits == Limits(call_s=3)
    assert exercise.tolerance == Tolerance(rtol=0.5, atol=0.25)
    assert exercise.comparison == Comparison(lists=True)
    assert exercise.picture == Picture(
        window=("left", "right"), stride="step", padding="edge"
    )
    assert exercise.rules == Rules(
        forbidden=("scipy",), loops=False, required=("numpy.add",)
    )
    assert exercise.speed == Speed(within="20x reference")
    (example,) = exercise.examples
    assert (example.name, example.title) == ("small", "two and two")
    assert [each.tolist() for each in example.args] == [[1, 2], [3, 4]]
    assert (example.names, example.calls) == ((), ())
    assert (example.expected[0].tolist(), example.expected[1]) == ([4, 6], 0)
    assert example.others[0][1] == 1
    assert example.others[1] is None


def test_an_example_is_asked_for_by_position_where_it_can_be(
    write: Write,
) -> None:
    """Arrays for the parameters that have no default are; anything else is a call by name."""
    stub = "def add(left, right=1, *, step=0):\n    raise NotImplementedError\n"
    for inputs, called in (
        ("left = [1]", False),
        ("left = 1", True),
        ("left = [1], right = [1]", True),
        ("step = [1], left = [1]", True),
    ):
        text = f"""title = 'Add'
[[example]]
name = 'a'
title = 'a'
inputs = {{ {inputs} }}
expected = 1
"""
        (example,) = load_exercise(write(text, stub=stub)).examples
        assert bool(example.calls) is called
        assert len(example.args) == inputs.count("=")


@pytest.mark.parametrize("number", [200, 201])
def test_an_exercise_has_at_most_200_examples(
    write: Write, number: int
) -> None:
    """A report shows each one."""
    text = "title = 'Add'\n" + "".join(
        f"[[example]]\nname = '{name}'\ntitle = ''\nexpected = 1\n"
        f"inputs = {{ left = 1, right = {name} }}\n"
        for name in range(number)
    )
    folder = write(text)
    if number == 200:
        assert len(load_exercise(folder).examples) == 200
    else:
        assert faults_of(folder) == (
            "adding/exercise.toml: example: there are 201; 200 is the most",
        )


@pytest.mark.parametrize("length", [200, 201])
def test_a_title_has_at_most_200_characters(write: Write, length: int) -> None:
    """It is one line of a report."""
    title = "x" * length
    folder = write(EXERCISE.replace("Add two arrays", title))
    if length == 200:
        assert load_exercise(folder).title == title
    else:
        assert faults_of(folder) == (
            (
                "adding/exercise.toml: title: must be one line of at most 200 characters that can "
                "be printed"
            ),
        )


def test_a_folder_has_the_name_of_its_exercise(write: Write) -> None:
    """One that is no name is a fault; the rest of it is read all the same."""
    folder = write("title = ''")
    spaced = folder.rename(folder.with_name("a b"))
    assert faults_of(spaced) == (
        "a b/exercise.toml: example: missing",
        "a b/exercise.toml: title: is empty",
        (
            "a b: is not a valid exercise name, and a folder's name is the name of its exercise: "
            "use letters, digits, - and _"
        ),
    )


def test_an_example_has_the_type_its_numbers_are_written_in(
    write: Write,
) -> None:
    """Whole numbers make an array int64; one number with a point makes it float64."""
    example = load_exercise(write()).examples[0]
    assert [array.dtype for array in (*example.args, example.expected)] == [
        np.int64,
        np.float64,
        np.float64,
    ]
    assert not example.args[0].flags.writeable


def test_all_faults_are_reported_at_once(write: Write) -> None:
    """Unknown and missing keys, wrong types and impossible values come together, with keys."""
    folder = write("""
titel = "x"
function = "add"
points = "one"
[limits]
cal_s = 1
load_s = -1
[tolerance]
rtol = true
[[example]]
name = "a"
title = ""
inputs.left = [[1, 2], [3]]
inputs.rihgt = ["x"]
expected = [nan]
""")
    faults = "\n".join(faults_of(folder))
    for expected in (
        "adding/exercise.toml: titel: unknown key; did you mean title?",
        "adding/exercise.toml: title: missing",
        "points: expected a number, got text",
        "limits.cal_s: unknown key; did you mean call_s?",
        "limits.load_s: must be above 0",
        "tolerance.rtol: expected a number, got true or false",
        "function: the stub says it; take this line away",
        "example 'a': inputs.rihgt: unknown argument; did you mean right?",
        "example 'a': inputs.right: missing",
        "example 'a': inputs.left: every row must be as long as the others",
        "example 'a': expected: numbers must be finite",
    ):
        assert expected in faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title = ", "is not TOML"),
        ("", "title: missing"),
        ("example = 3", "example: expected a list, got a whole number"),
        ('arguments = ["a"]', "arguments: the stub says it; take this line"),
        (
            "[rules]\nforbidden = ['scipy signal']",
            "rules.forbidden: 'scipy signal' is not a module's name",
        ),
        ("preload = ['a b']", "preload: 'a b' is not a module's name"),
        ("packages = ['a b']", "packages: 'a b' is not the name of a package"),
        (
            "packages = ['-r x']",
            "packages: '-r x' is not the name of a package",
        ),
        ("points = inf", "points: must be above 0"),
        (
            "[[example]]\nname = ''",
            "example 1.name: expected text of length >= 1",
        ),
    ],
)
def test_each_fault_is_one_line_with_file_and_key(
    write: Write, text: str, fault: str
) -> None:
    """Whatever is wrong, the line names the file and the key."""
    faults = faults_of(write(text))
    assert any(
        line.startswith("adding/exercise.toml: ") and fault in line
        for line in faults
    ), faults
    assert all("\n" not in line for line in faults)


def test_a_missing_stub_is_a_fault_of_the_exercise(write: Write) -> None:
    """The stub is what students start from: without it the exercise is invalid."""
    assert faults_of(write(stub=None)) == (
        "adding: there is no Python file; write the stub, such as softmax.py",
    )


def test_a_file_that_is_not_utf_8_is_a_fault(write: Write) -> None:
    """An exercise.toml in another encoding is one line, not a traceback."""
    folder = write()
    (folder / "exercise.toml").write_bytes(b"\xff\xfe")
    assert faults_of(folder) == ("adding/exercise.toml: is not UTF-8",)


def test_the_digest_follows_the_content_alone(write: Write) -> None:
    """Content and names change the digest; caches, hidden files, derived files and dates do not."""
    folder = write()
    before = load_exercise(folder).digest
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "add.pyc").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "hints.npz").write_bytes(b"x")
    (folder / "add.py").touch()
    assert load_exercise(folder).digest == before
    (folder / "README.md").write_text("more")
    assert load_exercise(folder).digest != before


# ----------------------------------------------------------------------------------------- finding


def test_a_name_is_found_from_a_folder_below(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--exercise NAME` looks in exercises/ of the working folder and of its parents."""
    below = write().parent.parent / "deep" / "down"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert load_exercise("adding").name == "adding"


def test_a_students_folder_of_the_same_name_does_not_hide_the_exercise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain name means an exercise; a folder counts for it only if it holds an exercise.toml."""
    (tmp_path / "convolution").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_exercise("convolution").function == "convolve"


@pytest.mark.parametrize(
    "given",
    [
        "convolutoin",
        "no/such/folder",
        "a\0b",
        "x" * 5000,
        "../" * 50 + "etc/hostname",
    ],
)
def test_what_does_not_exist_is_wrong_usage(given: str) -> None:
    """A name or path that is not a folder is wrong usage, in one line."""
    with pytest.raises(UsageError) as caught:
        load_exercise(given)
    assert "\n" not in str(caught.value)


def test_a_mistyped_name_is_corrected() -> None:
    """The line says which exercise was probably meant."""
    with pytest.raises(UsageError, match="did you mean convolution"):
        load_exercise("convolutoin")


def test_a_folder_without_exercise_toml_is_an_invalid_exercise(
    tmp_path: Path,
) -> None:
    """A path that exists but is not an exercise is an invalid exercise, not wrong usage."""
    assert "there is no such file" in faults_of(tmp_path)[0]


# --------------------------------------------------------------------------------- the hidden half


def hidden(public: Path) -> Path:
    """Return the hidden half that belongs to the public half of `adding`."""
    return public.parents[1] / "solutions" / "adding"


def solution_faults(folder: Path) -> str:
    """Load invalid solutions, and return their faults as one text."""
    exercise = load_exercise(folder)
    with pytest.raises(ExerciseError) as caught:
        load_solutions(exercise, hidden(folder), validated=False)
    return "\n".join(caught.value.faults)


def test_solutions_hold_the_reference_and_the_recipes(write: Write) -> None:
    """The reference is called as it is; recipes come from cases.toml."""
    folder = write()
    exercise = load_exercise(folder)
    solutions = load_solutions(exercise, hidden(folder), validated=False)
    assert solutions.reference(np.ones(2), np.ones(2)).tolist() == [2, 2]
    assert solutions.cases[0].shapes == {"left": (2, 2), "right": (2, 2)}
    assert not list(solutions.folder.glob("__pycache__"))


def test_faults_of_cases_and_reference_come_together(write: Write) -> None:
    """Every fault of cases.toml, and that of reference.py, are reported at once."""
    cases = """
[[case]]
name = "a"
title = ""
shapes.left = [0]
shapes.rigth = [2]
[[case]]
name = "a"
title = ""
shapes.left = [2]
shapes.right = [2]
[[trial]]
name = "t"
title = ""
inputs.left = { kind = "unifrom", low = 1 }
inputs.right = { same_as = "later" }
[[trial]]
name = "u"
title = ""
inputs.left = { low = 2, high = 1, step = 0 }
inputs.right = { kind = "integers", decimals = 1 }
[[trial]]
name = "v"
title = ""
inputs.left = { low = "lef.rows", high = "left.rows" }
inputs.right = { low = "left.size - 1", high = "left.row" }
[[trial]]
name = "w"
title = ""
inputs.left = { low = -inf, high = 1, sum_between = [2, 2] }
inputs.right = { kind = "normal", std = 0 }
"""
    faults = solution_faults(
        write(cases=cases, reference="def ad(left, right): pass")
    )
    for expected in (
        "cases.toml: trial 1.inputs.left.kind: invalid enum value 'unifrom'",
        "case 'a': shapes.rigth: unknown argument; did you mean right?",
        "case 'a': shapes.left: sizes are above 0",
        "case: 'a' is there 2 times",
        "same_as: 'later' is not an earlier trial",
        "trial 'u': inputs.left: low must be below high",
        "trial 'u': inputs.left: step must be above 0",
        "trial 'u': inputs.right: integers take no step and no decimals",
        "trial 'v': inputs.left: 'lef.rows': lef is not an argument; did you mean left?",
        "trial 'v': inputs.right: 'left.row' is not a size; write image.rows, ",
        "trial 'w': inputs.left: numbers must be finite",
        "trial 'w': inputs.left: sum_between is [low, high]",
        "trial 'w': inputs.right: std must be above 0",
        "reference.py: defines no function add; did you mean ad?",
    ):
        assert expected in faults
    # Of trial v the two sizes that are right are no faults.
    assert faults.count("trial 'v'") == 2


def test_a_broken_cases_toml_is_one_line(write: Write) -> None:
    """It is not also said what would be missing in it; a fault of the reference is."""
    faults = solution_faults(write(cases="case = [", reference="add = 3"))
    first, second = faults.splitlines()
    assert first == "adding/reference.py: defines no function add"
    assert second.startswith("adding/cases.toml: is not TOML: ")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def add(:", "SyntaxError"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("x = 1\nraise SystemExit(3)", "reference.py, line 2: SystemExit: 3"),
        ("add = 3", "defines no function add"),
        (None, "there is no such file"),
    ],
)
def test_a_broken_reference_is_one_line(
    write: Write, source: str | None, fault: str
) -> None:
    """A reference that cannot be loaded makes the exercise invalid, in one line."""
    faults = solution_faults(write(reference=source))
    assert fault in faults
    assert "\n" not in faults


def test_changed_solutions_have_another_digest(write: Write) -> None:
    """A grade depends on the reference and the cases; it does not depend on samples."""
    public = write()
    exercise = load_exercise(public)
    folder = hidden(public)
    record_validation(exercise, folder)
    before = load_solutions(exercise, folder).digest
    (folder / "samples").mkdir()
    (folder / "samples" / "right.py").write_text("x = 1")
    assert load_solutions(exercise, folder).digest == before
    (folder / "reference.py").write_text(
        "def add(left, right): return right + left"
    )
    assert load_solutions(exercise, folder).digest != before
