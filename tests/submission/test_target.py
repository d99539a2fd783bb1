"""Each way to miss the target gets one line."""

from collections.abc import Callable

import msgspec
import pytest

from grader.model import (
    Exercise,
    Fault,
    Loading,
    Method,
    Missing,
    Outcome,
    Parameter,
    Raised,
    Skipped,
    Submission,
    Target,
)
from grader.submission.absent import with_missing
from grader.submission.target import loading_fault

HandIn = Callable[..., Submission]
Tell = Callable[..., Fault]


@pytest.fixture
def tell(hand_in: HandIn, exercise: Exercise) -> Tell:
    """Return a function that explains what loading found in a source."""

    def _tell(
        source: str, state: str, name: str = "a.py", **loading: object
    ) -> Fault:
        found = msgspec.convert({"state": state, **loading}, Loading)
        fault = loading_fault(found, exercise, hand_in(source, name))
        assert fault is not None
        assert "\n" not in fault.message
        return fault

    return _tell


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("def convolv(a, b): pass", "convolv"),
        ("def Convolve(a, b): pass\ndef other(a, b): pass", "Convolve"),
        ("def conv2d(a, b): pass\ndef pad(a): pass", "conv2d"),
        (
            "def cross(image, kernel, stride=1): pass\ndef pad(a, b): pass",
            "cross",
        ),
        ("def correlate(img, k): pass\ndef pad(img): pass", "correlate"),
        ("def filter2d(img, k): pass\ndef pad(img, n): pass", "filter2d"),
        ("def my_function(x): pass", "my_function"),
        ("my_filter = lambda a, b: a", "my_filter"),
    ],
)
def test_the_function_that_was_meant_is_named(
    tell: Tell, source: str, meant: str
) -> None:
    """It is found by its name, by its parameters, or because it is the only one."""
    names = tuple(
        part.split("(")[0].split(" ")[0]
        for part in source.replace("def ", "\n").split("\n")
        if part.strip()
    )
    fault = tell(source, "no_function", functions=names)
    assert (
        f"There is no function named convolve; you have {meant} (line 1). Did you mean that?"
        in fault.message
    )
    assert fault.misconception == "wrong-name"


MANY = """
def load(path): return open(path)
def show(a): return a
def normalize(a): return a / 255
def sigmoid(x): return 1 / (1 + x)
def softmax(x): return x
def one_hot(x): return x
def train(m): return m
def evaluate(m, d): return 0
def convolution_forward_numpy(image, kernel): return image
def convolution_forward_torch(image, kernel): return None
"""


def test_an_empty_function_is_not_the_one_that_was_meant(tell: Tell) -> None:
    """Of two that would do, the one that does something is meant, wherever it stands."""
    names = tuple(line.split("(")[0][4:] for line in MANY.strip().split("\n"))
    fault = tell(MANY, "no_function", functions=names)
    assert (
        "you have convolution_forward_numpy (line 10). Did you mean"
        in fault.message
    )


@pytest.mark.parametrize(
    ("body", "is_empty"),
    [
        ("pass", True),
        ("...", True),
        ("'text'", True),
        ("return", True),
        ("return None", True),
        ("'text'\n    pass\n    return None", True),
        ("pass\n    return a", False),
        ("return 0", False),
        ("raise NotImplementedError", False),
    ],
)
def test_a_function_that_does_nothing_is_not_meant(
    tell: Tell, body: str, is_empty: bool
) -> None:
    """Beside one of the same likeness that does something."""
    source = f"def conv_a(a, b):\n    {body}\ndef conv_b(a, b):\n    return a\n"
    fault = tell(source, "no_function", functions=("conv_a", "conv_b"))
    assert ("you have conv_b (line" in fault.message) is is_empty
    assert ("you have conv_a and conv_b" in fault.message) is not is_empty


def test_a_function_that_the_text_does_not_show_is_named_without_a_line(
    tell: Tell,
) -> None:
    """It may come from `exec`."""
    fault = tell("x = 1", "no_function", functions=("convolv",))
    assert fault.message == (
        "There is no function named convolve; you have convolv. "
        "Did you mean that? Rename it to convolve."
    )


