"""Decoration costs nobody a point: it is stood in for, and decides nothing."""

from collections.abc import Iterator

import numpy as np
import pytest

from grader.execution import Runner, open_runner
from grader.model import Outcome
from tests.execution.conftest import (
    cases,
    exercise_with,
    expected,
    submission,
)

LOOP = """
{imports}
import numpy as np
{decorator}
def convolve(image, kernel):
    {before}
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in {rows}:
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + 3, j : j + 3] * kernel)
    {after}
    return out
"""


def program(
    imports: str = "",
    before: str = "pass",
    after: str = "pass",
    rows: str = "range(rows)",
    decorator: str = "",
) -> str:
    """Write a right submission with decoration in these places."""
    after = after.strip().replace("\n", "\n    ")
    return LOOP.format(
        imports=imports,
        before=before,
        after=after,
        rows=rows,
        decorator=decorator,
    )


PLOT = "import matplotlib.pyplot as plt"
RIGHT = {
    "a figure with axes": program(
        PLOT,
        after="""
fig, ax = plt.subplots()
ax.imshow(out, cmap=plt.cm.gray)
fig.savefig('out.png')
plt.close(fig)""",
    ),
    "axes by index, flat, and one by one": program(
        PLOT,
        after="""
fig, axes = plt.subplots(2, 3, figsize=(8, 6))
axes[0, 1].imshow(image, cmap='gray')
for ax, picture in zip(axes.flat, [image, kernel, out], strict=False):
    ax.imshow(picture)
for ax in axes.ravel():
    ax.axis('off')
assert axes.shape == (2, 3) and len(axes[0]) == 3""",
    ),
    "two axes that are unpacked": program(
        PLOT,
        after="""
fig, (left, right) = plt.subplots(1, 2)
left.imshow(image); right.set_title('after')
(first, *others), = [plt.plot(out)]
n, bins, patches = plt.hist(out.ravel())""",
    ),
    "figures as context, settings, arithmetic": program(
        "import matplotlib as mpl\nimport matplotlib.pyplot as plt\nmpl.use('Agg')",
        after="""
plt.rcParams['figure.figsize'] = (8, 6)
with plt.style.context('ggplot'):
    plt.imshow(mpl.cm.viridis(out)[..., :3] * 255)
for spine in plt.gca().spines.values():
    spine.set_visible(False)
out * plt.cm.gray(out)""",
    ),
    "everything of pyplot": program(
        "from matplotlib.pyplot import *",
        after="figure(); imshow(out); colorbar(); title('x'); show()",
    ),
    "pylab": program(
        "from pylab import *", after="assert zeros(3).sum() == 0; show()"
    ),
    "three dimensions": program(
        "from mpl_toolkits.mplot3d import Axes3D\n" + PLOT,
        after="plt.figure().add_subplot(111, projection='3d').plot_surface(out, out, out)",
    ),
    "a type in annotations": program(PLOT).replace(
        "def convolve(image, kernel):",
        "def show(ax: plt.Axes | None = None) -> plt.Figure: ...\n"
        "def convolve(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:",
    ),
    "a picture that is shown": program(
        "from PIL import Image",
        before="if isinstance(image, (Image.Image, list)): image = np.array(image)",
        after="Image.fromarray((out * 255).astype(np.uint8)).convert('L').save('a.png')",
    ),
    "an error of a library": program(
        "from PIL import UnidentifiedImageError",
        before="""try:
        1 / 0
    except (UnidentifiedImageError, ZeroDivisionError):
        pass""",
    ),
    "tqdm": program("from tqdm import tqdm as bar", rows="bar(range(rows))"),
    "tqdm.auto": program(
        "from tqdm.auto import trange", rows="trange(rows, desc='rows')"
    ),
    "the module tqdm": program(
        "import tqdm, tqdm.notebook",
        rows="tqdm.notebook.tqdm(range(rows), total=rows)",
    ),
    "a bar by hand": program(
        "from tqdm.auto import tqdm",
        before="""with tqdm(total=9, desc='x') as progress:
        progress.set_description('y'); progress.update(3)
        assert progress.n == 3""",
        after="bar = tqdm(range(3)); assert len(bar) == 3; bar.set_postfix(a=1); bar.close()",
    ),
    "tqdm.contrib": program(
        "from tqdm.contrib import tenumerate, tzip",
        after="assert list(tzip([1], [2])) == [(1, 2)]",
        rows="[i for i, _ in tenumerate(range(rows))]",
    ),
    "rich": program(
        "from rich.progress import track\nfrom rich import print",
        rows="track(range(rows), description='x')",
        after="print(out)",
    ),
    "alive_progress": program(
        "from alive_progress import alive_bar, alive_it",
        before="""with alive_bar(3) as bar:
        bar()""",
        rows="alive_it(range(rows))",
    ),
    "progressbar": program(
        "import progressbar", rows="progressbar.ProgressBar()(range(rows))"
    ),
    "display": program(
        "from IPython.display import display, clear_output, HTML",
        after="clear_output(wait=True); display(HTML('<b>x</b>'), out)",
    ),
    "display without an import": program(after="display(out)"),
    "widgets": program(
        "import ipywidgets as widgets\nfrom ipywidgets import interact",
        decorator="@interact(k=(1, 5))\ndef show(k): pass",
        after="widgets.IntSlider(min=0).observe(lambda change: None)",
    ),
    "Colab": program(
        "from google.colab import drive, files\ndrive.mount('/content/drive')\n"
        "from google.colab.patches import cv2_imshow",
        after="cv2_imshow(out); files.download('a.png')",
    ),
    "seaborn and plotly": program(
        "import seaborn as sns\nimport plotly.express as px\nsns.set_theme()",
        after="sns.heatmap(out, ax=None); px.imshow(out).show()",
    ),
    "a profiler": program(
        "from memory_profiler import profile", decorator="@profile"
    ),
    "njit": program("from numba import njit", decorator="@njit"),
    "njit with arguments": program(
        "import numba as nb",
        decorator="@nb.njit(parallel=True, fastmath=True)",
        rows="nb.prange(rows)",
    ),
    "a signature": program(
        "import numba\nfrom numba import float64, jit",
        decorator="@jit(numba.float64[:, :](float64[:, ::1], float64[:, :]), nopython=True)",
        after="assert numba.float64(3) == 3.0",
    ),
    "a signature in a text": program(
        "from numba import jit", decorator="@jit('float64[:,:](float64[:,:])')"
    ),
    "vectorize": program(
        "from numba import vectorize\n"
        "@vectorize(['float64(float64, float64)'])\ndef times(a, b): return a * b",
        after="assert times(np.ones(3), 2).sum() == 6",
    ),
    "a jit around it": program("import numba")
    + "\nconvolve = numba.njit(convolve)\n",
    "a graphics card that is not there": program(
        "from numba import cuda", before="assert not cuda.is_available()"
    ),
}

