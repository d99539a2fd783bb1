"""What isolation costs: a confined worker against an unconfined one, and a fresh process.

Each worker is forked, loads a vectorised solution, answers twelve calls, is killed and reaped, and
its folder is emptied. The variants take turns, so that a busy machine disturbs them alike. Nothing
is forked ahead and nothing is put off.

    python benchmarks/isolation.py [--rounds 200]
"""

import argparse
import contextlib
import functools
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grader.execution import forked_worker, wire
from grader.execution.settings import Settings
from grader.execution.template import Template
from grader.model import Array, Limits, Unit

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 12
SOLUTION = """
import numpy as np

def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)
"""
FRESH = (
    SOLUTION
    + f"""
for _ in range({CALLS}):
    assert np.allclose(convolve(np.ones((12, 10)), np.ones((3, 3))), 9)
"""
)
VARIANTS = {
    "bare fork": (False, False),
    "Landlock": (True, False),
    "seccomp": (False, True),
    "full isolation": (True, True),
}
"""Name -> whether there is Landlock, and seccomp."""
FRESH_PROCESS = "fresh process"
TARGET_MS = 1.5


def arguments() -> tuple[Array, Array]:
    """Return an image and a kernel."""
    numbers = np.random.default_rng(1)
    return numbers.random((12, 10)), numbers.random((3, 3))


def one_worker(template: Template, calls: int) -> None:
    """Run one submission in a worker of its own, from the fork to the empty folder."""
    worker = forked_worker.Worker(template, template.spawn())
    token = wire.new_token()
    request = wire.load_request(
        token,
        units=(Unit(SOLUTION),),
        function="convolve",
        arguments=2,
        forbidden=("scipy",),
        definitions_only=False,
    )
    answer = worker.ask(request, 10.0)
    for _ in range(calls):
        token = wire.new_token()
        answer = worker.ask(wire.call_request(token, arguments()), 10.0)
    if not isinstance(answer, bytes):
        raise SystemExit(f"a worker failed: {answer}")
    worker.close(wait=True)


def fresh_process(path: Path) -> None:
    """Run the same in a fresh Python process, with no isolation at all."""
    subprocess.run([sys.executable, str(path)], check=True)


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds that each variant took, round by round."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        script = folder / "fresh.py"
        script.write_text(FRESH, "utf-8")
        variants: dict[str, Callable[[], None]] = {}
        for name, (landlock, seccomp) in VARIANTS.items():
            settings = Settings(
                limits=Limits(),
                forbidden=("scipy",),
                landlock=landlock,
                seccomp=seccomp,
            )
            template = Template(settings)
            stack.callback(template.close)
            variants[name] = functools.partial(one_worker, template, CALLS)
        variants[FRESH_PROCESS] = functools.partial(fresh_process, script)
        for run in variants.values():
            run()
        return in_turns(variants, rounds)


def in_turns(
    variants: "dict[str, Callable[[], None]]", rounds: int
) -> dict[str, list[float]]:
    """Run the variants in turns, and return the milliseconds that each took."""
    times: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(rounds):
        for name, run in variants.items():
            if name == FRESH_PROCESS and number % 10:
                continue  # it takes as long as all the others together
            start = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - start) * 1e3)
    return times


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=200)
    times = measure(parser.parse_args().rounds)
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    print(f"{platform.platform()}, {os.cpu_count()} cores, {versions}")
    fresh = statistics.median(times[FRESH_PROCESS])
    bare = statistics.median(times["bare fork"])
    heads = (
        f"{'median':>10}{'fastest':>10}{'over bare fork':>16}{'of fresh':>10}"
    )
    print(f"{'a submission with 12 calls':28}{heads}")
    for name, taken in times.items():
        median = statistics.median(taken)
        part = f"1/{fresh / median:.0f}"
        figures = (
            f"{median:7.2f} ms{min(taken):7.2f} ms{median - bare:+13.2f} ms"
        )
        print(f"{name:28}{figures}{part:>10}")
    pairs = zip(times["full isolation"], times["bare fork"], strict=True)
    cost = statistics.median(full - plain for full, plain in pairs)
    verdict = "within" if cost <= TARGET_MS else "above"
    print(
        f"confinement costs {cost:.2f} ms a worker (median of the differences),"
    )
    print(f"{verdict} the {TARGET_MS} ms allowed")


if __name__ == "__main__":
    main()