def test_a_default_is_written_out(hand_in: HandIn, exercise: Exercise) -> None:
    """What is to be written has the defaults, and the call has what it passes."""
    target = Target(
        name="f",
        parameters=(
            Parameter(name="a"),
            Parameter(name="b", optional=True, default="1"),
        ),
    )
    asking = msgspec.structs.replace(exercise, function="f", targets=(target,))
    loading = Loading(state="not_callable", type_name="int")
    fault = loading_fault(loading, asking, hand_in("f = 3"))
    assert fault is not None
    assert fault.message.endswith(
        "The tests call f(a), so write def f(a, b=1):"
    )


def test_the_likeliest_names_are_listed_first(tell: Tell) -> None:
    """Where two could be meant, a list of eight names both, and cuts off others."""
    source = MANY.replace("return None", "return image")
    names = tuple(line.split("(")[0][4:] for line in source.strip().split("\n"))
    fault = tell(source, "no_function", functions=names)
    listed = "you have convolution_forward_numpy, convolution_forward_torch, "
    assert listed in fault.message
    assert "softmax and more. Write def convolve" in fault.message
    assert fault.misconception is None


def test_where_nothing_is_close_all_are_listed(tell: Tell) -> None:
    """Between two functions that could both be meant, nothing is guessed."""
    fault = tell(
        "def load(): pass\ndef show(): pass",
        "no_function",
        functions=("load", "show"),
    )
    assert fault.message == (
        "There is no function named convolve; you have load and show. "
        "Write def convolve(image, kernel):"
    )
    assert fault.misconception is None
    assert tell("x = 1", "no_function").message.startswith(
        "There is no function named convolve. Write def"
    )


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "class Net:\n    def convolve(self, a, b): pass",
            "Line 2: convolve is a method of the class Net",
        ),
        (
            "def main():\n    def convolve(a, b): pass",
            "Line 2: convolve is inside the function main",
        ),
        (
            "if __name__ == '__main__':\n    def convolve(a, b): pass",
            'defined under if __name__ == "__main__":',
        ),
        (
            "if '__main__' == __name__:\n    convolve = max",
            'defined under if __name__ == "__main__":',
        ),
    ],
)
def test_a_function_out_of_reach_is_pointed_at(
    tell: Tell, source: str, sentence: str
) -> None:
    """A function in a class, a function or a main guard: the line says where it belongs."""
    fault = tell(source, "no_function", functions=("main",))
    assert sentence in fault.message
    assert fault.misconception is None


def test_a_definition_that_failed_is_told_with_its_reason(tell: Tell) -> None:
    """If the statement that binds the name raised, that is the reason, not a missing function."""
    raised = Raised(
        type="ModuleNotFoundError", message="No module named 'filters'"
    )
    skipped = (Skipped(line=1, cell=None, raised=raised),)
    fault = tell("from filters import convolve", "no_function", skipped=skipped)
    assert (
        "convolve is imported from filters, which is not there" in fault.message
    )
    decorated = (
        Skipped(
            line=1,
            cell=None,
            raised=Raised(
                type="NameError", message="name 'jit' is not defined"
            ),
        ),
    )
    fault = tell(
        "@jit\ndef convolve(a, b):\n    pass", "no_function", skipped=decorated
    )
    assert (
        "convolve could not be defined (NameError: name 'jit' is not defined)"
        in fault.message
    )


def test_an_exception_has_the_missing_module_that_it_comes_from(
    hand_in: HandIn,
) -> None:
    """A name that an import would have bound leads to the module; what did not raise is kept."""
    submission = hand_in(
        "import cv2\n\ndef convolve(image, kernel):\n    return cv2.filter2D(image)\n"
    )
    absent = Raised(type="ModuleNotFoundError", message="No module named 'cv2'")
    skipped = (Skipped(line=1, cell=None, raised=absent),)
    raised = Raised(
        type="NameError", message="name 'cv2' is not defined", line=4
    )
    outcomes = (
        Outcome(kind="returned"),
        Outcome(kind="raised", raised=raised),
    )
    kept, explained = with_missing(
        outcomes, Loading(state="ready", skipped=skipped), submission
    )
    assert kept == outcomes[0]
    assert explained.raised is not None
    assert explained.raised.missing == Missing("cv2", 1, None)


