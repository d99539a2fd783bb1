"""Code expects colours only if a line needs more axes of the image and not of another array."""

from collections.abc import Callable

import numpy as np
import pytest

from grader.model import Exercise, Raised, Submission
from grader.submission.axes import wants_more_axes

HandIn = Callable[..., Submission]


def expected(hand_in: HandIn, exercise: Exercise, source: str) -> bool:
    """Run a source's `convolve` on matrices and return what its exception is taken for."""
    namespace: dict[str, object] = {"np": np}
    exec(compile(source, "<student>", "exec"), namespace)  # noqa: S102 - the sources are below
    function = namespace["convolve"]
    assert callable(function)
    with pytest.raises((ValueError, IndexError, TypeError)) as caught:
        function(np.ones((8, 6)), np.ones((3, 3)))
    line = next(
        frame.lineno + 1
        for frame in reversed(caught.traceback)
        if str(frame.path) == "<student>"
    )
    raised = Raised(
        type=caught.type.__name__, message=str(caught.value), line=line
    )
    return wants_more_axes(hand_in(source).units, exercise, raised, 2)


def body(text: str) -> str:
    """Return the function with these lines."""
    return "def convolve(image, kernel):\n" + "".join(
        f"    {line}\n" for line in text.split("\n")
    )


@pytest.mark.parametrize(
    "source",
    [
        body("h, w, c = image.shape"),
        body("n, h, w, c = np.shape(image)"),
        body("shape = image.shape\nh, w, d = shape"),
        body("for i, j, c in np.ndindex(image.shape):\n    pass"),
        body("for c in range(image.shape[2]):\n    pass"),
        body("if image.shape[2] == 3:\n    pass"),
        body("w = image.shape[1]\nfor c in range(image.shape[2]):\n    pass"),
        body("image = image.astype(float) / 255\nreturn image[:, :, 0]"),
        body(
            "p = np.pad(image, 1)\n"
            "for i in range(3):\n"
            "    patch = p[i:i+3, 0:3]\n"
            "    patch[0, 0, 2] += 1"
        ),
        body(
            "out = np.zeros((3, 3))\n"
            "for c in range(3):\n"
            "    out[0, 0, c] = np.sum(image[0:3, 0:3, c] * kernel)"
        ),
        body("return np.pad(image, ((1, 1), (1, 1), (0, 0)))"),
        body("return np.mean(image, axis=2)"),
        body("image = image.transpose(2, 0, 1)\nreturn image[0]"),
        body("image = image[:, :, 0]\nreturn image"),
        body("def at(i, j):\n    return image[i, j, 0]\nreturn at(0, 0)"),
        body("red = image[..., 0]\nh, w = red.shape"),
        body("image = np.dot(image[..., :6], np.ones(6))\nh, w = image.shape"),
        "def gray(rgb):\n    return np.dot(rgb[..., :6], np.ones(6))\n"
        + body("g = gray(image)\nh, w = g.shape"),
        "def gray(rgb):\n    return rgb[:, :, 0] * 0.3\n"
        + body("return gray(image.copy())"),
    ],
)
def test_the_image_is_taken_for_one_with_colours(
    hand_in: HandIn, exercise: Exercise, source: str
) -> None:
    """Shape, indices, padding and axes count, for the image itself, an alias or a helper."""
    assert expected(hand_in, exercise, source)


