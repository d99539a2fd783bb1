"""A forbidden library is an offence if the function reaches it, and not if it is only imported."""

from collections.abc import Callable

import pytest

from grader.model import Submission

HandIn = Callable[..., Submission]
PLAIN = "def convolve(image, kernel):\n    return image\n"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "from scipy.ndimage import convolve",
            "Line 1: convolve comes from scipy (scipy.ndimage.convolve).",
        ),
        (
            "import scipy.signal\nconvolve = scipy.signal.correlate2d",
            "Line 2: convolve comes from scipy (scipy.signal.",
        ),
        (
            "import scipy.signal as s\ndef convolve(i, k):\n    return s.correlate2d(i, k)",
            "Line 3: convolve uses scipy",
        ),
        (
            "import cv2\ndef h(x):\n    return cv2.blur(x)\ndef convolve(i, k): return h(i)",
            "h, which convolve uses, uses",
        ),
        (
            "def convolve(i, k): return f(i)\nimport cv2\nf = cv2.filter2D",
            "f, which convolve uses, uses cv2",
        ),
        (
            "import cv2\nf = cv2.filter2D\ng = f\ndef convolve(i, k): return g(i)",
            "f, which convolve uses, uses cv2",
        ),
        (
            "import cv2\ndef convolve(i, k, f=cv2.filter2D): return f(i)",
            "convolve uses cv2 (cv2.filter2D)",
        ),
        (
            "def convolve(i, k):\n    import scipy.signal\n    return scipy.signal.x",
            "Line 2: convolve uses scipy",
        ),
        (
            "def convolve(i, k):\n    return __import__('scipy').signal",
            "Line 2: convolve uses scipy",
        ),
        (
            "import importlib\ndef convolve(i, k): return importlib.import_module('scipy.signal')",
            "(scipy.signal)",
        ),
        ("import cv2\n@cv2.x\ndef convolve(i, k): return 1", "uses cv2"),
        (
            "import functools, cv2\nconvolve = functools.partial(cv2.filter2D, 1)",
            "convolve uses cv2 (cv2.filter2D)",
        ),
        (
            "import cv2\nf = make(cv2.a)\nconvolve = f",
            "f, which convolve uses, uses cv2 (cv2.a)",
        ),
        (
            "from torch import nn\nnet = nn.Conv2d(1, 1, 3)\ndef convolve(i, k): return net(i)",
            "net, which convolve uses",
        ),
        (
            "import torch\nn = torch.x()\ndef convolve(i, k): return n.forward(i)",
            "n, which convolve uses, uses torch",
        ),
        (
            (
                "import cv2\n"
                "class A:\n"
                "    def go(self): return cv2.a\n"
                "def convolve(i, k): return A().go()"
            ),
            "A, which",
        ),
        (
            (
                "from scipy.signal import convolve2d as convolve\n"
                "old = convolve\n"
                "def convolve(i, k): return old(i)"
            ),
            "old, which",
        ),
        (
            "from scipy.signal import *\ndef convolve(i, k): return correlate2d(i, k)",
            "(scipy.signal.correlate2d)",
        ),
        (
            "import cv2\ndef convolve(i, k):\n    def inner(): return cv2.x\n    return inner()",
            "Line 3: convolve uses",
        ),
        (
            "import torch.nn.functional as F\nconvolve = lambda i, k: F.conv2d(i, k)",
            "(torch.nn.functional.conv2d)",
        ),
        (
            "import cv2\nhow = {'f': cv2.filter2D}\ndef convolve(i, k): return how['f'](i)",
            "how, which convolve uses",
        ),
        (
            (
                "if True:\n"
                "    import scipy.ndimage as nd\n"
                "def convolve(i, k): return nd.correlate(i, k)"
            ),
            "scipy.ndimage.corr",
        ),
        (
            (
                "import cv2\n"
                "class A:\n"
                "    cv2 = 1\n"
                "    def f(self): return cv2.a\n"
                "def convolve(i, k): return A()"
            ),
            "A, which",
        ),
        (
            "import cv2\ndef convolve(i, k):\n    return [cv2.a for j in i]",
            "Line 3: convolve uses cv2 (cv2.a)",
        ),
    ],
)
def test_use_is_an_offence(hand_in: HandIn, source: str, sentence: str) -> None:
    """However the name is bound, one line says which library is used, what of it, and where."""
    submission = hand_in(source)
    offence = submission.offence
    assert submission.fault is None
    assert offence is not None
    assert sentence in offence.message
    assert offence.message.endswith(
        "Write the computation yourself with NumPy."
    )
    assert offence.misconception is None