@pytest.mark.parametrize(
    ("names", "module"), [(1, "cv2"), (5, "cv2"), (6, None)]
)
def test_a_missing_module_is_found_behind_five_names_at_most(
    hand_in: HandIn, names: int, module: str | None
) -> None:
    """Each name failed because of the one before; a chain without an end would cost time."""
    chain = [f"n{at} = n{at - 1} + 1" for at in range(1, names)]
    text = ["from cv2 import n0", *chain, "def convolve(a, b):", "  return n"]
    raised = [
        Raised(type="ModuleNotFoundError", message="No module named 'cv2'"),
        *(
            Raised(type="NameError", message=f"name 'n{at}' is not defined")
            for at in range(names)
        ),
    ]
    skipped = [
        Skipped(line=line, cell=None, raised=each)
        for line, each in enumerate(raised[:-1], 1)
    ]
    (explained,) = with_missing(
        (Outcome(kind="raised", raised=raised[-1]),),
        Loading(state="ready", skipped=tuple(skipped)),
        hand_in("\n".join(text)),
    )
    assert explained.raised is not None
    found = explained.raised.missing
    assert (found and found.module) == module


@pytest.mark.parametrize("cell", [1, 2])
def test_a_relative_import_is_looked_for_in_its_own_cell(
    hand_in: HandIn, notebook: Callable[..., str], cell: int
) -> None:
    """Two cells import on the same line of theirs; the one that raised has the missing module."""
    first = "def convolve(image, kernel):\n    from .pads import pad\n"
    second = "def convolve(image, kernel):\n    from .edges import pad\n"
    submission = hand_in(notebook(first, second), "a.ipynb")
    raised = Raised(
        type="ImportError",
        message="attempted relative import with no known parent package",
        line=2,
        cell=cell,
    )
    outcomes = (Outcome(kind="raised", raised=raised),)
    (explained,) = with_missing(outcomes, Loading(state="ready"), submission)
    assert explained.raised is not None
    module = {1: ".pads", 2: ".edges"}[cell]
    assert explained.raised.missing == Missing(module, 2, cell)


