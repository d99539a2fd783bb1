"""Hidden inputs depend on the bytes and the secret alone, and tell mistakes apart."""

import hashlib
import hmac
import os
import re
from collections.abc import Callable
from pathlib import Path

import hypothesis
import msgspec
import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.signal import correlate2d

from grader.cases import (
    DEFAULT_SECRET,
    Secret,
    draw_cases,
    draw_probe,
    example_cases,
    read_secret,
)
from grader.errors import ExerciseError, UsageError
from grader.exercise import find_solutions, load_exercise, load_solutions
from grader.model import (
    ArgumentRecipe,
    Array,
    Case,
    CaseRecipe,
    Exercise,
    Solutions,
    TrialRecipe,
)


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """Return the exercise of this repository."""
    return load_exercise("convolution")


@pytest.fixture(scope="module")
def solutions(exercise: Exercise) -> Solutions:
    """Return its hidden half."""
    return load_solutions(exercise, find_solutions(exercise))


def arrays(cases: tuple[Case, ...]) -> list[Array]:
    """List all arguments of all trials."""
    return [
        array for case in cases for trial in case.trials for array in trial.args
    ]


def same(left: list[Array], right: list[Array]) -> bool:
    """Tell whether two draws are equal, dtypes included."""
    return all(
        a.dtype == b.dtype and np.array_equal(a, b)
        for a, b in zip(left, right, strict=True)
    )


# ---- The seed


def test_the_same_bytes_and_secret_meet_the_same_inputs(
    exercise: Exercise, solutions: Solutions
) -> None:
    """A regrade draws the same inputs as the grade."""
    one, two = (
        draw_cases(exercise, solutions, "sha256:aa", b"secret")
        for _ in range(2)
    )
    assert same(arrays(one), arrays(two))


def test_every_trial_and_every_submission_meets_its_own_inputs(
    exercise: Exercise, solutions: Solutions
) -> None:
    """Another digest, another secret, another case or another trial gives another kernel."""
    kernels = [
        trial.args[1].tobytes()
        for digest, secret in (
            ("sha256:aa", b"s"),
            ("sha256:ab", b"s"),
            ("sha256:aa", b"t"),
        )
        for case in draw_cases(exercise, solutions, digest, secret)
        for trial in case.trials
    ]
    assert len(set(kernels)) == len(kernels) == 36


def test_fields_are_framed(exercise: Exercise, solutions: Solutions) -> None:
    """Case `a` with trial `bc` has another seed than case `ab` with trial `c`."""
    recipe = {
        name: ArgumentRecipe(low=0, high=1) for name in exercise.arguments
    }
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(
        exercise.arguments, (3, 3)
    )

    def draw(case: str, trial: str) -> list[Array]:
        other = msgspec.structs.replace(
            solutions,
            cases=(CaseRecipe(name=case, title="", shapes=shapes),),
            trials=(TrialRecipe(name=trial, title="", inputs=recipe),),
        )
        return arrays(draw_cases(exercise, other, "d", b"s"))

    assert not same(draw("a", "bc"), draw("ab", "c"))


@hypothesis.given(st.text(), st.binary(min_size=1))
@hypothesis.example("\udcff", b"s")
@hypothesis.settings(max_examples=25)
def test_any_digest_and_secret_can_be_drawn_with(
    digest: str, secret: bytes
) -> None:
    """Any text as a digest, lone surrogates too, and any bytes as a secret give cases."""
    exercise = load_exercise("convolution")
    solutions = load_solutions(exercise, find_solutions(exercise))
    assert len(draw_cases(exercise, solutions, digest, secret)) == 4


# ---- The hidden cases of this repository


def test_the_hidden_cases_are_the_four_sizes_with_three_trials(
    exercise: Exercise, solutions: Solutions
) -> None:
    """Each size has a float image, an integer image and another kernel, and is worth a point."""
    cases = draw_cases(exercise, solutions, "sha256:aa", b"s")
    assert [case.name for case in cases] == ["8x8", "12x10", "10x10", "12x8"]
    assert all(
        case.points == 1.0 and case.shapes["kernel"] == (3, 3) for case in cases
    )
    for case in cases:
        first, integer, other = case.trials
        assert first.args[0].shape == case.shapes["image"]
        assert [array.dtype for array in first.args] == [np.float64, np.float64]
        assert [array.dtype for array in integer.args] == [np.int64, np.float64]
        assert np.array_equal(first.args[0], other.args[0])
        assert not np.array_equal(first.args[1], other.args[1])


