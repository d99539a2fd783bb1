"""Twenty mistakes that beginners make in `convolve`, each as one would write it."""

LOOPS = """
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    p, q = kernel.shape
    out = np.zeros((H - p + 1, W - q + 1))
    for i in range(H - p + 1):
        for j in range(W - q + 1):
            out[i, j] = np.sum(image[i:i+p, j:j+q] * kernel)
    return out
"""
"""A right solution, which most mistakes are a slip in."""


def slip(*changes: tuple[str, str]) -> str:
    """Return the right solution with something exchanged."""
    source = LOOPS
    for before, after in changes:
        if before not in source:
            raise ValueError(f"{before!r} is not in the solution")
        source = source.replace(before, after)
    return source


ALL_OVER = (("range(H - p + 1)", "range(H)"), ("range(W - q + 1)", "range(W)"))
MISTAKES: dict[str, str] = {
    "pads": slip(
        ("    H, W", "    image = np.pad(image, 1)\n    H, W"),
    ),
    "flips": slip(("* kernel)", "* kernel[::-1, ::-1])")),
    "transposes the kernel": slip(("* kernel)", "* kernel.T)")),
    "runs over the edge": slip(("(H - p + 1, W - q + 1)", "(H, W)"), *ALL_OVER),
    "one index too many": slip(*ALL_OVER),
    "zeros of two numbers": slip(
        ("((H - p + 1, W - q + 1))", "(H - p + 1, W - q + 1)")
    ),
    "stops one early": slip(
        ("range(H - p + 1)", "range(H - p)"),
        ("range(W - q + 1)", "range(W - q)"),
    ),
    "size of the image": slip(("(H - p + 1, W - q + 1)", "(H, W)")),
    "whole numbers": slip(("W - q + 1))", "W - q + 1), dtype=int)")),
    "type of the image": slip(
        (
            "np.zeros((H - p + 1, W - q + 1))",
            "np.zeros((H - p + 1, W - q + 1), image.dtype)",
        )
    ),
    "no return": slip(("    return out\n", "    print(out)\n")),
    "return in the loop": slip(("    return out", "            return out")),
    "forgets to add": slip(("np.sum(image[i:i+p, j:j+q] * kernel)", "0")),
    "matrix product": slip(
        (
            "np.sum(image[i:i+p, j:j+q] * kernel)",
            "np.sum(image[i:i+p, j:j+q] @ kernel)",
        )
    ),
    "mean": slip(("np.sum(", "np.mean(")),
    "no negative values": slip(
        ("np.sum(", "max(0, np.sum("), ("* kernel)", "* kernel))")
    ),
    "loop over a parameter": slip(
        ("for j in", "for kernel in"),
        ("j:j+q", "kernel:kernel+q"),
        ("out[i, j]", "out[i, kernel]"),
    ),
    "swapped arguments": slip(("(image, kernel):", "(kernel, image):")),
    "never ends": """
import numpy as np

def convolve(image, kernel):
    i = 0
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    while i < out.shape[0]:
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3] * kernel)
    return out
""",
    "writes into the image": slip(
        ("    H, W", "    image -= image.min()\n    H, W"),
    ),
}