def test_a_class_is_looked_for_among_the_classes(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Where a class is asked for, the student's classes are listed, and no other names."""
    targets = (Target(name="Kernel", is_class=True),)
    asking = msgspec.structs.replace(
        exercise, function="Kernel", targets=targets
    )
    source = "import numpy\nSIZE = 3\nclass Kernels: pass\nclass Image: pass\n"
    loading = Loading(state="no_function")
    fault = loading_fault(loading, asking, hand_in(source))
    assert fault is not None
    assert "There is no class named Kernel" in fault.message
    assert "you have Kernels (line 3)" in fault.message
    other = loading_fault(
        loading, asking, hand_in(source.replace("Kernels", "Net"))
    )
    assert other is not None
    assert "; you have Net and Image. Write" in other.message


@pytest.mark.parametrize(
    ("methods", "wanted"),
    [
        ((), "class Kernel:"),
        (("at",), "class Kernel: with the method at"),
        (("at", "flip"), "class Kernel: with the methods at and flip"),
    ],
)
def test_what_is_no_class_is_told_what_the_class_needs(
    hand_in: HandIn,
    exercise: Exercise,
    methods: tuple[str, ...],
    wanted: str,
) -> None:
    """The line says what stands under the name, and which methods are called."""
    named = tuple(Method(name=name) for name in methods)
    target = Target(name="Kernel", is_class=True, methods=named)
    asking = msgspec.structs.replace(
        exercise, function="Kernel", targets=(target,)
    )
    loading = Loading(state="not_callable", type_name="int")
    fault = loading_fault(loading, asking, hand_in("Kernel = 3"))
    assert fault is not None
    assert fault.message == (
        f"Line 1: Kernel is a number, not a class. The tests call Kernel(), so write {wanted}"
    )


def test_a_definition_of_several_lines_may_fail_in_any_of_them(
    tell: Tell,
) -> None:
    """What is raised by a default value in the third line kept the function from being defined."""
    source = (
        "def convolve(\n    a,\n    b=np.kernel,\n):\n    pass\nx = 1 / 0\n"
    )
    raised = Raised(type="AttributeError", message="no attribute 'kernel'")
    for line in (1, 3, 5):
        skipped = (Skipped(line=line, cell=None, raised=raised),)
        fault = tell(source, "no_function", skipped=skipped)
        assert "convolve could not be defined" in fault.message
    elsewhere = (Skipped(line=6, cell=None, raised=raised),)
    fault = tell(source, "no_function", skipped=elsewhere)
    assert "could not be defined" not in fault.message


def test_a_definition_that_only_compiling_refuses_is_told(tell: Tell) -> None:
    """The file and the line, which Python repeats at the end of its message, appear once."""
    raised = Raised(
        type="SyntaxError",
        message="duplicate argument 'a' in function definition (a.py, line 1)",
    )
    fault = tell(
        "def convolve(a, a): pass",
        "no_function",
        skipped=(Skipped(line=1, cell=None, raised=raised),),
    )
    assert fault.message == (
        "Line 1: convolve could not be defined "
        "(SyntaxError: duplicate argument 'a' in function definition)."
    )


def test_a_deleted_function_is_told(tell: Tell) -> None:
    """`del convolve` at the end is named as the reason."""
    fault = tell(
        "def convolve(a, b): pass\ndel convolve",
        "no_function",
        functions=("convolve",),
    )
    assert (
        fault.message
        == "Line 2: convolve is deleted there (del). Take that line away."
    )


def test_a_cell_that_cannot_be_read_is_mentioned(
    tell: Tell, notebook: Callable[..., str]
) -> None:
    """If the function is missing and a cell does not parse, that cell is named."""
    fault = tell(notebook("x = 1", "convolve = (1,"), "no_function", "a.ipynb")
    assert "Cell 2, line 1 cannot be read" in fault.message


@pytest.mark.parametrize(
    ("type_name", "kind"),
    [
        ("module", "a module"),
        ("NoneType", "None"),
        ("ndarray", "an array"),
        ("str", "a text"),
        ("type", "a class"),
        ("class", "a class"),
        ("int", "a number"),
        ("float", "a number"),
        ("list", "a list"),
        ("tuple", "a list"),
        ("Foo", "an object of type Foo"),
    ],
)
def test_what_is_no_function_is_called_what_it_is(
    tell: Tell, type_name: str, kind: str
) -> None:
    """A number, a class or another object under the name is named with its line."""
    fault = tell("x = 1\nconvolve = x", "not_callable", type_name=type_name)
    assert fault.message == (
        f"Line 2: convolve is {kind}, not a function. The tests call "
        "convolve(image, kernel), so write def convolve(image, kernel):"
    )


def test_what_is_of_no_known_type_is_no_function(tell: Tell) -> None:
    """Where the worker could not say what it is, the sentence does not guess."""
    fault = tell("x = 1\nconvolve = x", "not_callable", type_name=None)
    assert fault.message.startswith("Line 2: convolve is not a function. ")


@pytest.mark.parametrize(
    ("header", "required", "sentence", "misconception"),
    [
        (
            "image, kernel, stride",
            3,
            "also needs stride. Give it a default value (stride=...)",
            "extra-arguments",
        ),
        (
            "image, kernel, pad, stride",
            4,
            "also needs pad and stride. Give them a default",
            "extra-arguments",
        ),
        ("self, image, kernel", 3, "Take self away", "extra-arguments"),
        ("image", 1, "takes only image", None),
        ("", 0, "takes no arguments", None),
        ("*, image, kernel", 0, "takes them by name only", None),
    ],
)
def test_a_signature_that_does_not_fit_is_explained(
    tell: Tell,
    header: str,
    required: int,
    sentence: str,
    misconception: str | None,
) -> None:
    """Too many or too few parameters: the line says which, and how the tests call it."""
    names = tuple(header.split(", "))[:required]
    fault = tell(
        f"def convolve({header}): pass", "bad_signature", required=names
    )
    assert (
        "the tests call convolve(image, kernel), but convolve" in fault.message
    )
    assert sentence in fault.message
    assert fault.misconception == misconception


def test_a_function_of_a_library_is_not_the_students(tell: Tell) -> None:
    """A function that comes from a library is refused with the library's name."""
    assert (
        "comes from scipy.ndimage"
        in tell("x = 1", "foreign", module="scipy.ndimage").message
    )


@pytest.mark.parametrize(
    "state", ["ready", "timed_out", "crashed", "out_of_memory", "grader_error"]
)
def test_other_states_are_no_fault_of_the_target(
    hand_in: HandIn, exercise: Exercise, state: str
) -> None:
    """A load that worked has no fault; one that died becomes the verdict of each case."""
    loading = msgspec.convert({"state": state}, Loading)
    assert loading_fault(loading, exercise, hand_in("x = 1")) is None