def test_the_probe_has_inputs_and_a_size_of_its_own(
    exercise: Exercise, solutions: Solutions
) -> None:
    """It is drawn again for the same bytes, like no case, and not where an exercise has none."""
    one, again, other = (
        draw_probe(exercise, solutions, digest, b"secret")
        for digest in ("sha256:aa", "sha256:aa", "sha256:bb")
    )
    assert one is not None
    assert again is not None
    assert other is not None
    assert same(list(one.args), list(again.args))
    assert not same(list(one.args), list(other.args))
    cases = draw_cases(exercise, solutions, "sha256:aa", b"secret")
    assert one.args[0].shape not in {case.shapes["image"] for case in cases}
    without = msgspec.structs.replace(solutions, probe=None)
    assert draw_probe(exercise, without, "sha256:aa", b"secret") is None


@pytest.fixture(scope="module")
def many(exercise: Exercise, solutions: Solutions) -> list[Case]:
    """Draw the cases of 100 submissions."""
    return [
        case
        for n in range(100)
        for case in draw_cases(exercise, solutions, f"sha256:{n}", b"s")
    ]


def test_no_right_answer_fails_by_rounding(
    many: list[Case], solutions: Solutions
) -> None:
    """The numbers are short in binary, so float32 gives the float64 result in any order."""
    for case in many:
        for image, kernel in (trial.args for trial in case.trials):
            windows = np.lib.stride_tricks.sliding_window_view(
                image.astype(np.float32), kernel.shape
            )
            products = (windows * kernel.astype(np.float32)).reshape(
                *windows.shape[:2], -1
            )
            backwards = np.add.accumulate(products[..., ::-1], axis=-1)[..., -1]
            assert backwards.dtype == np.float32
            assert np.array_equal(backwards, solutions.reference(image, kernel))


def test_every_draw_shows_what_a_picture_cannot_hold(
    many: list[Case], solutions: Solutions
) -> None:
    """Each case has results below 0, above 255 and with fractions, so clipping never passes."""
    for case in many:
        results = [solutions.reference(*trial.args) for trial in case.trials]
        assert any((result < 0).any() for result in results)
        assert any((result > 255).any() for result in results)
        assert all((result % 1 != 0).any() for result in results)


def test_no_kernel_has_a_sum_or_a_symmetry_that_hides_a_mistake(
    many: list[Case],
) -> None:
    """No kernel adds up to 0, 1 or 9, and none is the same after a half turn."""
    kernels = [trial.args[1] for case in many for trial in case.trials]
    assert all(1.5 <= abs(kernel.sum()) <= 5.5 for kernel in kernels)
    assert {bool(kernel.sum() > 0) for kernel in kernels} == {True, False}
    assert not any(
        np.array_equal(kernel, kernel[::-1, ::-1]) for kernel in kernels
    )


@hypothesis.given(
    st.integers(3, 9),
    st.integers(3, 9),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 2**32),
)
@hypothesis.settings(max_examples=50)
def test_the_reference_agrees_with_scipy(
    rows: int, columns: int, p: int, q: int, seed: int
) -> None:
    """The reference solution is `correlate2d(mode="valid")`, for every size and both dtypes."""
    exercise = load_exercise("convolution")
    reference = load_solutions(exercise, find_solutions(exercise)).reference
    generator = np.random.default_rng(seed)
    image, kernel = (
        generator.integers(-99, 99, (rows, columns)),
        generator.normal(size=(p, q)),
    )
    for array in (image, image.astype(float)):
        assert np.allclose(
            reference(array, kernel), correlate2d(array, kernel, mode="valid")
        )


def test_the_public_examples_are_what_the_reference_gives(
    exercise: Exercise, solutions: Solutions
) -> None:
    """Whoever checks an example by hand gets what is written there."""
    for example, case in zip(
        exercise.examples, example_cases(exercise), strict=True
    ):
        assert np.array_equal(
            solutions.reference(*example.args), example.expected
        )
        (trial,) = case.trials
        assert (trial.case, trial.name, trial.args) == (
            example.name,
            "example",
            example.args,
        )
        assert (case.name, case.title) == (example.name, example.title)
        assert case.points == exercise.points
        assert case.shapes == {
            "image": example.args[0].shape,
            "kernel": example.args[1].shape,
        }


# ---- Recipes


def seeded(secret: bytes, *fields: str) -> np.random.Generator:
    """Return the generator of a trial, as the documentation describes it."""
    encoded = [field.encode() for field in fields]
    message = b"".join(len(one).to_bytes(8, "big") + one for one in encoded)
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def one_trial(
    exercise: Exercise, solutions: Solutions, *recipes: ArgumentRecipe
) -> tuple[Array, ...]:
    """Draw the arguments of one trial of 4x5 arrays."""
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(
        exercise.arguments, (4, 5)
    )
    inputs = dict(zip(exercise.arguments, recipes, strict=True))
    changed = msgspec.structs.replace(
        solutions,
        cases=(CaseRecipe(name="case", title="", shapes=shapes),),
        trials=(TrialRecipe(name="trial", title="", inputs=inputs),),
    )
    (case,) = draw_cases(exercise, changed, "digest", b"secret")
    (trial,) = case.trials
    return trial.args