IMAGE = "from PIL import Image, ImageFilter"
NEEDED = {
    "a filter": program(
        IMAGE,
        after="out = np.array(Image.fromarray(image).filter(ImageFilter.BLUR))",
    ),
    "a picture that is returned": program(IMAGE, after="return Image.open(1)"),
    "a list of pictures": program(IMAGE, after="return [[Image.open(1)]]"),
    "a pixel": program(
        IMAGE, after="out[0, 0] = Image.fromarray(image).getpixel((0, 0))"
    ),
    "pixels one by one": program(
        IMAGE,
        after="out[0, 0] = sum(p for p in Image.fromarray(image).getdata())",
    ),
    "a size": program(
        IMAGE, before="w, h = Image.new('L', (3, 3)).size; range(w)"
    ),
    "a number that is added": program(
        IMAGE, after="out += Image.new('L', (3, 3)).info['x']"
    ),
    "colours": program(
        PLOT, after="out = np.asarray(plt.cm.gray(out))[..., 0]"
    ),
    "counts of a histogram": program(
        PLOT, after="out[0], _, _ = plt.hist(out.ravel())"
    ),
    "a kernel of a graphics card": program(
        "from numba import cuda", before="cuda.jit(convolve)[1, 1](image)"
    ),
}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """Open a runner for all of these."""
    with open_runner(exercise_with(load_s=10.0)) as opened:
        yield opened


def outcome_of(runner: Runner, source: str) -> tuple[Outcome, np.ndarray]:
    """Run a file on one input; return what came of it, and what is right."""
    trials = cases(1)[1:2]
    execution = runner.run(submission(source), trials)
    assert execution.loading.state == "ready", execution.loading
    assert execution.loading.skipped == ()
    return execution.outcomes[0], expected(trials[0].trials[0])


@pytest.mark.parametrize("what", RIGHT)
def test_decoration_does_nothing(runner: Runner, what: str) -> None:
    """A right function that also draws, reports or compiles gives what it gives without."""
    outcome, right = outcome_of(runner, RIGHT[what])
    assert outcome.raised is None
    assert outcome.value is not None
    np.testing.assert_allclose(outcome.value, right)


@pytest.mark.parametrize("what", NEEDED)
def test_no_value_is_made_up(runner: Runner, what: str) -> None:
    """Where a function needs what such a library computes, it gets an exception, and no number."""
    outcome, _ = outcome_of(runner, NEEDED[what])
    assert outcome.raised is not None
    assert outcome.raised.type == "ModuleNotFoundError"
    library = {"c": "matplotlib"}.get(what[0], "PIL")
    if "graphics card" in what:
        library = "numba"
    assert outcome.raised.message == f"No module named {library!r}"