@pytest.mark.parametrize(
    "source",
    [
        body(
            "out = np.zeros((3, 3))\nout[0, 0, 0] = np.sum(image[0:3, 0:3] * kernel)"
        ),
        body("out = np.zeros_like(image)\nout[0, 0, 0] = image[0, 0]"),
        body("a, b, c = kernel.shape"),
        body("return kernel[0, 0, 0] * image"),
        body("h, w, c = 1, 2"),
        body("size = image.shape\nsize = (1, 2)\nh, w, c = size"),
        body("image = np.zeros((3, 3))\nreturn image[0, 0, 0]"),
        body("for image in [kernel]:\n    return image[0, 0, 0]"),
        body("return np.pad(kernel, ((1, 1), (1, 1), (0, 0)))"),
        body("return image[0, 99]"),
        body("h = image.shape[0]\nw = image.shape[2]"),
        body("return (1, 2)[5] + image.shape[0]"),
        body("row = image[0]\nh, w = row.shape"),
        body("h, w = image.shape\nreturn (1, 2)[5]"),
        body("g = image[..., 0]\ng = kernel.sum(axis=0)\nh, w = g.shape"),
        body("g = image.sum(axis=0)\nh, w = g.shape"),
        "def gray(a):\n    return a.sum(axis=0)\n"
        + body("g = gray(image)\nh, w = g.shape"),
        "def gray(a):\n    if a is None:\n        return\n    return a[..., 0]\n"
        + body("g = gray(image)\nh, w = g.shape"),
        "def first(a):\n    return a[0, 0, 0]\n"
        + body("if image is None:\n    first(image)\nreturn first(kernel)"),
        "def first(a, b):\n    return b[0, 0, 0]\n"
        + body("return first(image, kernel)"),
        "def first(a, b=None):\n    return a[0, 0, 0]\n"
        + body("if image is None:\n    first()\nreturn first(image)"),
        "def first(a):\n    return a[0, 0, 0]\n"
        + body(
            "for _ in range(1):\n" + "    _ or first(image)\n" * 5 + "    pass"
        ),
        body("return np.sum(image) + kernel.transpose(2, 0, 1)"),
        body("return np.pad(kernel, ((1, 1), (1, 1), (0, 0))) + abs(image)"),
        body("h, w, c = np.sort(image)[:2]"),
        body("return kernel.mean(axis=2) + image.dtype.itemsize"),
        body("for i in range(2):\n    image[0, 0, i]\n    image = kernel"),
        body("for i in range(2):\n    image[0, 0, i]\n    image = [kernel]"),
        body("h, w, c = (image + 1).max(axis=0)[:2]"),
        body("x: int = kernel\nreturn x[0, 0, 0]"),
        body("with open('/dev/null') as image:\n    return kernel[0, 0, 0]"),
        body("return [image[0, 0, 0] for image in [kernel]]"),
        body("return (lambda image: image[0, 0, 0])(kernel)"),
        body("return (image[..., 0][:, None] + 0)[0, 0, 0]"),
        "def first(a):\n    return a[0, 0, 0]\n" + body("return first(kernel)"),
        "def first(a):\n    return a[0, 0, 0]\n"
        + body("first(image[None])\nreturn first(kernel)"),
        "class A:\n    def f(self, image):\n        return image[0, 0, 0]\n"
        + body("return A().f(image)"),
    ],
)
def test_another_array_or_another_mistake_says_nothing(
    hand_in: HandIn, exercise: Exercise, source: str
) -> None:
    """The student's own result, the kernel, a tuple and unclear cases do not count."""
    assert not expected(hand_in, exercise, source)


@pytest.mark.parametrize(
    "call",
    [
        *(
            f"np.{name}(image)"
            for name in (
                *("array", "asarray", "asanyarray", "ascontiguousarray"),
                *("asfortranarray", "abs", "absolute", "round", "copy"),
                *("flip", "fliplr", "flipud", "float32", "float64"),
                *("int32", "int64", "uint8"),
            )
        ),
        *("image.astype(int)", "image.view()", "image.clip(0, 1)"),
        *("image.round(2)", "image.copy()", "np.pad(image, 1)"),
        *("copy.deepcopy(image)", "abs(image)", "image[:, ::2]", "image[1:]"),
    ],
)
def test_what_keeps_the_axes_is_the_image_still(
    hand_in: HandIn, exercise: Exercise, call: str
) -> None:
    """A copy, another type, a part, absolute values, a mirror image; a sum or a row is not."""
    source = "import copy\n" + body(f"x = {call}\nreturn x[0, 0, 0]")
    assert expected(hand_in, exercise, source)
    for other in (
        "np.sort(image)",
        "image.T",
        "np.transpose(image)",
        "image[[0]]",
    ):
        source = body(f"x = {other}\nreturn x[0, 0, 0]")
        assert not expected(hand_in, exercise, source)