@pytest.mark.parametrize(
    ("recipe", "draw"),
    [
        (
            ArgumentRecipe(low=-2, high=3),
            lambda g, size: g.uniform(-2, 3, size),
        ),
        (
            ArgumentRecipe(low=-2, high=3, decimals=2),
            lambda g, size: np.round(g.uniform(-2, 3, size), 2),
        ),
        (
            ArgumentRecipe(low=-1, high=1.5, step=0.25),
            lambda g, size: g.integers(-4, 6, size, endpoint=True) * 0.25,
        ),
        (
            ArgumentRecipe(kind="integers", low=-2, high=3),
            lambda g, size: g.integers(-2, 3, size, np.int64, endpoint=True),
        ),
        (
            ArgumentRecipe(kind="normal", mean=7, std=3),
            lambda g, size: g.normal(7, 3, size),
        ),
        (
            ArgumentRecipe(kind="normal", std=3, step=0.25),
            lambda g, size: np.round(g.normal(0, 3, size) * 4) / 4,
        ),
        (
            ArgumentRecipe(kind="normal", decimals=1),
            lambda g, size: np.round(g.normal(0, 1, size), 1),
        ),
    ],
)
def test_inputs_can_be_drawn_again_from_the_documentation(
    exercise: Exercise,
    solutions: Solutions,
    recipe: ArgumentRecipe,
    draw: Callable[..., Array],
) -> None:
    """A version that drew anything else would give a regrade other inputs than the grade."""
    drawn = one_trial(exercise, solutions, recipe, recipe)
    generator = seeded(b"secret", exercise.name, "case", "trial", "digest")
    for array in drawn:
        assert np.array_equal(array, draw(generator, (4, 5)))


@pytest.mark.parametrize("bound", [10.0, 11.0, 12.0, 13.0])
def test_a_sum_is_the_first_that_fits(
    exercise: Exercise, solutions: Solutions, bound: float
) -> None:
    """Arrays are drawn eight at a time, and the first whose sum is between the bounds is taken."""
    recipe = ArgumentRecipe(low=0, high=1, sum_between=(bound, bound + 0.5))
    drawn = one_trial(exercise, solutions, recipe, recipe)
    generator = seeded(b"secret", exercise.name, "case", "trial", "digest")
    for array in drawn:
        fitting: list[Array] = []
        while not fitting:
            block = generator.uniform(0, 1, (8, 4, 5))
            fitting = [
                one for one in block if bound <= one.sum() <= bound + 0.5
            ]
        assert np.array_equal(array, fitting[0])


@pytest.mark.parametrize(("number", "reached"), [(999, True), (1000, False)])
def test_a_thousand_arrays_are_drawn_for_a_sum_and_no_more(
    exercise: Exercise, solutions: Solutions, number: int, reached: bool
) -> None:
    """The last of a thousand draws is found, and the one after it is not waited for."""
    generator = seeded(b"secret", exercise.name, "case", "trial", "digest")
    draws = generator.uniform(0, 1, (1008, 20))
    total = np.add.reduce(draws, axis=1)[number]
    recipe = ArgumentRecipe(low=0, high=1, sum_between=(total, total))
    if reached:
        args = one_trial(exercise, solutions, recipe, ArgumentRecipe())
        assert np.array_equal(args[0].ravel(), draws[number])
    else:
        with pytest.raises(
            ExerciseError, match="cannot be drawn for case 'case': none of 1000"
        ):
            one_trial(exercise, solutions, recipe, ArgumentRecipe())


def test_the_bounds_of_a_sum_can_be_reached(
    exercise: Exercise, solutions: Solutions
) -> None:
    """A sum equal to either bound is between the bounds."""
    recipe = ArgumentRecipe(
        kind="integers", low=1, high=1, sum_between=(20, 20)
    )
    assert one_trial(exercise, solutions, recipe, recipe)[0].sum() == 20