@pytest.mark.parametrize(
    "source",
    [
        f"import cv2, scipy.signal\nfrom torch import *\n{PLAIN}",
        f"import cv2\ndef show(x): cv2.imshow(x)\n{PLAIN}show(convolve(1, 2))",
        "import cv2\ndef convolve(cv2, kernel): return cv2.x",
        (
            "import cv2\n"
            "def convolve(i, k):\n"
            "    cv2 = 3\n"
            "    def inner(): return cv2\n"
            "    return inner()"
        ),
        "import cv2\ndef convolve(i, k): return [cv2 for cv2 in i]",
        "import cv2\ndef convolve(i: cv2.Mat, k) -> cv2.Mat: return i",
        f"from scipy.signal import convolve\n{PLAIN}",
        f"{PLAIN}from scipy.signal import convolve",
        f"import scipy.signal\n{PLAIN}convolve = scipy.signal.convolve2d",
        (
            "try:\n"
            "    from scipy.signal import convolve\n"
            "except ImportError:\n"
            "    def convolve(i, k): return 1"
        ),
        (
            "from scipy.signal import *\n"
            "from numpy import *\n"
            f"{PLAIN.replace('image)', 'zeros(3) + sum(image))')}"
        ),
        "import cv2\ncv2 = None\ndef convolve(i, k): return cv2",
        (
            "import cv2\n"
            "p = cv2.imread('a.png')\n"
            "def convolve(i, k): return i[:p.shape[0]] + p[0] * p.copy()"
        ),
        (
            "import cv2\n"
            "h, w = cv2.cvtColor(cv2.imread('a.png'), 6).shape\n"
            "def convolve(i, k): return i[:h]"
        ),
        (
            "import cv2\n"
            "p = cv2.imread('a.png')\n"
            "q = p / 255\n"
            "h, w = q.shape\n"
            "def convolve(i, k): return i[:h]"
        ),
        (
            "import numpy as np\n"
            "def convolve(i, k): return np.lib.stride_tricks.sliding_window_view(i, k.shape)"
        ),
        "import scipy_like as s, my.scipy as t\ndef convolve(i, k): return s.x + t.y",
    ],
)
def test_what_is_no_use_is_no_offence(hand_in: HandIn, source: str) -> None:
    """Unused imports, helpers that are not reached, local names and annotations are no offence."""
    submission = hand_in(source)
    assert (submission.fault, submission.offence) == (None, None)


def test_long_chains_end(hand_in: HandIn) -> None:
    """Circular helpers, thousands of aliases and deep nesting end without a fault."""
    circle = "def a(): return b()\ndef b(): return a()\ndef convolve(i, k): return a()\n"
    chain = (
        "import cv2\nx0 = 1\n"
        + "".join(f"x{n + 1} = x{n}\n" for n in range(8000))
        + "def convolve(i, k): return x8000"
    )
    nested = "def convolve(i, k): return " + "(lambda: " * 80 + "1" + ")" * 80
    unpacked = (
        f"{', '.join(f'x{n}' for n in range(3000))} = f({', '.join(['1'] * 3000)})\n"
        "def convolve(i, k): return x0"
    )
    for source in (circle, chain, nested, unpacked):
        assert hand_in(source).fault is None