HELPERS = {
    "given": ("return {}(a)", "return a[0, 0, 0]", "return {}(image)"),
    "reduced": (
        "return {}(a)",
        "return a[..., 0]",
        "g = {}(image)\nh, w = g.shape",
    ),
}


@pytest.mark.parametrize(
    ("kind", "deep", "is_meant"),
    [
        ("given", 4, True),
        ("given", 5, False),
        ("reduced", 2, True),
        ("reduced", 3, False),
    ],
)
def test_helpers_are_followed_a_few_deep(
    hand_in: HandIn, exercise: Exercise, kind: str, deep: int, is_meant: bool
) -> None:
    """Each is given what the one before it was given."""
    between, last, first = HELPERS[kind]
    lines = [f"def f{deep}(a):\n    {last}\n"]
    for number in range(deep - 1, 0, -1):
        said = between.format(f"f{number + 1}")
        lines.append(f"def f{number}(a):\n    {said}\n")
    source = "".join(lines) + body(first.format("f1"))
    assert expected(hand_in, exercise, source) is is_meant


def test_a_helper_that_is_called_several_times_is_looked_at_once(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Four calls of it are followed, and not the calls in it four times."""
    source = (
        "def inner(a):\n    return a[0, 0, 0]\n"
        "def middle(a):\n    a is None and inner(a)\n    return inner(a)\n"
        "def outer(a):\n    a is None and middle(a)\n    a is None and middle(a)\n"
        "    return middle(a)\n"
    ) + body("return outer(image)")
    assert expected(hand_in, exercise, source)


@pytest.mark.parametrize("piece", ["{} + 1", "1 + {}", "{}[:]", "abs({})"])
@pytest.mark.parametrize(("deep", "is_meant"), [(39, True), (41, False)])
def test_an_expression_is_followed_forty_deep(
    hand_in: HandIn, exercise: Exercise, piece: str, deep: int, is_meant: bool
) -> None:
    """Each operation on the image gives an array with its axes, up to a depth that is enough."""
    text = "image"
    for _ in range(deep):
        text = piece.format(f"({text})")
    source = body(f"x = {text}\nreturn x[0, 0, 0]")
    assert expected(hand_in, exercise, source) is is_meant


def test_a_function_that_is_too_large_to_look_at_says_nothing(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """Whatever its line does; a smaller one of the same kind counts."""
    for lines, is_meant in ((10, True), (4000, False)):
        filling = "\n".join(f"x{number} = 1" for number in range(lines))
        source = body(f"{filling}\nreturn image[0, 0, 0]")
        assert expected(hand_in, exercise, source) is is_meant


def test_what_is_not_in_the_text_says_nothing(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """An unknown line, one outside any function and one nested beyond reason do not count."""
    message = (
        "too many indices for array: array is 2-dimensional, but 3 were indexed"
    )
    units = hand_in(
        "x = 1\n" + body("return " + "image + " * 900 + "image[0, 0, 0]")
    ).units
    for line in (None, 1, 99):
        assert not wants_more_axes(
            units,
            exercise,
            Raised(type="IndexError", message=message, line=line),
            2,
        )
    assert wants_more_axes(
        units, exercise, Raised(type="IndexError", message=message, line=3), 2
    )
    deep = hand_in(
        body("x = " + "abs(" * 60 + "image" + ")" * 60 + "\nreturn x[0, 0, 0]")
    ).units
    assert not wants_more_axes(
        deep, exercise, Raised(type="IndexError", message=message, line=3), 2
    )