@pytest.mark.parametrize(
    ("recipe", "dtype"),
    [
        (ArgumentRecipe(kind="integers", low=-3, high=3), np.int64),
        (
            ArgumentRecipe(kind="uniform", low=-3, high=3, decimals=1),
            np.float64,
        ),
        (ArgumentRecipe(kind="normal", mean=1, std=2, step=0.5), np.float64),
        (ArgumentRecipe(kind="normal", decimals=2), np.float64),
        (ArgumentRecipe(low=0, high=1), np.float64),
    ],
)
def test_each_kind_gives_its_type_and_range(
    exercise: Exercise,
    solutions: Solutions,
    recipe: ArgumentRecipe,
    dtype: type,
) -> None:
    """`integers` gives int64 and the others float64, within the range and as round as asked."""
    inputs = dict.fromkeys(exercise.arguments, recipe)
    other = msgspec.structs.replace(
        solutions,
        cases=(
            CaseRecipe(
                name="a",
                title="",
                shapes=dict.fromkeys(exercise.arguments, (40, 40)),
            ),
        ),
        trials=(TrialRecipe(name="t", title="", inputs=inputs),),
    )
    array = draw_cases(exercise, other, "d", b"s")[0].trials[0].args[0]
    assert array.dtype == dtype
    assert not array.flags.writeable
    if recipe.kind != "normal":
        assert recipe.low <= array.min() <= array.max() <= recipe.high
    if recipe.kind == "integers":
        assert set(np.unique(array)) == set(range(-3, 4))
    if recipe.decimals is not None:
        assert np.array_equal(array, np.round(array, recipe.decimals))
    if recipe.step is not None:
        assert np.array_equal(array % recipe.step, np.zeros_like(array))


def test_an_impossible_sum_is_a_fault_of_the_exercise(
    exercise: Exercise, solutions: Solutions
) -> None:
    """An impossible `sum_between` gives a line that names the trial, not an endless loop."""
    inputs = dict.fromkeys(
        exercise.arguments,
        ArgumentRecipe(low=0, high=1, sum_between=(1000, 1001)),
    )
    other = msgspec.structs.replace(
        solutions, trials=(TrialRecipe(name="t", title="", inputs=inputs),)
    )
    with pytest.raises(
        ExerciseError,
        match=r"trial 't': inputs\.image: cannot be drawn for case .8x8.: none of 1000",
    ):
        draw_cases(exercise, other, "d", b"s")


# ---- The secret


def test_the_file_comes_before_the_environment_and_that_before_the_default(
    tmp_path: Path,
) -> None:
    """The secret remembers its source: --secret-file, else GRADER_SECRET, else the default."""
    file = tmp_path / "secret"
    file.write_bytes(b"from the file\r\n")
    environ = {"GRADER_SECRET": "from the environment\n"}
    assert read_secret(file, environ) == Secret(b"from the file", "file")
    assert read_secret(None, environ) == Secret(
        b"from the environment", "environment"
    )
    assert read_secret(None, {}) == Secret(DEFAULT_SECRET, "default")


def test_a_secret_is_not_shown() -> None:
    """The repr, which tracebacks and logs show, has only the source."""
    assert repr(Secret(b"hush", "file")) == "Secret(source='file')"


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"  \r\n", b"x" * 70_000, None]
)
def test_a_secret_that_protects_nothing_is_refused(
    tmp_path: Path, content: bytes | None
) -> None:
    """An empty, absurdly large or missing secret file is wrong usage, reported in one line."""
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_secret(file, {})
    assert "\n" not in str(caught.value)


def test_a_secret_has_at_most_64_kib(tmp_path: Path) -> None:
    """Whoever names another file by mistake is told so, and a key of any usual size is read."""
    file = tmp_path / "secret"
    file.write_bytes(b"x" * 65_536)
    assert read_secret(file, {}).value == b"x" * 65_536
    file.write_bytes(b"x" * 65_537)
    with pytest.raises(UsageError, match="larger than 64 KiB"):
        read_secret(file, {})


def test_an_empty_variable_is_refused() -> None:
    """CI sets an empty GRADER_SECRET where the secret is missing: that would only look safe."""
    with pytest.raises(UsageError, match="GRADER_SECRET"):
        read_secret(None, {"GRADER_SECRET": ""})


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "Is a directory"),
        ("nowhere", "No such file or directory"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_what_cannot_be_read_is_not_a_secret(
    tmp_path: Path, name: str, reason: str
) -> None:
    """A folder, a missing file or an impossible name is reported in one line, with the reason."""
    message = f"the secret cannot be read ({reason})"
    with pytest.raises(UsageError, match=re.escape(message) + "$"):
        read_secret(tmp_path / name, {})


def test_any_bytes_in_the_environment_are_a_secret() -> None:
    """Bytes that are not UTF-8 reach Python as lone surrogates, and are turned back."""
    environ = {"GRADER_SECRET": "\udcff\udc80key"}
    assert read_secret(None, environ).value == b"\xff\x80key"


def test_a_secret_does_not_change() -> None:
    """A grader keeps the secret that it was made with."""
    secret = Secret(b"hush", "file")
    with pytest.raises(AttributeError, match="immutable"):
        secret.value = b"other"  # type: ignore[misc] # what the test is about


def test_a_secret_may_come_through_a_pipe() -> None:
    """`--secret-file <(command)` reads a password manager's output without a file."""
    reading, writing = os.pipe()
    os.write(writing, b"piped\n")
    os.close(writing)
    try:
        assert read_secret(Path(f"/dev/fd/{reading}"), {}) == Secret(
            b"piped", "file"
        )
    finally:
        os.close(reading)
