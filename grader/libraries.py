"""Modules that are missing where code is graded: a library, or a file that was not handed in."""

import re
import sys
from typing import Final

from grader.untrusted import quoted

_KNOWN: Final = frozenset(
    """
    IPython PIL absl albumentations altair anndata arviz astropy attr av bokeh bottleneck
    bs4 cartopy cffi chainer cloudpickle colorama colorcet colorlog cupy cv2 cvxpy cycler
    dask datasets dateutil dgl diffusers django dlib docopt einops emcee fastai fastapi
    filterpy flask flax folium gensim geopandas gradio graphviz gym gymnasium h5py haiku
    holoviews httpx huggingface_hub hydra hypothesis ignite imageio imgaug imgviz imutils
    ipdb ipywidgets itk jax jaxlib jaxtyping joblib kaggle keras keras_cv kornia lasagne
    librosa lightgbm lightning loguru lxml mahotas matplotlib mediapipe medpy mlflow mlxtend
    mne monai more_itertools mpi4py mpmath mxnet mypy nbformat networkx nibabel nltk
    notebook nptyping numba numexpr onnx onnxruntime open3d openai openpyxl opt_einsum optax
    optuna orjson packaging paddle pandas panel patsy peft pint plotly polars prettytable
    prophet psutil pyarrow pycocotools pydantic pydicom pydot pyfftw pygame pymc pympler
    pypdf pyro pyqtgraph pytest pytorch_lightning pyvips pywt qiskit ray rasterio regex
    requests rich ruamel scikit_image scikitplot scipy seaborn segmentation_models
    sentencepiece shap shapely simpy skimage sklearn skorch smart_open sonnet spacy
    sqlalchemy stable_baselines3 statsmodels streamlit sympy tabulate tensorboard
    tensorboardX tensorflow tensorflow_datasets tensorflow_hub tensorly termcolor tf_keras
    theano thinc tifffile tiktoken timm tinygrad tokenizers toolz torch torchaudio torchinfo
    torchmetrics torchsummary torchvision tqdm transformers trax trimesh typeguard typer
    ujson ultralytics umap wandb xarray xgboost yaml zarr
    """.split()  # noqa: SIM905 - quotes around each would hide the names
)
"""What courses and their students import that is neither Python's own nor NumPy."""

_OWN_WORDS: Final = frozenset(
    """
    assignment common conv conv2d convolution convolve ex exercise filter filters func funcs
    function functions helper helpers homework hw image images kernel kernels lab layer
    layers lib main mine module modules my mymodule notebook ops part problem script
    solution solutions src student task test tests tool tools util utils week
    """.split()  # noqa: SIM905 - as above
)
"""Words of which students make the names of their own files."""

_NO_MODULE: Final = re.compile(r"No module named '([^']+)'")
_NO_PARENT: Final = "attempted relative import with no known parent package"


_REMOVED: Final = {
    **{
        name: ("1.24", name)
        for name in ("int", "float", "complex", "object", "str")
    },
    "product": ("2.0", "np.prod"),
    "cumproduct": ("2.0", "np.cumprod"),
    "sometrue": ("2.0", "np.any"),
    "alltrue": ("2.0", "np.all"),
    "float_": ("2.0", "np.float64"),
    "complex_": ("2.0", "np.complex128"),
    "unicode_": ("2.0", "np.str_"),
    "string_": ("2.0", "np.bytes_"),
    "NaN": ("2.0", "np.nan"),
    "NINF": ("2.0", "-np.inf"),
    **dict.fromkeys(("Inf", "Infinity", "infty", "PINF"), ("2.0", "np.inf")),
    "asfarray": ("2.0", "np.asarray(a, dtype=float)"),
    "mat": ("2.0", "np.array"),
    "msort": ("2.0", "np.sort(a, axis=0)"),
    "round_": ("2.0", "np.round"),
    "asscalar": ("1.23", "a.item()"),
    "rank": ("1.18", "a.ndim"),
    "in1d": ("2.4", "np.isin"),
    "trapz": ("2.4", "np.trapezoid"),
    "ptp": ("2.0", "np.ptp(a)"),
    "itemset": ("2.0", "a[index] = value"),
    "newbyteorder": ("2.0", "a.view(a.dtype.newbyteorder())"),
}
"""Names that NumPy had once: the version that removed them, and what to write now."""


def removed_from_numpy(name: str) -> str | None:
    """Return the sentence about a name that newer versions of NumPy do not have."""
    if name not in _REMOVED:
        return None
    version, instead = _REMOVED[name]
    return (
        f"NumPy {version} removed {quoted(name)}, and a newer one grades: "
        f"write {instead}."
    )


def missing_module(kind: str, message: str) -> str | None:
    """Return the module that an exception of this type and text could not find."""
    if kind in ("ModuleNotFoundError", "ImportError"):
        found = _NO_MODULE.search(message)
        if found:
            return found[1]
    return None


def is_relative(message: str) -> bool:
    """Return whether this is what `from .utils import pad` raises in a file of its own."""
    return _NO_PARENT in message


def is_known(module: str) -> bool:
    """Return whether a top-level module is a library that courses and their students import."""
    return module in _KNOWN


def why_missing(module: str) -> str:
    """Return a clause that says why a module is not there: `pandas is not installed where ...`.

    It says no more than its name tells. Of a name that nobody knows, it says both.
    """
    top, _, inner = module.lstrip(".").partition(".")
    if top == "numpy":
        name = inner.rpartition(".")[2]
        said = f"the NumPy that grades has no `{quoted(inner)}`"
        removed = removed_from_numpy(name)
        return f"{said}. {removed.rstrip('.')}" if removed else said
    shown = f"`{quoted(module.lstrip('.') or module)}`"
    if not module.startswith("."):
        if top in _KNOWN or top in sys.stdlib_module_names:
            return f"{shown} is not installed where this is graded"
        if not _looks_own(top):
            return (
                f"there is no module {shown} where this is graded; "
                "if it is a file of yours, hand it in too"
            )
    return f"the module {shown} was not handed in with this file"


def _looks_own(name: str) -> bool:
    words = re.findall(r"[a-z]+(?:\d+d)?", name.lower())
    return any(word in _OWN_WORDS for word in words)
